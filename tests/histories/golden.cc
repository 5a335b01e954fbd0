#include "tests/histories/golden.h"

#include <algorithm>
#include <utility>

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
using sync::v1::ResolveConflictRequest;

constexpr char kConnection[] = "tilskud";
constexpr std::uint64_t kSeed = 1;

std::string KeyOf(int number) { return "p" + std::to_string(number); }

}  // namespace

Golden::Golden(Death death, Without without) {
  base::SeedUuids(kSeed);
  source_.inserts_blindly = true;
  source_.ignores_expected = without == Without::kPreconditions;
  source_.denies_all = without == Without::kLookup;
  auto disk = std::make_unique<CrashingStore>(storage::OpenMemoryStore(clock_));
  disk_ = disk.get();
  identity_ = std::make_unique<registry::Identity>(matching::Model::Shipped());
  store_ = registry::MakeIndexingStore(std::move(disk), *identity_);
  Expect(
      store_
          ->Write(
              "operator",
              [](storage::Transaction& transaction) {
                return sync::CreateConnection(transaction, ConnectionNamed(kConnection)).status();
              })
          .status(),
      "the connection");
  if (without == Without::kIntents) disk_->forgets.kinds = {Kind::kOperation};
  if (without == Without::kOverruledLog) disk_->forgets.kinds = {Kind::kOverruled};
  disk_->forgets.bases = without == Without::kBases;
  writes_before_ = disk_->writes();
  Start();
  if (death.after_writes >= 0) disk_->DieAfter(death.after_writes, death.durable);
}

Golden::~Golden() { base::SeedUuids(0); }

int Golden::writes() const { return disk_->writes() - writes_before_; }

// What the process knew is gone; what reached the disk is not.
void Golden::Start() {
  engine_.reset();
  disk_->Live();
  Expect(identity_->Load(**store_->Latest()), "the start");
  engine_ = std::make_unique<sync::Engine>(*store_, *identity_, source_, clock_);
}

void Golden::Step(const std::string& what, const std::function<void()>& action) {
  clock_.Advance(std::chrono::minutes(7));
  action();
  if (!disk_->dead()) return;
  died_in_ = what;
  clock_.Advance(std::chrono::minutes(2));
  Start();
  action();
}

// The hub itself was at work: it goes on by itself when it begins, before anybody comes.
void Golden::Run(const std::string& what, void (Golden::*run)()) {
  Step(what, [this, run, first = true]() mutable {
    if (!first) Outbound();
    first = false;
    (this->*run)();
  });
}

std::vector<std::string> Golden::Play() {
  FirstSync();
  BothWays();
  Clashes();
  Disappearances();
  Refusals();
  Undoing();
  ComeToRest();
  std::vector<std::string> end = End();
  CheckNothingTypedIsLost(end);
  return end;
}

void Golden::FirstSync() {
  for (int number = 1; number <= 5; ++number) {
    MakeThere(number, "2000000" + std::to_string(number));
  }
  // Both sides have this one already.
  Step("an association is made here", [this] { MakeHere(5); });
  Run("the first sync", &Golden::Sync);
}

// What is new on one side, and what was changed there, is on the other side then.
void Golden::BothWays() {
  Step("an association is made here", [this] { MakeHere(6); });
  MakeThere(8, "20000008");
  Run("a sync that makes records on both sides", &Golden::Sync);
  Step("another is made here", [this] { MakeHere(7); });
  Run("the registry's own run makes it there", &Golden::Outbound);
  Step("an edit here", [this] { EditHere(1, "phones", "21000001"); });
  Run("the registry's own run tells of it", &Golden::Outbound);
  Step("an edit of the registry's own field", [this] { EditHere(1, "websites", "f000001"); });
  Step("another edit here", [this] { EditHere(3, "purpose.da", "formaal 000003"); });
  EditThere(2, "formaal", "formaal 000002");
  EditThere(3, "tlf", "21000003");
  Run("a sync with an update each way", &Golden::Sync);
  EditThere(1, "web", "https://f000011.example");
  Run("a sync that overrules the source", &Golden::Sync);
}

void Golden::Clashes() {
  for (const int number : {1, 3, 4}) {
    Step("an edit here that will clash",
         [this, number] { EditHere(number, "phones", "2210000" + std::to_string(number)); });
    EditThere(number, "tlf", "2220000" + std::to_string(number));
  }
  Run("a sync with clashes", &Golden::Sync);
  Step("the registry's value is chosen",
       [this] { Resolve(1, "phones", ResolveConflictRequest::CHOICE_REGISTRY); });
  Step("the source's value is chosen",
       [this] { Resolve(3, "phones", ResolveConflictRequest::CHOICE_SOURCE); });
  Run("a sync after the choices", &Golden::Sync);
}

void Golden::Disappearances() {
  TakeAway(2);
  TakeAway(5);
  Run("a sync with two records gone", &Golden::Sync);
  BringBack(2);
  Run("a sync with one of them back", &Golden::Sync);
  Step("an association is deleted here", [this] { DeleteHere(7); });
  Run("the registry's own run marks it there", &Golden::Outbound);
}

void Golden::Refusals() {
  source_.refuses[Here(6).id()] = "fake.too_long";
  Step("an edit that the source will refuse", [this] { EditHere(6, "phones", "23000006"); });
  Run("a sync that the source refuses", &Golden::Sync);
  Step("one is made here that the source will refuse", [this] { MakeHere(9); });
  source_.refuses[Here(9).id()] = "fake.too_long";
  Run("the source refuses it", &Golden::Outbound);
  source_.refuses.erase(Here(9).id());
  Step("it is mended here", [this] { EditHere(9, "phones", "23000009"); });
  Run("the source takes it", &Golden::Outbound);
}

