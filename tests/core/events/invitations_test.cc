// Who is asked to an event, what they answer, and who met whom.
#include "core/events/invitations.h"

#include "tests/core/events/calendar.h"

namespace brobygger::events {
namespace {

TEST_CASE("being absent asks for a call, and is no mark") {
  Calendar here;
  const std::string day = here.Make(here.Wanted("2024-04-20"))->id();
  here.Invite(day, {here.lawan, here.havnen});
  REQUIRE(here.Get(day).invitations_size() == 2);
  CHECK(here.Get(day).invitations(0).official_name() == "Havnens Venner");
  CHECK(here.Get(day).invitations(0).can_give() == "mad og musik");

  CHECK(here.Attend(day, here.lawan, Invitation::STATE_REGISTERED)->state() ==
        Invitation::STATE_REGISTERED);
  const auto absent = here.Attend(day, here.lawan, Invitation::STATE_ABSENT);
  CHECK(absent->follow_up_open());
  const auto called =
      here.Attend(day, here.lawan, Invitation::STATE_UNSPECIFIED, "Bussen kom ikke.");
  CHECK_FALSE(called->follow_up_open());
  CHECK(called->follow_up_note() == "Bussen kom ikke.");
  // Said again, it asks for no second call.
  CHECK_FALSE(here.Attend(day, here.lawan, Invitation::STATE_ABSENT)->follow_up_open());
  // Asked again, what they answered stays.
  here.Invite(day, {here.lawan});
  CHECK(here.Get(day).invitations(1).state() == Invitation::STATE_ABSENT);

  const std::string stranger = here.Associate("Ukendt");
  CHECK(base::ReasonOf(here.Attend(day, stranger, Invitation::STATE_ATTENDED).status()) ==
        errors::v1::ERROR_REASON_INVITATION_NOT_FOUND);
}

TEST_CASE("who met whom is written down once the day has come, and only once") {
  Calendar here;
  Event wanted = here.Wanted("2024-05-02");
  wanted.add_host_department_ids(here.culture);
  const std::string day = here.Make(wanted)->id();
  here.Invite(day, {here.lawan, here.havnen});
  REQUIRE(here.Attend(day, here.lawan, Invitation::STATE_ATTENDED).ok());
  CHECK(base::ReasonOf(here.Met(day).status()) == errors::v1::ERROR_REASON_EVENT_NOT_OVER);
  here.clock.Advance(std::chrono::hours(24));
  const auto met = here.Met(day);
  INFO(met.status());
  REQUIRE(met.ok());
  REQUIRE(met->touchpoints_size() == 2);
  CHECK(met->touchpoints(0).official_name() == "Lawan");
  CHECK(met->touchpoints(0).basis() == contact::v1::Touchpoint::BASIS_EVENT);
  CHECK(met->touchpoints(0).event_id() == day);
  CHECK(here.Met(day)->touchpoints().empty());
  CHECK(here.List().total_count() == 2);
}

TEST_CASE("two that turned out to be one association are asked once, and called once") {
  Calendar here;
  const std::string day = here.Make(here.Wanted("2024-04-20"))->id();
  here.Invite(day, {here.lawan, here.havnen});
  REQUIRE(here.Attend(day, here.havnen, Invitation::STATE_ABSENT).ok());
  // As a merge leaves the younger one.
  const auto merge = [&](storage::Transaction& transaction) -> absl::Status {
    const auto bytes = transaction.Find(storage::Kind::kAssociation, here.havnen);
    registry::v1::Association absorbed;
    absorbed.ParseFromString(**bytes);
    absorbed.mutable_delete_time()->set_seconds(1);
    absorbed.set_merged_into_association_id(here.lawan);
    return transaction.Put(storage::Kind::kAssociation, here.havnen, absorbed.SerializeAsString());
  };
  REQUIRE(here.store->Write("operator", merge).ok());
  REQUIRE(here.Get(day).invitations_size() == 1);
  CHECK(here.Get(day).invitations(0).official_name() == "Lawan");
  CHECK(here.Get(day).invitations(0).follow_up_open());
}

TEST_CASE("an association answers for itself until the day is over") {
  Calendar here;
  const auto made = here.Make(here.Wanted("2024-05-02"));
  REQUIRE(made.ok());
  here.Invite(made->id(), {here.lawan});
  const auto comes = here.Answer(made->id(), here.lawan, Invitation::STATE_REGISTERED, 4);
  INFO(comes.status());
  REQUIRE(comes.ok());
  CHECK(comes->head_count() == 4);
  CHECK(comes->official_name() == "Lawan");
  CHECK(comes->can_give() == "mad og musik");
  const auto not_after_all = here.Answer(made->id(), here.lawan, Invitation::STATE_DECLINED, 4);
  REQUIRE(not_after_all.ok());
  CHECK(not_after_all->state() == Invitation::STATE_DECLINED);
  CHECK(not_after_all->head_count() == 0);

  const auto reason = [&](const std::string& association, Invitation::State state) {
    return base::ReasonOf(here.Answer(made->id(), association, state).status());
  };
  CHECK(reason(here.lawan, Invitation::STATE_ATTENDED) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(reason(here.havnen, Invitation::STATE_REGISTERED) ==
        errors::v1::ERROR_REASON_INVITATION_NOT_FOUND);
  REQUIRE(here.Attend(made->id(), here.lawan, Invitation::STATE_ATTENDED).ok());
  CHECK(reason(here.lawan, Invitation::STATE_DECLINED) == errors::v1::ERROR_REASON_EVENT_OVER);
}

TEST_CASE("nobody answers for a day that has been or was cancelled") {
  Calendar here;
  const auto made = here.Make(here.Wanted("2024-05-02"));
  REQUIRE(made.ok());
  here.Invite(made->id(), {here.lawan});
  const auto state = [&] {
    return base::ErrorMetadata(
        here.Answer(made->id(), here.lawan, Invitation::STATE_REGISTERED).status(), "state");
  };
  here.clock.Advance(std::chrono::hours(24));
  CHECK(state().empty());
  here.clock.Advance(std::chrono::hours(24));
  CHECK(state() == "over");
  REQUIRE(here.Write([&](storage::Transaction& transaction) {
                return CancelEvent(transaction, made->id());
              })
              .ok());
  CHECK(state() == "cancelled");
}

TEST_CASE("a list of events tells how many are asked, answered and came") {
  Calendar here;
  auto wanted = here.Wanted("2024-05-02");
  wanted.set_theme("Sundhed og bevægelse");
  const auto made = here.Make(wanted);
  REQUIRE(made.ok());
  here.Invite(made->id(), {here.lawan, here.havnen});
  const auto listed = [&] {
    const auto page = ListEvents(*here.store, here.clock, {});
    REQUIRE(page.ok());
    return page->events(0);
  };
  CHECK(listed().theme() == "Sundhed og bevægelse");
  CHECK(listed().invited_count() == 2);
  CHECK(listed().answered_count() == 0);
  REQUIRE(here.Answer(made->id(), here.lawan, Invitation::STATE_REGISTERED).ok());
  REQUIRE(here.Attend(made->id(), here.havnen, Invitation::STATE_ATTENDED).ok());
  CHECK(listed().answered_count() == 2);
  CHECK(listed().attended_count() == 1);
}

TEST_CASE("a guest among the departments met them, and a host that stayed away did not") {
  Calendar here;
  const auto made = here.Make(here.Wanted("2024-04-30"));
  REQUIRE(made.ok());
  here.Invite(made->id(), {here.lawan});
  REQUIRE(here.Attend(made->id(), here.lawan, Invitation::STATE_ATTENDED).ok());
  const auto met = here.Met(made->id(), {here.culture});
  INFO(met.status());
  REQUIRE(met.ok());
  REQUIRE(met->touchpoints_size() == 1);
  CHECK(met->touchpoints(0).department_id() == here.culture);
  CHECK(base::ReasonOf(here.Met(made->id(), {"nowhere"}).status()) ==
        errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
}

TEST_CASE("whoever was absent is found until somebody has called") {
  Calendar here;
  const auto made = here.Make(here.Wanted("2024-04-30"));
  REQUIRE(made.ok());
  REQUIRE(here.Make(here.Wanted("2024-06-01")).ok());
  here.Invite(made->id(), {here.lawan, here.havnen});
  event::v1::ListEventsRequest request;
  request.set_follow_up_open(true);
  const auto to_call = [&] { return *ListEvents(*here.store, here.clock, request); };
  CHECK(to_call().events().empty());
  REQUIRE(here.Attend(made->id(), here.lawan, Invitation::STATE_ABSENT).ok());
  REQUIRE(to_call().events_size() == 1);
  CHECK(to_call().events(0).id() == made->id());
  CHECK(to_call().events(0).follow_up_count() == 1);
  REQUIRE(
      here.Attend(made->id(), here.lawan, Invitation::STATE_ABSENT, "Bilen gik i stykker").ok());
  CHECK(to_call().events().empty());
}

}  // namespace
}  // namespace brobygger::events
