// Events: made, changed, cancelled and listed; feeds.
#include "core/events/events.h"

#include "core/events/feeds.h"
#include "core/events/publications.h"
#include "tests/core/events/calendar.h"

namespace brobygger::events {
namespace {

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
  CHECK(refuse([](Event& event) { event.set_title("Ibenholt Kvist har sukkersyge"); }) == "title");
  CHECK(refuse([](Event& event) { event.set_description("Formanden er muslim"); }) ==
        "description");
  CHECK(refuse([](Event& event) { event.set_title("Kursus om diabetes for kvinder"); }).empty());
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

}  // namespace
}  // namespace brobygger::events
