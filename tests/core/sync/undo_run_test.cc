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

}  // namespace
}  // namespace brobygger::sync
