#pragma once

#include <array>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/server.h>

#include "brobygger/sdk/bb_abi.h"

#include "core/host/handshake.h"
#include "core/host/method_line.h"

namespace brobygger::host {

// Answers PluginService with one plugin, blind to what the messages say.
class Server final : public grpc::CallbackGenericService {
 public:
  Server();
  ~Server() override;

  // Listens on the Unix socket. Calls are UNAVAILABLE until Serve().
  Verdict Listen(const std::string& socket);

  // Makes the plugin's object; from now on calls reach it.
  Verdict Serve(const bb_plugin_v1& plugin);

  // Returns when a Stop was answered and what was in flight is over, or has had its
  // time.
  void RunUntilStopped();

  // The line for a method of PluginService; null if there is no such method, or no
  // plugin yet.
  MethodLine* LineFor(const std::string& method);
  const bb_plugin_v1& plugin() const { return *plugin_; }
  void* self() const { return self_; }
  void AskToEnd();

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  static constexpr std::array kMethods = {
      "Handshake", "Spec",  "Configure", "Check",  "Discover", "UpgradeState", "Read",
      "Lookup",    "Write", "Watch",     "Events", "AckEvent", "Stop"};

  bool Idle() const;

  std::array<MethodLine, kMethods.size()> lines_;
  const bb_plugin_v1* plugin_ = nullptr;
  void* self_ = nullptr;
  std::unique_ptr<grpc::Server> server_;
  absl::Mutex mutex_;
  bool serving_ ABSL_GUARDED_BY(mutex_) = false;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace brobygger::host
