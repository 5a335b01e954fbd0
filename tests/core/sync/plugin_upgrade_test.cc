// What is kept of a stream when its plugin's version changes: cursor, ids and all that hangs on
// them, in one step, or the whole list again; never a record skipped or taken for another.
#include "core/sync/plugin_upgrade.h"

#include <absl/strings/str_cat.h>

#include "core/sync/claims.h"
#include "core/sync/reject_plan.h"
#include "tests/core/sync/two_way_hub.h"

namespace brobygger::sync {
namespace {

using plugin::v1::UpgradeStateRequest;
using plugin::v1::UpgradeStateResponse;
using storage::Kind;

const StreamKey kStream{.connection_id = "tilskud", .stream = "associations"};

// A source that tells only what has changed: whoever loses the place never hears of it.
struct UpgradedHub : TwoWayHub {
  std::vector<UpgradeStateRequest> asked;
  std::map<std::string, std::string> new_ids;  // those that are not here stay

  UpgradedHub() {
    source.delta = true;
    source.version = "1.0.0";
    source.Tell("1", Row("Kulturforeningen Fjorden", "11111111", "At samle folk"));
    source.Tell("2", Row("Sprogcafeen Ved Havnen", "12121212", "At tale sammen"));
    ++source.clock;
    Sync("tilskud", true);
    source.clock += 5;
    REQUIRE(Plan().part_count() == 0);
    source.upgrade = [this](const UpgradeStateRequest& request) { return Answer(request); };
  }

  absl::StatusOr<UpgradeStateResponse> Answer(const UpgradeStateRequest& request) {
    asked.push_back(request);
    UpgradeStateResponse response;
    response.set_cursor(request.cursor());
    response.set_cursor_version(request.cursor_version() + 1);
    for (const std::string& id : request.external_ids()) {
      const auto found = new_ids.find(id);
      (*response.mutable_external_ids())[id] = found == new_ids.end() ? id : found->second;
    }
    return response;
  }

  // The records at the source have other keys now.
  void RenameAtSource() {
    std::map<std::string, plugin::v1::Record> renamed;
    std::map<std::string, std::int64_t> changed_at;
    for (const auto& [id, record] : source.records) {
      const auto found = new_ids.find(id);
      const std::string& key = found == new_ids.end() ? id : found->second;
      renamed[key] = record;
      renamed[key].set_external_id(key);
      changed_at[key] = source.changed_at[id];
    }
    source.records = renamed;
    source.changed_at = changed_at;
  }

  v1::StreamState State() {
    return **Load<v1::StreamState>(**store->Latest(), Kind::kStreamState, kStream.prefix());
  }

  std::string AssociationOf(const std::string& id) {
    const auto link = Load<v1::Link>(**store->Latest(), Kind::kLink, kStream.For(id));
    REQUIRE(link.ok());
    return *link ? (*link)->association_id() : "";
  }

