#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/grant/v1/grant_service.grpc.pb.h"

#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawGrantReads = grant::v1::GrantService::WithRawCallbackMethod_GetGrantApplication<
    grant::v1::GrantService::WithRawCallbackMethod_ListGrantApplications<
        grant::v1::GrantService::WithRawCallbackMethod_GetAssociationMoney<
            grant::v1::GrantService::WithRawCallbackMethod_ListFollowUps<
                grant::v1::GrantService::WithRawCallbackMethod_GetMoneyOnlyShare<Base>>>>>;
template <typename Base>
using RawGrantWrites = grant::v1::GrantService::WithRawCallbackMethod_AssignApplicant<
    grant::v1::GrantService::WithRawCallbackMethod_CompleteFollowUp<Base>>;

// Serves brobygger.grant.v1.GrantService. Reads run on gRPC's thread.
class GrantService final : public RawGrantReads<RawGrantWrites<grant::v1::GrantService::Service>> {
 public:
  // Both must outlive the service.
  GrantService(storage::Store& store, Door& door);

  grpc::ServerUnaryReactor* GetGrantApplication(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListGrantApplications(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AssignApplicant(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetAssociationMoney(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListFollowUps(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CompleteFollowUp(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetMoneyOnlyShare(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
