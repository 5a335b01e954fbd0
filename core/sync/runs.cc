#include "core/sync/runs.h"

#include <map>
#include <optional>
#include <vector>

#include "brobygger/sync/v1/operation.pb.h"

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

using storage::Kind;

namespace {

using plugin::v1::Diagnostic;

// What kind of trouble an error is: as the plugin said, or as its reason tells.
Diagnostic::Class ClassOf(const absl::Status& status) {
  std::string name = base::ErrorMetadata(status, "class");
  if (!name.starts_with("CLASS_")) name = "CLASS_" + name;
  Diagnostic::Class told = Diagnostic::CLASS_UNSPECIFIED;
  if (Diagnostic::Class_Parse(name, &told)) return told;
  switch (base::ReasonOf(status)) {
    case errors::v1::ERROR_REASON_CONNECTION_INVALID:
    case errors::v1::ERROR_REASON_PLUGIN_NOT_FOUND:
    case errors::v1::ERROR_REASON_PLUGIN_REFUSED:
    case errors::v1::ERROR_REASON_SECRET_UNREADABLE:
      return Diagnostic::CLASS_CONFIG;
    case errors::v1::ERROR_REASON_PLUGIN_BROKEN:
    case errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE:
      return Diagnostic::CLASS_BUG;
    default:
      return Diagnostic::CLASS_UNSPECIFIED;
  }
}

}  // namespace

absl::Status StoreRun(storage::Transaction& transaction, const v1::Run& run) {
  return transaction.Put(Kind::kRun,
                         RunKey(run.connection_id(), base::ToInstant(run.start_time()), run.id()),
                         run.SerializeAsString());
}

absl::StatusOr<std::uint64_t> VanishedSince(const storage::Snapshot& snapshot,
                                            const std::string& connection_id,
                                            base::Instant since) {
  std::uint64_t vanished = 0;
  storage::KeyRange range{
      .prefix = connection_id + "/", .after = RunKey(connection_id, since, ""), .limit = 500};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kRun, range));
    if (entries.empty()) return vanished;
    for (const auto& entry : entries) {
      v1::Run run;
      if (run.ParseFromString(*entry.bytes)) vanished += run.unlinked_count();
    }
    range.after = entries.back().key;
  }
}

absl::StatusOr<v1::Run> FindRun(const storage::Snapshot& snapshot, const std::string& run_id) {
  std::optional<v1::Run> found;
  BB_RETURN_IF_ERROR(
      ForEach(snapshot, Kind::kRun, "", [&](const std::string& key, const std::string& bytes) {
        v1::Run run;
        if (key.ends_with(run_id) && run.ParseFromString(bytes) && run.id() == run_id) found = run;
        return absl::OkStatus();
      }));
  if (found) return *std::move(found);
  return base::MakeError(errors::v1::ERROR_REASON_RUN_NOT_FOUND,
                         "there is no run '" + run_id + "'; see brobygger sync log",
                         {{"run_id", run_id}});
}

absl::StatusOr<std::optional<v1::Run>> NewestRun(const storage::Snapshot& snapshot,
                                                 const std::string& connection_id,
                                                 bool reading) {
  storage::KeyRange range{
      .prefix = connection_id + "/", .after = "", .limit = 20, .backwards = true};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto entries, snapshot.Scan(Kind::kRun, range));
    if (entries.empty()) return std::optional<v1::Run>();
    for (const auto& entry : entries) {
      v1::Run run;
      const bool read = run.ParseFromString(*entry.bytes);
      if (read && !(reading && run.outbound())) return std::optional<v1::Run>(std::move(run));
    }
    range.after = entries.back().key;
  }
}

absl::Status CountDone(const storage::Snapshot& snapshot, v1::Run& run) {
  std::map<v1::PlannedAction::Kind, std::uint64_t> done;
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kRunPart, run.id() + "/",
                             [&](const std::string& /*key*/, const std::string& bytes) {
                               v1::RunPart part;
                               part.ParseFromString(bytes);
                               for (const auto& one : part.actions()) ++done[one.action().kind()];
                               return absl::OkStatus();
                             }));
  run.set_created_count(done[v1::PlannedAction::KIND_CREATE]);
  run.set_updated_count(done[v1::PlannedAction::KIND_UPDATE]);
  run.set_deleted_count(done[v1::PlannedAction::KIND_DELETE]);
  // The guard counts these over a week, whatever became of the run.
  run.set_unlinked_count(done[v1::PlannedAction::KIND_UNLINK] + run.deleted_count());
  return absl::OkStatus();
}

absl::Status CloseInterruptedRuns(storage::Store& store, const base::Clock& clock) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  std::vector<v1::Run> interrupted;
  BB_RETURN_IF_ERROR(
      ForEach(*latest, Kind::kRun, "", [&](const std::string& /*key*/, const std::string& bytes) {
        v1::Run run;
        if (run.ParseFromString(bytes) && run.state() == v1::Run::STATE_RUNNING) {
          interrupted.push_back(std::move(run));
        }
        return absl::OkStatus();
      }));
  if (interrupted.empty()) return absl::OkStatus();
  return store
      .Write("sync",
             [&](storage::Transaction& transaction) {
               for (v1::Run& run : interrupted) {
                 BB_RETURN_IF_ERROR(CountDone(transaction, run));
                 run.set_state(v1::Run::STATE_FAILED);
                 *run.mutable_end_time() = base::ToTimestamp(clock.Now());
                 auto& diagnostic = *run.add_diagnostics();
                 diagnostic.set_code("sync.hub_stopped");
                 (*diagnostic.mutable_text())["en"] =
                     "The hub stopped during the run. Nothing was lost; the next run goes on.";
                 BB_RETURN_IF_ERROR(StoreRun(transaction, run));
               }
               return absl::OkStatus();
             })
      .status();
}

plugin::v1::Diagnostic ToDiagnostic(const absl::Status& status) {
  plugin::v1::Diagnostic diagnostic;
  diagnostic.set_severity(plugin::v1::Diagnostic::SEVERITY_ERROR);
  const std::string code = base::ErrorMetadata(status, "code");
  diagnostic.set_class_(ClassOf(status));
  diagnostic.set_code(code.empty() ? "sync.failed" : code);
  (*diagnostic.mutable_text())["en"] = std::string(status.message());
  const std::string danish = base::ErrorMetadata(status, "text_da");
  if (!danish.empty()) (*diagnostic.mutable_text())["da"] = danish;
  return diagnostic;
}

}  // namespace brobygger::sync
