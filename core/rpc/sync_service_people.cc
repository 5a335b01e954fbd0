// What people ask of, and answer to, a sync: conflicts, refused writes, undoing.
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/joining.h"
#include "core/rpc/read_call.h"
#include "core/rpc/sync_service.h"
#include "core/rpc/work_call.h"
#include "core/rpc/write_call.h"
#include "core/sync/lists.h"
#include "core/sync/reject_plan.h"
#include "core/sync/resolve.h"
#include "core/sync/runs.h"

namespace brobygger::rpc {

grpc::ServerUnaryReactor* SyncService::ResolveConflict(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeUnary<sync::v1::ResolveConflictRequest>(
      entrance_, {"ResolveConflict", context, request, response},
      [this](sync::v1::ResolveConflictRequest wanted, UnaryCall* call) {
        return SubmitWrite<sync::v1::ResolveConflictResponse>(stores_, std::move(wanted), call,
                                                              sync::ResolveConflict);
      });
}

grpc::ServerUnaryReactor* SyncService::RejectPlan(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  return ServeUnary<sync::v1::RejectPlanRequest>(
      entrance_, {"RejectPlan", context, request, response},
      [this](sync::v1::RejectPlanRequest wanted, UnaryCall* call) {
        return SubmitWrite<sync::v1::RejectPlanResponse>(stores_, std::move(wanted), call,
                                                         sync::RejectPlan);
      });
}

grpc::ServerUnaryReactor* SyncService::ListSources(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return ServeUnary<sync::v1::ListSourcesRequest>(
      entrance_, {"ListSources", context, request, response},
      [this](const sync::v1::ListSourcesRequest& wanted, UnaryCall* call) -> absl::Status {
        BB_ASSIGN_OR_RETURN(const access::Caller seen, AsItsMunicipality(call->caller()));
        BB_ASSIGN_OR_RETURN(const auto snapshot, stores_.For(seen).Latest());
        call->Answer(sync::ListSources(*snapshot, wanted));
        return absl::OkStatus();
      });
}

// An association sees by what names its municipality knows the sources that tell of it; nothing of
// a connection but these is answered.
absl::StatusOr<access::Caller> SyncService::AsItsMunicipality(const access::Caller& caller) const {
  if (caller.kind != access::CallerKind::kAssociation) return caller;
  BB_ASSIGN_OR_RETURN(const auto snapshot, stores_.For(caller).Latest());
  BB_ASSIGN_OR_RETURN(const auto itself, registry::FollowMerges(*snapshot, caller.association_id));
  access::Caller home = caller;
  if (!itself) return home;
  home.kind = access::CallerKind::kEmployee;
  home.municipality_code = itself->municipality_code();
  return home;
}

grpc::ServerUnaryReactor* SyncService::AuditConnection(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  const auto work = [this](const sync::v1::AuditConnectionRequest& wanted,
                           const access::Caller& caller) -> absl::StatusOr<std::string> {
    BB_RETURN_IF_ERROR(CheckConnectionSeen(caller, wanted.connection_id()));
    const supervisor::CancelToken never;
    BB_ASSIGN_OR_RETURN(const auto audited, engine_.AuditConnection(wanted.connection_id(), never));
    return audited.SerializeAsString();
  };
  return ServeWork<sync::v1::AuditConnectionRequest>(
      entrance_, workers_, {"AuditConnection", context, request, response}, work);
}

grpc::ServerUnaryReactor* SyncService::ReplayDeadLetters(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto work = [this](const sync::v1::ReplayDeadLettersRequest& wanted,
                           const access::Caller& caller) -> absl::StatusOr<std::string> {
    sync::v1::ReplayDeadLettersResponse answer;
    const auto replay = [&](storage::Transaction& transaction) -> absl::Status {
      BB_ASSIGN_OR_RETURN(answer, sync::ReplayDeadLetters(transaction, wanted));
      return absl::OkStatus();
    };
    scope::ScopedStore store = stores_.For(caller);
    BB_RETURN_IF_ERROR(store.Write(caller.actor, replay).status());
    return answer.SerializeAsString();
  };
  return ServeWork<sync::v1::ReplayDeadLettersRequest>(
      entrance_, workers_, {"ReplayDeadLetters", context, request, response}, work);
}

grpc::ServerUnaryReactor* SyncService::UndoRun(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  const auto work = [this](const sync::v1::UndoRunRequest& wanted,
                           const access::Caller& caller) -> absl::StatusOr<std::string> {
    BB_ASSIGN_OR_RETURN(const auto seen, stores_.For(caller).Latest());
    BB_RETURN_IF_ERROR(sync::FindRun(*seen, wanted.run_id()).status());
    BB_ASSIGN_OR_RETURN(const auto undone, engine_.UndoRun(wanted, caller.actor));
    return undone.SerializeAsString();
  };
  return ServeWork<sync::v1::UndoRunRequest>(entrance_, workers_,
                                             {"UndoRun", context, request, response}, work);
}

grpc::ServerUnaryReactor* SyncService::ListRunActions(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListRunActionsRequest>(
      entrance_, stores_, {"ListRunActions", context, request, response},
      [](const storage::Store& store, const sync::v1::ListRunActionsRequest& wanted)
          -> absl::StatusOr<sync::v1::ListRunActionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        return sync::ListRunActions(*latest, wanted);
      });
}

grpc::ServerUnaryReactor* SyncService::ListDeadLetters(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListDeadLettersRequest>(
      entrance_, stores_, {"ListDeadLetters", context, request, response},
      [](const storage::Store& store, const sync::v1::ListDeadLettersRequest& wanted)
          -> absl::StatusOr<sync::v1::ListDeadLettersResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        return sync::ListDeadLetters(*latest, wanted);
      });
}

grpc::ServerUnaryReactor* SyncService::ListOverruledValues(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListOverruledValuesRequest>(
      entrance_, stores_, {"ListOverruledValues", context, request, response},
      [](const storage::Store& store, const sync::v1::ListOverruledValuesRequest& wanted)
          -> absl::StatusOr<sync::v1::ListOverruledValuesResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        return sync::ListOverruledValues(*latest, wanted);
      });
}

}  // namespace brobygger::rpc
