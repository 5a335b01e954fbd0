// Whole lists: read once, kept a little, bounded, and never told to whom the hub would not tell.
#include <future>

#include "tests/core/web/callers_test_door.h"

namespace brobygger::web {
namespace {

using nlohmann::json;
using std::chrono::seconds;

int CallsFor(const CallersTestDoor& door, const std::string& target) {
  const int before = door.partners.calls();
  REQUIRE(door.Fetch(target).status == 200);
  return door.partners.calls() - before;
}

const std::string kFirst = "/hsds/organizations?per_page=5";
const std::string kSecond = "/hsds/organizations?per_page=5&page=2";

TEST_CASE("a list is read once, and each later page costs one call for one partner") {
  CallersTestDoor door({.page = 4});
  door.partners.SetPartners(Partners(10));
  CHECK(CallsFor(door, kFirst) == 3);
  CHECK(CallsFor(door, kSecond) == 1);
  CHECK(door.partners.Asked().back().page_size() == 1);
  CHECK(CallsFor(door, kFirst) == 1);
  CHECK(CallsFor(door, "/hsds/services") == 1);  // of the same question
  CHECK(CallsFor(door, "/v1/partners.csv") == 1);
  CHECK(CallsFor(door, "/v1/partners.csv?language=ar") == 3);
}

TEST_CASE("what cannot say that it is most of what was asked asks for all of it") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(2));
  for (const std::string path : {"/v1/partners.csv?q=a", "/hsds/services"}) {
    INFO(path);
    door.Fetch(path);
    CHECK(door.partners.Asked().back().all_must_hold());
  }
  door.Json("/v1/partners?q=a");
  CHECK_FALSE(door.partners.Asked().back().all_must_hold());
}

TEST_CASE("the first page is true now, and the pages after it fit to it") {
  CallersTestDoor door({.page = 4});
  door.partners.SetPartners(Partners(10));
  REQUIRE(door.Json(kFirst).at("total_items") == 10);
  // One goes that was on the first page: by what is true now, number 5 would be seen by nobody.
  auto fewer = Partners(10);
  fewer.erase(fewer.begin());
  door.partners.SetPartners(fewer);
  const json second = door.Json(kSecond);
  CHECK(second.at("total_items") == 10);
  CHECK(second.at("contents").at(0).at("id") == IdOf(5));
  CHECK(door.Json(kFirst).at("total_items") == 9);
  CHECK(door.Json(kSecond).at("contents").at(0).at("id") == IdOf(6));
}

