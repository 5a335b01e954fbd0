// Several records of a source that are, were or may be one association.
#include <functional>

#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/sync/claims.h"
#include "core/sync/outbound.h"
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

identity::v1::DecideResponse TakeForOne(TwoWayHub& hub,
                                        const std::string& one_id,
                                        const std::string& other_id) {
  identity::v1::DecideRequest same;
  same.set_kind(Decision::KIND_SAME);
  same.set_from_association_id(one_id);
  same.set_to_association_id(other_id);
  identity::v1::DecideResponse decided;
  const auto written =
      hub.store->Write("anette", [&](storage::Transaction& transaction) -> absl::Status {
        BB_ASSIGN_OR_RETURN(decided, registry::Decide(transaction, hub.identity, same, "anette"));
        return absl::OkStatus();
      });
  INFO(written.status());
  REQUIRE(written.ok());
  return decided;
}

// Two associations that the source has a row of each, taken for one by a person.
struct MergedHub : TwoWayHub {
  explicit MergedHub(const std::function<void(MergedHub&)>& before = nullptr) {
    Agreed();
    source.Tell("2", Row("Sangkoret Havnen", "", "At synge"));
    Sync();
    if (before) before(*this);
    const auto decided = TakeForOne(*this, IdOf("1"), IdOf("2"));
    merged = decided.merge();
    decision_id = decided.decision().id();
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

TEST_CASE("a source is told of a merge also when nobody had told it of an edit before") {
  v1::Connection creating = Writable();
  creating.set_creates(true);
  TwoWayHub hub(creating);
  // Of another municipality, so the source has no row of it.
  Association older;
  older.set_official_name("Kulturforeningen Fjorden");
  older.set_municipality_code("0751");
  const auto made = hub.store->Write("anette", [&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, older, "anette").status();
  });
  REQUIRE(made.ok());
  older = hub.Associations().at(0);
  hub.source.Tell("2", TwoWayHub::Row("Sangkoret Havnen", "", "At synge"));
  hub.Sync();
  for (Association one : hub.Associations()) {
    if (one.id() == older.id()) continue;
    one.add_phones("22222222");
    hub.Edit(one, "phones");
  }
  TakeForOne(hub, older.id(), hub.source.records.at("2").foreign_id());
  hub.Sync();
  CHECK(hub.source.Text("2", "status") == "MERGED");
  CHECK(hub.source.Text("2", "afloeser") == older.id());
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

TEST_CASE("what the row of one that was merged away had been refused with reaches the other row") {
  v1::Connection connection = Writable();
  Map(connection, "tlf", "phone", Policy::POLICY_HUB);
  TwoWayHub hub(connection);
  hub.Agreed("");
  hub.source.Tell("2", TwoWayHub::Row("Sangkoret Havnen", "", "At synge"));
  hub.Sync();
  const std::string first = hub.source.records.at("1").foreign_id();
  const std::string second = hub.source.records.at("2").foreign_id();
  hub.source.refuses[second] = "fake.locked";
  (*hub.source.records.at("2").mutable_fields())["tlf"].set_text("22222222");
  hub.Sync();
  REQUIRE(hub.DeadLetters().size() == 1);
  hub.source.refuses.clear();
  TakeForOne(hub, first, second);
  // One run takes news from the one row, and what had been overruled from the other.
  hub.EditAtSource("formaal", "At lave mad sammen");
  for (int round = 0; round < 3; ++round) hub.Sync();
  CHECK(hub.Phone() == "+4522222222");
  CHECK(hub.source.Text("1", "tlf") == "22222222");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("undoing a run gives back what was here, not what the run wrote over in another row") {
  v1::Connection connection = Writable();
  Map(connection, "tlf", "phone", Policy::POLICY_HUB);
  TwoWayHub hub(connection);
  hub.Agreed();
  hub.source.Tell("0", TwoWayHub::Row("Sangkoret Havnen", "11111111", "At synge"));
  hub.Sync();
  TakeForOne(hub, hub.source.records.at("1").foreign_id(), hub.source.records.at("0").foreign_id());
  hub.Sync();
  // The row of the one that was merged away is read first, and what it brings goes to the other.
  (*hub.source.records.at("0").mutable_fields())["tlf"].set_text("22222222");
  hub.EditAtSource("tlf", "33333333");
  v1::UndoRunRequest request;
  request.set_run_id(hub.Sync().id());
  REQUIRE(hub.Phone() == "+4522222222");
  REQUIRE(hub.source.Text("1", "tlf") == "22222222");
  const auto undone = hub.engine.UndoRun(request, "anette");
  INFO(undone.status());
  REQUIRE(undone.ok());
  CHECK(undone->kept_count() == 0);
  CHECK(hub.Phone() == "+4511111111");
}

TEST_CASE("what one row was put off with is not forgotten when another row has been written") {
  MergedHub hub;
  const std::string other = hub.row == "1" ? "2" : "1";
  Association survivor = hub.Associations().at(0);
  survivor.clear_phones();
  survivor.add_phones("22222222");
  hub.Edit(survivor, "phones");
  // The other write of the run: the source is told again what became of the absorbed one.
  (*hub.source.records.at(hub.row).mutable_fields())["status"].set_text("");
  SECTION("put off") { hub.source.puts_off = 1; }
  SECTION("refused") { hub.source.refuses[hub.IdOf(other)] = "fake.locked"; }
  hub.Sync();
  const bool refused = !hub.DeadLetters().empty();
  hub.source.refuses.clear();
  const StreamKey stream{.connection_id = "tilskud", .stream = "associations"};
  const auto later = [&](storage::Transaction& transaction) -> absl::Status {
    const std::string key = stream.For(survivor.id());
    BB_ASSIGN_OR_RETURN(auto mark, Load<v1::DirtyMark>(transaction, storage::Kind::kDirty, key));
    CHECK(mark);
    if (mark) mark->clear_not_before_time();
    BB_RETURN_IF_ERROR(transaction.Remove(storage::Kind::kDeadLetter, key));
    return MarkDirty(transaction, stream, survivor.id(), mark ? *mark : v1::DirtyMark());
  };
  if (refused) CHECK(hub.source.Text(other, "tlf") == "11111111");
  REQUIRE(hub.store->Write("anette", later).ok());
  hub.Outbound();
  CHECK(hub.source.Text(other, "tlf") == "22222222");
  CHECK(hub.source.Text(hub.row, "status") == "MERGED");
}

TEST_CASE("a question that was open when two became one is open, also when they are two again") {
  MergedHub hub([](MergedHub& two) {
    Association second = two.Associations().at(0);
    for (const Association& one : two.Associations()) {
      if (one.id() == two.IdOf("2")) second = one;
    }
    (*second.mutable_purpose()->mutable_by_language())["da"] = "At danse";
    two.Edit(second, "purpose");
    (*two.source.records.at("2").mutable_fields())["formaal"].set_text("At spille");
    two.Sync();
    REQUIRE(two.Conflicts().size() == 1);
  });
  REQUIRE(hub.row == "2");
  CHECK(hub.Conflicts().size() == 1);
  hub.Part();
  hub.Sync();
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.Conflicts()[0].association_id() == hub.Absorbed().id());
  CHECK(hub.Conflicts()[0].registry_value() == "At danse");
  CHECK(hub.Conflicts()[0].source_value() == "At spille");
  // Nobody has answered it.
  for (const auto& value : hub.Overruled()) CHECK(value.path() != "purpose.da");
}

Association Second(MergedHub& hub) {
  for (const Association& one : hub.Associations()) {
    if (one.id() == hub.IdOf("2")) return one;
  }
  FAIL("it is not live");
  return {};
}

TEST_CASE("what no source had heard of when two became one is told when they are two again") {
  MergedHub hub([](MergedHub& two) {
    Association second = Second(two);
    second.add_phones("22222222");
    two.Edit(second, "phones");
  });
  REQUIRE(hub.row == "2");
  CHECK(hub.source.Text("2", "tlf").empty());
  hub.Part();
  hub.Sync();
  hub.Outbound();
  CHECK(hub.source.Text("2", "tlf") == "22222222");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("what a person says of two that are one stays with the one whose field was seen") {
  MergedHub hub([](MergedHub& two) {
    Association second = Second(two);
    second.add_phones("22222222");
    two.Edit(second, "phones");
  });
  REQUIRE(hub.Phone() == "+4511111111");
  hub.EditPhone("33333333");
  hub.Part();
  CHECK(hub.Absorbed().phones(0) == "+4522222222");
  for (const Association& one : hub.Associations()) {
    if (one.id() == hub.merged.survivor_association_id()) CHECK(one.phones(0) == "+4533333333");
  }
}

}  // namespace
}  // namespace brobygger::sync
