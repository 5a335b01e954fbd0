#include "core/rpc/contact_service.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& ContactDescriptor() {
  return *contact::v1::ListTouchpointsRequest::descriptor()->file()->FindServiceByName(
      "ContactService");
}

}  // namespace

ContactService::ContactService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(ContactDescriptor())} {}

grpc::ServerUnaryReactor* ContactService::ListTouchpoints(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return ServeRead<contact::v1::ListTouchpointsRequest>(
      entrance_, stores_, {"ListTouchpoints", context, request, response},
      [this](const storage::Store& store, const contact::v1::ListTouchpointsRequest& wanted) {
        return contact::ListTouchpoints(store, clock_, wanted);
      });
}

grpc::ServerUnaryReactor* ContactService::AddTouchpoint(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const contact::v1::AddTouchpointRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<contact::v1::AddTouchpointResponse> {
    contact::v1::AddTouchpointResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_touchpoint(),
                        contact::AddTouchpoint(transaction, wanted.touchpoint(), actor));
    return answer;
  };
  return ServeUnary<contact::v1::AddTouchpointRequest>(
      entrance_, {"AddTouchpoint", context, request, response},
      [this, run](contact::v1::AddTouchpointRequest wanted, UnaryCall* call) {
        return SubmitWrite<contact::v1::AddTouchpointResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* ContactService::ReviewTouchpoint(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const contact::v1::ReviewTouchpointRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<contact::v1::ReviewTouchpointResponse> {
    contact::v1::ReviewTouchpointResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_touchpoint(),
                        contact::ReviewTouchpoint(transaction, wanted, actor));
    return answer;
  };
  return ServeUnary<contact::v1::ReviewTouchpointRequest>(
      entrance_, {"ReviewTouchpoint", context, request, response},
      [this, run](contact::v1::ReviewTouchpointRequest wanted, UnaryCall* call) {
        return SubmitWrite<contact::v1::ReviewTouchpointResponse>(stores_, std::move(wanted), call,
                                                                  run);
      });
}

grpc::ServerUnaryReactor* ContactService::CompleteFollowUp(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const contact::v1::CompleteFollowUpRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<contact::v1::CompleteFollowUpResponse> {
    contact::v1::CompleteFollowUpResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_touchpoint(),
                        contact::CompleteFollowUp(transaction, wanted.touchpoint_id()));
    return answer;
  };
  return ServeUnary<contact::v1::CompleteFollowUpRequest>(
      entrance_, {"CompleteFollowUp", context, request, response},
      [this, run](contact::v1::CompleteFollowUpRequest wanted, UnaryCall* call) {
        return SubmitWrite<contact::v1::CompleteFollowUpResponse>(stores_, std::move(wanted), call,
                                                                  run);
      });
}

grpc::ServerUnaryReactor* ContactService::DeleteTouchpoint(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const contact::v1::DeleteTouchpointRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<contact::v1::DeleteTouchpointResponse> {
    BB_RETURN_IF_ERROR(contact::DeleteTouchpoint(transaction, wanted.touchpoint_id()));
    return contact::v1::DeleteTouchpointResponse();
  };
  return ServeUnary<contact::v1::DeleteTouchpointRequest>(
      entrance_, {"DeleteTouchpoint", context, request, response},
      [this, run](contact::v1::DeleteTouchpointRequest wanted, UnaryCall* call) {
        return SubmitWrite<contact::v1::DeleteTouchpointResponse>(stores_, std::move(wanted), call,
                                                                  run);
      });
}

}  // namespace brobygger::rpc
