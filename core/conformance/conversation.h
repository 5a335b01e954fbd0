#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/conformance/overheard.h"
#include "core/supervisor/running_plugin.h"

namespace brobygger::conformance {

using plugin::v1::Diagnostic;
using plugin::v1::PluginService;
using plugin::v1::Record;

// How to read.
struct ReadPlan {
  plugin::v1::ReadRequest::Mode mode = plugin::v1::ReadRequest::MODE_SNAPSHOT;
  std::string stream = {};
  plugin::v1::Checkpoint from = {};  // its cursor and version
  std::uint32_t batch_records = 0;
  std::uint32_t max_records = 0;
  // Called for each event; an error ends the read.
  std::function<absl::Status(const plugin::v1::ReadResponse&)> on_event = {};
  std::chrono::milliseconds progress = std::chrono::seconds(20);
  std::chrono::milliseconds waiting = std::chrono::seconds(30);
};

// What a read brought, in order.
struct ReadOutcome {
  absl::Status status;
  std::vector<Record> records;
  std::vector<plugin::v1::RecordError> errors;
  std::vector<plugin::v1::Checkpoint> checkpoints;
  std::vector<plugin::v1::Heartbeat> heartbeats;
  std::optional<plugin::v1::SnapshotEnd> end;

  bool complete() const { return status.ok() && end && end->complete(); }
  // The newest place to resume from.
  plugin::v1::Checkpoint last() const;
};

// The Diagnostic that a failed call came with; of class UNSPECIFIED if it had none.
Diagnostic DiagnosticOf(const absl::Status& status);

// The first error among them as a status with its Diagnostic; OK if there is none.
absl::Status FirstError(const google::protobuf::RepeatedPtrField<Diagnostic>& diagnostics);

// A talk with one real process of the plugin, in the real host and its jail. Nothing
// that it says is cleaned. The process ends with it. Belongs to one thread.
class Conversation {
 public:
  // `overheard` must outlive it.
  Conversation(std::shared_ptr<supervisor::RunningPlugin> plugin, Overheard& overheard);
  ~Conversation();
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  int pid() const { return plugin_->process->pid(); }
  std::uint64_t epoch() const { return plugin_->client->epoch(); }

  void set_deadline(std::chrono::milliseconds deadline) { deadline_ = deadline; }

  absl::StatusOr<plugin::v1::HandshakeResponse> Handshake(plugin::v1::HandshakeRequest request);
  absl::StatusOr<plugin::v1::SpecResponse> Spec();
  absl::StatusOr<plugin::v1::ConfigureResponse> Configure(plugin::v1::ConfigureRequest request);
  absl::StatusOr<plugin::v1::CheckResponse> Check();
  absl::StatusOr<plugin::v1::DiscoverResponse> Discover();
  ReadOutcome Read(const ReadPlan& plan);
  absl::StatusOr<plugin::v1::LookupResponse> Lookup(plugin::v1::LookupRequest request);
  absl::StatusOr<plugin::v1::WriteResponse> Write(plugin::v1::WriteRequest request);
  absl::StatusOr<plugin::v1::UpgradeStateResponse> UpgradeState(
      plugin::v1::UpgradeStateRequest request);

  // kill -9, and waits for the end.
  void Kill();
  // Asks it to finish. Returns false if it had to be killed.
  bool Stop();
  bool ended() const { return !plugin_->process->end().empty(); }

 private:
  absl::Status Conclude(const supervisor::CallEnd& end, const std::string& verb);
  template <typename Response, typename Request, typename Method>
  absl::StatusOr<Response> Call(const std::string& verb, Method method, Request request);

  const std::shared_ptr<supervisor::RunningPlugin> plugin_;
  Overheard& overheard_;
  std::chrono::milliseconds deadline_ = std::chrono::seconds(20);
};

}  // namespace brobygger::conformance
