#include "core/rpc/programme_service.h"

#include <algorithm>
#include <utility>

#include "core/access/scope.h"
#include "core/base/status_macros.h"
#include "core/report/programme_import.h"
#include "core/report/programmes.h"
#include "core/report/report.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

using storage::Transaction;

const google::protobuf::ServiceDescriptor& ProgrammeDescriptor() {
  return *report::v1::PutProgrammeRequest::descriptor()->file()->FindServiceByName(
      "ProgrammeService");
}

absl::StatusOr<report::v1::PutProgrammeResponse> PutAll(
    Transaction& transaction,
    const report::v1::PutProgrammeRequest& wanted,
    const std::string& /*actor*/) {
  report::v1::PutProgrammeResponse response;
  BB_ASSIGN_OR_RETURN(*response.mutable_programme(),
                      report::PutProgramme(transaction, wanted.programme()));
  return response;
}

// Whether figures of it tell less than all of it.
bool IsPartial(const access::Caller& caller, const report::v1::Programme& programme) {
  const auto& codes = programme.municipality_codes();
  return !access::SeesAll(caller) &&
         !std::all_of(codes.begin(), codes.end(),
                      [&](const std::string& code) { return access::IsOwn(caller, code); });
}

}  // namespace

ProgrammeService::ProgrammeService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(ProgrammeDescriptor())} {}

grpc::ServerUnaryReactor* ProgrammeService::PutProgramme(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeUnary<report::v1::PutProgrammeRequest>(
      entrance_, {"PutProgramme", context, request, response},
      [this](report::v1::PutProgrammeRequest wanted, UnaryCall* call) {
        return SubmitWrite<report::v1::PutProgrammeResponse>(stores_, std::move(wanted), call,
                                                             &PutAll);
      });
}

grpc::ServerUnaryReactor* ProgrammeService::ListProgrammes(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeRead<report::v1::ListProgrammesRequest>(
      entrance_, stores_, {"ListProgrammes", context, request, response},
      [](const storage::Store& store, const report::v1::ListProgrammesRequest& /*wanted*/)
          -> absl::StatusOr<report::v1::ListProgrammesResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        BB_ASSIGN_OR_RETURN(auto programmes, report::ListProgrammes(*snapshot));
        report::v1::ListProgrammesResponse told;
        for (auto& each : programmes) *told.add_programmes() = std::move(each);
        return told;
      });
}

grpc::ServerUnaryReactor* ProgrammeService::GetProgrammeReport(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request,
                                                               grpc::ByteBuffer* response) {
  return ServeUnary<report::v1::GetProgrammeReportRequest>(
      entrance_, {"GetProgrammeReport", context, request, response},
      [this](const report::v1::GetProgrammeReportRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        report::v1::GetProgrammeReportResponse told;
        BB_ASSIGN_OR_RETURN(*told.mutable_report(),
                            report::MakeReport(store, clock_.Now(), wanted));
        told.mutable_report()->set_partial(IsPartial(call->caller(), told.report().programme()));
        call->Answer(absl::StatusOr<report::v1::GetProgrammeReportResponse>(std::move(told)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* ProgrammeService::ImportProgramme(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return ServeUnary<report::v1::ImportProgrammeRequest>(
      entrance_, {"ImportProgramme", context, request, response},
      [this](report::v1::ImportProgrammeRequest wanted, UnaryCall* call) {
        const auto run = [actor = ActorOf(call->caller())](
                             Transaction& transaction,
                             const report::v1::ImportProgrammeRequest& told,
                             const std::string& /*name*/) {
          return report::ImportProgramme(transaction, told, actor);
        };
        return SubmitWrite<report::v1::ImportProgrammeResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

}  // namespace brobygger::rpc
