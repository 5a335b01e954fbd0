// Events: made, changed, cancelled; who is asked and who met whom; feeds.
#include "core/events/events.h"

#include <google/protobuf/field_mask.pb.h>

#include "core/events/feeds.h"
#include "core/events/invitations.h"
#include "core/events/meetings.h"
#include "core/events/publications.h"
#include "tests/core/contact/town.h"

namespace brobygger::events {
namespace {

using event::v1::EVENT_KIND_NETWORK_DAY;

struct Calendar : contact::Town {
  const std::string integration = Department("Integration");
  const std::string culture = Department("Kultur og Fritid");
  const std::string lawan = Associate("Lawan");
  const std::string havnen = Associate("Havnens Venner");

  Event Wanted(const std::string& date) const {
    Event wanted;
    wanted.set_kind(EVENT_KIND_NETWORK_DAY);
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

TEST_CASE("an event is made, changed and cancelled, and its sequence tells readers") {
  Calendar here;
  const auto made = here.Make(here.Wanted("2024-06-01"));
  INFO(made.status());
  REQUIRE(made.ok());
  CHECK(made->title() == "Netværksdag på havnen");
  CHECK(made->end_date() == "2024-06-01");
  CHECK(made->sequence() == 0);
  CHECK(made->host_names(0) == "Integration");

  Event wanted;
  wanted.set_id(made->id());
  wanted.set_place("Pakhuset");
  const auto moved = here.Change(wanted, {"place"});
  REQUIRE(moved.ok());
  CHECK(moved->sequence() == 1);
  CHECK(moved->title() == "Netværksdag på havnen");
  CHECK(here.Change(wanted, {"place"})->sequence() == 1);

  wanted.set_etag(made->etag());
  CHECK(base::ReasonOf(here.Change(wanted, {"place"}).status()) ==
        errors::v1::ERROR_REASON_ETAG_MISMATCH);
  wanted.clear_etag();
  CHECK(base::ReasonOf(here.Change(wanted, {"sequence"}).status()) ==
        errors::v1::ERROR_REASON_FIELD_INVALID);

  const auto cancel = [&] {
    return here.Write(
        [&](storage::Transaction& transaction) { return CancelEvent(transaction, made->id()); });
  };
  REQUIRE(cancel()->sequence() == 2);
  CHECK(cancel()->sequence() == 2);
  CHECK(here.Get(made->id().substr(0, 8)).event().has_cancel_time());
}

TEST_CASE("an event that cannot be is refused") {
  Calendar here;
  const auto refuse = [&](const std::function<void(Event&)>& spoil) {
    Event wanted = here.Wanted("2024-06-01");
    spoil(wanted);
    const absl::Status refused = here.Make(wanted).status();
    INFO(refused);
    return base::ErrorMetadata(refused, "field");
  };
  CHECK(refuse([](Event& event) { event.clear_kind(); }) == "kind");
  CHECK(refuse([](Event& event) { event.set_title(" "); }) == "title");
  CHECK(refuse([](Event& event) { event.set_end_date("2024-05-31"); }) == "end_date");
  CHECK(refuse([](Event& event) { event.clear_start_date(); }) == "start_time");
  CHECK(refuse([](Event& event) { event.mutable_start_time(); }) == "start_date");
  CHECK(refuse([](Event& event) { event.clear_host_department_ids(); }) == "host_department_ids");
  CHECK(refuse([](Event& event) { event.set_url("javascript:1"); }) == "url");
  const auto timed = [&](std::int64_t start, std::int64_t end) {
    return refuse([&](Event& event) {
      event.clear_start_date();
      event.mutable_start_time()->set_seconds(start);
      event.mutable_end_time()->set_seconds(end);
    });
  };
  CHECK(timed(1'717'236'000, 1'717'236'000) == "end_time");
  CHECK(timed(1'717'236'000, 1'717'236'000 + 32 * 86'400) == "end_time");
  CHECK(timed(1'717'236'000, 1'717'239'600).empty());
}

TEST_CASE("events are listed the earliest first, from today on, by who holds them") {
  Calendar here;
  for (const char* const date : {"2024-06-03", "2024-04-01", "2024-06-01", "2024-06-02"}) {
    REQUIRE(here.Make(here.Wanted(date)).ok());
  }
  Event other = here.Wanted("2024-07-01");
  other.clear_host_department_ids();
  other.add_host_department_ids(here.culture);
  REQUIRE(here.Make(other).ok());
  event::v1::ListEventsRequest request;
  request.set_page_size(2);
  std::vector<std::string> dates;
  do {
    const auto page = ListEvents(*here.store, here.clock, request);
    REQUIRE(page.ok());
    for (const Event& event : page->events()) dates.push_back(event.start_date());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(dates == std::vector<std::string>{"2024-06-01", "2024-06-02", "2024-06-03", "2024-07-01"});
  event::v1::ListEventsRequest by;
  by.set_department_id(here.culture);
  CHECK(ListEvents(*here.store, here.clock, by)->events_size() == 1);
  by.Clear();
  by.set_from_date("2024-01-01");
  CHECK(ListEvents(*here.store, here.clock, by)->events_size() == 5);
}

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

TEST_CASE("a feed shows its department's events, to who knows its secret, until it is revoked") {
  Calendar here;
  const std::string shown = here.Make(here.Wanted("2024-06-01"))->id();
  Event other = here.Wanted("2024-06-02");
  other.clear_host_department_ids();
  other.add_host_department_ids(here.culture);
  REQUIRE(here.Make(other).ok());
  REQUIRE(here.Make(here.Wanted("2022-06-01")).ok());
  const auto key = here.Write([&](storage::Transaction& transaction) {
    return CreateFeedKey(transaction, here.integration);
  });
  REQUIRE(key.ok());
  CHECK(key->secret().size() == 43);
  std::vector<Event> deadlines;
  const auto feed = [&](const std::string& etag = "") {
    event::v1::GetFeedRequest request;
    request.set_secret(key->secret());
    request.set_etag(etag);
    const auto more = [&](const std::string& department) -> absl::StatusOr<std::vector<Event>> {
      CHECK(department == key->feed_key().department_id());
      return deadlines;
    };
    return GetFeed(**here.store->Latest(), request, "2023-05-01", more);
  };
  REQUIRE(feed().ok());
  CHECK(feed()->department_name() == "Integration");
  REQUIRE(feed()->events_size() == 1);
  CHECK(feed()->events(0).id() == shown);
  const std::string etag = feed()->etag();
  CHECK(feed(etag)->unchanged());
  CHECK(feed(etag)->events().empty());
  deadlines.emplace_back().set_id("frist");
  deadlines.back().set_start_date("2024-01-01");
  CHECK_FALSE(feed(etag)->unchanged());
  REQUIRE(feed()->events_size() == 2);
  // The earliest first.
  CHECK(feed()->events(0).id() == "frist");
  deadlines.clear();
  Event wanted;
  wanted.set_id(shown);
  wanted.set_place("Pakhuset");
  REQUIRE(here.Change(wanted, {"place"}).ok());
  CHECK_FALSE(feed(etag)->unchanged());

  // The store holds no secret.
  const auto stored = (*here.store->Latest())->Scan(storage::Kind::kFeedKey, {});
  for (const auto& entry : *stored) {
    CHECK(entry.bytes->find(key->secret()) == std::string::npos);
  }
  const auto revoke = [&] {
    return here.Write([&](storage::Transaction& transaction) {
      return RevokeFeedKey(transaction, key->feed_key().id());
    });
  };
  REQUIRE(revoke().ok());
  REQUIRE(revoke()->has_revoke_time());
  CHECK(base::ReasonOf(feed().status()) == errors::v1::ERROR_REASON_FEED_KEY_NOT_FOUND);
  CHECK(ListFeedKeys(**here.store->Latest(), {})->feed_keys_size() == 1);
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
