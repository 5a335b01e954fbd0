#include "core/sync/busy.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/sync/record_text.h"
#include "core/sync/source_trouble.h"

namespace brobygger::sync {
namespace {

using plugin::v1::ReadRequest;
using plugin::v1::ReadResponse;

constexpr char kBusyStream[] = "busy";
constexpr std::uint32_t kMinutesOfADay = 24 * 60;

using Days = std::map<std::pair<std::string, std::string>, std::uint32_t>;

std::string TextIn(const plugin::v1::Record& record, const char* field) {
  const auto found = record.fields().find(field);
  return found == record.fields().end() ? "" : TextOf(found->second);
}

absl::Status CheckTells(supervisor::Session& session, const v1::Connection& connection) {
  BB_ASSIGN_OR_RETURN(const auto discovered, session.Discover());
  for (const auto& stream : discovered.streams()) {
    if (stream.name() == kBusyStream) return absl::OkStatus();
  }
  return base::MakeError(
      errors::v1::ERROR_REASON_CONNECTION_INVALID,
      "the plugin " + connection.plugin() +
          " cannot tell when calendars are taken; suggestions need the stream 'busy'",
      {{"connection_id", connection.id()}, {"field", "plugin"}});
}

}  // namespace

absl::StatusOr<v1::ListBusyDaysResponse> ReadBusyDays(supervisor::Supervisor& supervisor,
                                                      const supervisor::ProcessSpec& spec,
                                                      const v1::Connection& connection) {
  std::set<std::string> calendars;
  for (const auto& each : connection.meetings().calendars()) calendars.insert(each.calendar());
  BB_ASSIGN_OR_RETURN(const auto session, supervisor.Open(spec));
  BB_RETURN_IF_ERROR(CheckTells(*session, connection));
  ReadRequest request;
  request.set_stream(kBusyStream);
  request.set_mode(ReadRequest::MODE_SNAPSHOT);
  request.set_epoch(session->epoch());
  Days days;
  bool complete = false;
  const auto on_event = [&](const ReadResponse& event) -> absl::Status {
    for (const auto& record : event.batch().records()) {
      const std::string calendar = TextIn(record, "calendar");
      const auto minutes = record.fields().find("minutes");
      if (!calendars.contains(calendar) || minutes == record.fields().end()) continue;
      days[{calendar, TextIn(record, "date")}] = static_cast<std::uint32_t>(
          std::clamp<std::int64_t>(minutes->second.number(), 0, kMinutesOfADay));
    }
    complete = complete || event.snapshot_end().complete();
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(session->Read(request, on_event, supervisor::CancelToken()));
  supervisor.Committed(spec.connection);
  if (!complete) {
    return base::MakeError(errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE,
                           "not every calendar could be read now; try again",
                           {{"connection_id", connection.id()}});
  }
  v1::ListBusyDaysResponse response;
  for (const auto& [place, minutes] : days) {
    v1::BusyDay& day = *response.add_days();
    day.set_calendar(place.first);
    day.set_date(place.second);
    day.set_busy_minutes(minutes);
  }
  response.mutable_calendars()->Assign(calendars.begin(), calendars.end());
  return response;
}

}  // namespace brobygger::sync
