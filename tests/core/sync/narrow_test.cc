// Columns that take less than the registry holds.
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

constexpr char kPurpose[] = "At lave mad sammen hver torsdag";
constexpr char kShown[] = "At lave mad sammen";

struct NarrowHub : TwoWayHub {
  explicit NarrowHub(const v1::Connection& connection = Writable()) : TwoWayHub(connection) {
    source.cut_to["formaal"] = sizeof(kShown) - 1;
  }

  void EditPurpose(const std::string& purpose) {
    Association next = Associations().at(0);
    (*next.mutable_purpose()->mutable_by_language())["da"] = purpose;
    Edit(next, "purpose");
  }

  std::string Purpose() { return Associations().at(0).purpose().by_language().at("da"); }
};

TEST_CASE("a column that cuts is quiet, and the whole text stays here") {
  NarrowHub hub;
  hub.Agreed();
  hub.EditPurpose(kPurpose);
  hub.Outbound();
  CHECK(hub.source.Text("1", "formaal") == kShown);
  const int before = hub.source.written;
  for (int round = 0; round < 20; ++round) {
    hub.EditPhone(std::to_string(22222200 + round));
    hub.Sync();
    CHECK(hub.Plan().part_count() == 0);
  }
  CHECK(hub.source.written == before + 20);
  CHECK(hub.Purpose() == kPurpose);
}

TEST_CASE("what a column did not show is kept when the source changes the rest") {
  NarrowHub hub;
  hub.Agreed();
  hub.EditPurpose(kPurpose);
  hub.Outbound();
  hub.EditAtSource("formaal", "At spise sammen");
  const auto plan = hub.Plan();
  hub.Apply(plan);
  CHECK(hub.Purpose() == "At spise sammen");
  CHECK(hub.Conflicts().empty());
  REQUIRE(hub.Overruled().size() == 1);
  CHECK(hub.Overruled()[0].value() == kPurpose);
  CHECK(hub.Overruled()[0].replaced_by() == "At spise sammen");
  CHECK_FALSE(hub.Overruled()[0].at_source());

  // Now it has shown all there is.
  hub.EditAtSource("formaal", "At danse");
  hub.Sync();
  CHECK(hub.Purpose() == "At danse");
  CHECK(hub.Overruled().size() == 1);
}

TEST_CASE("a record that was made without an answer keeps its whole text here") {
  v1::Connection creating = Writable();
  creating.set_creates(true);
  NarrowHub hub(creating);
  hub.Sync();
  Association wanted;
  wanted.set_official_name("Sprogcafeen Ved Havnen");
  wanted.set_municipality_code("0615");
  (*wanted.mutable_purpose()->mutable_by_language())["da"] = kPurpose;
  const auto made = hub.store->Write("operator", [&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, wanted, "operator").status();
  });
  REQUIRE(made.ok());
  hub.source.loses_answers = 1;
  hub.Outbound();
  REQUIRE(hub.source.records.size() == 1);
  auto& there = (*hub.source.records.begin()->second.mutable_fields())["formaal"];
  SECTION("nobody touches it") {
    hub.Sync();
    CHECK(hub.Purpose() == kPurpose);
    CHECK(there.text() == kShown);
  }
  SECTION("somebody who saw its beginning writes something else before it is found") {
    there.set_text("At danse");
    hub.Sync();
    CHECK(hub.Purpose() == "At danse");
    REQUIRE(hub.Overruled().size() == 1);
    CHECK(hub.Overruled()[0].value() == kPurpose);
  }
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
}

}  // namespace
}  // namespace brobygger::sync
