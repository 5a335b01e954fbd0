#include "core/events/meetings.h"

#include <string>
#include <utility>
#include <vector>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/events/kept.h"
#include "core/model/rules.h"
#include "core/registry/query.h"

namespace brobygger::events {
namespace {

constexpr int kMostDepartments = 20;

absl::Status CheckOver(const Event& event, const std::string& today) {
  const bool cancelled = event.has_cancel_time();
  if (!cancelled && FirstDay(event) <= today) return absl::OkStatus();
  return base::MakeError(
      errors::v1::ERROR_REASON_EVENT_NOT_OVER,
      cancelled ? "the event was cancelled, so nobody met there"
                : "the event is on " + FirstDay(event) + "; say who met whom when it has been",
      {{"event_id", event.id()}, {"state", cancelled ? "cancelled" : "planned"}});
}

// A department may come as a guest, and one that holds the day may stay away.
absl::StatusOr<std::vector<std::string>> WhoWasThere(
    const storage::Snapshot& snapshot,
    const Event& event,
    const event::v1::RecordMeetingsRequest& request) {
  const auto& told = request.department_ids();
  const auto& hosts = event.host_department_ids();
  if (told.empty()) return std::vector<std::string>(hosts.begin(), hosts.end());
  if (told.size() > kMostDepartments) {
    return model::BrokenRule({nullptr, "department_ids"}, "must be at most 20 departments");
  }
  for (const std::string& id : told) {
    BB_RETURN_IF_ERROR(registry::GetDepartment(snapshot, id).status());
  }
  return std::vector<std::string>(told.begin(), told.end());
}

}  // namespace

absl::StatusOr<event::v1::RecordMeetingsResponse> RecordMeetings(
    storage::Transaction& transaction,
    const event::v1::RecordMeetingsRequest& request,
    const std::string& actor) {
  BB_ASSIGN_OR_RETURN(const Event event, LoadEvent(transaction, request.event_id()));
  BB_ASSIGN_OR_RETURN(const auto departments, WhoWasThere(transaction, event, request));
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
    for (const std::string& department : departments) {
      met.set_department_id(department);
      BB_ASSIGN_OR_RETURN(auto touchpoint, contact::AddFromEvent(transaction, met, actor));
      if (!touchpoint.id().empty()) *response.add_touchpoints() = std::move(touchpoint);
    }
  }
  return response;
}

}  // namespace brobygger::events
