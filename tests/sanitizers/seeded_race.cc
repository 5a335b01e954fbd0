// A gRPC service with a data race in it, on purpose: its handlers count calls
// without a lock. Only built for ThreadSanitizer, which must say so.
#include <thread>
#include <vector>

#include <grpcpp/grpcpp.h>

#include "brobygger/registry/v1/registry_service.grpc.pb.h"

namespace brobygger {
namespace {

using registry::v1::ListMunicipalitiesRequest;
using registry::v1::ListMunicipalitiesResponse;
using registry::v1::RegistryService;

class RacyService final : public RegistryService::CallbackService {
 public:
  grpc::ServerUnaryReactor* ListMunicipalities(grpc::CallbackServerContext* context,
                                               const ListMunicipalitiesRequest*,
                                               ListMunicipalitiesResponse*) override {
    ++calls_;
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }

 private:
  long calls_ = 0;
};

void CallOften(const std::shared_ptr<grpc::Channel>& channel) {
  const auto stub = RegistryService::NewStub(channel);
  for (int i = 0; i < 300; ++i) {
    grpc::ClientContext context;
    ListMunicipalitiesResponse response;
    if (!stub->ListMunicipalities(&context, ListMunicipalitiesRequest(), &response).ok()) return;
  }
}

}  // namespace
}  // namespace brobygger

int main() {
  brobygger::RacyService service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  const auto channel = server->InProcessChannel(grpc::ChannelArguments());
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 4; ++i) callers.emplace_back([&] { brobygger::CallOften(channel); });
  }
  server->Shutdown();
  return 0;
}
