#include "core/sync/source_writer.h"

#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/sync/source_trouble.h"

namespace brobygger::sync {

using plugin::v1::OperationResult;

namespace {

// Of a connection that is told to write, to a source that only reads.
std::vector<OperationResult> CannotWrite(const std::vector<plugin::v1::Operation>& operations) {
  std::vector<OperationResult> refused(operations.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    refused[i].set_op_id(operations[i].op_id());
    refused[i].set_outcome(OperationResult::OUTCOME_REJECTED);
    auto& why = *refused[i].add_diagnostics();
    why.set_code("sync.cannot_write");
    (*why.mutable_text())["en"] =
        "This connector only reads. Take `policy` and `creates` out of the connection.";
  }
  return refused;
}

}  // namespace

SourceWriter::SourceWriter(supervisor::Supervisor& supervisor,
                           supervisor::ProcessSpec spec,
                           std::string stream,
                           std::string run_id,
                           std::string kept_version)
    : supervisor_(supervisor),
      spec_(std::move(spec)),
      stream_(std::move(stream)),
      run_id_(std::move(run_id)),
      kept_version_(std::move(kept_version)) {}

absl::Status SourceWriter::Open() {
  if (session_ != nullptr) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(session_, supervisor_.Open(spec_));
  const std::string version = session_->plugin_version();
  if (kept_version_.empty() || version.empty() || version == kept_version_) {
    return absl::OkStatus();
  }
  session_.reset();
  return ReplacedMeanwhile(spec_.connection.text(), version);
}

absl::StatusOr<std::vector<OperationResult>> SourceWriter::Write(
    const std::vector<plugin::v1::Operation>& operations) {
  BB_RETURN_IF_ERROR(Open());
  plugin::v1::WriteRequest request;
  request.set_stream(stream_);
  request.set_run_id(run_id_);
  for (const auto& operation : operations) *request.add_operations() = operation;
  auto results = session_->Write(std::move(request));
  if (results.ok()) {
    supervisor_.Committed(spec_.connection);
    return results;
  }
  if (base::ReasonOf(results.status()) == errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED) {
    return CannotWrite(operations);
  }
  base::LogWarning("write_interrupted",
                   {{"connection", spec_.connection}, {"code", results.status().raw_code()}});
  session_.reset();
  std::vector<OperationResult> doubtful(operations.size());
  for (std::size_t i = 0; i < operations.size(); ++i) {
    doubtful[i].set_op_id(operations[i].op_id());
    doubtful[i].set_outcome(OperationResult::OUTCOME_DOUBTFUL);
  }
  return doubtful;
}

absl::StatusOr<plugin::v1::LookupResponse> SourceWriter::Lookup(
    const std::vector<std::string>& external_ids, const std::vector<std::string>& foreign_ids) {
  BB_RETURN_IF_ERROR(Open());
  plugin::v1::LookupRequest request;
  request.set_stream(stream_);
  for (const auto& id : external_ids) request.add_external_ids(id);
  for (const auto& id : foreign_ids) request.add_foreign_ids(id);
  auto found = session_->Lookup(std::move(request));
  if (!found.ok()) session_.reset();
  return found;
}

}  // namespace brobygger::sync