  // All that is kept under these keys.
  std::map<std::string, std::string> Kept() {
    std::map<std::string, std::string> kept;
    for (const Kind kind : {Kind::kClaim, Kind::kLink, Kind::kPending, Kind::kConflict,
                            Kind::kOperation, Kind::kStreamState, Kind::kAssociation}) {
      const auto entries = (*store->Latest())->Scan(kind, {.limit = 1000});
      for (const auto& entry : *entries) {
        kept[absl::StrCat(static_cast<int>(kind), " ", entry.key)] = *entry.bytes;
      }
    }
    return kept;
  }
};

TEST_CASE("a new version of the plugin is asked once, and read on from where the old one was") {
  UpgradedHub hub;
  const auto old_state = hub.State();
  CHECK(old_state.plugin_version() == "1.0.0");
  hub.source.version = "1.1.0";
  hub.source.clock += 5;
  hub.EditAtSource("tlf", "33333333");
  hub.source.Touch("1");
  const auto sent = hub.source.records_sent;
  hub.Sync();
  CHECK(hub.source.records_sent == sent + 1);  // nothing is read twice, and nothing is skipped
  REQUIRE(hub.asked.size() == 1);
  CHECK(hub.asked[0].from_version() == "1.0.0");
  CHECK(hub.asked[0].stream() == "associations");
  CHECK(hub.asked[0].cursor() == old_state.cursor());
  CHECK(hub.asked[0].cursor_version() == old_state.cursor_version());
  CHECK(hub.asked[0].external_ids_size() == 2);
  CHECK(hub.State().plugin_version() == "1.1.0");
  CHECK(hub.Phone() == "+4533333333");
  hub.Sync();
  CHECK(hub.asked.size() == 1);
}

TEST_CASE("records whose keys are new stay what they were") {
  UpgradedHub hub;
  const std::string first = hub.AssociationOf("1");
  const std::string second = hub.AssociationOf("2");
  SECTION("other keys") { hub.new_ids = {{"1", "A-1"}, {"2", "A-2"}}; }
  SECTION("keys that change places") { hub.new_ids = {{"1", "2"}, {"2", "1"}}; }
  SECTION("one moves to the other's place") { hub.new_ids = {{"1", "2"}, {"2", "3"}}; }
  // A conflict is open, and an edit is not written yet.
  hub.EditPhone("22222222");
  hub.EditAtSource("tlf", "33333333");
  hub.source.clock += 5;
  hub.source.Touch("1");
  hub.Sync();
  REQUIRE(hub.Conflicts().size() == 1);
  hub.RenameAtSource();
  hub.source.version = "2.0.0";

  const auto run = hub.Sync();
  CHECK(run.created_count() == 0);
  CHECK(run.unlinked_count() == 0);
  const std::string now_first = hub.new_ids.at("1");
  const std::string now_second = hub.new_ids.at("2");
  CHECK(hub.AssociationOf(now_first) == first);
  CHECK(hub.AssociationOf(now_second) == second);
  CHECK(hub.Associations().size() == 2);
  REQUIRE(hub.Conflicts().size() == 1);
  CHECK(hub.Conflicts()[0].external_id() == now_first);
  CHECK(hub.Conflicts()[0].conflict_id() == kStream.For(now_first) + "/phones");
  for (const Association& association : hub.Associations()) {
    int statements = 0;
    for (const auto& said : association.provenance()) {
      if (said.connection_id() != "tilskud") continue;
      ++statements;
      CHECK(said.external_id() == (association.id() == first ? now_first : now_second));
    }
    CHECK(statements == 1);
  }
  hub.Resolve(v1::ResolveConflictRequest::CHOICE_REGISTRY);
  hub.Outbound();
  CHECK(hub.source.Text(now_first, "tlf") == "22222222");
  CHECK(hub.source.Text(now_second, "tlf") == "12121212");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a person's no holds also where the records have new keys") {
  UpgradedHub hub;
  hub.EditAtSource("formaal", "At lave mad sammen");
  hub.source.Touch("1");
  v1::RejectPlanRequest reject;
  reject.set_plan_id(hub.Plan().id());
  REQUIRE(hub.store
              ->Write("anette",
                      [&](storage::Transaction& transaction) {
                        return RejectPlan(transaction, reject, "anette").status();
                      })
              .ok());
  hub.new_ids = {{"1", "A-1"}, {"2", "A-2"}};
  hub.RenameAtSource();
  hub.source.version = "2.0.0";
  (void)hub.engine.RunUnattended("tilskud", hub.cancel);
  for (const Association& one : hub.Associations()) {
    CHECK(one.purpose().by_language().at("da") != "At lave mad sammen");
  }
}

TEST_CASE("the record that must always be there is looked for by its new key") {
  UpgradedHub hub;
  v1::Connection connection = Writable();
  connection.set_canary_external_id("1");
  REQUIRE(hub.Update(connection).ok());
  hub.source.delta = false;
  hub.new_ids = {{"1", "A-1"}, {"2", "A-2"}};
  hub.RenameAtSource();
  hub.source.version = "2.0.0";
  CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_OK);
  CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_OK);
  hub.source.records.erase("A-1");
  CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_HELD);
}

