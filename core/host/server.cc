#include "core/host/server.h"

#include <algorithm>
#include <chrono>

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include "core/host/forwarded_call.h"

namespace brobygger::host {
namespace {

constexpr char kService[] = "/brobygger.plugin.v1.PluginService/";
constexpr int kMaxRequestBytes = 4 << 20;
constexpr auto kDrainTime = std::chrono::seconds(2);

// The bare name of a method of PluginService; anything else is no method at all.
std::string MethodOf(const std::string& path) {
  const std::string service = kService;
  return path.rfind(service, 0) == 0 ? path.substr(service.size()) : "";
}

}  // namespace

Server::Server() = default;
Server::~Server() = default;

Verdict Server::Listen(const std::string& socket) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
  builder.RegisterCallbackGenericService(this);
  builder.SetMaxReceiveMessageSize(kMaxRequestBytes);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  server_ = builder.BuildAndStart();
  if (server_ != nullptr) return std::nullopt;
  return Refusal{"listen", "cannot listen on " + socket + ": is its folder there and writable?"};
}

Verdict Server::Serve(const bb_plugin_v1& plugin) {
  plugin_ = &plugin;
  self_ = plugin.create(&HostTable());
  if (self_ == nullptr) {
    return Refusal{"create", std::string("plugin ") + plugin.name + " " + plugin.version +
                                 " could not make its object; see the log"};
  }
  absl::MutexLock lock(&mutex_);
  serving_ = true;
  return std::nullopt;
}

void Server::RunUntilStopped() {
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&ending_));
  }
  server_->Shutdown(std::chrono::system_clock::now() + kDrainTime);
  // A call that does not end keeps its object; the process's end takes both.
  if (Idle()) plugin_->destroy(self_);
}

MethodLine* Server::LineFor(const std::string& method) {
  {
    absl::MutexLock lock(&mutex_);
    if (!serving_) return nullptr;
  }
  const auto* found = std::find(kMethods.begin(), kMethods.end(), method);
  if (found == kMethods.end()) return nullptr;
  return &lines_[static_cast<std::size_t>(found - kMethods.begin())];
}

void Server::AskToEnd() {
  absl::MutexLock lock(&mutex_);
  ending_ = true;
}

grpc::ServerGenericBidiReactor* Server::CreateReactor(grpc::GenericCallbackServerContext* context) {
  return new ForwardedCall(context, *this, MethodOf(context->method()));
}

bool Server::Idle() const {
  return std::all_of(lines_.begin(), lines_.end(),
                     [](const MethodLine& line) { return line.idle(); });
}

}  // namespace brobygger::host
