#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/report/v1/programme_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
using RawProgrammes = report::v1::ProgrammeService::WithRawCallbackMethod_PutProgramme<
    report::v1::ProgrammeService::WithRawCallbackMethod_ListProgrammes<
        report::v1::ProgrammeService::WithRawCallbackMethod_GetProgrammeReport<
            report::v1::ProgrammeService::WithRawCallbackMethod_ImportProgramme<
                report::v1::ProgrammeService::Service>>>>;

// Serves brobygger.report.v1.ProgrammeService. Reads run on gRPC's thread.
class ProgrammeService final : public RawProgrammes {
 public:
  // All must outlive the service.
  ProgrammeService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* PutProgramme(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListProgrammes(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetProgrammeReport(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ImportProgramme(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
