#include <map>
#include <set>
#include <string>
#include <utility>

#include <absl/time/clock.h>
#include <absl/time/time.h>
#include <curl/curl.h>
#include <malloc.h>

#include "brobygger/sdk/connector.h"

#include "plugins/calendars/common/busy.h"
#include "plugins/calendars/common/meetings.h"
#include "plugins/calendars/common/selection.h"
#include "plugins/calendars/ics/busy_feed.h"
#include "plugins/calendars/ics/config.h"
#include "plugins/calendars/ics/cursor.h"
#include "plugins/calendars/ics/text_source.h"
#include "plugins/common/digest.h"

namespace brobygger::ics {
namespace {

using calendars::BadObject;
using calendars::MeetingObject;
using calendars::Reading;
using calendars::Window;

constexpr char kStream[] = "meetings";
constexpr char kKey[] = "pseudonym_key";
constexpr char kPassword[] = "password";
constexpr std::size_t kLeastKeyBytes = 16;
constexpr int kKeptBytes = 16 << 20;

std::string SecretIn(const sdk::ConfigureRequest& request, const std::string& name) {
  const auto found = request.secrets().find(name);
  return found == request.secrets().end() ? "" : found->second;
}

absl::Status NoKey() {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "calendars.ics.config",
                         .da =
                             "Hemmeligheden 'pseudonym_key' mangler eller er kortere end 16 tegn. "
                             "Giv forbindelsen hub'ens nøgle.",
                         .en = "The secret 'pseudonym_key' is missing or shorter than 16 bytes. "
                               "Give the connection the hub's key.",
                         .path = kKey});
}

// One object that could not be read. Nothing of it is told but its digest.
sdk::RecordError ObjectError(const BadObject& bad, const std::string& calendar) {
  sdk::RecordError error;
  error.set_external_id(bad.uid_digest);
  *error.mutable_diagnostic() =
      sdk::ToDiagnostic({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = "calendars." + bad.why,
                         .da = "En begivenhed i kalenderen '" + calendar + "' kan ikke læses (" +
                               bad.why + "). Resten læses. Gem den igen i kalenderen.",
                         .en = "An event of the calendar '" + calendar + "' cannot be read (" +
                               bad.why + "). The others are read. Save it again in the calendar.",
                         .path = calendar});
  return error;
}

