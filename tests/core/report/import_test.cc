#include "core/report/programme_import.h"
#include "tests/core/report/programme_town.h"

namespace brobygger::report {
namespace {

std::string RefusedAt(ProgrammeTown& town, const v1::ImportProgrammeRequest& request) {
  const auto imported = town.Import(request);
  CHECK(base::ReasonOf(imported.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
  return base::ErrorMetadata(imported.status(), "field");
}

}  // namespace

TEST_CASE("an import makes what is new, and the same again makes nothing", "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(6);
  auto& day = *request.add_days();
  day.set_title("Netværksdag");
  day.set_kind(event::v1::EVENT_KIND_NETWORK_DAY);
  day.set_date("2016-03-07");
  *day.mutable_department() = request.collaborations(0).department();
  const auto first = town.Import(request);
  INFO(first.status());
  REQUIRE(first.ok());
  CHECK(first->created_associations() == 6);
  CHECK(first->created_departments() == 1);
  CHECK(first->created_collaborations() == 6);
  CHECK(first->created_days() == 1);
  CHECK(first->programme().association_ids_size() == 6);
  const auto revision = (*town.store->Latest())->revision();

  const auto again = town.Import(request);
  REQUIRE(again.ok());
  CHECK(again->created_associations() == 0);
  CHECK(again->created_departments() == 0);
  CHECK(again->created_collaborations() == 0);
  CHECK(again->created_days() == 0);
  CHECK((*town.store->Latest())->revision() == revision);
}

TEST_CASE("who has a name already is not made a second time, whatever the case", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Import(ManyOf(1)).ok());
  v1::ImportProgrammeRequest request = ManyOf(0);
  *request.add_associations() = Named("FORENING 0");
  const auto same = town.Import(request);
  REQUIRE(same.ok());
  CHECK(same->created_associations() == 0);
  // The same name in another town is another association.
  request.clear_associations();
  *request.add_associations() = Named("Forening 0", "0253");
  const auto other = town.Import(request);
  REQUIRE(other.ok());
  CHECK(other->created_associations() == 1);
}

TEST_CASE("a name that several have is refused: which one is meant nobody knows", "[report]") {
  ProgrammeTown town;
  for (int i = 0; i < 2; ++i) {
    registry::v1::Association association;
    association.set_official_name("Lanternen");
    association.set_municipality_code("0615");
    REQUIRE(town.Try([&](storage::Transaction& transaction) {
                  return registry::CreateAssociation(transaction, association, "operator");
                })
                .ok());
  }
  v1::ImportProgrammeRequest request = ManyOf(0);
  *request.add_associations() = Named("Lanternen");
  CHECK(RefusedAt(town, request) == "associations[0].official_name");
}

TEST_CASE("one entry with a fault, and nothing is written", "[report]") {
  ProgrammeTown town;
  const auto revision = (*town.store->Latest())->revision();
  v1::ImportProgrammeRequest request = ManyOf(3);
  request.mutable_collaborations(2)->set_end_date("2014-01-01");
  CHECK(RefusedAt(town, request) == "collaborations[2]");
  request = ManyOf(3);
  request.mutable_collaborations(1)->clear_associations();
  CHECK(RefusedAt(town, request) == "collaborations[1].associations");
  request = ManyOf(3);
  request.mutable_collaborations(1)->set_end_date("2199-01-01");
  CHECK(RefusedAt(town, request) == "collaborations[1]");
  request = ManyOf(3);
  request.mutable_associations(2)->set_municipality_code("1");
  CHECK(RefusedAt(town, request) == "associations[2].municipality_code");
  CHECK((*town.store->Latest())->revision() == revision);
}

TEST_CASE("an association writes no programme down", "[report]") {
  ProgrammeTown town;
  town.employee = {"user:2", "lanternen"};
  CHECK(base::ReasonOf(town.Import(ManyOf(1)).status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
}

TEST_CASE("two of one title and day with other associations are two", "[report]") {
  ProgrammeTown town;
  v1::ImportProgrammeRequest request = ManyOf(0);
  for (const char* name : {"Lanternen", "Regnbuen"}) {
    *request.add_collaborations() = Work("Lektiecafé", Named(name), "2015-01-01", "2015-06-30");
  }
  const auto imported = town.Import(request);
  REQUIRE(imported.ok());
  CHECK(imported->created_collaborations() == 2);
  // Stray spaces make no third one.
  request.mutable_collaborations(0)->set_title(" Lektiecafé ");
  request.mutable_collaborations(0)->set_start_date(" 2015-01-01 ");
  const auto again = town.Import(request);
  if (again.ok()) CHECK(again->created_collaborations() == 0);
}

}  // namespace brobygger::report
