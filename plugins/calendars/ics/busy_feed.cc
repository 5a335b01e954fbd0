#include "plugins/calendars/ics/busy_feed.h"

#include <utility>

#include <absl/time/clock.h>

#include "plugins/calendars/common/busy.h"
#include "plugins/calendars/common/selection.h"
#include "plugins/calendars/ics/text_source.h"

namespace brobygger::ics {
namespace {

sdk::RecordError ToRecordError(const calendars::BadObject& bad, const std::string& calendar) {
  sdk::RecordError error;
  error.set_external_id(bad.uid_digest);
  *error.mutable_diagnostic() = sdk::ToDiagnostic(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = "calendars." + bad.why,
       .da = "En begivenhed i kalenderen '" + calendar + "' kan ikke læses, som den er ment (" +
             bad.why + "). Dage, den optager, kan stå som ledige. Ret den i kalenderen.",
       .en = "An event of the calendar '" + calendar + "' cannot be read as it is meant (" +
             bad.why + "). Days that it takes may seem free. Mend it in the calendar.",
       .path = calendar});
  return error;
}

}  // namespace

absl::Status ReadBusy(const BusyParts& parts, const sdk::ReadRequest& request, sdk::Sink& sink) {
  const auto window = calendars::BusyWindowAt(absl::Now());
  if (!window.ok()) return window.status();
  std::uint64_t beats = 0;
  const auto fetched = FetchText(parts.config, parts.password, "", [&] {
    return sink.Beat(sdk::Heartbeat::STATE_WAITING_REMOTE, ++beats);
  });
  if (!fetched.ok()) return fetched.status();
  calendars::BusyDays days(*window, parts.pseudonyms);
  const auto bad = days.Add(fetched->text);
  if (!bad.ok()) return bad.status();
  for (const calendars::BadObject& object : *bad) {
    const absl::Status gone = sink.Reject(ToRecordError(object, parts.config.calendar));
    if (!gone.ok()) return gone;
  }
  sdk::SnapshotEnd end;
  end.set_complete(true);
  std::uint64_t told = 0;
  for (const calendars::BusyDay& day : days.Days()) {
    if (request.max_records() > 0 && told == request.max_records()) {
      end.set_complete(false);
      break;
    }
    sdk::Record record = calendars::ToRecord(day, parts.config.calendar);
    calendars::KeepSelected(parts.selected, record);
    if (absl::Status gone = sink.Add(std::move(record)); !gone.ok()) return gone;
    ++told;
  }
  end.set_record_count(told);
  return sink.EndSnapshot(std::move(end));
}

}  // namespace brobygger::ics
