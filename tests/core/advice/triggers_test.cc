#include "core/advice/triggers.h"

#include "core/events/events.h"
#include "core/events/invitations.h"
#include "core/registry/joining.h"
#include "tests/core/advice/advice_town.h"

namespace brobygger::advice {
namespace {

using contact::v1::CONTACT_INITIATOR_ASSOCIATION;
using contact::v1::CONTACT_INITIATOR_MUNICIPALITY;
using contact::v1::CONTACT_PURPOSE_GRANT;
using Triggers = std::set<v1::AdviceTrigger>;

}  // namespace

TEST_CASE("whom nobody has met is a first contact, and stays none once met", "[advice]") {
  AdviceTown town;
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_FIRST_CONTACT});
  town.Meet("2024-04-01");
  CHECK(town.Triggers().empty());
}

TEST_CASE("three contacts of one side alone are one-sided, until the other side reaches out",
          "[advice]") {
  AdviceTown town;
  town.Meet("2024-02-01", CONTACT_INITIATOR_ASSOCIATION);
  town.Meet("2024-03-01", CONTACT_INITIATOR_ASSOCIATION);
  CHECK(town.Triggers().empty());
  town.Meet("2024-04-01", CONTACT_INITIATOR_ASSOCIATION);
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_ONE_SIDED});
  town.Meet("2024-04-02", CONTACT_INITIATOR_MUNICIPALITY);
  CHECK(town.Triggers().empty());
}

TEST_CASE("what lies more than a year back is no pattern of now", "[advice]") {
  AdviceTown town;
  for (const char* date : {"2023-01-01", "2023-02-01", "2023-03-01"}) {
    town.Meet(date, CONTACT_INITIATOR_ASSOCIATION);
  }
  CHECK(town.Triggers().empty());
}

TEST_CASE("contacts about money alone are told, until there is another one", "[advice]") {
  AdviceTown town;
  town.Meet("2024-03-01", contact::v1::CONTACT_INITIATOR_UNSPECIFIED, CONTACT_PURPOSE_GRANT);
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_MONEY_ONLY});
  town.Meet("2024-04-01");
  CHECK(town.Triggers().empty());
}

TEST_CASE("an absence that nobody has called about is told, until somebody has", "[advice]") {
  AdviceTown town;
  town.Meet("2024-04-01");
  event::v1::Event event;
  event.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
  event.set_title("Netværksdag");
  event.set_start_date("2024-04-02");
  event.set_end_date("2024-04-02");
  event.add_host_department_ids(town.department);
  const auto made = town.Do(
      [&](storage::Transaction& transaction) { return events::CreateEvent(transaction, event); });
  event::v1::InviteAssociationsRequest invite;
  invite.set_event_id(made.id());
  invite.add_invitations()->set_association_id(town.association);
  town.Do([&](storage::Transaction& transaction) {
    return events::InviteAssociations(transaction, invite);
  });
  event::v1::RecordAttendanceRequest attendance;
  attendance.set_event_id(made.id());
  attendance.set_association_id(town.association);
  attendance.set_state(event::v1::Invitation::STATE_ABSENT);
  const auto record = [&] {
    town.Do([&](storage::Transaction& transaction) {
      return events::RecordAttendance(transaction, attendance);
    });
  };
  record();
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_NO_SHOW});
  attendance.set_follow_up_note("de havde ikke fået brevet");
  record();
  CHECK(town.Triggers().empty());
}

TEST_CASE("a collaboration wants other advice as an idea and while it is aligned", "[advice]") {
  AdviceTown town;
  town.Meet("2024-04-01");
  const auto festival = town.Festival();
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_NEW_IDEA});
  REQUIRE(town.Move(festival.id(), v1::COLLABORATION_STATE_CLARIFYING).ok());
  REQUIRE(town.Move(festival.id(), v1::COLLABORATION_STATE_ALIGNING).ok());
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_NO_ALIGNMENT});
  REQUIRE(town.Move(festival.id(), v1::COLLABORATION_STATE_DROPPED, "ingen tid").ok());
  CHECK(town.Triggers().empty());
}

TEST_CASE("words that people understand differently are told of what is planned", "[advice]") {
  AdviceTown town;
  town.Meet("2024-04-01");
  v1::CreateCollaborationRequest request;
  request.mutable_collaboration()->set_title("Mere medborgerskab");
  auto& party = *request.add_parties();
  party.set_side(v1::COLLABORATION_SIDE_ASSOCIATION);
  party.set_association_id(town.association);
  town.Create(request);
  CHECK(town.Triggers() == Triggers{v1::ADVICE_TRIGGER_NEW_IDEA, v1::ADVICE_TRIGGER_JARGON});
}

TEST_CASE("an association that was merged is asked about with what both had", "[advice]") {
  AdviceTown town;
  town.Festival();
  const std::string other = town.Association("Lanternen i Nord");
  town.Do([&](storage::Transaction& transaction) {
    const auto left = registry::GetLive(transaction, town.association);
    const auto right = registry::GetLive(transaction, other);
    return registry::JoinAssociations(transaction, *left, *right, "decision", "user:1");
  });
  const auto absorbed = TriggersOf(**town.store->Latest(), town.clock.Now(), other);
  REQUIRE(absorbed.ok());
  CHECK(*absorbed == town.Triggers());
  CHECK(absorbed->contains(v1::ADVICE_TRIGGER_NEW_IDEA));
}

}  // namespace brobygger::advice
