// The bare gRPC server the hub is compared with: callback API, a Unix socket,
// no work. Usage: bench_echo_server SOCKET. Stops when standard input ends.
#include <cstdio>
#include <memory>
#include <string>

#include <grpcpp/grpcpp.h>

#include "tests/bench/echo.grpc.pb.h"

namespace {

using brobygger::bench::v1::AnswerRequest;
using brobygger::bench::v1::EchoRequest;
using brobygger::bench::v1::EchoResponse;

class EchoService final : public brobygger::bench::v1::EchoService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Echo(grpc::CallbackServerContext* context,
                                 const EchoRequest* request,
                                 EchoResponse* response) override {
    response->set_payload(request->payload());
    return Done(context);
  }

  grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context,
                                   const AnswerRequest* request,
                                   EchoResponse* response) override {
    response->mutable_payload()->assign(static_cast<std::size_t>(request->reply_bytes()), 'x');
    return Done(context);
  }

 private:
  static grpc::ServerUnaryReactor* Done(grpc::CallbackServerContext* context) {
    auto* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_echo_server SOCKET\n", stderr);
    return 2;
  }
  EchoService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("unix:" + std::string(argv[1]), grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) {
    std::fprintf(stderr, "cannot listen on %s\n", argv[1]);
    return 1;
  }
  std::puts("ready");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  server->Shutdown();
  return 0;
}
