#pragma once

#include <memory>

#include <grpcpp/grpcpp.h>

#include "brobygger/sync/v1/sync_service.grpc.pb.h"

#include "core/rpc/progress_stream.h"
#include "core/rpc/unary_call.h"
#include "core/rpc/worker_pool.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawSyncReads = sync::v1::SyncService::WithRawCallbackMethod_ListConnections<
    sync::v1::SyncService::WithRawCallbackMethod_GetPlan<
        sync::v1::SyncService::WithRawCallbackMethod_ListPlannedActions<
            sync::v1::SyncService::WithRawCallbackMethod_ListRuns<
                sync::v1::SyncService::WithRawCallbackMethod_ListRejectedRecords<
                    sync::v1::SyncService::WithRawCallbackMethod_ListConflicts<
                        sync::v1::SyncService::WithRawCallbackMethod_ListPlugins<Base>>>>>>>;
template <typename Base>
using RawSyncOutbound = sync::v1::SyncService::WithRawCallbackMethod_ResolveConflict<
    sync::v1::SyncService::WithRawCallbackMethod_RejectPlan<
        sync::v1::SyncService::WithRawCallbackMethod_ListSources<
            sync::v1::SyncService::WithRawCallbackMethod_ListRunActions<
                sync::v1::SyncService::WithRawCallbackMethod_UndoRun<
                    sync::v1::SyncService::WithRawCallbackMethod_ListDeadLetters<
                        sync::v1::SyncService::WithRawCallbackMethod_ReplayDeadLetters<
                            sync::v1::SyncService::WithRawCallbackMethod_ListOverruledValues<
                                Base>>>>>>>>;
template <typename Base>
using RawSyncWork = sync::v1::SyncService::WithRawCallbackMethod_CreateConnection<
    sync::v1::SyncService::WithRawCallbackMethod_UpdateConnection<
        sync::v1::SyncService::WithRawCallbackMethod_CheckConnection<
            sync::v1::SyncService::WithRawCallbackMethod_AuditConnection<
                sync::v1::SyncService::WithRawCallbackMethod_ListBusyDays<
                    sync::v1::SyncService::WithRawCallbackMethod_PlanSync<
                        sync::v1::SyncService::WithRawCallbackMethod_ApplyPlan<Base>>>>>>>;

struct SyncServiceOptions {
  int workers = 4;
  int queue = 32;
};

// Serves brobygger.sync.v1.SyncService from an engine. What may wait for a
// source, or for the store, runs on a few threads of its own; PlanSync and
// ApplyPlan stop at their next checkpoint when the caller cancels.
class SyncService final
    : public RawSyncReads<RawSyncOutbound<RawSyncWork<sync::v1::SyncService::Service>>> {
 public:
  // All must outlive the service.
  SyncService(sync::Engine& engine,
              storage::Store& store,
              Door& door,
              const SyncServiceOptions& options);

  grpc::ServerUnaryReactor* CreateConnection(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateConnection(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListConnections(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CheckConnection(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AuditConnection(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListBusyDays(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* PlanSync(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request) override;
  grpc::ServerWriteReactor<grpc::ByteBuffer>* ApplyPlan(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request) override;
  grpc::ServerUnaryReactor* RejectPlan(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListSources(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetPlan(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListPlannedActions(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListRuns(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListRejectedRecords(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListConflicts(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListPlugins(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ResolveConflict(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListRunActions(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UndoRun(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListDeadLetters(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ReplayDeadLetters(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListOverruledValues(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;

  // Takes no more work and waits for what is under way. Only once the server
  // has ended every call, so that all of it is done or cancelled.
  void Stop() { workers_.Stop(); }

 private:
  // CONNECTION_NOT_FOUND for one that is not there for the caller. What the engine then does, it
  // does for the connection's own municipality.
  absl::Status CheckConnectionSeen(const access::Caller& caller,
                                   const std::string& connection_id) const;
  absl::StatusOr<access::Caller> AsItsMunicipality(const access::Caller& caller) const;

  sync::Engine& engine_;
  const scope::Stores stores_;
  const Entrance entrance_;
  WorkerPool workers_;
};

}  // namespace brobygger::rpc
