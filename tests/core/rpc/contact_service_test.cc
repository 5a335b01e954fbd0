// Contacts over the wire: what each caller is told of them, and whose each caller may write.
#include <catch2/catch.hpp>

#include "tests/core/rpc/served_contacts.h"
#include "tests/support/grpc_errors.h"

namespace brobygger::rpc {
namespace {

TEST_CASE("a department is told its own touchpoints, and none of a colleague's") {
  ServedContacts served;
  served.Count(served.integration);
  served.Count(served.culture);
  ListTouchpointsRequest of_lawan;
  of_lawan.set_association_id(served.lawan);
  CHECK(served.List().total_count() == 2);
  CHECK(served.List(of_lawan).counts_size() == 2);
  for (const char* role : {"caseworker", "coordinator"}) {
    served.BeA(role, served.integration);
    for (const ListTouchpointsRequest& request : {ListTouchpointsRequest(), of_lawan}) {
      const auto told = served.List(request);
      CHECK(told.total_count() == 1);
      REQUIRE(told.touchpoints_size() == 1);
      CHECK(told.touchpoints(0).id() == served.of_integration);
      CHECK(told.touchpoints(0).summary() == "Vil have en nøgle");
      CHECK(told.touchpoints(0).recorded_by() == "operator");
    }
    const auto counts = served.List(of_lawan).counts();
    REQUIRE(counts.size() == 1);
    CHECK(counts[0].department_id() == served.integration);
  }
}

TEST_CASE("a page of touchpoints is of those that are told") {
  ServedContacts served;
  for (int i = 0; i < 3; ++i) REQUIRE(served.Add(served.culture).first.ok());
  REQUIRE(served.Add(served.integration).first.ok());
  served.BeA("caseworker", served.integration);
  ListTouchpointsRequest request;
  request.set_page_size(1);
  const auto first = served.List(request);
  CHECK(first.total_count() == 2);
  request.set_page_token(first.next_page_token());
  const auto second = served.List(request);
  CHECK(second.touchpoints_size() == 1);
  CHECK(second.next_page_token().empty());
}

TEST_CASE("what is read for less, by a role that is told less or by nobody's key, is not listed") {
  ServedContacts served;
  SECTION("a purpose for which less is told") {
    served.BeA("caseworker", served.integration, GENERATE("grants", "overview"));
  }
  SECTION("whoever runs the connections") { served.BeA("operator", served.integration); }
  SECTION("a key of no department") {
    served.BeA("caseworker", "", "collaboration", access::CallerKind::kSystem);
  }
  const auto told = served.List();
  CHECK(told.touchpoints_size() == 0);
  CHECK(told.total_count() == 0);
}

TEST_CASE("who owes a follow-up hears what and when, and not what was said") {
  ServedContacts served;
  const auto promised = served.Add(served.culture, served.integration);
  REQUIRE(promised.first.ok());
  const std::string id = promised.second.touchpoint().id();
  served.SayCalendarTold(id);
  REQUIRE(served.Review(id).ok());
  ListTouchpointsRequest owed;
  owed.set_follow_up_open(true);
  owed.set_department_id(served.integration);
  // For a purpose that is told summaries alone, too: it is no more than that.
  served.BeA("caseworker", served.integration, GENERATE("collaboration", "grants"));
  const auto told = served.List(owed);
  REQUIRE(told.touchpoints_size() == 1);
  const Touchpoint& row = told.touchpoints(0);
  CHECK(row.id() == id);
  CHECK(row.official_name() == "Lawan");
  CHECK(row.department_name() == "Kultur og Fritid");
  CHECK(row.follow_up().owner_department_name() == "Integration");
  CHECK(!row.follow_up().date().empty());
  CHECK(!row.date().empty());
  CHECK(row.summary().empty());
  CHECK(row.our_role().empty());
  CHECK(row.meeting_key().empty());
  CHECK(row.recorded_by().empty());
  // What is done is nobody's to hear of any more.
  REQUIRE(served.Complete(id).ok());
  CHECK(served.answered.summary().empty());
  CHECK(served.answered.follow_up().has_done_time());
  served.BeA("caseworker", served.integration, "grants");
  CHECK(served.List().total_count() == 0);
}

// Refused, and whom to ask.
void CheckNotTheirs(const grpc::Status& status) {
  CHECK(status.error_code() == grpc::StatusCode::PERMISSION_DENIED);
  CHECK(support::ReasonOf(status) == "NOT_ALLOWED");
  CHECK_THAT(status.error_message(), Catch::Contains("Kultur og Fritid"));
  CHECK_THAT(status.error_message(), Catch::Contains("post@16.example"));
}

TEST_CASE("a department's contacts are written, reviewed, done and taken away by who works in it") {
  ServedContacts served;
  const std::string promised = served.Add(served.culture, served.culture).second.touchpoint().id();
  served.SayCalendarTold(served.of_culture);
  SECTION("a colleague of another department") { served.BeA("caseworker", served.integration); }
  SECTION("a key of no department") {
    served.BeA("caseworker", "", "collaboration", access::CallerKind::kSystem);
  }
  CheckNotTheirs(served.Add(served.culture).first);
  CheckNotTheirs(served.Review(served.of_culture));
  CheckNotTheirs(served.Complete(promised));
  CheckNotTheirs(served.Delete(promised));
}

TEST_CASE("who works in it writes, reviews, does and takes away a department's contacts") {
  ServedContacts served;
  served.SayCalendarTold(served.of_culture);
  SECTION("a case worker of the department") { served.BeA("caseworker", served.culture); }
  SECTION("whoever coordinates") { served.BeA("coordinator", served.integration); }
  SECTION("the operator") {}
  const auto added = served.Add(served.culture, served.culture);
  INFO(added.first.error_message());
  REQUIRE(added.first.ok());
  CHECK(added.second.touchpoint().summary() == "Vil have en nøgle");
  CHECK(served.Review(served.of_culture).ok());
  CHECK(served.Complete(added.second.touchpoint().id()).ok());
  CHECK(served.Delete(added.second.touchpoint().id()).ok());
}

TEST_CASE("what one department promised for another is done by either, and not by a third") {
  ServedContacts served;
  const std::string third = served.Department("Børn og Unge");
  const std::string promised =
      served.Add(served.culture, served.integration).second.touchpoint().id();
  served.BeA("caseworker", third);
  CHECK(support::ReasonOf(served.Complete(promised)) == "NOT_ALLOWED");
  served.BeA("caseworker", GENERATE(true, false) ? served.integration : served.culture);
  CHECK(served.Complete(promised).ok());
  served.BeA("caseworker", served.integration);
  CheckNotTheirs(served.Delete(promised));
}

TEST_CASE("whoever coordinates is answered of a colleague's contact no more than they are told") {
  ServedContacts served;
  served.SayCalendarTold(served.of_culture);
  served.BeA("coordinator", served.integration);
  REQUIRE(served.Review(served.of_culture).ok());
  CHECK(served.answered.id() == served.of_culture);
  CHECK(served.answered.summary().empty());
  CHECK(served.answered.recorded_by().empty());
}

TEST_CASE("what is done with one touchpoint is written down as about its association") {
  ServedContacts served;
  const std::string promised = served.Add(served.culture, served.culture).second.touchpoint().id();
  served.SayCalendarTold(served.of_culture);
  (void)served.log.Told();
  REQUIRE(served.Review(served.of_culture.substr(0, 8)).ok());
  REQUIRE(served.Complete(promised).ok());
  REQUIRE(served.Delete(promised).ok());
  CHECK_FALSE(served.Delete("nothing").ok());
  using Lines = std::vector<std::pair<std::string, std::string>>;
  CHECK(served.log.Told() == Lines{{"ReviewTouchpoint", served.lawan},
                                   {"CompleteFollowUp", served.lawan},
                                   {"DeleteTouchpoint", served.lawan},
                                   {"DeleteTouchpoint", "nothing"},
                                   // And that it came to nothing.
                                   {"DeleteTouchpoint", "nothing"}});
}

}  // namespace
}  // namespace brobygger::rpc
