#include "core/rpc/sync_service.h"

#include <utility>

#include <google/protobuf/util/message_differencer.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/rpc/read_call.h"
#include "core/rpc/work_call.h"
#include "core/rpc/write_call.h"
#include "core/sync/connections.h"
#include "core/sync/lists.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& SyncDescriptor() {
  return *sync::v1::PlanSyncRequest::descriptor()->file()->FindServiceByName("SyncService");
}

// A response whose only field is `connection`.
template <typename Response>
absl::StatusOr<Response> HoldingConnection(absl::StatusOr<sync::v1::Connection> connection) {
  if (!connection.ok()) return connection.status();
  Response response;
  *response.mutable_connection() = *std::move(connection);
  return response;
}

// A connection says which files of this machine its plugin may reach, and which secrets it is
// given: that is for whoever runs the machine, and not for a role of a municipality's.
absl::Status CheckRunsTheHub(const access::Caller& caller) {
  if (caller.kind == access::CallerKind::kOperator) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "Only who runs the hub's machine makes and changes connections; others "
                         "may pause them. Ask whoever runs the hub.");
}

// The same, but that anybody who may operate connections may pause one, or let it run again.
absl::Status CheckChange(const storage::Transaction& transaction,
                         const access::Caller& caller,
                         const sync::v1::Connection& wanted) {
  if (caller.kind == access::CallerKind::kOperator) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(sync::v1::Connection before, sync::FindConnection(transaction, wanted.id()));
  before.set_disabled(wanted.disabled());
  before.set_etag(wanted.etag());
  sync::v1::Connection after = wanted;
  *after.mutable_create_time() = before.create_time();
  return google::protobuf::util::MessageDifferencer::Equals(before, after)
             ? absl::OkStatus()
             : CheckRunsTheHub(caller);
}

// Begins a stream whose work runs on a worker.
template <typename Request, typename Work>
absl::Status BeginStream(const Entrance& entrance,
                         WorkerPool& workers,
                         const Incoming& incoming,
                         const std::shared_ptr<ProgressStream>& stream,
                         const Work& work) {
  BB_ASSIGN_OR_RETURN(Door::Pass pass,
                      entrance.door.Enter(entrance.methods, incoming.method, *incoming.context));
  const access::Caller caller = pass.caller();
  stream->Admit(std::move(pass));
  Request request;
  BB_RETURN_IF_ERROR(
      ParseRequest(*incoming.request, entrance.door.options().request_bytes, &request));
  BB_RETURN_IF_ERROR(entrance.door.AuditNow(entrance.methods.at(incoming.method), caller, request));
  return workers.Push([stream, work, request = std::move(request)] {
    const absl::Status status = Guarded([&]() -> absl::Status {
      BB_ASSIGN_OR_RETURN(const auto last, work(request, *stream));
      stream->End(ToBytes(last));
      return absl::OkStatus();
    });
    if (!status.ok()) stream->Fail(status);
  });
}

template <typename Request, typename Work>
grpc::ServerWriteReactor<grpc::ByteBuffer>* ServeStream(const Entrance& entrance,
                                                        WorkerPool& workers,
                                                        const Incoming& incoming,
                                                        const Work& work) {
  const auto stream = ProgressStream::Make();
  const absl::Status begun =
      Guarded([&] { return BeginStream<Request>(entrance, workers, incoming, stream, work); });
  if (!begun.ok()) stream->Fail(begun);
  return stream.get();
}

// A list of the newest of what the caller may see.
template <typename Request, typename Response>
auto ListedFrom(absl::StatusOr<Response> (*list)(const storage::Snapshot&, const Request&)) {
  return [list](const storage::Store& store, const Request& wanted) -> absl::StatusOr<Response> {
    BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
    return list(*latest, wanted);
  };
}

// Passes the engine's news on to the caller.
template <typename Response>
sync::ProgressSink SinkOf(ProgressStream& stream) {
  return [&stream](const sync::v1::Progress& progress) {
    Response news;
    *news.mutable_progress() = progress;
    stream.Tell(ToBytes(news));
  };
}

}  // namespace

