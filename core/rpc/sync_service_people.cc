// What people ask of, and answer to, a sync: conflicts, refused writes, undoing.
#include <utility>

#include "core/base/status_macros.h"
#include "core/rpc/sync_service.h"
#include "core/rpc/work_call.h"
#include "core/rpc/write_call.h"
#include "core/sync/lists.h"
#include "core/sync/resolve.h"

namespace brobygger::rpc {

namespace v1 = sync::v1;

grpc::ServerUnaryReactor* SyncService::ResolveConflict(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeUnary<v1::ResolveConflictRequest>(
      entrance_, {"ResolveConflict", context, request, response},
      [this](v1::ResolveConflictRequest wanted, UnaryCall* call) {
        return SubmitWrite<v1::ResolveConflictResponse>(store_, std::move(wanted), call,
                                                        sync::ResolveConflict);
      });
}

grpc::ServerUnaryReactor* SyncService::ReplayDeadLetters(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto work = [this](const v1::ReplayDeadLettersRequest& wanted,
                           const std::string& actor) -> absl::StatusOr<std::string> {
    v1::ReplayDeadLettersResponse answer;
    const auto replay = [&](storage::Transaction& transaction) -> absl::Status {
      BB_ASSIGN_OR_RETURN(answer, sync::ReplayDeadLetters(transaction, wanted));
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(store_.Write(actor, replay).status());
    return answer.SerializeAsString();
  };
  return ServeWork<v1::ReplayDeadLettersRequest>(
      entrance_, workers_, {"ReplayDeadLetters", context, request, response}, work);
}

grpc::ServerUnaryReactor* SyncService::UndoRun(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  const auto work = [this](const v1::UndoRunRequest& wanted,
                           const std::string& actor) -> absl::StatusOr<std::string> {
    BB_ASSIGN_OR_RETURN(const auto undone, engine_.UndoRun(wanted, actor));
    return undone.SerializeAsString();
  };
  return ServeWork<v1::UndoRunRequest>(entrance_, workers_, {"UndoRun", context, request, response},
                                       work);
}

grpc::ServerUnaryReactor* SyncService::ListRunActions(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeQuery<v1::ListRunActionsRequest>(
      entrance_, {"ListRunActions", context, request, response},
      [this](
          const v1::ListRunActionsRequest& wanted) -> absl::StatusOr<v1::ListRunActionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
        return sync::ListRunActions(*latest, wanted);
      });
}

grpc::ServerUnaryReactor* SyncService::ListDeadLetters(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeQuery<v1::ListDeadLettersRequest>(
      entrance_, {"ListDeadLetters", context, request, response},
      [this](
          const v1::ListDeadLettersRequest& wanted) -> absl::StatusOr<v1::ListDeadLettersResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
        return sync::ListDeadLetters(*latest, wanted);
      });
}

grpc::ServerUnaryReactor* SyncService::ListOverruledValues(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeQuery<v1::ListOverruledValuesRequest>(
      entrance_, {"ListOverruledValues", context, request, response},
      [this](const v1::ListOverruledValuesRequest& wanted)
          -> absl::StatusOr<v1::ListOverruledValuesResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
        return sync::ListOverruledValues(*latest, wanted);
      });
}

}  // namespace brobygger::rpc
