#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include "brobygger/plugin/v1/plugin_service.grpc.pb.h"

#include "core/supervisor/plugin_log.h"
#include "core/supervisor/progress_watch.h"
#include "core/supervisor/supervisor.h"

namespace brobygger::supervisor {

// How one call to a plugin ended.
struct CallEnd {
  enum class Kind {
    kAnswered,
    kFailed,     // with `status`, and the plugin's own words if it had any
    kHung,       // no answer, or no progress, in time
    kForeign,    // it answered for another start of the connection
    kCancelled,  // by our token
    kRefused     // our own listener's error ended it
  };
  Kind kind = Kind::kAnswered;
  grpc::Status status;
  std::optional<plugin::v1::Diagnostic> diagnostic;
  absl::Status listener_status;
};

// Keeps a secret that the source renewed. OK: it will be there after any end of this process.
using SecretKeeper = std::function<absl::Status(const std::string& name, const std::string& value)>;

using EventListener = absl::FunctionRef<absl::Status(const plugin::v1::ReadResponse&)>;

// Speaks the wire contract with one plugin process. Every call ends within its
// deadline, whatever the process does. Thread-safe, but one call at a time is
// all a plugin promises to take.
class PluginClient {
 public:
  PluginClient(const std::string& socket, std::uint64_t epoch, std::shared_ptr<PluginLog> log);
  ~PluginClient();

  template <typename Request, typename Response>
  using Method = grpc::Status (plugin::v1::PluginService::Stub::*)(grpc::ClientContext*,
                                                                   const Request&,
                                                                   Response*);

  // A verb with one answer.
  template <typename Request, typename Response>
  CallEnd Call(Method<Request, Response> method,
               const Request& request,
               Response* response,
               std::chrono::milliseconds deadline) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    CallEnd end = EndOf((stub_.get()->*method)(&context, request, response), context);
    if constexpr (requires { response->epoch(); }) {
      if (end.kind == CallEnd::Kind::kAnswered && response->epoch() != epoch_) {
        end.kind = CallEnd::Kind::kForeign;
      }
    }
    return end;
  }

  CallEnd Read(const plugin::v1::ReadRequest& request,
               EventListener on_event,
               const CancelToken& cancel,
               const ProgressWatch::Limits& limits);

  // Follows log lines and the like until the process ends or this is destroyed. A renewed secret
  // goes to `keep_secret`, on a thread of its own; null: none is kept.
  void FollowEvents(SecretKeeper keep_secret = nullptr);

  // Whether the process still holds its end of the connection.
  bool connected() const;

  std::uint64_t epoch() const { return epoch_; }

 private:
  CallEnd EndOf(const grpc::Status& status, const grpc::ClientContext& context) const;
  void ReadEvents();
  bool Handle(const plugin::v1::EventsResponse& event);
  bool KeepSecret(const plugin::v1::EventsResponse& event);

  const std::uint64_t epoch_;
  const std::shared_ptr<PluginLog> log_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<plugin::v1::PluginService::Stub> stub_;
  absl::Mutex mutex_;
  bool leaving_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::ClientContext events_context_;
  SecretKeeper keep_secret_;  // set before the thread begins
  std::thread events_;
};

}  // namespace brobygger::supervisor
