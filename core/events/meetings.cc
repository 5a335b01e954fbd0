#include "core/events/meetings.h"

#include <utility>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/events/kept.h"

namespace brobygger::events {
namespace {

absl::Status CheckOver(const Event& event, const std::string& today) {
  const bool cancelled = event.has_cancel_time();
  if (!cancelled && FirstDay(event) <= today) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_EVENT_NOT_OVER,
      cancelled ? "the event was cancelled, so nobody met there"
                : "the event is on " + FirstDay(event) + "; say who met whom when it has been",
      {{"event_id", event.id()}, {"state", cancelled ? "cancelled" : "planned"}});
}

}  // namespace

absl::StatusOr<event::v1::RecordMeetingsResponse> RecordMeetings(storage::Transaction& transaction,
                                                                 const std::string& event_id,
                                                                 const std::string& actor) {
  BB_ASSIGN_OR_RETURN(const Event event, LoadEvent(transaction, event_id));
  BB_RETURN_IF_ERROR(CheckOver(event, base::DanishDayOf(transaction.now())));
  BB_ASSIGN_OR_RETURN(const auto invitations, InvitationsOf(transaction, event.id()));
  event::v1::RecordMeetingsResponse response;
  contact::v1::Touchpoint met;
  met.set_event_id(event.id());
  met.set_date(FirstDay(event));
  met.set_channel(contact::v1::CONTACT_CHANNEL_EVENT);
  for (const Invitation& invitation : invitations) {
    if (invitation.state() != Invitation::STATE_ATTENDED) continue;
    met.set_association_id(invitation.association_id());
    for (const std::string& department : event.host_department_ids()) {
      met.set_department_id(department);
      BB_ASSIGN_OR_RETURN(auto touchpoint, contact::AddFromEvent(transaction, met, actor));
      if (!touchpoint.id().empty()) *response.add_touchpoints() = std::move(touchpoint);
    }
  }
  return response;
}

}  // namespace brobygger::events
