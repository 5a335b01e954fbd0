// What people write down of contacts, and how they are listed.
#include "core/base/status_macros.h"
#include "core/registry/query.h"
#include "tests/core/contact/town.h"

namespace brobygger::contact {
namespace {

struct Office : Town {
  const std::string lawan = Associate("Lawan");
  const std::string integration = Department("Integration");

  Touchpoint Wanted(const std::string& date) const {
    Touchpoint wanted;
    wanted.set_association_id(lawan);
    wanted.set_department_id(integration);
    wanted.set_date(date);
    wanted.set_channel(v1::CONTACT_CHANNEL_PHONE);
    return wanted;
  }

  absl::StatusOr<Touchpoint> Add(const Touchpoint& wanted) {
    return Write([&](storage::Transaction& transaction) {
      return AddTouchpoint(transaction, wanted, access::LocalOperator());
    });
  }
};

TEST_CASE("a person writes a contact down, and takes it away for good") {
  Office office;
  Touchpoint wanted = office.Wanted("2024-04-02");
  wanted.set_our_role("konsulent");
  wanted.set_id("mine");
  wanted.set_basis(Touchpoint::BASIS_CATEGORY);
  const auto made = office.Add(wanted);
  INFO(made.status());
  REQUIRE(made.ok());
  CHECK(made->basis() == Touchpoint::BASIS_PERSON);
  CHECK(made->id() != "mine");
  CHECK(made->our_role() == "konsulent");
  CHECK(made->recorded_by() == "operator");
  CHECK(office.List().total_count() == 1);
  const auto remove = [&] {
    return office.store
        ->Write("operator",
                [&](storage::Transaction& transaction) {
                  return DeleteTouchpoint(transaction, made->id(), access::LocalOperator());
                })
        .status();
  };
  REQUIRE(remove().ok());
  CHECK(office.List().total_count() == 0);
  CHECK(base::ReasonOf(remove()) == errors::v1::ERROR_REASON_TOUCHPOINT_NOT_FOUND);
}

TEST_CASE("what a calendar tells cannot be taken away here") {
  Office office;
  const Sightings sightings{
      "k/meetings/1",
      office.integration,
      {{"m1", office.Day(-1), {office.lawan, Touchpoint::BASIS_DOMAIN, false}}},
      {},
      false};
  REQUIRE(
      office.Write([&](storage::Transaction& transaction) { return See(transaction, sightings); })
          .ok());
  const std::string id = office.List().touchpoints(0).id();
  const auto refused = office.store->Write("operator", [&](storage::Transaction& transaction) {
    return DeleteTouchpoint(transaction, id, access::LocalOperator());
  });
  CHECK(base::ReasonOf(refused.status()) == errors::v1::ERROR_REASON_TOUCHPOINT_NOT_WRITTEN);
  // It can be said that it is not the association's, and that stays said.
  v1::ReviewTouchpointRequest request;
  request.set_touchpoint_id(id.substr(0, 8));
  REQUIRE(office
              .Write([&](storage::Transaction& transaction) {
                return ReviewTouchpoint(transaction, request, access::LocalOperator());
              })
              .ok());
  CHECK(office.List().total_count() == 0);
  REQUIRE(
      office.Write([&](storage::Transaction& transaction) { return See(transaction, sightings); })
          .ok());
  CHECK(office.List().total_count() == 0);
}

TEST_CASE("a contact that cannot be is refused, with the field") {
  Office office;
  const auto reason = [&](const Touchpoint& wanted) {
    return base::ReasonOf(office.Add(wanted).status());
  };
  Touchpoint wanted = office.Wanted("2024-04-02");
  wanted.set_summary("CPR 010190-1234");
  CHECK(reason(wanted) == errors::v1::ERROR_REASON_CPR_REFUSED);
  CHECK(reason(office.Wanted("2024-02-30")) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(reason(office.Wanted("2022-04-02")) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(reason(office.Wanted("")) == errors::v1::ERROR_REASON_FIELD_INVALID);
  wanted = office.Wanted("2024-04-02");
  wanted.set_summary(std::string(501, 'x'));
  CHECK(reason(wanted) == errors::v1::ERROR_REASON_FIELD_INVALID);
  wanted = office.Wanted("2024-04-02");
  wanted.set_department_id("nowhere");
  CHECK(reason(wanted) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
  wanted = office.Wanted("2024-04-02");
  wanted.set_association_id("nobody");
  CHECK(reason(wanted) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
}

TEST_CASE("contacts are listed newest first, page by page, by day, department and association") {
  Office office;
  const std::string culture = office.Department("Kultur og Fritid");
  const std::string havnen = office.Associate("Havnens Venner");
  for (int i = 1; i <= 7; ++i)
    REQUIRE(office.Add(office.Wanted("2024-03-0" + std::to_string(i))).ok());
  Touchpoint other = office.Wanted("2024-03-09");
  other.set_department_id(culture);
  other.set_association_id(havnen);
  REQUIRE(office.Add(other).ok());

  v1::ListTouchpointsRequest request;
  request.set_page_size(3);
  std::vector<std::string> dates;
  do {
    const auto page = office.List(request);
    CHECK(page.total_count() == 8);
    for (const auto& each : page.touchpoints()) dates.push_back(each.date());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  CHECK(dates.size() == 8);
  CHECK(std::is_sorted(dates.rbegin(), dates.rend()));

  v1::ListTouchpointsRequest by;
  by.set_department_id(culture);
  CHECK(office.List(by).total_count() == 1);
  by.Clear();
  by.set_association_id(office.lawan);
  by.set_from_date("2024-03-03");
  by.set_to_date("2024-03-05");
  CHECK(office.List(by).total_count() == 3);
  by.set_from_date("yesterday");
  CHECK(base::ReasonOf(
            ListTouchpoints(*office.store, office.clock, access::LocalOperator(), by).status()) ==
        errors::v1::ERROR_REASON_FIELD_INVALID);
}

TEST_CASE("what was promised after a contact waits for its department until it is done") {
  Office office;
  const std::string culture = office.Department("Kultur og Fritid");
  Touchpoint wanted = office.Wanted("2024-03-01");
  wanted.set_initiator(v1::CONTACT_INITIATOR_ASSOCIATION);
  wanted.set_outcome(v1::CONTACT_OUTCOME_FOLLOW_UP);
  wanted.mutable_follow_up()->set_date("2024-03-08");
  const auto own = office.Add(wanted);
  REQUIRE(own.ok());
  CHECK(own->follow_up().owner_department_name() == "Integration");
  CHECK(own->initiator() == v1::CONTACT_INITIATOR_ASSOCIATION);
  wanted.mutable_follow_up()->set_owner_department_id(culture);
  const auto others = office.Add(wanted);
  REQUIRE(others.ok());
  REQUIRE(office.Add(office.Wanted("2024-03-02")).ok());

  v1::ListTouchpointsRequest owed;
  owed.set_follow_up_open(true);
  CHECK(office.List(owed).total_count() == 2);
  owed.set_department_id(culture);
  REQUIRE(office.List(owed).total_count() == 1);
  CHECK(office.List(owed).touchpoints(0).id() == others->id());
  const auto done = [&](const std::string& id) {
    return office.Write([&](storage::Transaction& transaction) {
      return CompleteFollowUp(transaction, id, access::LocalOperator());
    });
  };
  REQUIRE(done(others->id().substr(0, 8)).ok());
  CHECK(office.List(owed).total_count() == 0);
  CHECK(office.List().total_count() == 3);
  // Nothing was promised after the third.
  CHECK(base::ReasonOf(done(office.List().touchpoints(0).id()).status()) ==
        errors::v1::ERROR_REASON_TOUCHPOINT_NOT_FOUND);
}

TEST_CASE("a follow-up has a day, after the contact, and a department that exists") {
  Office office;
  Touchpoint wanted = office.Wanted("2024-03-05");
  std::string field = "follow_up.date";
  SECTION("no day") { wanted.mutable_follow_up(); }
  SECTION("before the contact") { wanted.mutable_follow_up()->set_date("2024-03-04"); }
  SECTION("an application is no touchpoint") {
    wanted.set_channel(v1::CONTACT_CHANNEL_APPLICATION);
    field = "channel";
  }
  SECTION("a department that is not there") {
    wanted.mutable_follow_up()->set_date("2024-03-06");
    wanted.mutable_follow_up()->set_owner_department_id("7c0c4f6e-0000-4000-8000-000000000000");
    field = "";
  }
  const auto refused = office.Add(wanted);
  REQUIRE_FALSE(refused.ok());
  CHECK(base::ErrorMetadata(refused.status(), "field") == field);
  CHECK(office.List().total_count() == 0);
}

TEST_CASE("a contact tells the department's name as it was then") {
  Office office;
  REQUIRE(office.Add(office.Wanted("2024-03-01")).ok());
  CHECK(office.List().touchpoints(0).department_name_then().empty());
  const auto rename = [&](storage::Transaction& transaction) -> absl::Status {
    BB_ASSIGN_OR_RETURN(auto department, registry::GetDepartment(transaction, office.integration));
    department.set_official_name("Integration og Medborgerskab");
    return transaction.Put(storage::Kind::kDepartment, department.id(),
                           department.SerializeAsString());
  };
  REQUIRE(office.store->Write("operator", rename).ok());
  CHECK(office.List().touchpoints(0).department_name() == "Integration og Medborgerskab");
  CHECK(office.List().touchpoints(0).department_name_then() == "Integration");
}

TEST_CASE("a note about somebody's belief or health is refused, naming the word and not the note") {
  Office office;
  Touchpoint wanted = office.Wanted("2024-03-05");
  wanted.set_summary("Formanden er muslim og meldte afbud");
  const auto refused = office.Add(wanted);
  REQUIRE_FALSE(refused.ok());
  CHECK(base::ErrorMetadata(refused.status(), "field") == "summary");
  CHECK(std::string(refused.status().message()).find("Formanden") == std::string::npos);
  wanted.set_summary("Ahmed Hassan beder fem gange om dagen og har sukkersyge");
  CHECK(base::ErrorMetadata(office.Add(wanted).status(), "field") == "summary");
  wanted.set_summary("Aftalt et fælles kursus om diabetes for kvinder");
  CHECK(office.Add(wanted).ok());
}

TEST_CASE("a role is what somebody does, and not who they are") {
  Office office;
  Touchpoint wanted = office.Wanted("2024-03-05");
  wanted.set_our_role("Zarathea Blåregnskov");
  const auto refused = office.Add(wanted);
  CHECK(base::ErrorMetadata(refused.status(), "field") == "our_role");
  CHECK(std::string(refused.status().message()).find("Zarathea") == std::string::npos);
  wanted.set_our_role("Social Koordinator");
  CHECK(office.Add(wanted).ok());
}

}  // namespace
}  // namespace brobygger::contact
