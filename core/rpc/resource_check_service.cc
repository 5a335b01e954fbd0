#include "core/rpc/resource_check_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/resource_check.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

using collab::Actor;
using storage::Transaction;

const google::protobuf::ServiceDescriptor& ResourceCheckDescriptor() {
  return *collab::v1::ListResourceChecksRequest::descriptor()->file()->FindServiceByName(
      "ResourceCheckService");
}

absl::StatusOr<collab::v1::ShareResourceCheckResponse> Share(
    Transaction& transaction,
    const collab::v1::ShareResourceCheckRequest& wanted,
    const Actor& actor) {
  collab::v1::ShareResourceCheckResponse response;
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
      entrance_{door, MethodsOf(ResourceCheckDescriptor())},
      statements_(std::move(statements)) {}

grpc::ServerUnaryReactor* ResourceCheckService::ListResourceStatements(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeQuery<collab::v1::ListResourceStatementsRequest>(
      entrance_, {"ListResourceStatements", context, request, response},
      [this](const collab::v1::ListResourceStatementsRequest& wanted)
          -> absl::StatusOr<collab::v1::ListResourceStatementsResponse> {
        const auto now = statements_();
        const collab::ResourceStatements& statements = *now;
        collab::v1::ListResourceStatementsResponse told;
        for (const auto& each : statements.For(wanted.subject())) *told.add_statements() = each;
        told.set_statements_version(statements.version);
        return told;
      });
}

grpc::ServerUnaryReactor* ResourceCheckService::RecordResourceCheck(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::RecordResourceCheckRequest>(
      entrance_, {"RecordResourceCheck", context, request, response},
      [this](collab::v1::RecordResourceCheckRequest wanted, UnaryCall* call) {
        const auto record =
            [statements = statements_()](
                Transaction& transaction, const collab::v1::RecordResourceCheckRequest& told,
                const Actor& actor) -> absl::StatusOr<collab::v1::RecordResourceCheckResponse> {
          collab::v1::RecordResourceCheckResponse answer;
          BB_ASSIGN_OR_RETURN(
              *answer.mutable_resource_check(),
              collab::RecordResourceCheck(transaction, told.resource_check(), actor, *statements));
          return answer;
        };
        return Submit<collab::v1::RecordResourceCheckResponse>(stores_, std::move(wanted), call,
                                                               record);
      });
}

grpc::ServerUnaryReactor* ResourceCheckService::ListResourceChecks(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeRead<collab::v1::ListResourceChecksRequest>(
      entrance_, stores_, {"ListResourceChecks", context, request, response},
      [](const storage::Store& store, const collab::v1::ListResourceChecksRequest& wanted)
          -> absl::StatusOr<collab::v1::ListResourceChecksResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        BB_ASSIGN_OR_RETURN(auto checks, collab::ListResourceChecks(*snapshot, wanted.subject(),
                                                                    wanted.subject_id()));
        collab::v1::ListResourceChecksResponse told;
        for (auto& each : checks) *told.add_resource_checks() = std::move(each);
        return told;
      });
}

grpc::ServerUnaryReactor* ResourceCheckService::ShareResourceCheck(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::ShareResourceCheckRequest>(
      entrance_, {"ShareResourceCheck", context, request, response},
      [this](collab::v1::ShareResourceCheckRequest wanted, UnaryCall* call) {
        return Submit<collab::v1::ShareResourceCheckResponse>(stores_, std::move(wanted), call,
                                                              &Share);
      });
}

}  // namespace brobygger::rpc
