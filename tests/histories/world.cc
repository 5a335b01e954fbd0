#include "tests/histories/world.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/registry/edit.h"
#include "core/registry/indexing_store.h"
#include "core/storage/memory/memory_store.h"
#include "core/sync/connections.h"
#include "core/sync/lists.h"
#include "core/sync/resolve.h"
#include "tests/histories/cast.h"
#include "tests/histories/crashing_store.h"

namespace brobygger::histories {
namespace {

using storage::Kind;

constexpr const char* kConnections[] = {"tilskud", "frivillig"};
constexpr int kCoarseness = 30;  // minutes
}  // namespace

World::World(std::uint64_t seed, Without without) : without_(without), random_(seed) {
  base::SeedUuids(seed + 1);
  for (const char* id : kConnections) {
    sites_.at(id).wanted_fields = {"navn", "cvr", "tlf", "formaal", "web", "status"};
    sites_.at(id).inserts_blindly = true;
    sites_.at(id).ignores_expected = without == Without::kPreconditions;
    sites_.at(id).denies_all = without == Without::kLookup;
    sites_.at(id).delta = Chance(40);
    // Its clock may be set back by twenty minutes, which is one of its own steps.
    sites_.at(id).overlap = kCoarseness;
  }
  PassTime(std::chrono::minutes(0));
  sites_.at("frivillig").upper_cased = {"formaal"};
  auto disk = std::make_unique<CrashingStore>(storage::OpenMemoryStore(clock_));
  disk_ = disk.get();
  identity_ = std::make_unique<registry::Identity>(matching::Model::Shipped());
  store_ = registry::MakeIndexingStore(std::move(disk), *identity_);
  for (const char* id : kConnections) {
    store_
        ->Write("operator",
                [&](storage::Transaction& transaction) {
                  return sync::CreateConnection(transaction, ConnectionNamed(id)).status();
                })
        .IgnoreError();
  }
  disk_->forgets_bases = without == Without::kBases;
  if (without == Without::kIntents) disk_->forgets = {Kind::kOperation};
  if (without == Without::kOverruledLog) disk_->forgets = {Kind::kOverruled};
  Start();
}

World::~World() { base::SeedUuids(0); }

// What the process knew is gone; what reached the disk is not.
void World::Start() {
  engine_.reset();
  disk_->Live();
  identity_->Load(**store_->Latest()).IgnoreError();
  engine_ = std::make_unique<sync::Engine>(*store_, *identity_, sites_, clock_);
}

std::vector<std::string> World::Play(int steps) {
  for (int i = 0; i < 4; ++i) MakeThere();
  for (const char* id : kConnections) Sync(id);
  for (int i = 0; i < steps; ++i) {
    PassTime(std::chrono::minutes(7));
    Step();
  }
  ComeToRest();
  CheckQuiet();
  CheckWorkIsForChanges();
  CheckNothingLost();
  CheckOneRecordEach();
  CheckBothSidesAgree();
  CheckNobodyDeleted();
  CheckOwners();
  CheckWhoSaidIt();
  return wrong_;
}

void World::Step() {
  const int dice = Dice(200);
  if (dice < 55) return EditHere();
  if (dice < 110) return EditThere();
  if (dice < 116) return MakeHere();
  if (dice < 122) return MakeThere();
  if (dice < 130) return AnswerConflict();
  if (dice < 131) return LoseState(kConnections[Dice(2)]);
  if (dice < 135) return DeleteOrUndelete();
  if (dice < 139) return TakeAwayOrBringBack();
  if (dice < 142) return SetAClock();
  RunOne();
}

// Each has its own clock, and none of them is the right one.
void World::PassTime(std::chrono::minutes passed) {
  time_ += passed;
  clock_.Set(time_ + hub_is_fast_by_);
  for (auto& [id, source] : sites_.all()) {
    const base::Instant there = time_ + there_is_fast_by_[id];
    // It knows half hours only: many records share one.
    source.clock = there.time_since_epoch() / std::chrono::minutes(1) / kCoarseness * kCoarseness;
  }
}

void World::SetAClock() {
  const std::chrono::minutes wrong(10 * (Dice(3) - 1));
  if (Chance(50)) {
    hub_is_fast_by_ = wrong;
  } else {
    there_is_fast_by_[kConnections[Dice(2)]] = wrong;
  }
  Tell(fmt::format("a clock is wrong by {} minutes", wrong.count()));
  PassTime(std::chrono::minutes(0));
}

// A run, often with something going wrong.
void World::RunOne() {
  const std::string id = kConnections[Dice(2)];
  auto& source = sites_.at(id);
  if (Chance(3)) {
    // The list is suddenly empty, and says that it is whole.
    source.shows_nothing = true;
    Tell("run " + id + " with an empty list");
    RunWith(id, false);
    source.shows_nothing = false;
    return;
  }
  if (Chance(5)) source.loses_answers = 1;
  if (Chance(5)) source.loses_calls = 1;
  if (Chance(5)) source.puts_off = 1 + Dice(2);
  if (Chance(5)) source.dies_after_records = Dice(4);
  if (Chance(3)) source.dies_before_checkpoint = true;
  if (Chance(8)) {
    source.before_write = [this, &source](const plugin::v1::Operation& operation) {
      const auto record = source.records.find(operation.external_id());
      if (record != source.records.end() && Chance(60)) EditRecord(source, record->second);
    };
  }
  const int writes = Chance(8) ? Dice(12) : -1;
  if (writes >= 0) disk_->DieAfter(writes, Chance(50));
  Tell(fmt::format(
      "run {}: loses answers {}, calls {}, puts off {}, dies after {}, writes {}, race {}", id,
      source.loses_answers, source.loses_calls, source.puts_off, source.dies_after_records, writes,
      source.before_write != nullptr));
  RunWith(id, true);
  source.before_write = nullptr;
  source.dies_after_records = -1;
  source.dies_before_checkpoint = false;
  if (writes >= 0) Start();
}

void World::RunWith(const std::string& connection, bool may_write) {
  if (may_write && Chance(40)) {
    const absl::Status run = engine_->RunOutbound(connection, cancel_);
    Tell("  outbound: " + run.ToString());
    return;
  }
  if (Chance(30)) {
    const auto run = engine_->RunUnattended(connection, cancel_);
    Tell("  unattended: " + (run.ok() ? run->ShortDebugString() : run.status().ToString()));
    return;
  }
  Sync(connection);
}

// A person looks at the plan. Nobody who sees that the whole list is gone says yes.
void World::Sync(const std::string& connection) {
  const auto plan = engine_->PlanSync(connection, "henrik", nullptr, cancel_);
  if (!plan.ok()) return Tell("  plan: " + plan.status().ToString());
  if (sites_.at(connection).shows_nothing && without_ != Without::kGuard) {
    const bool held = plan->verdict() != sync::v1::Plan::VERDICT_OK;
    if (plan->vanished_count() > 0 && !held) Wrong("an empty list was not held");
    return;
  }
  sync::v1::ApplyPlanRequest request;
  request.set_plan_id(plan->id());
  request.set_accept_held(true);
  const auto run = engine_->ApplyPlan(request, "henrik", nullptr, cancel_);
  Tell("  sync " + connection + ": " +
       (run.ok() ? run->ShortDebugString() : run.status().ToString()));
}

void World::ComeToRest() {
  for (auto& [id, source] : sites_.all()) {
    source.loses_answers = source.loses_calls = source.puts_off = 0;
  }
  Start();
  for (int round = 0; round < 6; ++round) {
    PassTime(std::chrono::hours(3));
    for (const char* id : kConnections) Sync(id);
  }
}

}  // namespace brobygger::histories
