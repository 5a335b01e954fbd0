// A municipality with events, for tests.
#pragma once

#include <string>
#include <vector>

#include <google/protobuf/field_mask.pb.h>

#include "core/events/events.h"
#include "core/events/invitations.h"
#include "core/events/meetings.h"
#include "tests/core/contact/town.h"

namespace brobygger::events {

struct Calendar : contact::Town {
  const std::string integration = Department("Integration");
  const std::string culture = Department("Kultur og Fritid");
  const std::string lawan = Associate("Lawan");
  const std::string havnen = Associate("Havnens Venner");

  Event Wanted(const std::string& date) const {
    Event wanted;
    wanted.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
    wanted.set_title("  Netværksdag  på havnen ");
    wanted.set_start_date(date);
    wanted.add_host_department_ids(integration);
    return wanted;
  }

  absl::StatusOr<Event> Make(const Event& wanted) {
    return Write(
        [&](storage::Transaction& transaction) { return CreateEvent(transaction, wanted); });
  }

  absl::StatusOr<Event> Change(const Event& wanted, const std::vector<std::string>& paths) {
    google::protobuf::FieldMask mask;
    for (const std::string& path : paths) mask.add_paths(path);
    return Write(
        [&](storage::Transaction& transaction) { return UpdateEvent(transaction, wanted, mask); });
  }

  absl::StatusOr<Invitation> Attend(const std::string& event,
                                    const std::string& association,
                                    Invitation::State state,
                                    const std::string& note = "") {
    event::v1::RecordAttendanceRequest request;
    request.set_event_id(event);
    request.set_association_id(association);
    request.set_state(state);
    request.set_follow_up_note(note);
    return Write(
        [&](storage::Transaction& transaction) { return RecordAttendance(transaction, request); });
  }

  absl::StatusOr<Invitation> Answer(const std::string& event,
                                    const std::string& association,
                                    Invitation::State state,
                                    std::uint32_t head_count = 0) {
    event::v1::AnswerInvitationRequest request;
    request.set_event_id(event);
    request.set_association_id(association);
    request.set_state(state);
    request.set_head_count(head_count);
    return Write(
        [&](storage::Transaction& transaction) { return AnswerInvitation(transaction, request); });
  }

  void Invite(const std::string& event, const std::vector<std::string>& associations) {
    event::v1::InviteAssociationsRequest request;
    request.set_event_id(event);
    for (const std::string& id : associations) {
      auto& invitation = *request.add_invitations();
      invitation.set_association_id(id);
      invitation.set_can_give("mad og musik");
      invitation.set_can_get("nye samarbejder");
    }
    const auto asked = Write([&](storage::Transaction& transaction) {
      return InviteAssociations(transaction, request);
    });
    INFO(asked.status());
    REQUIRE(asked.ok());
  }

  absl::StatusOr<event::v1::RecordMeetingsResponse> Met(
      const std::string& event, const std::vector<std::string>& departments = {}) {
    event::v1::RecordMeetingsRequest request;
    request.set_event_id(event);
    for (const std::string& id : departments) request.add_department_ids(id);
    return Write([&](storage::Transaction& transaction) {
      return RecordMeetings(transaction, request, "operator");
    });
  }

  event::v1::GetEventResponse Get(const std::string& id) {
    const auto got = GetEvent(**store->Latest(), id);
    INFO(got.status());
    REQUIRE(got.ok());
    return *got;
  }
};

}  // namespace brobygger::events
