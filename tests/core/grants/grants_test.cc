// Applications in the store: whose they are, and what they add up to.
#include <algorithm>
#include <set>

#include "core/contact/touchpoints.h"
#include "tests/core/grants/municipality.h"

namespace brobygger::grants {
namespace {

TEST_CASE("an application is its applicant's, as the record is linked now") {
  Municipality here;
  const std::string first = here.Associate("Kulturforeningen");
  const std::string second = here.Associate("Sangkoret");
  const auto application = here.Ingest(Told("1"));
  CHECK(here.Get(application.id()).association_id().empty());

  here.Link("tilskud/associations/a1", first);
  CHECK(here.Get(application.id()).association_id() == first);
  CHECK(here.Get(application.id()).official_name() == "Kulturforeningen");
  CHECK(here.Get(application.id()).resolved_by() == GrantApplication::RESOLVED_BY_RECORD);

  // A split or a corrected match moves the link, and the application with it.
  here.Link("tilskud/associations/a1", second);
  CHECK(here.Get(application.id()).association_id() == second);
  CHECK(here.Money(first).applications().empty());
  CHECK(here.Money(second).applications_size() == 1);

  SECTION("also when the applicant's record is no longer there") {
    here.Link("tilskud/associations/a1", second, sync::v1::Link::STATE_TOMBSTONE);
    CHECK(here.Get(application.id()).association_id() == second);
    CHECK(here.Money(second).applications_size() == 1);
  }
}

TEST_CASE("without a record of the applicant the CVR number on it decides, and no name does") {
  Municipality here;
  const std::string id = here.Associate("Kulturforeningen", kCvr);
  auto told = Told("1");
  told.clear_applicant();
  told.mutable_applicant()->set_written_name("Kulturforeningen");
  const auto by_name = here.Ingest(told);
  CHECK(here.Get(by_name.id()).association_id().empty());

  told.set_external_id("2");
  told.mutable_applicant()->set_written_cvr("99 00 00 07");
  const auto by_cvr = here.Ingest(told);
  CHECK(here.Get(by_cvr.id()).association_id() == id);
  CHECK(here.Get(by_cvr.id()).resolved_by() == GrantApplication::RESOLVED_BY_CVR);
  CHECK(here.Money(id).applications_size() == 1);

  grant::v1::ListGrantApplicationsRequest request;
  request.set_unresolved(true);
  const auto listed = ListGrantApplications(*here.store, request);
  REQUIRE(listed.ok());
  REQUIRE(listed->applications_size() == 1);
  CHECK(listed->applications(0).id() == by_name.id());
}

TEST_CASE("a person's word about whose an application is stands above all, until taken back") {
  Municipality here;
  const std::string linked = here.Associate("Kulturforeningen");
  const std::string said = here.Associate("Sangkoret");
  here.Link("tilskud/associations/a1", linked);
  const auto application = here.Ingest(Told("1"));
  grant::v1::AssignApplicantRequest request;
  request.set_application_id(application.id());
  request.set_association_id(said);
  const auto assign = [&] {
    return here.Write([&](storage::Transaction& transaction) {
      return AssignApplicant(transaction, request, "operator");
    });
  };
  REQUIRE(assign().ok());
  CHECK(here.Get(application.id()).association_id() == said);
  CHECK(here.Get(application.id()).assigned_by() == "operator");
  CHECK(here.Money(said).applications_size() == 1);
  CHECK(here.Money(linked).applications().empty());

  SECTION("the source telling it again changes nothing about that") {
    auto again = Told("1");
    again.set_title("Folkedans og musik");
    here.Ingest(again);
    CHECK(here.Get(application.id()).association_id() == said);
    CHECK(here.Get(application.id()).title() == "Folkedans og musik");
  }
  SECTION("taken back, the record's link decides again") {
    request.clear_association_id();
    REQUIRE(assign().ok());
    CHECK(here.Get(application.id()).association_id() == linked);
  }
  SECTION("somebody who saw an older state is told") {
    request.set_etag("r1");
    CHECK(base::ReasonOf(assign().status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  }
  SECTION("an association that does not exist is refused") {
    request.set_association_id("11111111-1111-4111-8111-111111111111");
    CHECK(base::ReasonOf(assign().status()) == errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  }
}

TEST_CASE("told again unchanged, an application is not written again") {
  Municipality here;
  const auto first = here.Ingest(Told("1"));
  auto told = Told("1");
  told.set_run_id("another run");
  const auto done = here.Write(
      [&](storage::Transaction& transaction) { return IngestApplication(transaction, told); });
  CHECK(*done == Ingested::kSame);
  CHECK(here.Get(first.id()).etag() == here.Get(first.id()).etag());
  CHECK((*here.store->Latest())->revision() == 1);
}

TEST_CASE("all departments stand on one page, withdrawn and foreign amounts in no sum") {
  Municipality here;
  const std::string id = here.Associate("Kulturforeningen");
  here.Link("tilskud/associations/a1", id);
  auto one = Told("1");
  one.set_written_department("Kultur og Fritid");
  one.set_awarded_ore(800'000);
  one.set_disbursed_ore(400'050);
  here.Ingest(one);
  auto two = Told("2", GRANT_STATE_REFUSED);
  two.set_written_department("Social og Sundhed");
  two.set_title("Madlavning");
  here.Ingest(two);
  auto withdrawn = Told("3", grant::v1::GRANT_STATE_WITHDRAWN);
  withdrawn.set_written_department("Kultur og Fritid");
  here.Ingest(withdrawn);
  auto foreign = Told("4");
  foreign.set_written_department("Kultur og Fritid");
  foreign.set_currency("EUR");
  foreign.set_title("Udveksling");
  here.Ingest(foreign);

  const auto money = here.Money(id);
  REQUIRE(money.departments_size() == 2);
  const auto& culture = money.departments(0);
  CHECK(culture.title() == "Kultur og Fritid");
  CHECK(culture.application_count() == 3);
  CHECK(culture.granted_count() == 2);
  CHECK(culture.applied_ore() == 1'000'000);
  CHECK(culture.awarded_ore() == 800'000);
  CHECK(culture.disbursed_ore() == 400'050);
  CHECK(culture.foreign_currency_count() == 1);
  CHECK(money.departments(1).refused_count() == 1);
  CHECK(money.total().application_count() == 4);
  CHECK(money.total().applied_ore() == 2'000'000);
  CHECK(money.applications(0).external_id() == "4");
  CHECK(money.overlaps().empty());
}

TEST_CASE("an application that its source no longer has is kept, and counts in no sum") {
  Municipality here;
  const std::string id = here.Associate("Kulturforeningen");
  here.Link("tilskud/associations/a1", id);
  const auto application = here.Ingest(Told("1"));
  REQUIRE(here.store
              ->Write("sync",
                      [&](storage::Transaction& transaction) {
                        return IngestGone(transaction, "tilskud", "1");
                      })
              .ok());
  CHECK(here.Get(application.id()).has_gone_time());
  CHECK(here.Money(id).applications().empty());
  grant::v1::ListGrantApplicationsRequest request;
  CHECK(ListGrantApplications(*here.store, request)->total_count() == 0);
  request.set_show_gone(true);
  CHECK(ListGrantApplications(*here.store, request)->total_count() == 1);

  SECTION("and is back when the source has it again") {
    here.Ingest(Told("1"));
    CHECK_FALSE(here.Get(application.id()).has_gone_time());
  }
}

TEST_CASE("pages of applications come newest first and miss and repeat none") {
  Municipality here;
  for (int i = 1; i <= 9; ++i) here.Ingest(Told(std::to_string(i)));
  auto same_day = Told("3");
  same_day.set_external_id("30");
  here.Ingest(same_day);
  grant::v1::ListGrantApplicationsRequest request;
  request.set_page_size(3);
  std::vector<std::string> days;
  std::set<std::string> seen;
  do {
    const auto page = ListGrantApplications(*here.store, request);
    REQUIRE(page.ok());
    CHECK(page->total_count() == 10);
    for (const auto& application : page->applications()) {
      days.push_back(application.received_date());
      seen.insert(application.id());
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  CHECK(seen.size() == 10);
  CHECK(days.size() == 10);
  CHECK(std::is_sorted(days.rbegin(), days.rend()));
}

TEST_CASE("who is known through grant systems alone is counted, and told on the page") {
  Municipality here;
  const auto connect = [&](const std::string& id, sync::v1::Connection::Family family) {
    sync::v1::Connection connection;
    connection.set_id(id);
    connection.set_family(family);
    REQUIRE(here.store
                ->Write("operator",
                        [&](storage::Transaction& transaction) {
                          return transaction.Put(storage::Kind::kConnection, id,
                                                 connection.SerializeAsString());
                        })
                .ok());
  };
  connect("tilskud", sync::v1::Connection::FAMILY_GRANTS);
  connect("frivillig", sync::v1::Connection::FAMILY_CENTRES);
  const std::string money_only = here.Associate("Kulturforeningen");
  const std::string both = here.Associate("Sangkoret");
  // What a person wrote is a contact too; these two come from plugins.
  for (const std::string& id : {money_only, both}) {
    REQUIRE(here.store
                ->Write("sync",
                        [&](storage::Transaction& transaction) -> absl::Status {
                          const auto bytes = transaction.Find(storage::Kind::kAssociation, id);
                          registry::v1::Association association;
                          association.ParseFromString(**bytes);
                          association.clear_provenance();
                          association.add_provenance()->set_connection_id("tilskud");
                          return transaction.Put(storage::Kind::kAssociation, id,
                                                 association.SerializeAsString());
                        })
                .ok());
  }
  here.Link("tilskud/associations/1", money_only);
  here.Link("tilskud/associations/2", both);
  here.Link("frivillig/associations/2", both);

  const auto share = GetMoneyOnlyShare(**here.store->Latest(), "");
  REQUIRE(share.ok());
  CHECK(share->association_count() == 2);
  CHECK(share->money_only_count() == 1);
  CHECK(GetMoneyOnlyShare(**here.store->Latest(), "0101")->association_count() == 0);
  CHECK(here.Money(money_only).contact_kinds().money_only());
  CHECK_FALSE(here.Money(both).contact_kinds().money_only());
  CHECK(here.Money(both).contact_kinds().connection_count() == 2);

  // A department has met it: it is no longer known through money alone.
  registry::v1::Department department;
  department.set_official_name("Integration");
  department.set_municipality_code("0615");
  const auto integration = here.Write([&](storage::Transaction& transaction) {
    return registry::CreateDepartment(transaction, department, "operator");
  });
  REQUIRE(integration.ok());
  contact::v1::Touchpoint met;
  met.set_association_id(money_only);
  met.set_department_id(integration->id());
  met.set_date("2024-04-02");
  REQUIRE(here.Write([&](storage::Transaction& transaction) {
                return contact::AddTouchpoint(transaction, met, access::LocalOperator());
              })
              .ok());
  CHECK(GetMoneyOnlyShare(**here.store->Latest(), "")->money_only_count() == 0);
  CHECK_FALSE(here.Money(money_only).contact_kinds().money_only());
}

}  // namespace
}  // namespace brobygger::grants
