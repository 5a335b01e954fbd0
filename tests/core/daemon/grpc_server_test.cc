#include "core/daemon/grpc_server.h"

#include <string>

#include <catch2/catch.hpp>

#include "brobygger/plugin/v1/plugin_service.grpc.pb.h"
#include "brobygger/registry/v1/registry_service.grpc.pb.h"

namespace brobygger::daemon {
namespace {

TEST_CASE("a method that does not say what access it needs keeps the whole server from starting") {
  registry::v1::RegistryService::Service described;
  const Served good = {"brobygger.registry.v1.RegistryService", &described};
  CHECK(GrpcServer::Start({good}).ok());

  // What a plugin serves to the hub says nothing of callers, and is not for them.
  plugin::v1::PluginService::Service undescribed;
  const auto refused =
      GrpcServer::Start({good, {"brobygger.plugin.v1.PluginService", &undescribed}});
  REQUIRE_FALSE(refused.ok());
  const std::string why(refused.status().message());
  CAPTURE(why);
  CHECK(why.find("brobygger.plugin.v1.PluginService.") != std::string::npos);
  CHECK(why.find("does not say what it needs") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::daemon