TEST_CASE("a list is forgotten after a while without pages, and at some age in any case") {
  CallersTestDoor door({.page = 4, .idle = seconds(120), .age = seconds(600)});
  door.partners.SetPartners(Partners(10));
  REQUIRE(CallsFor(door, kFirst) == 3);
  for (int i = 0; i < 5; ++i) {
    door.clock.Advance(seconds(119));
    CHECK(CallsFor(door, kSecond) == 1);
  }
  door.clock.Advance(seconds(6));
  CHECK(CallsFor(door, kSecond) == 3);
  door.clock.Advance(seconds(121));
  CHECK(CallsFor(door, kSecond) == 3);
  door.clock.Advance(seconds(121));
  CHECK(door.Fetch("/hsds/organizations?search=a").status == 200);
  CHECK(door.callers->lists().bytes() < 10'000);  // the other is gone
}

TEST_CASE("what is kept for one key is not told to another") {
  CallersTestDoor door({.page = 4});
  door.partners.SetPartners(Partners(10));
  REQUIRE(CallsFor(door, kFirst) == 3);
  const int before = door.partners.calls();
  CHECK(door.Fetch(kSecond, kShowOther).status == 200);
  CHECK(door.partners.calls() - before == 3);
  CHECK(door.partners.Said().at("authorization") == "Bearer " + kOtherKey);
  door.partners.Revoke(kOtherKey);
  CHECK(door.Fetch(kSecond, kShowOther).status == 401);
  CHECK(door.Fetch(kSecond, "X-Api-Key: " + kKey.substr(0, kKey.size() - 1) + "z\r\n").status ==
        401);
}

TEST_CASE("a quota that is used up counts for what is kept, too") {
  CallersTestDoor door({.page = 4});
  door.partners.SetPartners(Partners(10));
  REQUIRE(CallsFor(door, kFirst) == 3);
  door.partners.FailWith(
      base::MakeRetryError(errors::v1::ERROR_REASON_QUOTA_EXCEEDED, "too many calls", seconds(30)));
  CHECK(door.Fetch(kSecond).status == 429);
  CHECK(door.Fetch(kFirst).status == 429);
}

TEST_CASE("a list that breaks off is told as an error, and leaves nothing behind") {
  CallersTestDoor door({.page = 4});
  door.partners.SetPartners(Partners(10));
  door.partners.FailLater(2, base::MakeError(errors::v1::ERROR_REASON_STOPPING, "stopping"));
  CHECK(door.Fetch(kFirst).status == 503);
  CHECK(door.callers->lists().bytes() == 0);
  // The hub has let go of the view in between: the same request begins anew.
  door.partners.FailLater(1, base::MakeError(errors::v1::ERROR_REASON_SEARCH_PAGE_GONE, "gone"));
  const Answer gone = door.Fetch(kFirst);
  CHECK(gone.status == 503);
  CHECK(gone.fields.at("retry-after") == "1");
  door.partners.FailLater(0, absl::OkStatus());
  CHECK(door.Fetch(kFirst).status == 200);
}

TEST_CASE("a list of which the hub cannot tell all is not told as if it were all") {
  CallersTestDoor door;
  door.partners.SetPartners(Partners(3));
  for (const auto& [partial, catching_up] : {std::pair(true, false), std::pair(false, true)}) {
    door.partners.SetFlags(partial, catching_up);
    for (const std::string target : {"/hsds/organizations", "/hsds/services", "/v1/partners.csv"}) {
      const Answer answer = door.Fetch(target);
      CHECK(answer.status == 503);
      CHECK(json::parse(answer.body).at("reason") == "SEARCH_BEHIND");
    }
  }
}

TEST_CASE("a list that is too long is refused, by number and by size") {
  for (const PartnerListLimits& limits : {PartnerListLimits{.page = 4, .partners = 9},
                                          PartnerListLimits{.page = 4, .list_bytes = 2000}}) {
    CallersTestDoor door(limits);
    door.partners.SetPartners(Partners(10));
    for (const std::string target : {"/hsds/organizations", "/v1/partners.csv"}) {
      const Answer answer = door.Fetch(target);
      CHECK(answer.status == 400);
      CHECK(json::parse(answer.body).at("reason") == "LIST_TOO_LONG");
      CHECK(door.callers->lists().bytes() == 0);
    }
    CHECK(door.Fetch("/v1/partners").status == 200);
  }
}

TEST_CASE("lists make room for each other, the one that was used last stays") {
  CallersTestDoor one({.page = 4});
  one.partners.SetPartners(Partners(10));
  REQUIRE(CallsFor(one, kFirst) == 3);
  const std::size_t bytes = one.callers->lists().bytes();
  REQUIRE(bytes > 10 * 100);

  for (const PartnerListLimits& limits :
       {PartnerListLimits{.page = 4, .bytes = 2 * bytes + bytes / 2},
        PartnerListLimits{.page = 4, .lists = 2}}) {
    CallersTestDoor door(limits);
    door.partners.SetPartners(Partners(10));
    const auto list = [](const std::string& word) {
      return "/hsds/organizations?per_page=5&page=2&search=" + word;
    };
    REQUIRE(CallsFor(door, list("a")) == 3);
    door.clock.Advance(seconds(1));
    REQUIRE(CallsFor(door, list("b")) == 3);
    door.clock.Advance(seconds(1));
    CHECK(CallsFor(door, list("a")) == 1);
    door.clock.Advance(seconds(1));
    CHECK(CallsFor(door, list("c")) == 3);
    CHECK(door.callers->lists().bytes() == 2 * bytes);
    CHECK(CallsFor(door, list("a")) == 1);
    CHECK(CallsFor(door, list("b")) == 3);
  }
}

TEST_CASE("many who ask for one list at once wait for one reading of it") {
  CallersTestDoor door({.page = 1}, {.requests_of_one = 100});
  door.partners.SetPartners(Partners(40));
  std::vector<HttpClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(door.Connect());
    clients.back().Get(kFirst, kShow);
  }
  for (auto& client : clients) REQUIRE(json::parse(client.Read().body).at("total_items") == 40);
  // Those that came after it was read asked once each.
  CHECK(door.partners.calls() < 40 + 40 + 20);
}

