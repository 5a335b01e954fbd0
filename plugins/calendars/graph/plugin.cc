#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/graph/client.h"
#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/listeners.h"
#include "plugins/calendars/graph/reader.h"
#include "plugins/calendars/graph/refusal.h"
#include "plugins/common/digest.h"

namespace brobygger::graph {
namespace {

using std::chrono::steady_clock;

constexpr char kClientSecret[] = "client_secret";
constexpr char kPseudonymKey[] = "pseudonym_key";
constexpr std::size_t kLeastKeyBytes = 16;
constexpr std::size_t kScopeSigns = 16;

// A restriction that an administrator lifts is noticed within this time.
constexpr auto kRefusalHolds = std::chrono::hours(1);

absl::Status BadSecret(const std::string& name, const std::string& da, const std::string& en) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "calendars.graph.no_secret",
                         .da = absl::StrCat("Hemmeligheden '", name, "' ", da, "."),
                         .en = absl::StrCat("The secret '", name, "' ", en, "."),
                         .path = name});
}

absl::Status OnlyMeetings(const std::string& stream) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
                         .code = "calendars.graph.unsupported",
                         .da = "Forbindelsen har kun strømmen 'meetings', og den læses kun.",
                         .en = "The connection has only the stream 'meetings', which is only read.",
                         .path = stream});
}

absl::CivilDay Today() {
  absl::TimeZone zone = absl::UTCTimeZone();
  // Without the list of time zones the day is some hours late, and no meeting is lost by it.
  (void)absl::LoadTimeZone("Europe/Copenhagen", &zone);
  return absl::ToCivilDay(absl::Now(), zone);
}

std::string SecretIn(const sdk::ConfigureRequest& request, const char* name) {
  const auto found = request.secrets().find(name);
  return found == request.secrets().end() ? "" : found->second;
}

// Reads meetings from calendars in Microsoft 365, as digests. Writes nothing.
class GraphConnector final : public sdk::Connector {
 public:
  explicit GraphConnector(sdk::Context context) : log_(context.log) {}

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
    add(kClientSecret, "Applikationens hemmelighed i Entra", "The application's secret in Entra");
    add(kPseudonymKey, "Hub'ens nøgle til pseudonymer", "The hub's key for pseudonyms");
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    std::string secret = SecretIn(request, kClientSecret);
    std::string key = SecretIn(request, kPseudonymKey);
    if (secret.empty()) return BadSecret(kClientSecret, "mangler", "is missing");
    if (key.size() < kLeastKeyBytes) {
      return BadSecret(kPseudonymKey, "mangler eller er kortere end 16 tegn",
                       "is missing or shorter than 16 bytes");
    }
    config_ = *std::move(config);
    pseudonyms_ = std::make_unique<calendars::Pseudonyms>(std::move(key));
    client_ = std::make_unique<Client>(config_, std::move(secret), steady_clock::now);
    refused_until_ = {};
    selected_.clear();
    for (const auto& stream : request.streams()) {
      if (stream.stream() != kMeetingsStream) continue;
      selected_.insert(stream.fields().begin(), stream.fields().end());
    }
    scope_ = ScopeOf(config_);
    return scope_;
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    CheckListener listener(call);
    client_->set_listener(listener);
    refused_until_ = {};
    const absl::CivilDay today = Today();
    if (absl::Status open = StayRestricted(today); !open.ok()) return open;
    sdk::CheckResponse response;
    const calendars::Window window = WindowIn(WeekOf(today));
    for (const auto& [name, calendar] : config_.calendars) {
      const Place place = {.what = absl::StrCat("'", name, "'"),
                           .path = absl::StrCat("calendars.", name)};
      CalendarView view(*client_, calendar, window, {.place = place, .mailbox = calendar.mailbox});
      const absl::Status wrong = view.Probe();
      if (wrong.ok()) continue;
      if (StopsEverything(wrong)) return wrong;
      *response.add_diagnostics() = sdk::DiagnosticOf(wrong);
    }
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    std::vector<sdk::StreamSchema> streams = {calendars::MeetingsSchema()};
    sdk::Abilities& abilities = *streams[0].mutable_abilities();
    abilities.set_delta(true);
    abilities.set_snapshot(true);
    abilities.set_tombstones(true);
    return streams;
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    const bool known_mode = request.mode() == sdk::ReadRequest::MODE_DELTA ||
                            request.mode() == sdk::ReadRequest::MODE_SNAPSHOT;
    if (request.stream() != kMeetingsStream || !known_mode) return OnlyMeetings(request.stream());
    ReadListener listener(sink);
    client_->set_listener(listener);
    const absl::CivilDay today = Today();
    if (absl::Status open = StayRestricted(today); !open.ok()) return open;
    const ReaderParts parts = {.config = config_,
                               .scope = scope_,
                               .selected = selected_,
                               .pseudonyms = *pseudonyms_,
                               .client = *client_,
                               .log = log_};
    return MeetingReader(parts, today, sink).Read(request);
  }

 private:
  // Other records are visible when the tenant or the calendars differ.
  static std::string ScopeOf(const Config& config) {
    std::string scope = absl::StrCat(config.tenant, "\n", config.graph_url);
    for (const auto& [name, calendar] : config.calendars) {
      absl::StrAppend(&scope, "\n", name, "\n", calendar.mailbox, "\n", calendar.calendar_id);
    }
    return common::Sha256(scope).substr(0, kScopeSigns);
  }

  // Nothing is read by an application that could read everything.
  absl::Status StayRestricted(absl::CivilDay today) {
    if (steady_clock::now() < refused_until_) return absl::OkStatus();
    const absl::Status status = CheckRefusal(*client_, config_, today);
    if (status.ok()) refused_until_ = steady_clock::now() + kRefusalHolds;
    return status;
  }

  sdk::Log& log_;
  Config config_;
  std::string scope_;
  std::set<std::string> selected_;  // fields; empty: all
  std::unique_ptr<calendars::Pseudonyms> pseudonyms_;
  std::unique_ptr<Client> client_;
  steady_clock::time_point refused_until_;
};

}  // namespace
}  // namespace brobygger::graph

BROBYGGER_PLUGIN(brobygger::graph::GraphConnector, "calendars.graph", "1.0.0")
