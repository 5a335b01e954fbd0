#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <grpcpp/grpcpp.h>

namespace brobygger::daemon {

// A service with its full name.
struct Served {
  std::string name;
  grpc::Service* service;
};

// A gRPC server without a port: it serves the connections it is handed, along
// with gRPC's health service (for "" and for each service) and reflection.
class GrpcServer {
 public:
  // The services must outlive the server. Fails, naming the method, if a method
  // does not say what access it needs. Health says NOT_SERVING for a start.
  static absl::StatusOr<std::unique_ptr<GrpcServer>> Start(const std::vector<Served>& services);
  // Stop(), without a grace.
  ~GrpcServer();

  // Takes ownership of a connected socket.
  void AddConnection(int descriptor);

  void SetServing(bool serving);
  // Of one service, while the others serve. Thread-safe; nothing happens after Stop().
  void SetServing(const std::string& service, bool serving);

  // Takes no new calls, and returns when those under way have been answered; the
  // ones that are not within `grace` are cancelled.
  void Stop(std::chrono::milliseconds grace);

 private:
  explicit GrpcServer(std::vector<std::string> names) : names_(std::move(names)) {}

  const std::vector<std::string> names_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace brobygger::daemon
