#include "core/rpc/premises_service.h"

#include <string>
#include <utility>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/grants/premises.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

using storage::Transaction;

const google::protobuf::ServiceDescriptor& PremisesDescriptor() {
  return *grant::v1::ListPremisesRequest::descriptor()->file()->FindServiceByName(
      "PremisesService");
}

// Whose word a need is.
registry::v1::Perspective AnsweringSide(const access::Caller& caller) {
  return caller.kind == access::CallerKind::kAssociation ? registry::v1::PERSPECTIVE_ASSOCIATION
                                                         : registry::v1::PERSPECTIVE_MUNICIPALITY;
}

}  // namespace

PremisesService::PremisesService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(PremisesDescriptor())} {}

grpc::ServerUnaryReactor* PremisesService::StatePremisesNeed(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return ServeUnary<grant::v1::StatePremisesNeedRequest>(
      entrance_, {"StatePremisesNeed", context, request, response},
      [this](grant::v1::StatePremisesNeedRequest wanted, UnaryCall* call) {
        const auto run = [by = AnsweringSide(call->caller())](
                             Transaction& transaction,
                             const grant::v1::StatePremisesNeedRequest& stated,
                             const std::string& /*actor*/)
            -> absl::StatusOr<grant::v1::StatePremisesNeedResponse> {
          grant::v1::StatePremisesNeedResponse answer;
          BB_ASSIGN_OR_RETURN(*answer.mutable_need(),
                              grants::StateNeed(transaction, stated.need(), by));
          return answer;
        };
        return SubmitWrite<grant::v1::StatePremisesNeedResponse>(stores_, std::move(wanted), call,
                                                                 run);
      });
}

grpc::ServerUnaryReactor* PremisesService::SettlePremisesNeed(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  const auto run =
      [](Transaction& transaction, const grant::v1::SettlePremisesNeedRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<grant::v1::SettlePremisesNeedResponse> {
    grant::v1::SettlePremisesNeedResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_need(), grants::SettleNeed(transaction, wanted));
    return answer;
  };
  return ServeUnary<grant::v1::SettlePremisesNeedRequest>(
      entrance_, {"SettlePremisesNeed", context, request, response},
      [this, run](grant::v1::SettlePremisesNeedRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::SettlePremisesNeedResponse>(stores_, std::move(wanted), call,
                                                                  run);
      });
}

grpc::ServerUnaryReactor* PremisesService::ListPremisesNeeds(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return ServeRead<grant::v1::ListPremisesNeedsRequest>(
      entrance_, stores_, {"ListPremisesNeeds", context, request, response},
      [](const storage::Store& store, const grant::v1::ListPremisesNeedsRequest& wanted) {
        return grants::ListNeeds(store, wanted);
      });
}

grpc::ServerUnaryReactor* PremisesService::AllocatePremises(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto run =
      [](Transaction& transaction, const grant::v1::AllocatePremisesRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<grant::v1::AllocatePremisesResponse> {
    grant::v1::AllocatePremisesResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_premises(),
                        grants::Allocate(transaction, wanted.premises()));
    return answer;
  };
  return ServeUnary<grant::v1::AllocatePremisesRequest>(
      entrance_, {"AllocatePremises", context, request, response},
      [this, run](grant::v1::AllocatePremisesRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::AllocatePremisesResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

grpc::ServerUnaryReactor* PremisesService::ReleasePremises(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  const auto run =
      [](Transaction& transaction, const grant::v1::ReleasePremisesRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<grant::v1::ReleasePremisesResponse> {
    grant::v1::ReleasePremisesResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_premises(), grants::Release(transaction, wanted));
    return answer;
  };
  return ServeUnary<grant::v1::ReleasePremisesRequest>(
      entrance_, {"ReleasePremises", context, request, response},
      [this, run](grant::v1::ReleasePremisesRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::ReleasePremisesResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* PremisesService::ListPremises(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return ServeRead<grant::v1::ListPremisesRequest>(
      entrance_, stores_, {"ListPremises", context, request, response},
      [this](const storage::Store& store, const grant::v1::ListPremisesRequest& wanted) {
        return grants::ListPremises(store, wanted, base::DanishDayOf(clock_.Now()));
      });
}

}  // namespace brobygger::rpc
