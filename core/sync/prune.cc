#include "core/sync/prune.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/sync/v1/operation.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/connections.h"
#include "core/sync/plan.h"
#include "core/sync/runs.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Plan;
using v1::Run;

constexpr std::size_t kAtOnce = 500;

// Collects what is to go, and takes it away a batch at a time.
class Removals {
 public:
  explicit Removals(storage::Store& store) : store_(store) {}

  absl::Status Add(Kind kind, const std::string& key) {
    places_.emplace_back(kind, key);
    return places_.size() < kAtOnce ? absl::OkStatus() : Flush();
  }

  // All records of a kind whose keys begin so.
  absl::Status AddAll(const storage::Snapshot& snapshot, Kind kind, const std::string& prefix) {
    return ForEach(snapshot, kind, prefix,
                   [&](const std::string& key, const std::string&) { return Add(kind, key); });
  }

  absl::Status Flush() {
    if (places_.empty()) return absl::OkStatus();
    const auto places = std::exchange(places_, {});
    return store_
        .Write("sync",
               [&](storage::Transaction& transaction) -> absl::Status {
                 for (const auto& [kind, key] : places) {
                   BB_RETURN_IF_ERROR(transaction.Remove(kind, key));
                 }
                 return absl::OkStatus();
               })
        .status();
  }

 private:
  storage::Store& store_;
  std::vector<std::pair<Kind, std::string>> places_;
};

bool FoundNothing(const Run& run) {
  const auto& applications = run.applications();
  const std::uint64_t done =
      run.changed_count() + run.created_count() + run.updated_count() + run.deleted_count() +
      run.unlinked_count() + run.conflict_count() + run.source_created_count() +
      run.source_updated_count() + run.dead_letter_count() + run.doubtful_count() +
      run.overruled_count() + applications.new_count() + applications.changed_count() +
      applications.gone_count() + run.meetings().new_count() + run.meetings().removed_count() +
      run.meetings().changed_count() + run.meetings().gone_count();
  const bool idle = run.state() == Run::STATE_DONE || run.state() == Run::STATE_REJECTED;
  return idle && done == 0 && run.diagnostics().empty();
}

struct Limits {
  base::Instant idle_runs;
  base::Instant runs;
  base::Instant plans;
  base::Instant overruled;
};

Limits LimitsAt(base::Instant now) {
  using std::chrono::days;
  return {now - days(kDaysOfIdleRuns), now - days(kDaysOfRuns), now - days(kDaysOfPlans),
          now - days(kDaysOfOverruled)};
}

// The runs that others ask for by being the newest, and the plans that may be used.
struct Kept {
  std::set<std::string> runs;
  std::set<std::string> plans;
};

absl::StatusOr<Kept> WhatStays(const storage::Snapshot& snapshot) {
  Kept kept;
  BB_ASSIGN_OR_RETURN(const auto connections, AllConnections(snapshot));
  for (const v1::Connection& connection : connections) {
    for (const bool reading : {false, true}) {
      BB_ASSIGN_OR_RETURN(const auto run, NewestRun(snapshot, connection.id(), reading));
      if (run) kept.runs.insert(run->id());
    }
    BB_ASSIGN_OR_RETURN(const auto state, Load<v1::StreamState>(snapshot, Kind::kStreamState,
                                                                StreamOf(connection).prefix()));
    if (state) kept.plans.insert(state->newest_plan_id());
  }
  return kept;
}

absl::Status PruneRuns(const storage::Snapshot& snapshot,
                       const Limits& limits,
                       const Kept& kept,
                       Removals& removals) {
  const auto visit = [&](const std::string& key, const std::string& bytes) -> absl::Status {
    Run run;
    if (!run.ParseFromString(bytes) || kept.runs.count(run.id()) > 0) return absl::OkStatus();
    const base::Instant start = base::ToInstant(run.start_time());
    const bool over = run.state() != Run::STATE_RUNNING &&
                      start < (FoundNothing(run) ? limits.idle_runs : limits.runs);
    if (!over) return absl::OkStatus();
    BB_RETURN_IF_ERROR(removals.AddAll(snapshot, Kind::kRunPart, run.id() + "/"));
    return removals.Add(Kind::kRun, key);
  };
  return ForEach(snapshot, Kind::kRun, "", visit);
}

absl::Status PrunePlans(const storage::Snapshot& snapshot,
                        const Limits& limits,
                        const Kept& kept,
                        Removals& removals) {
  const auto visit = [&](const std::string& key, const std::string& bytes) -> absl::Status {
    Plan plan;
    const bool over = plan.ParseFromString(bytes) && kept.plans.count(plan.id()) == 0 &&
                      base::ToInstant(plan.create_time()) < limits.plans;
    if (!over) return absl::OkStatus();
    BB_RETURN_IF_ERROR(removals.AddAll(snapshot, Kind::kPlanPart, plan.id() + "/"));
    return removals.Add(Kind::kPlan, key);
  };
  return ForEach(snapshot, Kind::kPlan, "", visit);
}

absl::Status PruneOverruled(const storage::Snapshot& snapshot,
                            const Limits& limits,
                            Removals& removals) {
  const auto visit = [&](const std::string& key, const std::string& bytes) -> absl::Status {
    v1::OverruledValue value;
    const bool over =
        value.ParseFromString(bytes) && base::ToInstant(value.time()) < limits.overruled;
    return over ? removals.Add(Kind::kOverruled, key) : absl::OkStatus();
  };
  return ForEach(snapshot, Kind::kOverruled, "", visit);
}

}  // namespace

absl::Status Prune(storage::Store& store, const base::Clock& clock) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  BB_ASSIGN_OR_RETURN(const Kept kept, WhatStays(*snapshot));
  const Limits limits = LimitsAt(clock.Now());
  Removals removals(store);
  BB_RETURN_IF_ERROR(PruneRuns(*snapshot, limits, kept, removals));
  BB_RETURN_IF_ERROR(PrunePlans(*snapshot, limits, kept, removals));
  BB_RETURN_IF_ERROR(PruneOverruled(*snapshot, limits, removals));
  return removals.Flush();
}

}  // namespace brobygger::sync
