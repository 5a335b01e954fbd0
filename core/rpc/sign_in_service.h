#pragma once

#include <atomic>

#include <grpcpp/grpcpp.h>

#include "brobygger/access/v1/sign_in_service.grpc.pb.h"

#include "core/rpc/sign_ins.h"
#include "core/rpc/unary_call.h"
#include "core/rpc/worker_pool.h"

namespace brobygger::rpc {

// How many conversations with a login provider may be under way at once.
inline constexpr int kMostConversations = 8;

// Every method raw: we read requests and make answers ourselves (messages.h).
using RawSignIns = access::v1::SignInService::WithRawCallbackMethod_GetSignInWays<
    access::v1::SignInService::WithRawCallbackMethod_BeginSignIn<
        access::v1::SignInService::WithRawCallbackMethod_FinishSignIn<
            access::v1::SignInService::WithRawCallbackMethod_RenewSignIn<
                access::v1::SignInService::WithRawCallbackMethod_EndSignIn<
                    access::v1::SignInService::WithRawCallbackMethod_DemoSignIn<
                        access::v1::SignInService::Service>>>>>>;

// Serves brobygger.access.v1.SignInService. Whoever is not signed in may call, unless the source
// has guessed too much; each wrong secret is told to the door. What may wait for a login provider
// runs on threads of the service's own; what finds none is OVERLOADED.
class SignInService final : public RawSignIns {
 public:
  // Both must outlive the service.
  SignInService(SignIns& sign_ins, Door& door);
  ~SignInService() override { Stop(); }

  // Ends what is under way; what comes later is answered with STOPPING.
  void Stop();

  grpc::ServerUnaryReactor* GetSignInWays(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* BeginSignIn(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* FinishSignIn(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RenewSignIn(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* EndSignIn(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DemoSignIn(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;

 private:
  template <typename Request, typename Response>
  void AskAndAnswer(absl::StatusOr<Response> (SignIns::*ask)(const Request&),
                    const Request& request,
                    const grpc::CallbackServerContext& context,
                    UnaryCall* call);
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Converse(const Incoming& incoming,
                                     absl::StatusOr<Response> (SignIns::*ask)(const Request&));

  // What the caller is told of `status`: a wrong secret is counted first.
  absl::Status Told(const absl::Status& status, const grpc::CallbackServerContext& context) const;

  SignIns& sign_ins_;
  const Entrance entrance_;
  std::atomic<int> conversations_ = 0;
  WorkerPool workers_;
};

}  // namespace brobygger::rpc
