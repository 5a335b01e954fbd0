#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/collab/v1/advice_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
using RawAdvice = collab::v1::AdviceService::WithRawCallbackMethod_ListAdvice<
    collab::v1::AdviceService::WithRawCallbackMethod_DismissAdvice<
        collab::v1::AdviceService::WithRawCallbackMethod_RestoreAdvice<
            collab::v1::AdviceService::Service>>>;

// Serves brobygger.collab.v1.AdviceService. Reads run on gRPC's thread.
class AdviceService final : public RawAdvice {
 public:
  // All must outlive the service.
  AdviceService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* ListAdvice(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DismissAdvice(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RestoreAdvice(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
