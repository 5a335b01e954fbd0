#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/access/v1/join_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/access_service.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
using RawJoins = access::v1::JoinService::WithRawCallbackMethod_CreateJoinCode<
    access::v1::JoinService::WithRawCallbackMethod_ListJoinCodes<
        access::v1::JoinService::WithRawCallbackMethod_WithdrawJoinCode<
            access::v1::JoinService::WithRawCallbackMethod_Join<
                access::v1::JoinService::WithRawCallbackMethod_ListAssociationKeys<
                    access::v1::JoinService::WithRawCallbackMethod_RevokeAssociationKey<
                        access::v1::JoinService::Service>>>>>>;

// Serves brobygger.access.v1.JoinService. Reads run on gRPC's thread. Whoever is not signed in may
// call Join; each wrong code is told to the door.
class JoinService final : public RawJoins {
 public:
  // All must outlive the service.
  JoinService(storage::Store& store, const base::Clock& clock, PolicySource policy, Door& door);

  grpc::ServerUnaryReactor* CreateJoinCode(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListJoinCodes(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* WithdrawJoinCode(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Join(grpc::CallbackServerContext* context,
                                 const grpc::ByteBuffer* request,
                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListAssociationKeys(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RevokeAssociationKey(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;

 private:
  // Lets whoever has the code in, once the audit log knows of it.
  absl::Status BeginJoin(access::v1::JoinRequest wanted,
                         const grpc::CallbackServerContext& context,
                         UnaryCall* call) const;

  const scope::Stores stores_;
  const base::Clock& clock_;
  const PolicySource policy_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
