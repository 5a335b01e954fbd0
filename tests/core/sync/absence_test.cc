// What becomes of associations whose records are gone, hidden or deleted.

#include <utility>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/storage/store_around.h"
#include "core/sync/reject_plan.h"
#include "tests/support/sync_hub.h"

namespace brobygger::sync {
namespace {

using support::Association;
using support::Hub;
using support::kCvr;

TEST_CASE("an incomplete read concludes nothing from absence") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.records.erase("r3");
  hub.source.complete = false;
  const auto plan = hub.Plan();
  CHECK(plan.delete_count() == 0);
  CHECK(plan.verdict() == v1::Plan::VERDICT_HELD);
}

TEST_CASE("a record that its last source no longer has is deleted softly, and comes back") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  const auto record = hub.source.records.at("r3");
  hub.source.records.erase("r3");
  const auto run = hub.Sync();
  CHECK(run.deleted_count() == 1);
  CHECK(hub.Associations().size() == 9);
  CHECK(hub.Associations(true).size() == 10);
  CHECK(hub.Plan().part_count() == 0);

  hub.source.records["r3"] = record;
  hub.Sync();
  CHECK(hub.Associations().size() == 10);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a record that became unreadable is not taken for gone") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.records.erase("r3");
  hub.source.records.erase("r4");
  hub.source.malformed_rows = 1;

  SECTION("nor is any, when nobody can tell which one it is") {
    CHECK(hub.Sync().deleted_count() == 0);
    CHECK(hub.Associations().size() == 10);
  }
  SECTION("and its key spares no other") {
    hub.source.malformed_id = "r3";
    CHECK(hub.Sync().deleted_count() == 1);
    CHECK(hub.Associations().size() == 9);
  }
  SECTION("but a read in which all can be read shows what is gone") {
    hub.Sync();
    hub.source.malformed_rows = 0;
    CHECK(hub.Sync().deleted_count() == 2);
  }
}

TEST_CASE("a record refused for a CPR number is not taken for gone") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.Tell("r3", {{"navn", "Formand 010190-1234"}});
  CHECK(hub.Sync().deleted_count() == 0);
  CHECK(hub.Associations().size() == 10);
}

TEST_CASE("an association that another source still has is only unlinked") {
  Hub hub;
  hub.source.Tell("1", {{"navn", "Kulturforeningen"}, {"cvr", kCvr}});
  hub.Sync("tilskud");
  hub.Sync("frivillig");
  hub.source.records.clear();
  hub.source.Tell("2", {{"navn", "En anden"}});
  const auto run = hub.Sync("tilskud");
  CHECK(run.deleted_count() == 0);
  CHECK(run.unlinked_count() == 1);
  CHECK(hub.Associations().size() == 2);
}

TEST_CASE("many vanished records wait for a person, and the rest is applied") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  for (const char* id : {"r1", "r2", "r3"}) hub.source.records.erase(id);
  hub.source.Tell("r5", {{"navn", "Et nyt navn"}});
  const auto plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_DELETIONS_HELD);
  const auto run = hub.Apply(plan);
  CHECK(run.updated_count() == 1);
  CHECK(run.deleted_count() == 0);
  CHECK(hub.Associations().size() == 10);

  const auto run2 = hub.Sync("tilskud", true);
  CHECK(run2.deleted_count() == 3);
}

