#include "core/conformance/conversation.h"

#include <csignal>

#include <absl/strings/cord.h>
#include <absl/strings/str_cat.h>

namespace brobygger::conformance {
namespace {

using supervisor::CallEnd;

constexpr char kPayload[] = "brobygger/Diagnostic";
constexpr auto kEndPatience = std::chrono::seconds(10);

absl::Status ToStatus(const Diagnostic& diagnostic) {
  absl::Status status = absl::UnavailableError(absl::StrCat(
      Diagnostic::Class_Name(diagnostic.class_()), " ", diagnostic.code(), " ", diagnostic.path()));
  status.SetPayload(kPayload, absl::Cord(diagnostic.SerializeAsString()));
  return status;
}

}  // namespace

plugin::v1::Checkpoint ReadOutcome::last() const {
  return checkpoints.empty() ? plugin::v1::Checkpoint() : checkpoints.back();
}

Diagnostic DiagnosticOf(const absl::Status& status) {
  Diagnostic diagnostic;
  if (const auto payload = status.GetPayload(kPayload); payload.has_value()) {
    diagnostic.ParseFromString(std::string(*payload));
  }
  return diagnostic;
}

absl::Status FirstError(const google::protobuf::RepeatedPtrField<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity() <= Diagnostic::SEVERITY_ERROR) return ToStatus(diagnostic);
  }
  return absl::OkStatus();
}

Conversation::Conversation(std::shared_ptr<supervisor::RunningPlugin> plugin, Overheard& overheard)
    : plugin_(std::move(plugin)), overheard_(overheard) {}

Conversation::~Conversation() { Kill(); }

void Conversation::Kill() {
  plugin_->process->ExpectEnd();
  plugin_->process->Signal(SIGKILL);
  plugin_->process->WaitEnd(kEndPatience);
}

bool Conversation::Stop() {
  supervisor::Deadlines deadlines;
  return supervisor::StopPlugin(*plugin_, deadlines, "the kit has seen enough") &&
         plugin_->process->end() == "it exited with code 0";
}

absl::Status Conversation::Conclude(const CallEnd& end, const std::string& verb) {
  switch (end.kind) {
    case CallEnd::Kind::kAnswered:
      return absl::OkStatus();
    case CallEnd::Kind::kRefused:
      return end.listener_status;
    case CallEnd::Kind::kCancelled:
      return absl::CancelledError(absl::StrCat(verb, " was cancelled"));
    case CallEnd::Kind::kForeign:
      return absl::DataLossError(absl::StrCat(verb, " was answered with another epoch"));
    case CallEnd::Kind::kHung:
      return absl::DeadlineExceededError(absl::StrCat(verb, " did not answer in time"));
    case CallEnd::Kind::kFailed:
      break;
  }
  overheard_.Hear(absl::StrCat("the error of ", verb), end.status.error_message());
  if (!end.diagnostic.has_value()) {
    return absl::UnknownError(absl::StrCat(verb, " failed: ", end.status.error_message()));
  }
  overheard_.Hear(absl::StrCat("the diagnostic of ", verb), end.diagnostic->SerializeAsString());
  return ToStatus(*end.diagnostic);
}

template <typename Response, typename Request, typename Method>
absl::StatusOr<Response> Conversation::Call(const std::string& verb,
                                            Method method,
                                            Request request) {
  if constexpr (requires { request.set_epoch(0); }) request.set_epoch(epoch());
  Response response;
  const CallEnd end = plugin_->client->Call(method, request, &response, deadline_);
  if (absl::Status status = Conclude(end, verb); !status.ok()) return status;
  overheard_.Hear(absl::StrCat("the answer of ", verb), response.SerializeAsString());
  return response;
}

absl::StatusOr<plugin::v1::HandshakeResponse> Conversation::Handshake(
    plugin::v1::HandshakeRequest request) {
  return Call<plugin::v1::HandshakeResponse>("Handshake", &PluginService::Stub::Handshake,
                                             std::move(request));
}

absl::StatusOr<plugin::v1::SpecResponse> Conversation::Spec() {
  return Call<plugin::v1::SpecResponse>("Spec", &PluginService::Stub::Spec,
                                        plugin::v1::SpecRequest());
}

absl::StatusOr<plugin::v1::ConfigureResponse> Conversation::Configure(
    plugin::v1::ConfigureRequest request) {
  return Call<plugin::v1::ConfigureResponse>("Configure", &PluginService::Stub::Configure,
                                             std::move(request));
}

absl::StatusOr<plugin::v1::CheckResponse> Conversation::Check() {
  return Call<plugin::v1::CheckResponse>("Check", &PluginService::Stub::Check,
                                         plugin::v1::CheckRequest());
}

absl::StatusOr<plugin::v1::DiscoverResponse> Conversation::Discover() {
  return Call<plugin::v1::DiscoverResponse>("Discover", &PluginService::Stub::Discover,
                                            plugin::v1::DiscoverRequest());
}

absl::StatusOr<plugin::v1::LookupResponse> Conversation::Lookup(plugin::v1::LookupRequest request) {
  return Call<plugin::v1::LookupResponse>("Lookup", &PluginService::Stub::Lookup,
                                          std::move(request));
}

absl::StatusOr<plugin::v1::WriteResponse> Conversation::Write(plugin::v1::WriteRequest request) {
  return Call<plugin::v1::WriteResponse>("Write", &PluginService::Stub::Write, std::move(request));
}

absl::StatusOr<plugin::v1::UpgradeStateResponse> Conversation::UpgradeState(
    plugin::v1::UpgradeStateRequest request) {
  return Call<plugin::v1::UpgradeStateResponse>("UpgradeState", &PluginService::Stub::UpgradeState,
                                                std::move(request));
}

ReadOutcome Conversation::Read(const ReadPlan& plan) {
  plugin::v1::ReadRequest request;
  request.set_stream(plan.stream);
  request.set_mode(plan.mode);
  request.set_cursor(plan.from.cursor());
  request.set_cursor_version(plan.from.cursor_version());
  request.set_batch_records(plan.batch_records);
  request.set_max_records(plan.max_records);
  ReadOutcome outcome;
  const auto take = [&](const plugin::v1::ReadResponse& event) {
    overheard_.Hear("what Read sent", event.SerializeAsString());
    for (const Record& record : event.batch().records()) outcome.records.push_back(record);
    if (event.has_record_error()) outcome.errors.push_back(event.record_error());
    if (event.has_checkpoint()) outcome.checkpoints.push_back(event.checkpoint());
    if (event.has_heartbeat()) outcome.heartbeats.push_back(event.heartbeat());
    if (event.has_snapshot_end()) outcome.end = event.snapshot_end();
    return plan.on_event == nullptr ? absl::OkStatus() : plan.on_event(event);
  };
  outcome.status =
      Conclude(plugin_->client->Read(request, take, supervisor::CancelToken(),
                                     {.progress = plan.progress, .waiting = plan.waiting}),
               "Read");
  return outcome;
}

}  // namespace brobygger::conformance
