#include "tests/histories/world.h"

#include <utility>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/registry/indexing_store.h"
#include "core/storage/memory/memory_store.h"
#include "core/sync/connections.h"
#include "core/sync/lists.h"
#include "core/sync/mapping.h"
#include "tests/histories/cast.h"
#include "tests/histories/crashing_store.h"
#include "tests/support/rounds.h"

namespace brobygger::histories {
namespace {

using storage::Kind;

constexpr const char* kConnections[] = {"tilskud", "frivillig"};
constexpr int kCoarseness = 30;  // minutes

Forgets ForgetsOf(Without without) {
  Forgets forgets;
  forgets.bases = without == Without::kBases;
  forgets.registry_base = without == Without::kRegistryBase;
  forgets.our_ids = without == Without::kAdoption;
  forgets.merges = without == Without::kMerges;
  forgets.other_rows = without == Without::kOtherRows;
  if (without == Without::kIntents) forgets.kinds = {Kind::kOperation};
  if (without == Without::kOverruledLog) forgets.kinds = {Kind::kOverruled};
  if (without == Without::kConflictQueue) forgets.kinds = {Kind::kConflict};
  if (without == Without::kDeadLetters) forgets.kinds = {Kind::kDeadLetter};
  if (without == Without::kRunLog) forgets.kinds = {Kind::kRunPart};
  return forgets;
}

}  // namespace

bool PlaysAll() { return support::RoundsFrom("BROBYGGER_HISTORY_ALL", 0) > 0; }

World::World(std::uint64_t seed, Without without)
    : without_(without), plays_all_(without != Without::kNothing || PlaysAll()), random_(seed) {
  base::SeedUuids(seed + 1);
  for (const char* id : kConnections) SetUp(id);
  PassTime(std::chrono::minutes(0));
  sites_.at("frivillig").upper_cased = {"formaal"};
  const bool cuts = Chance(70);
  auto& narrow = cuts ? sites_.at("tilskud").cut_to : sites_.at("tilskud").longest;
  if (plays_all_) narrow["formaal"] = kPurposeColumn;
  auto disk = std::make_unique<CrashingStore>(storage::OpenMemoryStore(clock_));
  disk_ = disk.get();
  identity_ = std::make_unique<registry::Identity>(matching::Model::Shipped());
  store_ = registry::MakeIndexingStore(std::move(disk), *identity_);
  for (const char* id : kConnections) {
    store_
        ->Write("operator",
                [&](storage::Transaction& transaction) {
                  auto connection = ConnectionNamed(id);
                  auto& successor = *connection.add_mappings();
                  successor.set_source_field("afloeser");
                  successor.set_target(sync::kHubSuccessor);
                  return sync::CreateConnection(transaction, connection).status();
                })
        .IgnoreError();
  }
  disk_->forgets = ForgetsOf(without);
  Start();
}

World::~World() { base::SeedUuids(0); }

void World::SetUp(const std::string& id) {
  auto& source = sites_.at(id);
  source.wanted_fields = {"navn", "cvr", "tlf", "formaal", "web", "status", "afloeser"};
  source.inserts_blindly = true;
  source.ignores_expected = without_ == Without::kPreconditions;
  source.denies_all = without_ == Without::kLookup;
  source.keeps_still = without_ == Without::kStored;
  source.delta = Chance(40);
  // Its clock may be set back by twenty minutes, which is one of its own steps.
  source.overlap = kCoarseness;
}

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
  for (const auto& [id, source] : sites_.all()) {
    happened_["texts cut"] += source.texts_cut;
    happened_["texts refused"] += source.texts_refused;
  }
  CheckQuiet();
  CheckWorkIsForChanges();
  CheckNothingLost();
  CheckOneRecordEach();
  CheckBothSidesAgree();
  CheckAuditFindsNothing();
  CheckNobodyDeleted();
  CheckOwners();
  CheckWhoSaidIt();
  CheckLettersHaveAReason();
  CheckSourcesKnowWhatBecame();
  CheckNothingIsMadeTwice();
  return wrong_;
}

void World::Step() {
  const int dice = Dice(224);
  if (dice < 55) return EditHere();
  if (dice < 110) return EditThere();
  if (dice < 116) return MakeHere();
  if (dice < 122) return MakeThere();
  if (dice < 166) return StepOfPeople(dice - 122);
  RunOne();
}

void World::StepOfPeople(int dice) {
  if (dice < 8) return AnswerConflict();
  if (dice < 9) return LoseState(kConnections[Dice(2)]);
  if (dice < 13) return DeleteOrUndelete();
  if (dice < 17) return TakeAwayOrBringBack();
  if (dice < 20) return SetAClock();
  if (dice < 26) return RefuseOrAllow();
  if (dice < 29) return ReplayRefused(SomeConnection());
  if (dice < 34) return UndoARun();
  if (!plays_all_) return RunOne();
  if (dice < 38) return MergeTwo();
  if (dice < 41) return TakeAMergeBack();
  MakeAgainThere();
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

// Remembers what the run found and left, unless the hub died over it.
void World::RunWith(const std::string& connection, bool may_write) {
  RunSeen seen;
  seen.before = ById();
  const std::string last = NewestRun(connection);
  RunOnce(connection, may_write);
  last_run_.erase(connection);
  seen.id = NewestRun(connection);
  if (disk_->dead() || seen.id == last) return;
  seen.after = ById();
  last_run_[connection] = std::move(seen);
}

std::string World::NewestRun(const std::string& connection) const {
  sync::v1::ListRunsRequest request;
  request.set_connection_id(connection);
  request.set_page_size(1);
  const auto runs = sync::ListRuns(**store_->Latest(), request);
  return runs.ok() && runs->runs_size() > 0 ? runs->runs(0).id() : "";
}

void World::RunOnce(const std::string& connection, bool may_write) {
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
    // Most of what was refused is allowed at last, and a person has it all tried again.
    if (Chance(70)) source.refuses.clear();
  }
  Start();
  for (const char* id : kConnections) ReplayRefused(id);
  for (int round = 0; round < 6; ++round) {
    PassTime(std::chrono::hours(3));
    for (const char* id : kConnections) Sync(id);
  }
}

}  // namespace brobygger::histories
