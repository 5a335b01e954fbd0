#include "core/rpc/advice_service.h"

#include <utility>

#include "core/access/scope.h"
#include "core/advice/advice.h"
#include "core/base/status_macros.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

using advice::Asking;
using storage::Transaction;

const google::protobuf::ServiceDescriptor& AdviceDescriptor() {
  return *collab::v1::ListAdviceRequest::descriptor()->file()->FindServiceByName("AdviceService");
}

Asking AskingOf(const access::Caller& caller) {
  if (caller.kind == access::CallerKind::kAssociation) {
    return {collab::v1::COLLABORATION_SIDE_ASSOCIATION, caller.association_id};
  }
  // The operator looks after both sides.
  if (access::SeesAll(caller)) return {};
  return {collab::v1::COLLABORATION_SIDE_MUNICIPALITY, caller.municipality_code};
}

// Hands `change(transaction, request, asking)` to the store.
template <typename Request, typename Response>
absl::Status Submit(const scope::Stores& stores,
                    Request wanted,
                    UnaryCall* call,
                    absl::StatusOr<Response> (*change)(Transaction&,
                                                       const Request&,
                                                       const Asking&)) {
  const auto run = [change, asking = AskingOf(call->caller())](Transaction& transaction,
                                                               const Request& request,
                                                               const std::string& /*name*/) {
    return change(transaction, request, asking);
  };
  return SubmitWrite<Response>(stores, std::move(wanted), call, run);
}

}  // namespace

AdviceService::AdviceService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(AdviceDescriptor())} {}

grpc::ServerUnaryReactor* AdviceService::ListAdvice(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::ListAdviceRequest>(
      entrance_, {"ListAdvice", context, request, response},
      [this](const collab::v1::ListAdviceRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(advice::ListAdvice(*snapshot, clock_.Now(), wanted, AskingOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AdviceService::DismissAdvice(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::DismissAdviceRequest>(
      entrance_, {"DismissAdvice", context, request, response},
      [this](collab::v1::DismissAdviceRequest wanted, UnaryCall* call) {
        return Submit(stores_, std::move(wanted), call, &advice::DismissAdvice);
      });
}

grpc::ServerUnaryReactor* AdviceService::RestoreAdvice(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::RestoreAdviceRequest>(
      entrance_, {"RestoreAdvice", context, request, response},
      [this](collab::v1::RestoreAdviceRequest wanted, UnaryCall* call) {
        return Submit(stores_, std::move(wanted), call, &advice::RestoreAdvice);
      });
}

}  // namespace brobygger::rpc
