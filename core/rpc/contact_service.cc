#include "core/rpc/contact_service.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

using access::Caller;
using storage::Transaction;

const google::protobuf::ServiceDescriptor& ContactDescriptor() {
  return *contact::v1::ListTouchpointsRequest::descriptor()->file()->FindServiceByName(
      "ContactService");
}

// What is done with one touchpoint is done about its association, in whose extract it stands.
void NameAssociation(const storage::Store& store,
                     const google::protobuf::Message& request,
                     AuditedCall& call) {
  if (request.GetDescriptor()->FindFieldByName("touchpoint_id") == nullptr) return;
  const auto snapshot = store.Latest();
  if (!snapshot.ok()) return;
  const auto about = contact::AssociationOf(**snapshot, call.object_id);
  if (about.ok()) call.object_id = CleanedId(*about);
}

absl::StatusOr<contact::v1::AddTouchpointResponse> WriteContact(
    Transaction& transaction,
    const contact::v1::AddTouchpointRequest& wanted,
    const Caller& caller) {
  contact::v1::AddTouchpointResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_touchpoint(),
                      contact::AddTouchpoint(transaction, wanted.touchpoint(), caller));
  return answer;
}

absl::StatusOr<contact::v1::ReviewTouchpointResponse> ReviewContact(
    Transaction& transaction,
    const contact::v1::ReviewTouchpointRequest& wanted,
    const Caller& caller) {
  contact::v1::ReviewTouchpointResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_touchpoint(),
                      contact::ReviewTouchpoint(transaction, wanted, caller));
  return answer;
}

absl::StatusOr<contact::v1::CompleteFollowUpResponse> CompleteContact(
    Transaction& transaction,
    const contact::v1::CompleteFollowUpRequest& wanted,
    const Caller& caller) {
  contact::v1::CompleteFollowUpResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_touchpoint(),
                      contact::CompleteFollowUp(transaction, wanted.touchpoint_id(), caller));
  return answer;
}

absl::StatusOr<contact::v1::DeleteTouchpointResponse> DeleteContact(
    Transaction& transaction,
    const contact::v1::DeleteTouchpointRequest& wanted,
    const Caller& caller) {
  BB_RETURN_IF_ERROR(contact::DeleteTouchpoint(transaction, wanted.touchpoint_id(), caller));
  return contact::v1::DeleteTouchpointResponse();
}

// Hands `change(transaction, request, caller)` to the store.
template <typename Request, typename Response>
absl::Status SubmitContact(const scope::Stores& stores,
                           Request wanted,
                           UnaryCall* call,
                           absl::StatusOr<Response> (*change)(Transaction&,
                                                              const Request&,
                                                              const Caller&)) {
  // The call outlives its write, and with it who makes it.
  const auto run = [change, call](Transaction& transaction, const Request& request,
                                  const std::string& /*actor*/) {
    return change(transaction, request, call->caller());
  };
  return SubmitWrite<Response>(stores, std::move(wanted), call, run);
}

}  // namespace

ContactService::ContactService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store),
      clock_(clock),
      entrance_{door, MethodsOf(ContactDescriptor()),
                [&store](const google::protobuf::Message& request, AuditedCall& call) {
                  NameAssociation(store, request, call);
                }} {}

grpc::ServerUnaryReactor* ContactService::ListTouchpoints(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return ServeUnary<contact::v1::ListTouchpointsRequest>(
      entrance_, {"ListTouchpoints", context, request, response},
      [this](const contact::v1::ListTouchpointsRequest& wanted, UnaryCall* call) {
        const scope::ScopedStore store = stores_.For(call->caller());
        call->Answer(contact::ListTouchpoints(store, clock_, call->caller(), wanted));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* ContactService::AddTouchpoint(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return ServeUnary<contact::v1::AddTouchpointRequest>(
      entrance_, {"AddTouchpoint", context, request, response},
      [this](contact::v1::AddTouchpointRequest wanted, UnaryCall* call) {
        return SubmitContact(stores_, std::move(wanted), call, &WriteContact);
      });
}

grpc::ServerUnaryReactor* ContactService::ReviewTouchpoint(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<contact::v1::ReviewTouchpointRequest>(
      entrance_, {"ReviewTouchpoint", context, request, response},
      [this](contact::v1::ReviewTouchpointRequest wanted, UnaryCall* call) {
        return SubmitContact(stores_, std::move(wanted), call, &ReviewContact);
      });
}

grpc::ServerUnaryReactor* ContactService::CompleteFollowUp(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<contact::v1::CompleteFollowUpRequest>(
      entrance_, {"CompleteFollowUp", context, request, response},
      [this](contact::v1::CompleteFollowUpRequest wanted, UnaryCall* call) {
        return SubmitContact(stores_, std::move(wanted), call, &CompleteContact);
      });
}

grpc::ServerUnaryReactor* ContactService::DeleteTouchpoint(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<contact::v1::DeleteTouchpointRequest>(
      entrance_, {"DeleteTouchpoint", context, request, response},
      [this](contact::v1::DeleteTouchpointRequest wanted, UnaryCall* call) {
        return SubmitContact(stores_, std::move(wanted), call, &DeleteContact);
      });
}

}  // namespace brobygger::rpc
