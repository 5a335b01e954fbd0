// Several records of a source that are, were or may be one association.
#include "core/registry/decide.h"
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

using identity::v1::Decision;

std::map<std::string, std::string> RowOf(const std::string& phone, const std::string& purpose) {
  auto row = TwoWayHub::Row("Kulturforeningen Fjorden", phone, purpose);
  row["cvr"] = kCvr;
  return row;
}

TEST_CASE("what a second row brings, the first row gets, also when both are read at once") {
  TwoWayHub hub;
  hub.source.Tell("1", RowOf("", "At samle folk"));
  hub.Sync();
  hub.source.Tell("2", RowOf("22222222", "At samle folk"));
  hub.EditAtSource("formaal", "At lave mad sammen");
  hub.Sync();
  CHECK(hub.Phone() == "+4522222222");
  hub.Sync();
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.source.Text("1", "formaal") == "At lave mad sammen");
  CHECK(hub.Plan().part_count() == 0);
}

// Two associations that the source has a row of each, taken for one by a person.
struct MergedHub : TwoWayHub {
  MergedHub() {
    Agreed();
    source.Tell("2", Row("Sangkoret Havnen", "", "At synge"));
    Sync();
    identity::v1::DecideRequest same;
    same.set_kind(Decision::KIND_SAME);
    same.set_from_association_id(IdOf("1"));
    same.set_to_association_id(IdOf("2"));
    REQUIRE(store
                ->Write("anette",
                        [&](storage::Transaction& transaction) -> absl::Status {
                          auto done = registry::Decide(transaction, identity, same, "anette");
                          if (done.ok()) merged = done->merge();
                          decision_id = done.ok() ? done->decision().id() : "";
                          return done.status();
                        })
                .ok());
    row = IdOf("1") == merged.absorbed_association_id() ? "1" : "2";
    Sync();
    REQUIRE(source.Text(row, "status") == "MERGED");
  }

  std::string IdOf(const std::string& record) { return source.records.at(record).foreign_id(); }

  void Part() {
    identity::v1::UndoDecisionRequest undo;
    undo.set_decision_id(decision_id);
    REQUIRE(
        store
            ->Write("anette",
                    [&](storage::Transaction& transaction) {
                      return registry::UndoDecision(transaction, identity, undo, "anette").status();
                    })
            .ok());
  }

  Association Absorbed() {
    for (const Association& one : Associations()) {
      if (one.id() == merged.absorbed_association_id()) return one;
    }
    FAIL("it is not live");
    return {};
  }

  identity::v1::MergeRecord merged;
  std::string decision_id;
  std::string row;  // of the absorbed one
};

TEST_CASE("a source is told when an association is one of its own again") {
  MergedHub hub;
  hub.Part();
  hub.Sync();
  CHECK(hub.source.Text(hub.row, "status") != "MERGED");
  CHECK(hub.source.Text(hub.row, "afloeser").empty());
  CHECK(hub.Conflicts().empty());
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("what was edited in a row while its association was merged is there when it is parted") {
  MergedHub hub;
  (*hub.source.records.at(hub.row).mutable_fields())["formaal"].set_text("At danse");
  hub.Sync();
  hub.Part();
  hub.Sync();
  CHECK(hub.Absorbed().purpose().by_language().at("da") == "At danse");
  CHECK(hub.source.Text(hub.row, "formaal") == "At danse");
  CHECK(hub.Plan().part_count() == 0);
}

}  // namespace
}  // namespace brobygger::sync