void Golden::Undoing() {
  Step("an edit here that will be undone", [this] { EditHere(8, "phones", "24000008"); });
  EditThere(8, "formaal", "formaal 000008");
  const base::Instant start = clock_.Now();
  Run("a sync that will be undone", &Golden::Sync);
  const base::Instant end = clock_.Now();
  given_up_.merge(std::set<std::string>{"24000008", "formaal 000008"});
  Step("the sync is undone", [this, start] { UndoSince(start); });
  Run("a sync after the undoing", &Golden::Sync);
  if (end <= start) wrong_.emplace_back("the clock stands still");
}

void Golden::ComeToRest() {
  for (int round = 0; round < 4; ++round) {
    Run("coming to rest", &Golden::Sync);
    Run("coming to rest", &Golden::Outbound);
  }
  const auto plan = engine_->PlanSync(kConnection, "henrik", nullptr, cancel_);
  Expect(plan.status(), "the last plan");
  if (plan.ok() && plan->part_count() > 0) wrong_.push_back("never done: " + plan->DebugString());
}

// Of a dead hub nobody expects anything.
void Golden::Expect(const absl::Status& status, const std::string& what) {
  if (!status.ok() && !disk_->dead()) wrong_.push_back(what + ": " + status.ToString());
}

bool Golden::Write(const std::function<absl::Status(storage::Transaction&)>& body) {
  const auto written = store_->Write("anette", body);
  Expect(written.status(), "what a person did");
  return written.ok();
}

std::vector<registry::v1::Association> Golden::All() const {
  const auto entries =
      (*store_->Latest())->Scan(Kind::kAssociation, {.prefix = "", .after = "", .limit = 1000});
  std::vector<Association> all;
  for (const auto& entry : *entries) all.emplace_back().ParseFromString(*entry.bytes);
  return all;
}

registry::v1::Association Golden::Here(int number) const {
  for (Association& association : All()) {
    if (association.official_name() == NameOf(number)) return std::move(association);
  }
  return {};
}

void Golden::MakeHere(int number) {
  if (!Here(number).id().empty()) return;
  Write([&](storage::Transaction& transaction) {
    return registry::CreateAssociation(transaction, NewAssociation(number), "anette").status();
  });
}

void Golden::EditHere(int number, const std::string& path, const std::string& value) {
  const std::string text = path == "websites" ? "https://" + value + ".example" : value;
  typed_.merge(Tokens(text));
  Association next = Here(number);
  if (Tokens(Held(next, path)) == Tokens(text)) return;
  given_up_.merge(Tokens(Held(next, path)));
  google::protobuf::FieldMask mask;
  mask.add_paths(SetHeld(next, path, text));
  Write([&](storage::Transaction& transaction) {
    return registry::UpdateAssociation(transaction, next, mask, "anette").status();
  });
}

void Golden::DeleteHere(int number) {
  const Association association = Here(number);
  if (association.has_delete_time()) return;
  Write([&](storage::Transaction& transaction) {
    return registry::DeleteAssociation(transaction, association.id(), "", "anette").status();
  });
}

void Golden::Resolve(int number, const std::string& path, Choice choice) {
  const auto open = sync::ListConflicts(**store_->Latest(), {});
  const std::string id = Here(number).id();
  for (const auto& conflict : open->conflicts()) {
    if (conflict.association_id() != id || conflict.path() != path) continue;
    ResolveConflictRequest request;
    request.set_conflict_id(conflict.conflict_id());
    request.set_choice(choice);
    Write([&](storage::Transaction& transaction) {
      return sync::ResolveConflict(transaction, request, "anette").status();
    });
  }
}

// A run that the hub's death cut in two is two runs.
void Golden::UndoSince(base::Instant start) {
  sync::v1::ListRunsRequest request;
  request.set_connection_id(kConnection);
  const auto runs = sync::ListRuns(**store_->Latest(), request);
  for (const auto& run : runs->runs()) {
    if (base::ToInstant(run.start_time()) <= start || run.has_undo_time()) continue;
    sync::v1::UndoRunRequest undo;
    undo.set_run_id(run.id());
    Expect(engine_->UndoRun(undo, "anette").status(), "the undoing");
  }
}

void Golden::Sync() {
  const auto plan = engine_->PlanSync(kConnection, "henrik", nullptr, cancel_);
  Expect(plan.status(), "the plan");
  if (!plan.ok() || plan->part_count() == 0) return;
  sync::v1::ApplyPlanRequest request;
  request.set_plan_id(plan->id());
  Expect(engine_->ApplyPlan(request, "henrik", nullptr, cancel_).status(), "the sync");
}

void Golden::Outbound() {
  Expect(engine_->RunOutbound(kConnection, cancel_), "the registry's own run");
}

void Golden::MakeThere(int number, const std::string& phone) {
  source_.Tell(KeyOf(number), {{"navn", NameOf(number)},
                               {"cvr", CvrNumber(number)},
                               {"tlf", phone},
                               {"formaal", ""},
                               {"web", ""},
                               {"status", ""}});
}

void Golden::EditThere(int number, const std::string& field, const std::string& value) {
  typed_.merge(Tokens(value));
  given_up_.merge(Tokens(TextOf(source_.records.at(KeyOf(number)), field)));
  SetText(source_.records.at(KeyOf(number)), field, value);
}

void Golden::TakeAway(int number) { source_.TakeAway(KeyOf(number)); }

void Golden::BringBack(int number) { source_.BringBack(KeyOf(number)); }

}  // namespace brobygger::histories