TEST_CASE("what was told and waits is brought in under its new key") {
  UpgradedHub hub;
  hub.source.clock += 5;
  hub.EditAtSource("tlf", "33333333");
  hub.source.Touch("1");
  const auto old_plan = hub.Plan();
  REQUIRE(old_plan.update_count() == 1);
  hub.new_ids = {{"1", "A-1"}};
  hub.RenameAtSource();
  hub.source.version = "2.0.0";
  const auto run = hub.Sync();
  CHECK(run.updated_count() == 1);
  CHECK(hub.Associations().size() == 2);

  SECTION("and a plan that names the old keys is none any more") {
    v1::ApplyPlanRequest request;
    request.set_plan_id(old_plan.id());
    const auto applied = hub.engine.ApplyPlan(request, "operator", nullptr, hub.cancel);
    CHECK(base::ReasonOf(applied.status()) == errors::v1::ERROR_REASON_PLAN_STALE);
  }
}

TEST_CASE("nothing is written under an old key") {
  UpgradedHub hub;
  hub.EditPhone("22222222");
  hub.new_ids = {{"1", "2"}, {"2", "1"}};
  SECTION("by the registry's own run") {
    hub.RenameAtSource();
    hub.source.version = "2.0.0";
    hub.Outbound();
    hub.Outbound();
  }
  SECTION("by a plan that was made before") {
    const auto plan = hub.Plan();
    REQUIRE(plan.source_update_count() == 1);
    hub.RenameAtSource();
    hub.source.version = "2.0.0";
    v1::ApplyPlanRequest request;
    request.set_plan_id(plan.id());
    const auto applied = hub.engine.ApplyPlan(request, "operator", nullptr, hub.cancel);
    CHECK(base::ReasonOf(applied.status()) == errors::v1::ERROR_REASON_PLAN_STALE);
    hub.Sync();
  }
  SECTION("by a write that was not answered") {
    hub.source.loses_calls = 1;
    hub.Outbound();
    hub.RenameAtSource();
    hub.source.version = "2.0.0";
    hub.Sync();
    hub.Outbound();
  }
  const std::string first = hub.Associations().at(0).id();
  const std::string edited = hub.AssociationOf("2") == first ? "2" : "1";
  CHECK(hub.source.Text(edited, "tlf") == "22222222");
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a plugin that loses a key, or gives two records one, is not read") {
  UpgradedHub hub;
  hub.source.version = "2.0.0";
  hub.source.clock += 5;
  hub.EditAtSource("tlf", "33333333");
  hub.source.Touch("1");
  const auto before = hub.Kept();
  std::string why;
  SECTION("one is left out") {
    why = "has no new key";
    hub.source.upgrade = [&](const UpgradeStateRequest& request) {
      auto answer = hub.Answer(request);
      answer->mutable_external_ids()->erase("2");
      return answer;
    };
  }
  SECTION("two become one") {
    why = "gets the key of another record";
    hub.new_ids = {{"1", "2"}};
  }
  SECTION("one is empty") {
    why = "is empty";
    hub.new_ids = {{"1", ""}};
  }
  SECTION("one is too long") {
    why = "over 200 bytes";
    hub.new_ids = {{"1", std::string(201, 'x')}};
  }
  const auto sent = hub.source.records_sent;
  const auto plan = hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel);
  CHECK(base::ReasonOf(plan.status()) == errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED);
  CHECK(std::string(plan.status().message()).find(why) != std::string::npos);
  CHECK(hub.source.records_sent == sent);
  CHECK(hub.Kept() == before);
  // The version before goes on as if nothing had been.
  hub.source.version = "1.0.0";
  hub.Sync();
  CHECK(hub.Phone() == "+4533333333");
}

