// What a calendar object tells of touchpoints, and what stays when it tells no more.
#include "core/contact/sightings.h"

#include "core/contact/retention.h"
#include "tests/core/contact/town.h"

namespace brobygger::contact {
namespace {

struct Calendar : Town {
  const std::string lawan = Associate("Lawan");
  const std::string havnen = Associate("Havnens Venner");
  const std::string integration = Department("Integration");

  Sighting Meeting(const std::string& key,
                   int days,
                   const std::string& with,
                   bool in_review = false) const {
    return {key, Day(days), {with, Touchpoint::BASIS_ADDRESS, in_review}};
  }

  SightingCounts Tell(const std::string& record,
                      std::vector<Sighting> meetings,
                      const std::vector<std::string>& cancelled = {},
                      bool opted_out = false) {
    const Sightings sightings{record, integration, std::move(meetings), cancelled, opted_out};
    const auto would = WouldSee(**store->Latest(), sightings, clock.Now());
    REQUIRE(would.ok());
    const auto done =
        Write([&](storage::Transaction& transaction) { return See(transaction, sightings); });
    INFO(done.status());
    REQUIRE(done.ok());
    CHECK(would->added == done->added);
    CHECK(would->removed == done->removed);
    return *done;
  }

  // The object may not count any more.
  SightingCounts OptOut(const std::string& record) { return Tell(record, {}, {}, true); }

  SightingCounts Lose(const std::string& record) {
    const auto done =
        Write([&](storage::Transaction& transaction) { return LoseSight(transaction, record); });
    REQUIRE(done.ok());
    return *done;
  }

