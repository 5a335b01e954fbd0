#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::sync {

// Keeps a run's report, new or changed.
absl::Status StoreRun(storage::Transaction& transaction, const v1::Run& run);

// How many records the connection's runs since `since` have unlinked or deleted.
absl::StatusOr<std::uint64_t> VanishedSince(const storage::Snapshot& snapshot,
                                            const std::string& connection_id,
                                            base::Instant since);

// RUN_NOT_FOUND.
absl::StatusOr<v1::Run> FindRun(const storage::Snapshot& snapshot, const std::string& run_id);

// The connection's newest run, or nothing. `reading`: of those that read the source;
// what the registry writes in between neither puts off the next reading nor takes the
// place of a plan that waits for a person.
absl::StatusOr<std::optional<v1::Run>> NewestRun(const storage::Snapshot& snapshot,
                                                 const std::string& connection_id,
                                                 bool reading);

// Counts, for the report of a run that was cut off, what it had done by then.
absl::Status CountDone(const storage::Snapshot& snapshot, v1::Run& run);

// Marks runs that were under way when the hub stopped as failed.
absl::Status CloseInterruptedRuns(storage::Store& store, const base::Clock& clock);

// What went wrong, in both languages, for a run's report.
plugin::v1::Diagnostic ToDiagnostic(const absl::Status& status);

}  // namespace brobygger::sync
