#include "plugins/calendars/graph/refusal.h"

#include "plugins/calendars/graph/calendar_view.h"

namespace brobygger::graph {

absl::Status CheckRefusal(Client& client, const Config& config, absl::CivilDay today) {
  const Place place = {.what = "must_be_refused_mailbox", .path = "must_be_refused_mailbox"};
  const CalendarConfig calendar = {.mailbox = config.must_be_refused_mailbox};
  const calendars::Window window = {.first = today, .last = today};
  CalendarView view(client, calendar, window, {.place = place, .mailbox = calendar.mailbox});
  const absl::Status status = view.Probe();
  if (status.ok()) return Failure(Fault::kOpenMailbox, place);
  switch (FaultOf(status).value_or(Fault::kUnexpected)) {
    case Fault::kNoRight:
      return absl::OkStatus();
    case Fault::kNotThere:
      return Failure(Fault::kNoRefusal, place);
    default:
      return status;
  }
}

}  // namespace brobygger::graph