  std::vector<Touchpoint> All(bool in_review = false) {
    v1::ListTouchpointsRequest request;
    request.set_in_review(in_review);
    const auto listed = List(request);
    return {listed.touchpoints().begin(), listed.touchpoints().end()};
  }
};

TEST_CASE("a meeting is one touchpoint, planned until its day is over, and the same again") {
  Calendar here;
  CHECK(here.Tell("k/meetings/1", {here.Meeting("m1", 1, here.lawan)}).added == 1);
  REQUIRE(here.All().size() == 1);
  const Touchpoint first = here.All()[0];
  CHECK(first.state() == Touchpoint::STATE_PLANNED);
  CHECK(first.official_name() == "Lawan");
  CHECK(first.department_name() == "Integration");
  CHECK_FALSE(here.Tell("k/meetings/1", {here.Meeting("m1", 1, here.lawan)}).any());
  CHECK(here.All()[0].etag() == first.etag());
  here.clock.Advance(std::chrono::hours(48));
  CHECK(here.All()[0].state() == Touchpoint::STATE_HELD);
}

TEST_CASE("a moved meeting moves, a cancelled one goes, and so does who is no longer asked") {
  Calendar here;
  here.Tell("k/meetings/1",
            {here.Meeting("m1", 1, here.lawan), here.Meeting("m1", 1, here.havnen)});
  REQUIRE(here.All().size() == 2);
  const auto moved = here.Tell("k/meetings/1", {here.Meeting("m1", 3, here.lawan)});
  CHECK(moved.changed == 1);
  CHECK(moved.removed == 1);
  REQUIRE(here.All().size() == 1);
  CHECK(here.All()[0].date() == here.Day(3));
  CHECK(here.Tell("k/meetings/1", {}).removed == 1);
  CHECK(here.All().empty());
}

TEST_CASE("one meeting in two calendars of a department is one touchpoint until both let go") {
  Calendar here;
  here.Tell("k/meetings/1", {here.Meeting("m1", 1, here.lawan)});
  CHECK(here.Tell("other/meetings/9", {here.Meeting("m1", 1, here.lawan)}).added == 0);
  CHECK(here.All().size() == 1);
  CHECK(here.Lose("k/meetings/1").removed == 0);
  CHECK(here.All().size() == 1);
  CHECK(here.Lose("other/meetings/9").removed == 1);
  CHECK(here.All().empty());
}

TEST_CASE("what took place stays when the calendar forgets it, and goes when somebody opts out") {
  Calendar here;
  here.Tell("k/meetings/1",
            {here.Meeting("m1", -2, here.lawan), here.Meeting("m2", 2, here.lawan)});
  SECTION("deleted there") {
    CHECK(here.Lose("k/meetings/1").removed == 1);
    REQUIRE(here.All().size() == 1);
    CHECK(here.All()[0].has_source_gone_time());
    SECTION("and put back") {
      here.Tell("k/meetings/1", {here.Meeting("m1", -2, here.lawan)});
      CHECK_FALSE(here.All()[0].has_source_gone_time());
    }
  }
  SECTION("opted out") {
    CHECK(here.OptOut("k/meetings/1").removed == 2);
    CHECK(here.All().empty());
  }
}

TEST_CASE("what has taken place stands, whatever a calendar tells of it later") {
  Calendar here;
  here.Tell("k/meetings/1",
            {here.Meeting("m1", -170, here.lawan), here.Meeting("m2", 2, here.lawan)});
  SECTION("it is too long ago to be told") {
    here.clock.Advance(std::chrono::hours(24 * 30));
    here.Tell("k/meetings/1", {});
    CHECK(here.All().size() == 2);
  }
  SECTION("the association has another address now") {
    CHECK(here.Tell("k/meetings/1", {}).removed == 1);
    REQUIRE(here.All().size() == 1);
    CHECK(here.All()[0].state() == Touchpoint::STATE_HELD);
  }
  SECTION("but not if it was off after all") {
    CHECK(here.Tell("k/meetings/1", {}, {"m1"}).removed == 2);
  }
  SECTION("and not if it may not count") { CHECK(here.OptOut("k/meetings/1").removed == 2); }
}

TEST_CASE("the strongest sign counts, whichever calendar is read last") {
  Calendar here;
  Sighting sure = here.Meeting("m1", -1, here.lawan);
  sure.with.basis = Touchpoint::BASIS_CATEGORY;
  here.Tell("anna/meetings/1", {sure});
  here.Tell("bo/meetings/1", {here.Meeting("m1", -1, here.lawan, true)});
  CHECK(here.All(true).empty());
  REQUIRE(here.All().size() == 1);
  CHECK(here.All()[0].basis() == Touchpoint::BASIS_CATEGORY);
}

TEST_CASE("a meeting's day is over at midnight in Denmark") {
  Calendar here;
  here.Tell("k/meetings/1", {here.Meeting("m1", 0, here.lawan)});
  // 2024-05-01 22:30 UTC is half past midnight there.
  here.clock.Advance(std::chrono::minutes(10 * 60 + 30));
  CHECK(here.All()[0].state() == Touchpoint::STATE_HELD);
  CHECK(here.Lose("k/meetings/1").removed == 0);
}

TEST_CASE("of one in review a person says, and the next reading does not ask again") {
  Calendar here;
  const auto tell = [&] {
    return here.Tell("k/meetings/1", {here.Meeting("m1", -1, here.lawan, true),
                                      here.Meeting("m1", -1, here.havnen, true)});
  };
  CHECK(tell().in_review == 2);
  CHECK(here.All().empty());
  REQUIRE(here.All(true).size() == 2);
  const auto review = [&](const Touchpoint& touchpoint, bool confirmed) {
    v1::ReviewTouchpointRequest request;
    request.set_touchpoint_id(touchpoint.id());
    request.set_confirmed(confirmed);
    return here.Write([&](storage::Transaction& transaction) {
      return ReviewTouchpoint(transaction, request, access::LocalOperator());
    });
  };
  const auto open = here.All(true);
  REQUIRE(review(open[0], true).ok());
  REQUIRE(review(open[1], false).ok());
  CHECK(here.All(true).empty());
  REQUIRE(here.All().size() == 1);
  CHECK(here.All()[0].recorded_by() == "operator");
  CHECK_FALSE(tell().any());
  CHECK(here.All(true).empty());
  CHECK(here.All().size() == 1);
}

TEST_CASE("after 24 months only counts by quarter are left") {
  Calendar here;
  here.Tell("k/meetings/1",
            {here.Meeting("m1", -2, here.lawan), here.Meeting("m2", -3, here.lawan)});
  here.Tell("k/meetings/2", {here.Meeting("m3", -1, here.lawan, true)});
  CHECK(*RetireOldTouchpoints(*here.store) == 0);
  here.clock.Advance(std::chrono::hours(24 * 731));
  CHECK(*RetireOldTouchpoints(*here.store) == 3);
  CHECK(here.All().empty());
  v1::ListTouchpointsRequest request;
  request.set_association_id(here.lawan);
  const auto listed = here.List(request);
  REQUIRE(listed.counts_size() == 1);
  CHECK(listed.counts(0).count() == 2);
  CHECK(listed.counts(0).quarter() == "2024-Q2");
  CHECK(*RetireOldTouchpoints(*here.store) == 0);
}

}  // namespace
}  // namespace brobygger::contact