TEST_CASE("a plan that a person rejected is not done and not asked about again") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  for (const char* id : {"r1", "r2", "r3"}) hub.source.records.erase(id);
  const auto plan = hub.Plan();
  const auto reject = [&](const std::string& id) {
    v1::RejectPlanRequest request;
    request.set_plan_id(id);
    absl::StatusOr<v1::RejectPlanResponse> answer = absl::UnknownError("the body did not run");
    (void)hub.store->Write("anette", [&](storage::Transaction& transaction) {
      answer = RejectPlan(transaction, request, "anette");
      return answer.status();
    });
    return answer;
  };
  const auto rejected = reject(plan.id());
  INFO(rejected.status());
  REQUIRE(rejected.ok());
  CHECK(rejected->plan().rejected_by() == "anette");
  const auto waiting = [&] {
    return hub.engine.ListConnections("tilskud")->statuses(0).waiting_plan_id();
  };
  CHECK(waiting().empty());
  v1::ApplyPlanRequest apply;
  apply.set_plan_id(plan.id());
  apply.set_accept_held(true);
  CHECK(base::ErrorMetadata(hub.engine.ApplyPlan(apply, "operator", nullptr, hub.cancel).status(),
                            "state") == "rejected");

  // A day later, too: a plan that waits would be made anew by then.
  v1::Plan old = rejected->plan();
  *old.mutable_expire_time() = old.create_time();
  REQUIRE(hub.store
              ->Write("test",
                      [&](storage::Transaction& transaction) {
                        return transaction.Put(storage::Kind::kPlan, old.id(),
                                               old.SerializeAsString());
                      })
              .ok());
  const auto again = hub.engine.RunUnattended("tilskud", hub.cancel);
  REQUIRE(again.ok());
  CHECK(again->state() == v1::Run::STATE_REJECTED);
  CHECK(again->plan_id() == plan.id());
  CHECK(waiting().empty());
  CHECK(hub.Associations().size() == 10);

  // Other news asks anew, and so does a person.
  const auto asked = hub.Plan();
  CHECK(asked.id() != plan.id());
  CHECK(waiting() == asked.id());
  CHECK(base::ReasonOf(reject(plan.id()).status()) == errors::v1::ERROR_REASON_PLAN_STALE);
  REQUIRE(reject(asked.id()).ok());
  hub.source.Tell("r5", {{"navn", "Et nyt navn"}});
  REQUIRE(hub.engine.RunUnattended("tilskud", hub.cancel).ok());
  CHECK_FALSE(waiting().empty());
}

// Somebody is faster than the next write.
class Overtaken final : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;
  void Submit(std::string actor, Body body, Done done) override {
    if (auto first = std::exchange(first_, nullptr)) {
      StoreAround::Submit("anette", std::move(first), [](const auto& /*revision*/) {});
    }
    StoreAround::Submit(std::move(actor), std::move(body), std::move(done));
  }
  void Before(Body body) { first_ = std::move(body); }

 private:
  Body first_;
};

TEST_CASE("a plan that is rejected while another person applies it is not done") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.Tell("r5", {{"navn", "Et nyt navn"}});
  v1::ApplyPlanRequest request;
  request.set_plan_id(hub.Plan().id());
  auto overtaken = std::make_unique<Overtaken>(std::move(hub.store));
  Overtaken& store = *overtaken;
  hub.store = std::move(overtaken);
  Engine engine{store, hub.identity, hub.source, base::SystemClock()};
  store.Before([&](storage::Transaction& transaction) {
    v1::RejectPlanRequest reject;
    reject.set_plan_id(request.plan_id());
    return RejectPlan(transaction, reject, "anette").status();
  });
  const auto run = engine.ApplyPlan(request, "operator", nullptr, hub.cancel);
  CHECK(base::ReasonOf(run.status()) == errors::v1::ERROR_REASON_PLAN_STALE);
  CHECK(base::ErrorMetadata(run.status(), "state") == "rejected");
  for (const auto& association : hub.Associations()) {
    CHECK(association.official_name() != "Et nyt navn");
  }
}

TEST_CASE("what a person rejected is not done by way of other news") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.Tell("r5", {{"navn", "Et nyt navn"}});
  const auto plan = hub.Plan();
  REQUIRE(plan.verdict() == v1::Plan::VERDICT_OK);
  v1::RejectPlanRequest request;
  request.set_plan_id(plan.id());
  REQUIRE(hub.store
              ->Write("anette",
                      [&](storage::Transaction& transaction) {
                        return RejectPlan(transaction, request, "anette").status();
                      })
              .ok());
  hub.source.Tell("r6", {{"navn", "Et andet nyt navn"}});
  const auto run = hub.engine.RunUnattended("tilskud", hub.cancel);
  REQUIRE(run.ok());
  CHECK(run->state() == v1::Run::STATE_WAITING);
  CHECK(run->updated_count() == 0);
  // Once a person has said yes to one, all goes on by itself again.
  CHECK(hub.Apply(hub.Plan()).updated_count() == 2);
  hub.source.Tell("r7", {{"navn", "Et tredje nyt navn"}});
  const auto after = hub.engine.RunUnattended("tilskud", hub.cancel);
  REQUIRE(after.ok());
  CHECK(after->state() == v1::Run::STATE_DONE);
}

