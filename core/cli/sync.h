// What the sync commands share.
#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <google/protobuf/map.h>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// Has the hub read the source and plan; shows a bar meanwhile.
absl::StatusOr<sync::v1::Plan> MakePlan(Session& session, const std::string& connection);

absl::StatusOr<sync::v1::Run> ApplyPlan(Session& session,
                                        const std::string& plan_id,
                                        bool accept_held);

// Writes the plan and its actions in the asked form.
absl::Status WritePlan(Session& session, const sync::v1::Plan& plan, const PageOptions& page);

// Writes what a run did; the exit code says how it went.
int WriteRun(Session& session, const sync::v1::Run& run);

// Whether applying the plan would do anything.
bool HasChanges(const sync::v1::Plan& plan);

// "3 to add, 1 to change, ..." and the guard's verdict, in sentences.
std::string PlanSummary(const sync::v1::Plan& plan);

// The action with its sign: "+" new, "~" changed (old -> new), "-" goes, "=" only
// linked, "?" a person must choose; "old -> new" changes here, "old => new" at the
// source. Several lines.
std::string ActionText(const sync::v1::PlannedAction& action, const std::string& language);

// The text a person should read, in their language if there is one.
std::string DiagnosticText(const plugin::v1::Diagnostic& diagnostic, const std::string& language);

}  // namespace brobygger::cli
