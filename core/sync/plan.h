#pragma once

#include <functional>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/decide.h"
#include "core/sync/engine.h"
#include "core/sync/intake.h"
#include "core/sync/side_streams.h"

namespace brobygger::sync {

// What planning needs beside the decisions' own context. All must outlive it.
struct PlanContext {
  storage::Store& store;
  const base::Clock& clock;
  const DecisionContext& decisions;
  std::string run_id;
  std::string canary_external_id;
  bool outbound_only = false;  // nothing was read: only what the registry has for the source
  WaitingBeside beside = {};
  bool unattended = false;  // no person asked for it: what one rejected stays so
};

// Plans what to do with every record of the stream that waits and every association
// that the source may not have as it is, asks the guard, and stores the plan with its actions in
// parts. Records that cannot be used are kept aside. Its cost follows the records that wait, not
// the registry's size.
absl::StatusOr<v1::Plan> MakePlan(const PlanContext& context,
                                  const IntakeResult& intake,
                                  const ProgressSink& progress,
                                  const supervisor::CancelToken& cancel);

// Whether a plan has nothing to do.
bool IsEmpty(const v1::Plan& plan);

// Calls `visit` with each stored part of the plan, in order.
absl::Status ForEachPart(const storage::Snapshot& snapshot,
                         const v1::Plan& plan,
                         const std::function<absl::Status(v1::PlanPart)>& visit);

}  // namespace brobygger::sync
