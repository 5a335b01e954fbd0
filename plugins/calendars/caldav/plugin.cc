#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/time/clock.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/caldav/busy_reader.h"
#include "plugins/calendars/caldav/config.h"
#include "plugins/calendars/caldav/discovery.h"
#include "plugins/calendars/caldav/event_time.h"
#include "plugins/calendars/caldav/publisher.h"
#include "plugins/calendars/caldav/reader.h"
#include "plugins/common/digest.h"

namespace brobygger::caldav {
namespace {

using std::chrono::milliseconds;

constexpr char kPassword[] = "password";
constexpr char kPseudonymKey[] = "pseudonym_key";
constexpr std::size_t kScopeSigns = 16;
constexpr std::size_t kLeastKeyBytes = 16;
constexpr std::size_t kMostNamed = 20;
constexpr auto kToAnswer = milliseconds(300);

absl::Status Missing(const std::string& secret) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "calendars.caldav.no_secret",
                         .da = absl::StrCat("Forbindelsen mangler hemmeligheden '", secret, "'."),
                         .en = absl::StrCat("The connection lacks the secret '", secret, "'."),
                         .path = secret});
}

absl::Status WeakKey() {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "calendars.caldav.weak_key",
                         .da = "Hemmeligheden 'pseudonym_key' er for kort: brug mindst 16 bytes.",
                         .en = "The secret 'pseudonym_key' is too short: use 16 bytes or more.",
                         .path = kPseudonymKey});
}

absl::Status UnknownStream(const std::string& stream) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
       .code = "calendars.caldav.unsupported",
       .da = "Forbindelsen har strømmene 'meetings', som kun læses, 'busy', som kun læses hel, og "
             "'events', som kun skrives og slås op, hvis en kalender har \"publish\".",
       .en = "The connection has the streams 'meetings', which is only read, 'busy', which is only "
             "read whole, and 'events', which is only written and looked up, if a calendar has "
             "\"publish\".",
       .path = stream});
}

sdk::Diagnostic Note(const std::string& code, const std::string& da, const std::string& en) {
  sdk::Diagnostic note = sdk::ToDiagnostic({.kind = sdk::Diagnostic::CLASS_UNSPECIFIED,
                                            .code = "calendars.caldav." + code,
                                            .da = da,
                                            .en = en,
                                            .path = "calendars"});
  note.set_severity(sdk::Diagnostic::SEVERITY_INFO);
  return note;
}

absl::CivilDay Today() {
  absl::TimeZone zone = absl::UTCTimeZone();
  // Without the list of time zones the day is some hours late, and no meeting is lost by it.
  (void)absl::LoadTimeZone(kLocalZone, &zone);
  return absl::ToCivilDay(absl::Now(), zone);
}

