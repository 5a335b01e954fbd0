#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/registry/v1/municipality_service.grpc.pb.h"

#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawMunicipalityReads = registry::v1::MunicipalityService::WithRawCallbackMethod_ListTasks<
    registry::v1::MunicipalityService::WithRawCallbackMethod_ListPolicies<
        registry::v1::MunicipalityService::WithRawCallbackMethod_ListCoordinationGroups<Base>>>;
template <typename Base>
using RawMunicipalityWrites =
    registry::v1::MunicipalityService::WithRawCallbackMethod_UpdateDepartment<
        registry::v1::MunicipalityService::WithRawCallbackMethod_ImportDepartments<
            registry::v1::MunicipalityService::WithRawCallbackMethod_AssignTask<
                registry::v1::MunicipalityService::WithRawCallbackMethod_WithdrawTask<
                    registry::v1::MunicipalityService::WithRawCallbackMethod_PutPolicy<
                        registry::v1::MunicipalityService::WithRawCallbackMethod_DeletePolicy<
                            registry::v1::MunicipalityService::
                                WithRawCallbackMethod_PutCoordinationGroup<
                                    registry::v1::MunicipalityService::
                                        WithRawCallbackMethod_DeleteCoordinationGroup<Base>>>>>>>>;

// Serves brobygger.registry.v1.MunicipalityService from a store. Reads run on gRPC's thread;
// writes are answered from the store's.
class MunicipalityService final
    : public RawMunicipalityReads<
          RawMunicipalityWrites<registry::v1::MunicipalityService::Service>> {
 public:
  // Both must outlive the service.
  MunicipalityService(storage::Store& store, Door& door);

  grpc::ServerUnaryReactor* ListTasks(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListPolicies(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListCoordinationGroups(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateDepartment(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ImportDepartments(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AssignTask(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* WithdrawTask(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PutPolicy(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeletePolicy(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PutCoordinationGroup(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteCoordinationGroup(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
