// Several records of a source that is written to are one association: nothing is written to any of
// them until a person says which one it is.
#include <atomic>

#include "core/base/status_macros.h"
#include "core/storage/store_around.h"
#include "core/sync/conflicts.h"
#include "tests/core/sync/two_way_hub.h"
#include "tests/support/counted_reads.h"

namespace brobygger::sync {
namespace {

using Request = v1::ResolveConflictRequest;

std::map<std::string, std::string> RowWithCvr(const std::string& phone) {
  auto row = TwoWayHub::Row("Kulturforeningen Fjorden", phone, "At samle folk");
  row["cvr"] = kCvr;
  return row;
}

struct TwinHub : TwoWayHub {
  // Two rows with one CVR number, both new.
  void TellTwins(const std::string& phone_of_second = "11111111") {
    source.Tell("5", RowWithCvr("11111111"));
    source.Tell("7", RowWithCvr(phone_of_second));
  }

  void Settle(const std::string& external_id, Request::Choice choice) {
    Request request;
    request.set_conflict_id("tilskud/associations/" + external_id + "/hub.association_id");
    request.set_choice(choice);
    const auto done = store->Write("anette", [&](storage::Transaction& transaction) {
      return ResolveConflict(transaction, request, "anette").status();
    });
    INFO(done.status());
    REQUIRE(done.ok());
  }

  std::string Id() { return Associations().at(0).id(); }
  const std::string& IdAt(const std::string& external_id) {
    return source.records.at(external_id).foreign_id();
  }
};

TEST_CASE("two new rows with one CVR number: nothing is written, and both are asked about") {
  TwinHub hub;
  hub.TellTwins();
  const auto plan = hub.Plan();
  CHECK(plan.create_count() == 1);
  CHECK(plan.source_update_count() == 0);
  CHECK(plan.conflict_count() == 1);
  const auto run = hub.Apply(plan);
  REQUIRE(hub.Associations().size() == 1);
  CHECK(hub.source.written == 0);
  CHECK(run.conflict_count() == 2);
  const auto conflicts = hub.Conflicts();
  REQUIRE(conflicts.size() == 2);
  CHECK(conflicts[0].kind() == v1::Conflict::KIND_DUPLICATE);
  CHECK(conflicts[0].external_id() == "5");
  CHECK(conflicts[1].external_id() == "7");
  CHECK(conflicts[0].source_value() == "5, 7");
  hub.Outbound();
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.source.written == 0);
  CHECK(hub.Conflicts().size() == 2);
}

TEST_CASE("a row like one that keeps our id is joined and not written to, and nobody is asked") {
  TwinHub hub;
  hub.source.Tell("5", RowWithCvr("11111111"));
  hub.Sync();
  REQUIRE(hub.IdAt("5") == hub.Id());
  hub.source.Tell("3", RowWithCvr("11111111"));
  const int before = hub.source.written;
  hub.Sync();
  CHECK(hub.Associations().size() == 1);
  CHECK(hub.Conflicts().empty());
  CHECK(hub.source.written == before);
  CHECK(hub.IdAt("3").empty());
}

TEST_CASE("a person says which row it is, and that one is written to from then on") {
  TwinHub hub;
  hub.TellTwins();
  hub.Sync();
  SECTION("this one is") { hub.Settle("7", Request::CHOICE_SOURCE); }
  SECTION("the other one is not") { hub.Settle("5", Request::CHOICE_REGISTRY); }
  CHECK(hub.Conflicts().empty());
  hub.Outbound();
  CHECK(hub.IdAt("7") == hub.Id());
  CHECK(hub.IdAt("5").empty());
  hub.EditPhone("22222222");
  hub.Outbound();
  CHECK(hub.source.Text("7", "tlf") == "22222222");
  CHECK(hub.source.Text("5", "tlf") == "11111111");
  hub.source.Tell("5", RowWithCvr("33333333"));
  hub.Sync();
  CHECK(hub.IdAt("5").empty());
  CHECK(hub.Conflicts().size() <= 1);
}

TEST_CASE("what the chosen row and the registry say differently is asked about, not overwritten") {
  TwinHub hub;
  hub.TellTwins("77777777");
  hub.Sync();
  REQUIRE(hub.Phone() == "+4511111111");
  hub.Settle("7", Request::CHOICE_SOURCE);
  hub.Outbound();
  CHECK(hub.IdAt("7") == hub.Id());
  CHECK(hub.source.Text("7", "tlf") == "77777777");
  CHECK(hub.Phone() == "+4511111111");
  const auto conflicts = hub.Conflicts();
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts[0].path() == "phones");
}

TEST_CASE("a row whose twin is taken away is written to without a person") {
  TwinHub hub;
  hub.TellTwins();
  hub.Sync();
  hub.source.TakeAway("5");
  hub.Sync("tilskud", true);
  hub.Outbound();
  CHECK(hub.Conflicts().empty());
  CHECK(hub.IdAt("7") == hub.Id());
}

TEST_CASE("a row that is left when the one with our id goes is asked about, not overwritten") {
  TwinHub hub;
  hub.source.Tell("5", RowWithCvr("11111111"));
  hub.Sync();
  hub.source.Tell("7", RowWithCvr("77777777"));
  hub.Sync();
  REQUIRE(hub.IdAt("7").empty());
  hub.EditPhone("22222222");
  hub.Outbound();
  REQUIRE(hub.source.Text("7", "tlf") == "77777777");
  hub.source.records.erase("5");
  hub.Sync("tilskud", true);
  hub.Outbound();
  CHECK(hub.IdAt("7") == hub.Id());
  CHECK(hub.source.Text("7", "tlf") == "77777777");
  CHECK(hub.Phone() == "+4522222222");
  const auto conflicts = hub.Conflicts();
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts[0].path() == "phones");
}

