#include "core/rpc/resource_check_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/resource_check.h"
#include "core/collab/resource_statements.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

namespace v1 = collab::v1;
using collab::Actor;
using storage::Transaction;

const google::protobuf::ServiceDescriptor& Descriptor() {
  return *v1::ListResourceChecksRequest::descriptor()->file()->FindServiceByName(
      "ResourceCheckService");
}

absl::StatusOr<v1::RecordResourceCheckResponse> Record(Transaction& transaction,
                                                       const v1::RecordResourceCheckRequest& wanted,
                                                       const Actor& actor) {
  v1::RecordResourceCheckResponse response;
  BB_ASSIGN_OR_RETURN(*response.mutable_resource_check(),
                      collab::RecordResourceCheck(transaction, wanted.resource_check(), actor));
  return response;
}

absl::StatusOr<v1::ShareResourceCheckResponse> Share(Transaction& transaction,
                                                     const v1::ShareResourceCheckRequest& wanted,
                                                     const Actor& actor) {
  v1::ShareResourceCheckResponse response;
  BB_ASSIGN_OR_RETURN(*response.mutable_resource_check(),
                      collab::ShareResourceCheck(transaction, wanted, actor));
  return response;
}

// Hands `change(transaction, request, actor)` to the store.
template <typename Request, typename Response>
absl::Status Submit(const scope::Stores& stores,
                    Request wanted,
                    UnaryCall* call,
                    absl::StatusOr<Response> (*change)(Transaction&,
                                                       const Request&,
                                                       const Actor&)) {
  const auto run = [change, actor = ActorOf(call->caller())](
                       Transaction& transaction, const Request& request,
                       const std::string& /*name*/) { return change(transaction, request, actor); };
  return SubmitWrite<Response>(stores, std::move(wanted), call, run);
}

}  // namespace

ResourceCheckService::ResourceCheckService(storage::Store& store, Door& door)
    : stores_(store), entrance_{door, MethodsOf(Descriptor())} {}

grpc::ServerUnaryReactor* ResourceCheckService::ListResourceStatements(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeQuery<v1::ListResourceStatementsRequest>(
      entrance_, {"ListResourceStatements", context, request, response},
      [](const v1::ListResourceStatementsRequest& wanted)
          -> absl::StatusOr<v1::ListResourceStatementsResponse> {
        const auto& statements = collab::ShippedResourceStatements();
        v1::ListResourceStatementsResponse told;
        for (const auto& each : statements.For(wanted.subject())) *told.add_statements() = each;
        told.set_statements_version(statements.version);
        return told;
      });
}

grpc::ServerUnaryReactor* ResourceCheckService::RecordResourceCheck(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<v1::RecordResourceCheckRequest>(
      entrance_, {"RecordResourceCheck", context, request, response},
      [this](v1::RecordResourceCheckRequest wanted, UnaryCall* call) {
        return Submit(stores_, std::move(wanted), call, &Record);
      });
}

grpc::ServerUnaryReactor* ResourceCheckService::ListResourceChecks(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeRead<v1::ListResourceChecksRequest>(
      entrance_, stores_, {"ListResourceChecks", context, request, response},
      [](const storage::Store& store, const v1::ListResourceChecksRequest& wanted)
          -> absl::StatusOr<v1::ListResourceChecksResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        BB_ASSIGN_OR_RETURN(auto checks, collab::ListResourceChecks(*snapshot, wanted.subject(),
                                                                    wanted.subject_id()));
        v1::ListResourceChecksResponse told;
        for (auto& each : checks) *told.add_resource_checks() = std::move(each);
        return told;
      });
}

grpc::ServerUnaryReactor* ResourceCheckService::ShareResourceCheck(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<v1::ShareResourceCheckRequest>(
      entrance_, {"ShareResourceCheck", context, request, response},
      [this](v1::ShareResourceCheckRequest wanted, UnaryCall* call) {
        return Submit(stores_, std::move(wanted), call, &Share);
      });
}

}  // namespace brobygger::rpc