// Reads one published calendar: the whole of it, or nothing.
class IcsConnector final : public sdk::Connector {
 public:
  explicit IcsConnector(sdk::Context /*context*/) {
    // Safe beside other threads, and counted, since libcurl 7.84.
    curl_global_init(CURL_GLOBAL_DEFAULT);
    // Calls come one at a time, on one thread or another, and each read holds a whole calendar.
    // One heap that is kept is all that this process needs; a heap for each thread, given back
    // and taken anew, looks like a leak to whoever watches it (case B1 of the kit).
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, kKeptBytes);
  }
  ~IcsConnector() override { curl_global_cleanup(); }
  IcsConnector(const IcsConnector&) = delete;
  IcsConnector& operator=(const IcsConnector&) = delete;

  sdk::SpecResponse Spec() const override {
    sdk::SpecResponse spec;
    spec.set_config_json_schema(kConfigSchema);
    auto& key = *spec.add_secrets();
    key.set_name(kKey);
    key.set_required(true);
    (*key.mutable_title())["da"] = "Hub'ens nøgle til pseudonymer";
    (*key.mutable_title())["en"] = "The hub's key for pseudonyms";
    auto& password = *spec.add_secrets();
    password.set_name(kPassword);
    (*password.mutable_title())["da"] = "Adgangskode til kalenderen";
    (*password.mutable_title())["en"] = "The password for the calendar";
    return spec;
  }

  absl::StatusOr<std::string> Configure(const sdk::ConfigureRequest& request) override {
    absl::StatusOr<Config> config = ParseConfig(request.config_json());
    if (!config.ok()) return config.status();
    std::string key = SecretIn(request, kKey);
    if (key.size() < kLeastKeyBytes) return NoKey();
    config_ = *std::move(config);
    password_ = SecretIn(request, kPassword);
    pseudonyms_ = calendars::Pseudonyms(std::move(key));
    selected_.clear();
    for (const auto& stream : request.streams()) {
      selected_[stream.stream()].insert(stream.fields().begin(), stream.fields().end());
    }
    return common::Sha256(config_.url + "\n" + config_.path, "").substr(0, 16);
  }

  absl::StatusOr<sdk::CheckResponse> Check(sdk::Call& call) override {
    const absl::StatusOr<Window> window = calendars::WindowAt(absl::Now());
    if (!window.ok()) return window.status();
    const absl::StatusOr<FetchedText> fetched =
        FetchText(config_, password_, "", [&] { return StillWanted(call); });
    if (!fetched.ok()) return fetched.status();
    const absl::StatusOr<Reading> reading =
        calendars::ReadMeetings(fetched->text, *window, pseudonyms_);
    if (!reading.ok()) return reading.status();
    sdk::CheckResponse response;
    (*response.mutable_visible_records())[kStream] = CountTold(*reading);
    if (!reading->bad.empty()) *response.add_diagnostics() = SomeAreBad(reading->bad.size());
    return response;
  }

  absl::StatusOr<std::vector<sdk::StreamSchema>> Discover(sdk::Call& /*call*/) override {
    sdk::StreamSchema stream = calendars::MeetingsSchema();
    stream.mutable_abilities()->set_snapshot(true);
    return std::vector{std::move(stream), calendars::BusySchema()};
  }

  absl::Status Read(const sdk::ReadRequest& request, sdk::Sink& sink) override {
    if (absl::Status wrong = Judge(request); !wrong.ok()) return wrong;
    if (request.stream() == calendars::kBusyStream) {
      const std::set<std::string>& selected = selected_[calendars::kBusyStream];
      return ReadBusy({config_, password_, selected, pseudonyms_}, request, sink);
    }
    const absl::StatusOr<Window> window = calendars::WindowAt(absl::Now());
    if (!window.ok()) return window.status();
    Cursor now{.form = FormFor(*window), .text = {}, .sent = std::nullopt, .etag = {}};
    Cursor before;
    if (request.cursor_version() == kCursorVersion) before = Cursor::Parse(request.cursor());
    if (before.form != now.form) before = {};
    const bool was_read = !before.form.empty() && !before.sent;
    std::uint64_t beats = 0;
    absl::StatusOr<FetchedText> fetched =
        FetchText(config_, password_, was_read ? before.etag : "",
                  [&] { return sink.Beat(sdk::Heartbeat::STATE_WAITING_REMOTE, ++beats); });
    if (!fetched.ok()) return fetched.status();
    if (fetched->unchanged) return EndUnchanged(sink);
    now.text = common::Sha256(fetched->text);
    now.etag = fetched->etag;
    if (was_read && before.text == now.text) return EndUnchanged(sink);
    const absl::StatusOr<Reading> reading =
        calendars::ReadMeetings(fetched->text, *window, pseudonyms_);
    if (!reading.ok()) return reading.status();
    // A slow hub may let us wait for long. An assignment would keep the room for it.
    std::string().swap(fetched->text);
    const std::size_t skip = before.text == now.text ? before.sent.value_or(0) : 0;
    return Send(*reading, skip, request, now, sink);
  }

 private:
  static absl::Status StillWanted(const sdk::Call& call) {
    return call.cancelled() ? absl::CancelledError("nobody waits any more") : absl::OkStatus();
  }

  static absl::Status Judge(const sdk::ReadRequest& request) {
    const bool known = request.stream() == kStream || request.stream() == calendars::kBusyStream;
    if (known && request.mode() == sdk::ReadRequest::MODE_SNAPSHOT) return absl::OkStatus();
    return sdk::MakeError(
        {.kind = sdk::Diagnostic::CLASS_UNSUPPORTED,
         .code = "calendars.ics.unsupported",
         .da = "En kalender har kun strømmene 'meetings' og 'busy', og de læses altid hele.",
         .en = "A calendar has only the streams 'meetings' and 'busy', and is always read whole.",
         .path = request.stream()});
  }

  static std::uint64_t CountTold(const Reading& reading) {
    std::uint64_t count = 0;
    for (const MeetingObject& object : reading.objects) count += object.own ? 0 : 1;
    return count;
  }

  static absl::Status EndUnchanged(sdk::Sink& sink) {
    sdk::SnapshotEnd end;
    end.set_complete(true);
    end.set_unchanged(true);
    return sink.EndSnapshot(std::move(end));
  }

  sdk::Diagnostic SomeAreBad(std::size_t count) const {
    const std::string number = std::to_string(count);
    sdk::Diagnostic warning = sdk::ToDiagnostic(
        {.kind = sdk::Diagnostic::CLASS_REJECTED,
         .code = "calendars.ics.bad_events",
         .da = number + " begivenheder i kalenderen '" + config_.calendar +
               "' kan ikke læses og tæller ikke. Gem dem igen i kalenderen.",
         .en = number + " events of the calendar '" + config_.calendar +
               "' cannot be read and do not count. Save them again in the calendar.",
         .path = config_.calendar});
    warning.set_severity(sdk::Diagnostic::SEVERITY_WARNING);
    return warning;
  }

  // Differs whenever the same text would be told otherwise.
  std::string FormFor(const Window& window) const {
    std::string form = absl::FormatCivilTime(window.first) + "\n" + config_.url + "\n" +
                       config_.path + "\n" + config_.calendar;
    for (const std::string& field : Selected()) form += "\n" + field;
    return pseudonyms_.Of("form", form);
  }

  // Of stream `meetings`.
  const std::set<std::string>& Selected() const {
    static const std::set<std::string> kEverything;
    const auto found = selected_.find(kStream);
    return found == selected_.end() ? kEverything : found->second;
  }

  sdk::Record RecordOf(const MeetingObject& object) const {
    sdk::Record record = calendars::ToRecord(object, object.uid_digest, config_.calendar);
    calendars::KeepSelected(Selected(), record);
    return record;
  }

  absl::Status Send(const Reading& reading,
                    std::size_t skip,
                    const sdk::ReadRequest& request,
                    Cursor cursor,
                    sdk::Sink& sink) const {
    const auto stop_at = [&](std::size_t sent) {
      cursor.sent = sent;
      return sink.Checkpoint(cursor.Serialize(), kCursorVersion);
    };
    std::size_t at = 0;
    for (const MeetingObject& object : reading.objects) {
      if (object.own || at++ < skip) continue;
      if (request.max_records() > 0 && at - skip > request.max_records()) return stop_at(at - 1);
      if (absl::Status gone = sink.Add(RecordOf(object)); !gone.ok()) return gone;
      if (!sink.full()) continue;
      if (absl::Status gone = stop_at(at); !gone.ok()) return gone;
    }
    for (const BadObject& bad : reading.bad) {
      if (absl::Status gone = sink.Reject(ObjectError(bad, config_.calendar)); !gone.ok()) {
        return gone;
      }
    }
    cursor.sent.reset();
    if (absl::Status gone = sink.Checkpoint(cursor.Serialize(), kCursorVersion); !gone.ok()) {
      return gone;
    }
    sdk::SnapshotEnd end;
    end.set_record_count(at);
    end.set_complete(true);
    return sink.EndSnapshot(std::move(end));
  }

  Config config_;
  std::string password_;
  calendars::Pseudonyms pseudonyms_{""};
  std::map<std::string, std::set<std::string>> selected_;  // Fields by stream; empty: all.
};

}  // namespace
}  // namespace brobygger::ics

BROBYGGER_PLUGIN(brobygger::ics::IcsConnector, "calendars.ics", "1.0.0")
