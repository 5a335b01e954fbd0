#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/grant/v1/premises_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawPremisesNeeds = grant::v1::PremisesService::WithRawCallbackMethod_StatePremisesNeed<
    grant::v1::PremisesService::WithRawCallbackMethod_SettlePremisesNeed<
        grant::v1::PremisesService::WithRawCallbackMethod_ListPremisesNeeds<Base>>>;
template <typename Base>
using RawAllocations = grant::v1::PremisesService::WithRawCallbackMethod_AllocatePremises<
    grant::v1::PremisesService::WithRawCallbackMethod_ReleasePremises<
        grant::v1::PremisesService::WithRawCallbackMethod_ListPremises<Base>>>;

// Serves brobygger.grant.v1.PremisesService. Reads run on gRPC's thread.
class PremisesService final
    : public RawPremisesNeeds<RawAllocations<grant::v1::PremisesService::Service>> {
 public:
  // All must outlive the service.
  PremisesService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* StatePremisesNeed(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SettlePremisesNeed(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListPremisesNeeds(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AllocatePremises(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ReleasePremises(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListPremises(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