SyncService::SyncService(sync::Engine& engine,
                         storage::Store& store,
                         Door& door,
                         const SyncServiceOptions& options)
    : engine_(engine),
      stores_(store),
      entrance_{door, MethodsOf(SyncDescriptor())},
      workers_(options.workers, options.queue) {}

absl::Status SyncService::CheckConnectionSeen(const access::Caller& caller,
                                              const std::string& connection_id) const {
  BB_ASSIGN_OR_RETURN(const auto seen, stores_.For(caller).Latest());
  return sync::FindConnection(*seen, connection_id).status();
}

grpc::ServerUnaryReactor* SyncService::CreateConnection(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const sync::v1::CreateConnectionRequest& wanted,
                      const std::string& /*actor*/) {
    return HoldingConnection<sync::v1::CreateConnectionResponse>(
        sync::CreateConnection(transaction, wanted.connection()));
  };
  return ServeUnary<sync::v1::CreateConnectionRequest>(
      entrance_, {"CreateConnection", context, request, response},
      [this, run](sync::v1::CreateConnectionRequest wanted, UnaryCall* call) -> absl::Status {
        BB_RETURN_IF_ERROR(CheckRunsTheHub(call->caller()));
        return SubmitWrite<sync::v1::CreateConnectionResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* SyncService::UpdateConnection(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return ServeUnary<sync::v1::UpdateConnectionRequest>(
      entrance_, {"UpdateConnection", context, request, response},
      [this](sync::v1::UpdateConnectionRequest wanted, UnaryCall* call) {
        const auto run = [caller = call->caller()](storage::Transaction& transaction,
                                                   const sync::v1::UpdateConnectionRequest& asked,
                                                   const std::string& /*actor*/)
            -> absl::StatusOr<sync::v1::UpdateConnectionResponse> {
          BB_RETURN_IF_ERROR(CheckChange(transaction, caller, asked.connection()));
          return HoldingConnection<sync::v1::UpdateConnectionResponse>(
              sync::UpdateConnection(transaction, asked.connection()));
        };
        return SubmitWrite<sync::v1::UpdateConnectionResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* SyncService::ListConnections(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListConnectionsRequest>(
      entrance_, stores_, {"ListConnections", context, request, response},
      [this](const storage::Store& store, const sync::v1::ListConnectionsRequest& wanted)
          -> absl::StatusOr<sync::v1::ListConnectionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        return engine_.ListConnections(*latest, wanted.connection_id());
      });
}

grpc::ServerUnaryReactor* SyncService::CheckConnection(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  const auto work = [this](const sync::v1::CheckConnectionRequest& wanted,
                           const access::Caller& caller) -> absl::StatusOr<std::string> {
    BB_RETURN_IF_ERROR(CheckConnectionSeen(caller, wanted.connection_id()));
    BB_ASSIGN_OR_RETURN(const auto checked, engine_.CheckConnection(wanted.connection_id()));
    return checked.SerializeAsString();
  };
  return ServeWork<sync::v1::CheckConnectionRequest>(
      entrance_, workers_, {"CheckConnection", context, request, response}, work);
}

grpc::ServerUnaryReactor* SyncService::ListBusyDays(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto work = [this](const sync::v1::ListBusyDaysRequest& wanted,
                           const access::Caller& caller) -> absl::StatusOr<std::string> {
    BB_RETURN_IF_ERROR(CheckConnectionSeen(caller, wanted.connection_id()));
    BB_ASSIGN_OR_RETURN(const auto days, engine_.ListBusyDays(wanted.connection_id()));
    return days.SerializeAsString();
  };
  return ServeWork<sync::v1::ListBusyDaysRequest>(
      entrance_, workers_, {"ListBusyDays", context, request, response}, work);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* SyncService::PlanSync(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  const auto work = [this](const sync::v1::PlanSyncRequest& wanted,
                           ProgressStream& stream) -> absl::StatusOr<sync::v1::PlanSyncResponse> {
    BB_RETURN_IF_ERROR(CheckConnectionSeen(stream.caller(), wanted.connection_id()));
    const std::string& actor = stream.caller().actor;
    const auto sink = SinkOf<sync::v1::PlanSyncResponse>(stream);
    BB_ASSIGN_OR_RETURN(auto plan,
                        engine_.PlanSync(wanted.connection_id(), actor, sink, stream.cancel()));
    sync::v1::PlanSyncResponse last;
    *last.mutable_plan() = std::move(plan);
    return last;
  };
  return ServeStream<sync::v1::PlanSyncRequest>(entrance_, workers_,
                                                {"PlanSync", context, request, nullptr}, work);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* SyncService::ApplyPlan(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  const auto work = [this](const sync::v1::ApplyPlanRequest& wanted,
                           ProgressStream& stream) -> absl::StatusOr<sync::v1::ApplyPlanResponse> {
    BB_ASSIGN_OR_RETURN(const auto seen, stores_.For(stream.caller()).Latest());
    BB_RETURN_IF_ERROR(sync::FindPlan(*seen, wanted.plan_id()).status());
    const std::string& actor = stream.caller().actor;
    const auto sink = SinkOf<sync::v1::ApplyPlanResponse>(stream);
    BB_ASSIGN_OR_RETURN(auto run, engine_.ApplyPlan(wanted, actor, sink, stream.cancel()));
    sync::v1::ApplyPlanResponse last;
    *last.mutable_run() = std::move(run);
    return last;
  };
  return ServeStream<sync::v1::ApplyPlanRequest>(entrance_, workers_,
                                                 {"ApplyPlan", context, request, nullptr}, work);
}

grpc::ServerUnaryReactor* SyncService::GetPlan(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::GetPlanRequest>(
      entrance_, stores_, {"GetPlan", context, request, response},
      [](const storage::Store& store,
         const sync::v1::GetPlanRequest& wanted) -> absl::StatusOr<sync::v1::GetPlanResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        BB_ASSIGN_OR_RETURN(auto plan, sync::FindPlan(*latest, wanted.plan_id()));
        sync::v1::GetPlanResponse found;
        *found.mutable_plan() = std::move(plan);
        return found;
      });
}

grpc::ServerUnaryReactor* SyncService::ListPlannedActions(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListPlannedActionsRequest>(
      entrance_, stores_, {"ListPlannedActions", context, request, response},
      [](const storage::Store& store, const sync::v1::ListPlannedActionsRequest& wanted)
          -> absl::StatusOr<sync::v1::ListPlannedActionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        BB_ASSIGN_OR_RETURN(const auto plan, sync::FindPlan(*latest, wanted.plan_id()));
        return sync::ListPlannedActions(*latest, plan, wanted);
      });
}

grpc::ServerUnaryReactor* SyncService::ListRuns(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListRunsRequest>(
      entrance_, stores_, {"ListRuns", context, request, response}, ListedFrom(sync::ListRuns));
}

grpc::ServerUnaryReactor* SyncService::ListRejectedRecords(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListRejectedRecordsRequest>(
      entrance_, stores_, {"ListRejectedRecords", context, request, response},
      ListedFrom(sync::ListRejectedRecords));
}

grpc::ServerUnaryReactor* SyncService::ListConflicts(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeRead<sync::v1::ListConflictsRequest>(entrance_, stores_,
                                                   {"ListConflicts", context, request, response},
                                                   ListedFrom(sync::ListConflicts));
}

grpc::ServerUnaryReactor* SyncService::ListPlugins(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return ServeQuery<sync::v1::ListPluginsRequest>(
      entrance_, {"ListPlugins", context, request, response},
      [this](const sync::v1::ListPluginsRequest&) {
        return absl::StatusOr<sync::v1::ListPluginsResponse>(engine_.ListPlugins());
      });
}

}  // namespace brobygger::rpc
