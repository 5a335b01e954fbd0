// What undoing a run leaves behind.
#include <algorithm>

#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

TEST_CASE("what people typed and undoing a run took away is in the log") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditPhone("22222222");
  hub.EditAtSource("formaal", "At lave mad sammen");
  v1::UndoRunRequest request;
  request.set_run_id(hub.Sync().id());
  REQUIRE(hub.Overruled().empty());
  const auto undone = hub.engine.UndoRun(request, "anette");
  INFO(undone.status());
  REQUIRE(undone.ok());
  const auto values = hub.Overruled();
  REQUIRE(values.size() == 2);
  const auto about = [&](const std::string& path) {
    return *std::find_if(values.begin(), values.end(),
                         [&](const auto& value) { return value.path() == path; });
  };
  CHECK(about("phones").value() == R"(["+4522222222"])");
  CHECK(about("phones").replaced_by() == R"(["+4511111111"])");
  CHECK(about("purpose.da").value() == "At lave mad sammen");
  CHECK(about("purpose.da").replaced_by() == "At samle folk");
  for (const auto& value : values) {
    CHECK(value.connection_id() == "tilskud");
    CHECK(value.external_id() == "1");
    CHECK(value.run_id() == request.run_id());
    CHECK_FALSE(value.at_source());
  }
}

TEST_CASE("undoing a run as a try leaves nothing in the log") {
  TwoWayHub hub;
  hub.Agreed();
  hub.EditAtSource("formaal", "At lave mad sammen");
  v1::UndoRunRequest request;
  request.set_run_id(hub.Sync().id());
  request.set_dry_run(true);
  REQUIRE(hub.engine.UndoRun(request, "anette").ok());
  CHECK(hub.Overruled().empty());
}

TEST_CASE("what a rule forbids by now is kept and told, and the rest of the run is undone") {
  TwoWayHub hub;
  auto row = TwoWayHub::Row("Sprogcafeen Ved Havnen", "12121212", "At tale sammen");
  row["cvr"] = kCvr;
  hub.source.Tell("0", row);
  hub.Agreed();
  hub.EditAtSource("formaal", "At lave mad sammen");
  hub.source.records.erase("0");
  v1::UndoRunRequest request;
  request.set_run_id(hub.Sync("tilskud", true).id());
  REQUIRE(hub.Associations().size() == 1);
  // Its number has gone to another association since.
  Association other;
  other.set_official_name("Havnens Sprogcafe");
  other.set_municipality_code("0615");
  auto& number = *other.add_identifiers();
  number.set_scheme("DK-CVR");
  number.set_value(kCvr);
  REQUIRE(hub.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return registry::CreateAssociation(transaction, other, "operator").status();
                      })
              .ok());
  const auto undone = hub.engine.UndoRun(request, "anette");
  INFO(undone.status());
  REQUIRE(undone.ok());
  CHECK(undone->kept_count() == 1);
  CHECK(undone->field_count() == 1);
  CHECK(hub.engine.UndoRun(request, "anette").status().code() != absl::StatusCode::kOk);
  bool back = false;
  for (const Association& one : hub.Associations()) {
    const auto purpose = one.purpose().by_language().find("da");
    if (purpose == one.purpose().by_language().end()) continue;
    back = back || purpose->second == "At samle folk";
  }
  CHECK(back);
}

}  // namespace
}  // namespace brobygger::sync
