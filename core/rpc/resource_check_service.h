#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/collab/v1/resource_check_service.grpc.pb.h"

#include "core/collab/resource_statements.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
using RawResourceChecks =
    collab::v1::ResourceCheckService::WithRawCallbackMethod_ListResourceStatements<
        collab::v1::ResourceCheckService::WithRawCallbackMethod_RecordResourceCheck<
            collab::v1::ResourceCheckService::WithRawCallbackMethod_ListResourceChecks<
                collab::v1::ResourceCheckService::WithRawCallbackMethod_ShareResourceCheck<
                    collab::v1::ResourceCheckService::Service>>>>;

// Serves brobygger.collab.v1.ResourceCheckService. Reads run on gRPC's thread.
class ResourceCheckService final : public RawResourceChecks {
 public:
  // Both must outlive the service. `statements` may be called from any thread.
  ResourceCheckService(storage::Store& store,
                       Door& door,
                       collab::ResourceStatementSource statements);

  grpc::ServerUnaryReactor* ListResourceStatements(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordResourceCheck(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListResourceChecks(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ShareResourceCheck(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const Entrance entrance_;
  const collab::ResourceStatementSource statements_;
};

}  // namespace brobygger::rpc