TEST_CASE("one key reads a few lists at once, and all together some more") {
  CallersTestDoor door({.page = 1, .reading = 3, .reading_of_one = 2}, {.requests_of_one = 100});
  door.partners.SetPartners(Partners(3));
  // With the lists that are asked for here nobody is done before the last has asked: each callback
  // waits for the door to be let go.
  std::promise<void> go;
  std::shared_future<void> gone = go.get_future().share();
  PartnerClient client(door.partners.address());
  PartnerLists lists(client, door.clock, {.page = 500, .reading = 3, .reading_of_one = 2});
  std::vector<std::future<absl::Status>> answers;
  door.partners.Hold(gone);
  const auto ask = [&](const std::string& key, const std::string& word) {
    auto told = std::make_shared<std::promise<absl::Status>>();
    answers.push_back(told->get_future());
    discovery::v1::PartnerCriteria criteria;
    criteria.set_query(word);
    lists.Get(
        {.key = key, .digest = key}, criteria, false,
        [told](const absl::StatusOr<PartnerLists::List>& list) { told->set_value(list.status()); });
  };
  ask(kKey, "a");
  ask(kKey, "b");
  ask(kKey, "c");
  ask(kOtherKey, "a");
  ask(kOtherKey, "b");
  ask(kKey, "a");
  go.set_value();
  std::vector<errors::v1::ErrorReason> reasons;
  for (auto& answer : answers) reasons.push_back(base::ReasonOf(answer.get()));
  CHECK(reasons == std::vector<errors::v1::ErrorReason>{
                       errors::v1::ERROR_REASON_UNSPECIFIED, errors::v1::ERROR_REASON_UNSPECIFIED,
                       errors::v1::ERROR_REASON_QUOTA_EXCEEDED,
                       errors::v1::ERROR_REASON_UNSPECIFIED, errors::v1::ERROR_REASON_OVERLOADED,
                       errors::v1::ERROR_REASON_UNSPECIFIED});
}

TEST_CASE("one key has a few requests under way, and other keys are answered meanwhile") {
  CallersTestDoor door({}, {.requests = 4, .requests_of_one = 2});
  std::promise<void> go;
  door.partners.Hold(go.get_future().share());
  std::vector<HttpClient> clients;
  for (int i = 0; i < 2; ++i) {
    clients.push_back(door.Connect());
    clients.back().Get("/v1/partners", kShow);
  }
  door.partners.AwaitHeld(2);
  const Answer third = door.Fetch("/v1/partners");
  CHECK(third.status == 429);
  CHECK(third.fields.at("retry-after") == "1");
  for (int i = 0; i < 2; ++i) {
    clients.push_back(door.Connect());
    clients.back().Get("/v1/partners", kShowOther);
  }
  door.partners.AwaitHeld(4);
  CHECK(door.Fetch("/v1/partners", "X-Api-Key: bb_third\r\n").status == 503);
  go.set_value();
  for (auto& client : clients) CHECK(client.Read().status == 200);
  CHECK(door.Fetch("/v1/partners").status == 200);
}

TEST_CASE("answers that are not read take up what their key may, and no more") {
  CallersTestDoor door({}, {.answer_bytes = 20 << 20, .answer_bytes_of_one = 12 << 20});
  auto partners = Partners(1);
  (*partners[0].mutable_purpose()->mutable_by_language())["en"] = std::string(8 << 20, 'x');
  door.partners.SetPartners(partners);
  auto slow = door.Connect();
  slow.Get("/v1/partners", kShow);
  // Its answer is made, and more than the sockets hold of it waits.
  REQUIRE(slow.Begins());
  CHECK(door.Fetch("/v1/partners").status == 429);
  CHECK(door.Fetch("/v1/partners", kShowOther).status == 200);
  CHECK(slow.Read().body.size() > (8 << 20));
  CHECK(door.Fetch("/v1/partners").status == 200);
}

}  // namespace
}  // namespace brobygger::web
