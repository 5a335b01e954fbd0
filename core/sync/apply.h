#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/decide.h"
#include "core/sync/engine.h"
#include "core/sync/outbound.h"
#include "core/sync/source_writer.h"

namespace brobygger::sync {

// What applying did.
struct ApplyResult {
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;
  std::uint64_t unlinked = 0;
  std::uint64_t conflicts = 0;
  std::uint64_t stale = 0;      // moved since the plan; they wait for the next one
  std::uint64_t matched = 0;    // records the model took for an association there was
  std::uint64_t questions = 0;  // asked of a person
  std::uint64_t rejected = 0;   // broke a rule at the last moment; kept aside
  std::uint64_t overruled = 0;  // values of the registry that gave way
  OutboundCounts outbound;      // what was written to the source
};

// What applying needs. All must outlive it.
struct ApplyContext {
  storage::Store& store;
  const DecisionContext& decisions;
  std::string actor;  // "plugin:files.csv": stands in the provenance
  std::string run_id;
  bool with_deletions;  // false: records that vanished go on waiting
  SourceWriter& writer;
};

// Does what the plan says, a part a commit; what the source is to be told is written
// down in that commit, then sent, then its outcome is committed. Each action is decided again
// inside its write; one whose record or association has moved since is left for the next plan. Cut
// off anywhere, the rest waits and nothing is done twice.
absl::StatusOr<ApplyResult> ApplyParts(const ApplyContext& context,
                                       const v1::Plan& plan,
                                       const ProgressSink& progress,
                                       const supervisor::CancelToken& cancel);

}  // namespace brobygger::sync
