#include "core/rpc/grant_service.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/grants/applications.h"
#include "core/grants/follow_ups.h"
#include "core/grants/money.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& GrantDescriptor() {
  return *grant::v1::GetGrantApplicationRequest::descriptor()->file()->FindServiceByName(
      "GrantService");
}

}  // namespace

GrantService::GrantService(storage::Store& store, Door& door)
    : stores_(store), entrance_{door, MethodsOf(GrantDescriptor())} {}

grpc::ServerUnaryReactor* GrantService::GetGrantApplication(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto query = [](const storage::Store& store,
                        const grant::v1::GetGrantApplicationRequest& wanted)
      -> absl::StatusOr<grant::v1::GetGrantApplicationResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
    grant::v1::GetGrantApplicationResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_application(),
                        grants::GetOwnedApplication(*snapshot, wanted.application_id()));
    return answer;
  };
  return ServeRead<grant::v1::GetGrantApplicationRequest>(
      entrance_, stores_, {"GetGrantApplication", context, request, response}, query);
}

grpc::ServerUnaryReactor* GrantService::ListGrantApplications(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return ServeRead<grant::v1::ListGrantApplicationsRequest>(
      entrance_, stores_, {"ListGrantApplications", context, request, response},
      [](const storage::Store& store, const grant::v1::ListGrantApplicationsRequest& wanted) {
        return grants::ListGrantApplications(store, wanted);
      });
}

grpc::ServerUnaryReactor* GrantService::AssignApplicant(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const grant::v1::AssignApplicantRequest& wanted,
         const std::string& actor) -> absl::StatusOr<grant::v1::AssignApplicantResponse> {
    grant::v1::AssignApplicantResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_application(),
                        grants::AssignApplicant(transaction, wanted, actor));
    return answer;
  };
  return ServeUnary<grant::v1::AssignApplicantRequest>(
      entrance_, {"AssignApplicant", context, request, response},
      [this, run](grant::v1::AssignApplicantRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::AssignApplicantResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* GrantService::GetAssociationMoney(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto query = [](const storage::Store& store,
                        const grant::v1::GetAssociationMoneyRequest& wanted)
      -> absl::StatusOr<grant::v1::GetAssociationMoneyResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
    grant::v1::GetAssociationMoneyResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_money(),
                        grants::GetAssociationMoney(*snapshot, wanted.association_id()));
    return answer;
  };
  return ServeRead<grant::v1::GetAssociationMoneyRequest>(
      entrance_, stores_, {"GetAssociationMoney", context, request, response}, query);
}

grpc::ServerUnaryReactor* GrantService::ListFollowUps(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeRead<grant::v1::ListFollowUpsRequest>(
      entrance_, stores_, {"ListFollowUps", context, request, response},
      [](const storage::Store& store, const grant::v1::ListFollowUpsRequest& wanted) {
        return grants::ListFollowUps(store, wanted);
      });
}

grpc::ServerUnaryReactor* GrantService::CompleteFollowUp(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const grant::v1::CompleteFollowUpRequest& wanted,
         const std::string& actor) -> absl::StatusOr<grant::v1::CompleteFollowUpResponse> {
    grant::v1::CompleteFollowUpResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_follow_up(),
                        grants::CompleteFollowUp(transaction, wanted, actor));
    return answer;
  };
  return ServeUnary<grant::v1::CompleteFollowUpRequest>(
      entrance_, {"CompleteFollowUp", context, request, response},
      [this, run](grant::v1::CompleteFollowUpRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::CompleteFollowUpResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

grpc::ServerUnaryReactor* GrantService::GetMoneyOnlyShare(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  const auto query = [](const storage::Store& store,
                        const grant::v1::GetMoneyOnlyShareRequest& wanted)
      -> absl::StatusOr<grant::v1::GetMoneyOnlyShareResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
    grant::v1::GetMoneyOnlyShareResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_share(),
                        grants::GetMoneyOnlyShare(*snapshot, wanted.municipality_code()));
    return answer;
  };
  return ServeRead<grant::v1::GetMoneyOnlyShareRequest>(
      entrance_, stores_, {"GetMoneyOnlyShare", context, request, response}, query);
}

}  // namespace brobygger::rpc
