#include "core/rpc/resource_check_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/resource_check.h"
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

absl::StatusOr<v1::ShareResourceCheckResponse> Share(Transaction& transaction,
                                                     const v1::ShareResourceCheckRequest& wanted,
                                                     const Actor& actor) {
  v1::ShareResourceCheckResponse response;
  BB_ASSIGN_OR_RETURN(*response.mutable_resource_check(),
                      collab::ShareResourceCheck(transaction, wanted, actor));
  return response;
}

// Hands `change(transaction, request, actor)` to the store.
template <typename Response, typename Request, typename Change>
absl::Status Submit(const scope::Stores& stores,
                    Request wanted,
                    UnaryCall* call,
                    const Change& change) {
  const auto run = [change, actor = ActorOf(call->caller())](
                       Transaction& transaction, const Request& request,
                       const std::string& /*name*/) { return change(transaction, request, actor); };
  return SubmitWrite<Response>(stores, std::move(wanted), call, run);
}

}  // namespace

ResourceCheckService::ResourceCheckService(storage::Store& store,
                                           Door& door,
                                           collab::ResourceStatementSource statements)
    : stores_(store),
      entrance_{door, MethodsOf(Descriptor())},
      statements_(std::move(statements)) {}

grpc::ServerUnaryReactor* ResourceCheckService::ListResourceStatements(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeQuery<v1::ListResourceStatementsRequest>(
      entrance_, {"ListResourceStatements", context, request, response},
      [this](const v1::ListResourceStatementsRequest& wanted)
          -> absl::StatusOr<v1::ListResourceStatementsResponse> {
        const auto now = statements_();
        const collab::ResourceStatements& statements = *now;
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
        const auto record =
            [statements = statements_()](
                Transaction& transaction, const v1::RecordResourceCheckRequest& told,
                const Actor& actor) -> absl::StatusOr<v1::RecordResourceCheckResponse> {
          v1::RecordResourceCheckResponse answer;
          BB_ASSIGN_OR_RETURN(
              *answer.mutable_resource_check(),
              collab::RecordResourceCheck(transaction, told.resource_check(), actor, *statements));
          return answer;
        };
        return Submit<v1::RecordResourceCheckResponse>(stores_, std::move(wanted), call, record);
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
        return Submit<v1::ShareResourceCheckResponse>(stores_, std::move(wanted), call, &Share);
      });
}

}  // namespace brobygger::rpc
