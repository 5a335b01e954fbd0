#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/registry/v1/registry_service.grpc.pb.h"

#include "core/registry/identity.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawRegistryReads = registry::v1::RegistryService::WithRawCallbackMethod_GetAssociation<
    registry::v1::RegistryService::WithRawCallbackMethod_ListAssociations<
        registry::v1::RegistryService::WithRawCallbackMethod_ListAssociationHistory<
            registry::v1::RegistryService::WithRawCallbackMethod_ListRelations<
                registry::v1::RegistryService::WithRawCallbackMethod_ListMunicipalities<
                    registry::v1::RegistryService::WithRawCallbackMethod_ListDepartments<Base>>>>>>;
template <typename Base>
using RawRegistryWrites = registry::v1::RegistryService::WithRawCallbackMethod_CreateAssociation<
    registry::v1::RegistryService::WithRawCallbackMethod_UpdateAssociation<
        registry::v1::RegistryService::WithRawCallbackMethod_DeleteAssociation<
            registry::v1::RegistryService::WithRawCallbackMethod_UndeleteAssociation<
                registry::v1::RegistryService::WithRawCallbackMethod_CreateRelation<
                    registry::v1::RegistryService::WithRawCallbackMethod_DeleteRelation<
                        registry::v1::RegistryService::WithRawCallbackMethod_CreateDepartment<
                            registry::v1::RegistryService::
                                WithRawCallbackMethod_RecordVisibilityConsent<
                                    registry::v1::RegistryService::
                                        WithRawCallbackMethod_ConfirmSection<Base>>>>>>>>>;

// Serves brobygger.registry.v1.RegistryService from a store. Reads run on gRPC's
// thread, since each is short and bounded; writes wait for nothing and are
// answered from the store's thread.
class RegistryService final
    : public RawRegistryReads<RawRegistryWrites<registry::v1::RegistryService::Service>> {
 public:
  // All must outlive the service. With `identity`, which hears of the store's
  // writes, a new association that may be one there is gets a match question in the
  // write that makes it.
  RegistryService(storage::Store& store, Door& door, const registry::Identity* identity = nullptr);

  grpc::ServerUnaryReactor* GetAssociation(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListAssociations(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateAssociation(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateAssociation(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteAssociation(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UndeleteAssociation(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordVisibilityConsent(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ConfirmSection(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListAssociationHistory(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateRelation(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListRelations(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteRelation(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListMunicipalities(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateDepartment(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListDepartments(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const registry::Identity* const identity_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
