#include "core/host/forwarded_call.h"

#include <chrono>
#include <limits>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "core/host/server.h"

namespace brobygger::host {
namespace {

constexpr char kDiagnosticTrailer[] = "brobygger-diagnostic-bin";

// One piece of memory, whatever pieces the message came in.
std::string Flatten(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

int HostReply(bb_call* call, const void* bytes, std::size_t size) {
  return call->forwarded->Reply(bytes, size);
}

int HostCancelled(bb_call* call) { return call->forwarded->cancelled() ? 1 : 0; }

std::int64_t HostDeadline(bb_call* call) { return call->forwarded->NanosecondsLeft(); }

void HostLog(int level, const char* text, std::size_t size) {
  // LogLine.Level counts from trace = 1; spdlog from trace = 0.
  const int known = level < 1 || level > 6 ? 3 : level;
  spdlog::log(static_cast<spdlog::level::level_enum>(known - 1), "{}",
              spdlog::string_view_t(text, size));
}

constexpr bb_host_v1 kHost = {.size = sizeof(bb_host_v1),
                              .reply = HostReply,
                              .cancelled = HostCancelled,
                              .deadline_ns = HostDeadline,
                              .log = HostLog};

}  // namespace

const bb_host_v1& HostTable() { return kHost; }

ForwardedCall::ForwardedCall(grpc::GenericCallbackServerContext* context,
                             Server& server,
                             std::string method)
    : context_(context), server_(server), method_(std::move(method)) {
  StartRead(&request_);
}

void ForwardedCall::OnReadDone(bool ok) {
  if (!ok) {
    Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the call has no request message"));
    return;
  }
  MethodLine* line = server_.LineFor(method_);
  if (line == nullptr) {
    Finish(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "no such method: " + method_));
    return;
  }
  line->Queue([this] { Answer(); });
}

void ForwardedCall::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
  if (!ok) broken_ = true;
}

void ForwardedCall::OnCancel() { cancelled_ = true; }

void ForwardedCall::OnDone() {
  const bool stop = method_ == "Stop";
  Server& server = server_;
  delete this;
  if (stop) server.AskToEnd();
}

void ForwardedCall::Answer() {
  grpc::Status status = cancelled_ ? grpc::Status::CANCELLED : AskPlugin();
  WaitForWrite();
  Finish(std::move(status));
}

grpc::Status ForwardedCall::AskPlugin() {
  const std::string request = Flatten(request_);
  bb_call call{this};
  std::string diagnostic(BB_ERROR_ROOM, '\0');
  std::size_t used = diagnostic.size();
  const int code = server_.plugin().call(server_.self(), method_.c_str(), request.data(),
                                         request.size(), &call, diagnostic.data(), &used);
  if (code == 0) return grpc::Status::OK;
  if (used > 0 && used <= BB_ERROR_ROOM) {
    diagnostic.resize(used);
    context_->AddTrailingMetadata(kDiagnosticTrailer, diagnostic);
  }
  const bool known = code > 0 && code <= grpc::StatusCode::UNAUTHENTICATED;
  return {
      known ? static_cast<grpc::StatusCode>(code) : grpc::StatusCode::UNKNOWN,
      "the plugin reports trouble; the trailer " + std::string(kDiagnosticTrailer) + " says what"};
}

void ForwardedCall::WaitForWrite() {
  const auto written = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !writing_; };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&written));
}

int ForwardedCall::Reply(const void* bytes, std::size_t size) {
  // The previous message must be on its way before the next one is taken over: the
  // plugin is at most one message ahead of the hub's window.
  WaitForWrite();
  {
    absl::MutexLock lock(&mutex_);
    if (broken_ || cancelled_) return 1;
    writing_ = true;
  }
  const grpc::Slice slice(bytes, size);
  outgoing_ = grpc::ByteBuffer(&slice, 1);
  StartWrite(&outgoing_);
  return 0;
}

std::int64_t ForwardedCall::NanosecondsLeft() const {
  const auto deadline = context_->deadline();
  if (deadline == std::chrono::system_clock::time_point::max()) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return std::chrono::nanoseconds(deadline - std::chrono::system_clock::now()).count();
}

}  // namespace brobygger::host
