#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/identity/v1/identity_service.grpc.pb.h"

#include "core/registry/identity.h"
#include "core/rpc/unary_call.h"
#include "core/rpc/worker_pool.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawIdentityReads = identity::v1::IdentityService::WithRawCallbackMethod_ResolveRecord<
    identity::v1::IdentityService::WithRawCallbackMethod_ResolveRecords<
        identity::v1::IdentityService::WithRawCallbackMethod_ExplainPair<
            identity::v1::IdentityService::WithRawCallbackMethod_ExplainAssociation<
                identity::v1::IdentityService::WithRawCallbackMethod_ListQuestions<
                    identity::v1::IdentityService::WithRawCallbackMethod_ListDecisions<
                        identity::v1::IdentityService::WithRawCallbackMethod_GetModel<
                            identity::v1::IdentityService::WithRawCallbackMethod_PreviewModel<
                                Base>>>>>>>>;
template <typename Base>
using RawIdentityWrites = identity::v1::IdentityService::WithRawCallbackMethod_Decide<
    identity::v1::IdentityService::WithRawCallbackMethod_UndoDecision<
        identity::v1::IdentityService::WithRawCallbackMethod_UseModel<Base>>>;

// Serves brobygger.identity.v1.IdentityService. Reads run on gRPC's thread; what
// looks at the whole registry (another model) runs on a worker of its own.
class IdentityService final
    : public RawIdentityReads<RawIdentityWrites<identity::v1::IdentityService::Service>> {
 public:
  // All must outlive the service; `identity` hears of the store's writes.
  IdentityService(storage::Store& store, registry::Identity& identity, Door& door);

  // Waits for work under way; later calls of it fail with STOPPING.
  void Stop() { workers_.Stop(); }

  grpc::ServerUnaryReactor* ResolveRecord(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ResolveRecords(
      grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* ExplainPair(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ExplainAssociation(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListQuestions(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* Decide(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UndoDecision(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListDecisions(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetModel(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PreviewModel(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UseModel(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  registry::Identity& identity_;
  const Entrance entrance_;
  WorkerPool workers_;
};

}  // namespace brobygger::rpc