// Reads meetings from the calendars of a CalDAV server, as digests, and writes events of the hub's
// into those that it is told to.
class CaldavConnector final : public sdk::Connector {
 public:
  explicit CaldavConnector(sdk::Context context) : log_(context.log) {}

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(kConfigSchema);
    const auto add = [&](const char* name, const char* da, const char* en) {
      auto& secret = *spec.add_secrets();
      secret.set_name(name);
      secret.set_required(true);
      (*secret.mutable_title())["da"] = da;
      (*secret.mutable_title())["en"] = en;
    };
    add(kPassword, "Kalenderbrugerens adgangskode", "The calendar user's password");
    add(kPseudonymKey, "Hub'ens nøgle til pseudonymer", "The hub's key for pseudonyms");
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    for (const char* const name : {kPassword, kPseudonymKey}) {
      const auto secret = request.secrets().find(name);
      if (secret == request.secrets().end() || secret->second.empty()) return Missing(name);
    }
    if (request.secrets().at(kPseudonymKey).size() < kLeastKeyBytes) return WeakKey();
    config_ = *std::move(config);
    pseudonyms_ = std::make_unique<calendars::Pseudonyms>(request.secrets().at(kPseudonymKey));
    dav_ = std::make_unique<Dav>(HttpSettings{.user = config_.user,
                                              .password = request.secrets().at(kPassword),
                                              .ca_file = config_.ca_file,
                                              .unix_socket = config_.unix_socket,
                                              .timeout = config_.timeout},
                                 config_.url);
    selected_.clear();
    for (const auto& stream : request.streams()) {
      selected_[stream.stream()].insert(stream.fields().begin(), stream.fields().end());
    }
    scope_ = ScopeOf(config_);
    return scope_;
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    ListenTo(call);
    sdk::CheckResponse response;
    for (const auto& [name, calendar] : config_.calendars) {
      const absl::Status wrong = CheckCalendar(*dav_, name, calendar);
      if (wrong.ok()) continue;
      if (StopsEverything(wrong)) return wrong;
      *response.add_diagnostics() = sdk::DiagnosticOf(wrong);
    }
    *response.add_diagnostics() = WhatIsSeen();
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    std::vector<sdk::StreamSchema> streams = {calendars::MeetingsSchema()};
    sdk::Abilities& abilities = *streams[0].mutable_abilities();
    abilities.set_delta(true);
    abilities.set_snapshot(true);
    abilities.set_tombstones(true);
    streams.push_back(calendars::BusySchema());
    if (Publishes()) streams.push_back(EventsSchema());
    return streams;
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    const bool busy = request.stream() == calendars::kBusyStream &&
                      request.mode() == sdk::ReadRequest::MODE_SNAPSHOT;
    if (!busy && request.stream() != kMeetingsStream) return UnknownStream(request.stream());
    dav_->http().set_stopped([&sink] { return !sink.Open(); });
    dav_->http().set_patience(config_.timeout);
    const ReaderParts parts = {.config = config_,
                               .scope = scope_,
                               .selected = selected_[request.stream()],
                               .pseudonyms = *pseudonyms_,
                               .dav = *dav_,
                               .log = log_};
    if (!busy) return MeetingReader(parts, Today(), sink).Read(request);
    const auto window = calendars::BusyWindowAt(absl::Now());
    return window.ok() ? ReadBusy(parts, *window, request, sink) : window.status();
  }

  absl::StatusOr<sdk::LookupResponse> Lookup(const sdk::LookupRequest& request,
                                             sdk::Call& call) override {
    if (request.stream() != kEventsStream || !Publishes()) return UnknownStream(request.stream());
    ListenTo(call);
    return Publisher(config_, selected_[kEventsStream], *dav_, call).Lookup(request);
  }

  absl::StatusOr<sdk::WriteResponse> Write(const sdk::WriteRequest& request,
                                           sdk::Call& call) override {
    if (request.stream() != kEventsStream || !Publishes()) return UnknownStream(request.stream());
    ListenTo(call);
    return Publisher(config_, selected_[kEventsStream], *dav_, call).Write(request);
  }

 private:
  // Other records are visible when the server, the user or the calendars differ.
  static std::string ScopeOf(const Config& config) {
    std::string scope = absl::StrCat(config.url.origin, "\n", config.user);
    for (const auto& [name, calendar] : config.calendars) {
      absl::StrAppend(&scope, "\n", name, "=", calendar.path);
    }
    return common::Sha256(scope).substr(0, kScopeSigns);
  }

  bool Publishes() const {
    return std::any_of(config_.calendars.begin(), config_.calendars.end(),
                       [](const auto& calendar) { return calendar.second.publish; });
  }

  // Until the next call; the caller's `call` outlives its own requests.
  void ListenTo(const sdk::Call& call) {
    dav_->http().set_stopped([&call] { return call.cancelled(); });
    const auto left = std::chrono::duration_cast<milliseconds>(call.time_left());
    dav_->http().set_patience(std::max(left - kToAnswer, milliseconds(1)));
  }

  // The calendars that the server names, for who writes the configuration.
  sdk::Diagnostic WhatIsSeen() {
    const auto seen = DiscoverCalendars(*dav_);
    if (!seen.ok()) {
      return Note(
          "no_discovery",
          "Serveren fortæller ikke selv, hvilke kalendere brugeren har. Det gør ikke noget: "
          "stierne står i opsætningen.",
          "The server does not tell by itself which calendars the user has. That does no "
          "harm: their paths are in the configuration.");
    }
    std::vector<std::string> named;
    for (const std::string& path : *seen) {
      if (named.size() == kMostNamed) break;
      const auto known =
          std::find_if(config_.calendars.begin(), config_.calendars.end(),
                       [&](const auto& entry) { return SameCollection(entry.second.path, path); });
      named.push_back(known == config_.calendars.end() ? PathForPeople(path, config_.user)
                                                       : absl::StrCat("'", known->first, "'"));
    }
    const std::string names = absl::StrJoin(named, ", ");
    return Note("calendars_seen",
                absl::StrCat("Brugeren har ", seen->size(), " kalendere: ", names, "."),
                absl::StrCat("The user has ", seen->size(), " calendars: ", names, "."));
  }

  sdk::Log& log_;
  Config config_;
  std::string scope_;
  std::map<std::string, std::set<std::string>> selected_;  // fields by stream; empty: all
  std::unique_ptr<calendars::Pseudonyms> pseudonyms_;
  std::unique_ptr<Dav> dav_;
};

}  // namespace
}  // namespace brobygger::caldav

BROBYGGER_PLUGIN(brobygger::caldav::CaldavConnector, "calendars.caldav", "1.0.0")