TEST_CASE("a plan that is older than a day is not done") {
  Hub hub;
  hub.TellTen();
  v1::Plan plan = hub.Plan();
  *plan.mutable_expire_time() = plan.create_time();
  REQUIRE(hub.store
              ->Write("test",
                      [&](storage::Transaction& transaction) {
                        return transaction.Put(storage::Kind::kPlan, plan.id(),
                                               plan.SerializeAsString());
                      })
              .ok());
  v1::ApplyPlanRequest apply;
  apply.set_plan_id(plan.id());
  const auto late = hub.engine.ApplyPlan(apply, "operator", nullptr, hub.cancel);
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_PLAN_STALE);
  CHECK(base::ErrorMetadata(late.status(), "state") == "expired");
  CHECK(hub.Plan().id() != plan.id());
}

TEST_CASE("records that turn up again before a held plan is accepted are not deleted") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  const auto all = hub.source.records;
  hub.source.records.clear();
  CHECK(hub.Plan().verdict() == v1::Plan::VERDICT_HELD);
  hub.source.records = all;
  CHECK(hub.Plan().part_count() == 0);
  CHECK(hub.Associations().size() == 10);
}

TEST_CASE("a changed scope hides records and deletes none") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  hub.source.records.erase("r3");
  hub.source.scope_hash = "scope-2";
  const auto plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_HELD);
  hub.Apply(plan, true);
  CHECK(hub.Associations().size() == 10);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("what another scope hides waits for a person however often the source is read") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  for (const char* id : {"r1", "r2", "r3"}) hub.source.records.erase(id);
  hub.source.scope_hash = "scope-2";
  for (int time = 0; time < 3; ++time) {
    const auto run = hub.engine.RunUnattended("tilskud", hub.cancel);
    REQUIRE(run.ok());
    CHECK(run->state() == v1::Run::STATE_WAITING);
    CHECK(run->unlinked_count() == 0);
  }
  const auto plan = hub.Plan();
  CHECK(plan.verdict() == v1::Plan::VERDICT_HELD);
  CHECK(plan.delete_count() == 0);
  CHECK(hub.Apply(plan, true).deleted_count() == 0);
  CHECK(hub.Associations().size() == 10);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("a record somebody changed here is not deleted because its source lost it") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  Association edited;
  for (const auto& association : hub.Associations()) {
    if (association.official_name() == "Forening nummer 3") edited = association;
  }
  (*edited.mutable_purpose()->mutable_by_language())["da"] = "rettet her";
  hub.Edit(edited, "purpose");
  hub.source.records.erase("r3");
  const auto run = hub.Sync();
  CHECK(run.deleted_count() == 0);
  CHECK(run.conflict_count() == 1);
  CHECK(hub.Associations().size() == 10);
  CHECK(hub.Plan().part_count() == 0);
}

TEST_CASE("an association deleted here is not brought back by a source that still has it") {
  Hub hub;
  hub.TellTen();
  hub.Sync();
  const auto victim = hub.Associations()[0];
  REQUIRE(hub.store
              ->Write("operator",
                      [&](storage::Transaction& transaction) {
                        return registry::DeleteAssociation(transaction, victim.id(), "", "operator")
                            .status();
                      })
              .ok());
  CHECK(hub.Plan().part_count() == 0);
  for (auto& [id, record] : hub.source.records) {
    if ((*record.mutable_fields())["navn"].text() == victim.official_name()) {
      (*record.mutable_fields())["tlf"].set_text("12345678");
    }
  }
  CHECK(hub.Sync().conflict_count() == 1);
  CHECK(hub.Associations().size() == 9);
  CHECK(hub.Plan().part_count() == 0);
}

}  // namespace
}  // namespace brobygger::sync
