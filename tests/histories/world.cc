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

using plugin::v1::Record;
using registry::v1::Association;
using storage::Kind;

constexpr const char* kConnections[] = {"tilskud", "frivillig"};
}  // namespace

World::World(std::uint64_t seed, Without without) : without_(without), random_(seed) {
  base::SeedUuids(seed + 1);
  for (const char* id : kConnections) {
    sites_.at(id).wanted_fields = {"navn", "cvr", "tlf", "formaal", "web", "status"};
    sites_.at(id).inserts_blindly = true;
    sites_.at(id).ignores_expected = without == Without::kPreconditions;
    sites_.at(id).denies_all = without == Without::kLookup;
  }
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
    clock_.Advance(std::chrono::minutes(7));
    Step();
  }
  ComeToRest();
  CheckQuiet();
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
  if (dice < 60) return EditHere();
  if (dice < 120) return EditThere();
  if (dice < 126) return MakeHere();
  if (dice < 132) return MakeThere();
  if (dice < 140) return AnswerConflict();
  if (dice < 141) return LoseState(kConnections[Dice(2)]);
  RunOne();
}

std::vector<Association> World::Live() const {
  std::vector<Association> live;
  const auto latest = store_->Latest();
  const auto entries =
      (*latest)->Scan(Kind::kAssociation, {.prefix = "", .after = "", .limit = 10000});
  for (const auto& entry : *entries) {
    Association association;
    association.ParseFromString(*entry.bytes);
    if (!association.has_delete_time()) live.push_back(std::move(association));
  }
  return live;
}

std::string World::NewValue(const std::string& path) {
  ++counter_;
  if (path == "phones") return std::to_string(20000000 + counter_);
  if (path == "websites") return fmt::format("https://f{:06}.example", counter_);
  return fmt::format("formaal {:06}", counter_);
}

void World::Typed(const std::string& value, const std::string& over) {
  typed_.merge(Tokens(value));
  seen_over_.merge(Tokens(over));
}

void World::EditHere() {
  const auto live = Live();
  if (live.empty()) return;
  Association next = OneOf(live);
  const std::string path = kEdited[Dice(3)].first;
  const std::string value = Chance(10) ? "" : NewValue(path);
  const std::string over = Held(next, path);
  google::protobuf::FieldMask mask;
  mask.add_paths(SetHeld(next, path, value));
  const auto written = store_->Write("anette", [&](storage::Transaction& transaction) {
    return registry::UpdateAssociation(transaction, next, mask, "anette").status();
  });
  if (!written.ok()) return Wrong("an edit was refused: " + written.status().ToString());
  Tell(fmt::format("here {} of {}: '{}' -> '{}'", path, next.official_name(), over, value));
  Typed(value, over);
}

void World::EditRecord(support::FakeSource& source, Record& record) {
  const auto& [path, field] = kEdited[Dice(3)];
  const std::string value = Chance(10) ? "" : NewValue(path);
  Tell(fmt::format("there {} of {} ({}): '{}' -> '{}'", field, record.external_id(),
                   TextOf(record, "navn"), TextOf(record, field), value));
  Typed(value, TextOf(record, field));
  const bool upper = source.upper_cased.count(field) > 0;
  std::string stored = value;
  if (upper) {
    std::transform(stored.begin(), stored.end(), stored.begin(),
                   [](unsigned char sign) { return static_cast<char>(std::toupper(sign)); });
  }
  SetText(record, field, stored);
}

void World::EditThere() {
  auto& source = sites_.at(kConnections[Dice(2)]);
  if (source.records.empty()) return;
  auto record = source.records.begin();
  std::advance(record, Dice(static_cast<int>(source.records.size())));
  EditRecord(source, record->second);
}

void World::MakeHere() {
  const int number = ++counter_;
  const Association wanted = NewAssociation(number);
  const auto written = store_->Write("anette", [&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, wanted, "anette").status();
  });
  if (written.ok()) made_.insert(CvrNumber(number));
}

void World::MakeThere() {
  const char* id = kConnections[Dice(2)];
  const int number = ++counter_;
  sites_.at(id).Tell(fmt::format("p{}", number), {{"navn", NameOf(number)},
                                                  {"cvr", CvrNumber(number)},
                                                  {"tlf", ""},
                                                  {"formaal", ""},
                                                  {"web", ""},
                                                  {"status", ""}});
  names_there_[fmt::format("{}/p{}", id, number)] = NameOf(number);
  made_.insert(CvrNumber(number));
}

void World::AnswerConflict() {
  const auto open = sync::ListConflicts(**store_->Latest(), {});
  if (!open.ok() || open->conflicts().empty()) return;
  const auto& conflict = open->conflicts(Dice(open->conflicts_size()));
  sync::v1::ResolveConflictRequest request;
  request.set_conflict_id(conflict.conflict_id());
  request.set_choice(Chance(50) ? sync::v1::ResolveConflictRequest::CHOICE_REGISTRY
                                : sync::v1::ResolveConflictRequest::CHOICE_SOURCE);
  Tell("answer " + request.ShortDebugString());
  store_
      ->Write("henrik",
              [&](storage::Transaction& transaction) {
                return sync::ResolveConflict(transaction, request, "henrik").status();
              })
      .IgnoreError();
}

void World::LoseState(const std::string& connection) {
  Tell("lose the state of " + connection);
  store_
      ->Write("operator",
              [&](storage::Transaction& transaction) -> absl::Status {
                for (const Kind kind : {Kind::kClaim, Kind::kLink, Kind::kPending,
                                        Kind::kStreamState, Kind::kDirty, Kind::kOperation}) {
                  const auto entries = transaction.Scan(
                      kind, {.prefix = connection + "/", .after = "", .limit = 10000});
                  if (!entries.ok()) return entries.status();
                  for (const auto& entry : *entries) {
                    const absl::Status removed = transaction.Remove(kind, entry.key);
                    if (!removed.ok()) return removed;
                  }
                }
                return absl::OkStatus();
              })
      .IgnoreError();
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
    clock_.Advance(std::chrono::hours(3));
    for (const char* id : kConnections) Sync(id);
  }
}

}  // namespace brobygger::histories