TEST_CASE("a plugin that cannot take over is read from the beginning, and nothing is skipped") {
  UpgradedHub hub;
  hub.source.version = "2.0.0";
  hub.source.clock += 5;
  hub.EditAtSource("tlf", "33333333");
  hub.source.Touch("1");
  SECTION("it has no such thing") { hub.source.upgrade = nullptr; }
  SECTION("the cursor is none of its own") {
    hub.source.upgrade = [](const UpgradeStateRequest&) -> absl::StatusOr<UpgradeStateResponse> {
      return base::MakeError(errors::v1::ERROR_REASON_SOURCE_REFUSED, "not of this version", {});
    };
  }
  SECTION("it says so in its answer") {
    hub.source.upgrade = [&](const UpgradeStateRequest& request) {
      auto answer = hub.Answer(request);
      answer->add_diagnostics()->set_severity(plugin::v1::Diagnostic::SEVERITY_ERROR);
      return answer;
    };
  }
  const auto sent = hub.source.records_sent;
  hub.Sync();
  CHECK(hub.source.records_sent == sent + 2);
  CHECK(hub.State().plugin_version() == "2.0.0");
  CHECK(hub.Phone() == "+4533333333");
  CHECK(hub.Associations().size() == 2);
}

TEST_CASE("a plugin that is gone when it is asked is asked again") {
  UpgradedHub hub;
  hub.source.version = "2.0.0";
  hub.source.clock += 5;
  hub.EditAtSource("tlf", "33333333");
  hub.source.Touch("1");
  int deaths = 2;
  hub.source.upgrade = [&](const UpgradeStateRequest& request) {
    if (deaths-- == 0) return hub.Answer(request);
    return absl::StatusOr<UpgradeStateResponse>(base::MakeError(
        errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE, "gone", {{"retry_after_seconds", "0"}}));
  };
  const auto sent = hub.source.records_sent;
  hub.Sync();
  CHECK(hub.source.records_sent == sent + 1);
  CHECK(hub.Phone() == "+4533333333");
}

TEST_CASE("a plugin that is replaced while it is read is not read on") {
  UpgradedHub hub;
  hub.source.batch_records = 1;
  hub.source.clock += 5;
  hub.EditAtSource("tlf", "33333333");
  hub.source.Touch("1");
  hub.source.Touch("2");
  hub.source.dies_after_records = 1;
  hub.source.between_batches = [&] { hub.source.version = "2.0.0"; };
  const auto plan = hub.engine.PlanSync("tilskud", "operator", nullptr, hub.cancel);
  CHECK(base::ReasonOf(plan.status()) == errors::v1::ERROR_REASON_SOURCE_UNAVAILABLE);
  CHECK(hub.asked.empty());
  hub.Sync();
  CHECK(hub.asked.size() == 1);
  CHECK(hub.Phone() == "+4533333333");
}

TEST_CASE("what an older hub kept is taken for the version that is there") {
  UpgradedHub hub;
  auto state = hub.State();
  state.clear_plugin_version();
  REQUIRE(hub.store
              ->Write("hub",
                      [&](storage::Transaction& transaction) {
                        return transaction.Put(Kind::kStreamState, kStream.prefix(),
                                               state.SerializeAsString());
                      })
              .ok());
  hub.source.version = "2.0.0";
  hub.Sync();
  CHECK(hub.asked.empty());
  CHECK(hub.State().plugin_version() == "2.0.0");
}

TEST_CASE("very many records are asked about in several questions") {
  UpgradedHub hub;
  hub.source.batch_records = 500;
  const std::string long_key(190, 'k');
  for (int i = 0; i < 900; ++i) {
    hub.source.Tell(absl::StrCat(long_key, i), {{"navn", absl::StrCat("Forening nummer ", i)}});
  }
  hub.Sync("tilskud", true);
  hub.source.version = "2.0.0";
  hub.new_ids = {{"1", "A-1"}};
  hub.RenameAtSource();
  hub.Plan();
  REQUIRE(hub.asked.size() == 2);
  CHECK(hub.asked[0].cursor() == hub.asked[1].cursor());
  CHECK(hub.asked[0].external_ids_size() + hub.asked[1].external_ids_size() == 902);
}

}  // namespace
}  // namespace brobygger::sync
