#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/write.pb.h"

#include "core/supervisor/supervisor.h"

namespace brobygger::sync {

// Writes to one connection's source, and looks there. Starts the plugin when it is
// first needed. Belongs to one thread.
class SourceWriter {
 public:
  // `supervisor` must outlive the writer. `kept_version` is the plugin's version that what is kept
  // of the stream is from: another one does not know the records by these ids, and is not written
  // to. Empty: any will do.
  SourceWriter(supervisor::Supervisor& supervisor,
               supervisor::ProcessSpec spec,
               std::string stream,
               std::string run_id,
               std::string kept_version = "");

  // One result for each operation, in their order. An error: the plugin could not be
  // started, and nothing was sent. If it ended meanwhile, every result is doubtful.
  absl::StatusOr<std::vector<plugin::v1::OperationResult>> Write(
      const std::vector<plugin::v1::Operation>& operations);

  // The records with these keys and these ids of ours.
  absl::StatusOr<plugin::v1::LookupResponse> Lookup(const std::vector<std::string>& external_ids,
                                                    const std::vector<std::string>& foreign_ids);

  // The number of the process's start; 0 before there is one.
  std::uint64_t epoch() const { return session_ ? session_->epoch() : 0; }

 private:
  absl::Status Open();

  supervisor::Supervisor& supervisor_;
  supervisor::ProcessSpec spec_;
  std::string stream_;
  std::string run_id_;
  std::string kept_version_;
  std::unique_ptr<supervisor::Session> session_;
};

}  // namespace brobygger::sync
