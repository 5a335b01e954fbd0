#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/grant/v1/pool_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawPoolReads = grant::v1::PoolService::WithRawCallbackMethod_ListPools<
    grant::v1::PoolService::WithRawCallbackMethod_GetPool<
        grant::v1::PoolService::WithRawCallbackMethod_FitPools<
            grant::v1::PoolService::WithRawCallbackMethod_SuggestPools<Base>>>>;
template <typename Base>
using RawPoolWrites = grant::v1::PoolService::WithRawCallbackMethod_ImportPools<
    grant::v1::PoolService::WithRawCallbackMethod_SetPoolState<Base>>;

// Serves brobygger.grant.v1.PoolService. Reads run on gRPC's thread.
class PoolService final : public RawPoolReads<RawPoolWrites<grant::v1::PoolService::Service>> {
 public:
  // All must outlive the service.
  PoolService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* ListPools(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetPool(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ImportPools(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetPoolState(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* FitPools(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SuggestPools(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
