#pragma once

#include <functional>
#include <memory>

#include <grpcpp/grpcpp.h>

#include "brobygger/access/v1/access_service.grpc.pb.h"
#include "brobygger/audit/v1/audit_service.grpc.pb.h"

#include "core/access/policy.h"
#include "core/audit/audit_log.h"
#include "core/audit/subject_keys.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawAccess = access::v1::AccessService::WithRawCallbackMethod_WhoAmI<
    access::v1::AccessService::WithRawCallbackMethod_ExplainAccess<
        access::v1::AccessService::WithRawCallbackMethod_CreateApiKey<
            access::v1::AccessService::WithRawCallbackMethod_ListApiKeys<
                access::v1::AccessService::WithRawCallbackMethod_RevokeApiKey<Base>>>>>;

// Gives the policy that holds now.
using PolicySource = std::function<std::shared_ptr<const access::Policy>()>;

// Serves brobygger.access.v1.AccessService. Reads run on gRPC's thread.
class AccessService final : public RawAccess<access::v1::AccessService::Service> {
 public:
  // All must outlive the service.
  AccessService(storage::Store& store, PolicySource policy, Door& door);

  grpc::ServerUnaryReactor* WhoAmI(grpc::CallbackServerContext* context,
                                   const grpc::ByteBuffer* request,
                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ExplainAccess(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateApiKey(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListApiKeys(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RevokeApiKey(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const PolicySource policy_;
  const Entrance entrance_;
};

// Serves brobygger.audit.v1.AuditService. A look-up reads the log's files on gRPC's thread.
class AuditService final : public audit::v1::AuditService::WithRawCallbackMethod_ListAccessLog<
                               audit::v1::AuditService::Service> {
 public:
  // Whether a caller may hear of a person.
  using SeesPerson =
      std::function<absl::StatusOr<bool>(const access::Caller&, const std::string& person_id)>;

  // All must outlive the service. Without `log` every call answers AUDIT_UNAVAILABLE.
  AuditService(const audit::AuditLog* log,
               const audit::SubjectKeys* subjects,
               const storage::Store& store,
               Door& door,
               SeesPerson sees_person);

  grpc::ServerUnaryReactor* ListAccessLog(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;

 private:
  absl::StatusOr<audit::v1::ListAccessLogResponse> List(
      const access::Caller& caller, const audit::v1::ListAccessLogRequest& wanted) const;
  // Whether what is asked about is the caller's own, so that they may know of all who looked.
  absl::StatusOr<bool> AsksOfOwn(const access::Caller& caller,
                                 const audit::v1::ListAccessLogRequest& wanted) const;

  const audit::AuditLog* const log_;
  const audit::SubjectKeys* const subjects_;
  // Everything: the log's objects are judged one by one.
  const storage::Store& store_;
  const SeesPerson sees_person_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