TEST_CASE("a row that is left while its association is deleted is asked about when that is back") {
  TwinHub hub;
  hub.source.Tell("5", RowWithCvr("11111111"));
  hub.Sync();
  const std::string id = hub.Id();
  hub.source.Tell("7", RowWithCvr("77777777"));
  hub.Sync();
  hub.EditPhone("22222222");
  hub.Outbound();
  hub.Delete(id);
  hub.source.records.erase("5");
  hub.Sync("tilskud", true);
  hub.Outbound();
  REQUIRE(
      hub.store
          ->Write("anette",
                  [&](storage::Transaction& transaction) {
                    return registry::UndeleteAssociation(transaction, id, "", "anette").status();
                  })
          .ok());
  hub.Sync("tilskud", true);
  hub.Outbound();
  CHECK(hub.IdAt("7") == id);
  CHECK(hub.source.Text("7", "tlf") == "77777777");
  CHECK(hub.Phone() == "+4522222222");
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.Conflicts()[0].path() == "phones");
}

TEST_CASE("a decision is written whatever the clock says, and each is news") {
  TwinHub hub;
  hub.TellTwins();
  hub.Sync();
  hub.Settle("7", Request::CHOICE_SOURCE);
  const auto writing = hub.engine.WritingConnections(base::Instant(std::chrono::seconds(60)));
  REQUIRE(writing.ok());
  CHECK(writing->at(0).due != 0);
}

TEST_CASE("what was chosen is written by the hub itself, which looks once") {
  TwinHub hub;
  hub.TellTwins();
  hub.Sync();
  const auto due = [&] {
    const auto writing = hub.engine.WritingConnections(base::SystemClock().Now());
    REQUIRE(writing.ok());
    REQUIRE(writing->size() == 1);
    return writing->front().due;
  };
  CHECK(due() == 0);
  hub.Settle("7", Request::CHOICE_SOURCE);
  CHECK(due() != 0);
  hub.Outbound();
  CHECK(hub.IdAt("7") == hub.Id());
  CHECK(due() == 0);
}

TEST_CASE("which row it is has two answers, and a value is none of them") {
  TwinHub hub;
  hub.TellTwins();
  hub.Sync();
  Request request;
  request.set_conflict_id(hub.Conflicts().at(0).conflict_id());
  request.set_choice(Request::CHOICE_VALUE);
  request.set_value("5");
  const auto done = hub.store->Write("anette", [&](storage::Transaction& transaction) {
    return ResolveConflict(transaction, request, "anette").status();
  });
  CHECK(base::ReasonOf(done.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
  CHECK(hub.Conflicts().size() == 2);
}

TEST_CASE("rows with one CVR number of which one is a branch are two, and both are written to") {
  TwinHub hub;
  auto parent = RowWithCvr("11111111");
  parent["navn"] = "LAWAN – Kurdisk Ungdomsforening i Danmark";
  auto branch = RowWithCvr("22222222");
  branch["navn"] = "LAWAN Kurdisk Ungdomsforening Horsens";
  hub.source.Tell("5", parent);
  hub.source.Tell("7", branch);
  hub.Sync();
  REQUIRE(hub.Associations().size() == 2);
  hub.Outbound();
  CHECK(hub.Conflicts().empty());
  CHECK_FALSE(hub.IdAt("5").empty());
  CHECK_FALSE(hub.IdAt("7").empty());
}

class CountingStore final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;
  absl::StatusOr<std::shared_ptr<const storage::Snapshot>> Latest() const override {
    BB_ASSIGN_OR_RETURN(auto latest, StoreAround::Latest());
    return std::make_shared<support::CountedReads>(std::move(latest), reads);
  }

  mutable std::atomic<int> reads = 0;
};

TEST_CASE("a question between many rows costs a look at each of them, and not at each for each") {
  constexpr int kRows = 20;
  std::unique_ptr<CountingStore> store;  // outlives the hub's engine
  TwinHub hub;
  for (int row = 0; row < kRows; ++row) {
    hub.source.Tell(std::to_string(10 + row), RowWithCvr("11111111"));
  }
  hub.Sync();
  REQUIRE(hub.Conflicts().size() == kRows);
  store = std::make_unique<CountingStore>(std::move(hub.store));
  const auto mapping = Mapping::Make(Writable());
  REQUIRE(mapping.ok());
  const StreamKey stream{.connection_id = "tilskud", .stream = "associations"};
  REQUIRE(CloseDecidedConflicts(*store, stream, *mapping).ok());
  CHECK(store->reads < 6 * kRows);
}

TEST_CASE("a source that is only read is asked nothing") {
  Hub hub;
  hub.source.Tell("5", {{"navn", "Kulturforeningen"}, {"cvr", kCvr}});
  hub.source.Tell("7", {{"navn", "Kulturforeningen"}, {"cvr", kCvr}});
  const auto run = hub.Sync();
  CHECK(run.conflict_count() == 0);
  CHECK(hub.Plan().part_count() == 0);
}

}  // namespace
}  // namespace brobygger::sync
