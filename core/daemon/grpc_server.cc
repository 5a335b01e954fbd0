#include "core/daemon/grpc_server.h"

#include <utility>

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/server_posix.h>

#include "core/access/access.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

// Larger messages are cut off by gRPC with a bare RESOURCE_EXHAUSTED. Between
// the configured limit and this one the answer says what is wrong.
constexpr int kMostMessageBytes = 4 << 20;
constexpr int kMostMetadataBytes = 16 << 10;
constexpr int kMostStreamsOfOneConnection = 256;
constexpr int kIdleMs = 5 * 60 * 1000;
constexpr int kKeepaliveMs = 60 * 1000;

void SetLimits(grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(kMostMessageBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMostMetadataBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreamsOfOneConnection);
  // A connection that nobody uses gives its descriptor back. There is no limit
  // to a connection's age: it would cut off callers who follow changes.
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS, kIdleMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveMs / 3);
  // A small compressed request could unfold beyond any limit.
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(const std::vector<Served>& services) {
  std::vector<std::string> names;
  for (const Served& served : services) names.push_back(served.name);
  BB_RETURN_IF_ERROR(access::CheckServices(names));

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder);
  for (const Served& served : services) builder.RegisterService(served.service);

  std::unique_ptr<GrpcServer> server(new GrpcServer(std::move(names)));
  server->server_ = builder.BuildAndStart();
  if (server->server_ == nullptr) return absl::InternalError("gRPC cannot start a server");
  server->SetServing(false);
  return server;
}

GrpcServer::~GrpcServer() { Stop(std::chrono::milliseconds(0)); }

void GrpcServer::AddConnection(int descriptor) {
  grpc::AddInsecureChannelFromFd(server_.get(), descriptor);
}

void GrpcServer::SetServing(bool serving) {
  auto* health = server_->GetHealthCheckService();
  health->SetServingStatus(serving);
  for (const std::string& name : names_) health->SetServingStatus(name, serving);
}

void GrpcServer::SetServing(const std::string& service, bool serving) {
  server_->GetHealthCheckService()->SetServingStatus(service, serving);
}

void GrpcServer::Stop(std::chrono::milliseconds grace) {
  server_->Shutdown(std::chrono::system_clock::now() + grace);
}

}  // namespace brobygger::daemon
