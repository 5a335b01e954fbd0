#include "core/rpc/municipality_service.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/municipality_work.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& MunicipalityDescriptor() {
  return *registry::v1::ListTasksRequest::descriptor()->file()->FindServiceByName(
      "MunicipalityService");
}

// The whole of a method that writes: `run(transaction, request)` gives the answer.
template <typename Request, typename Response, typename Run>
grpc::ServerUnaryReactor* ServeWrite(const Entrance& entrance,
                                     const scope::Stores& stores,
                                     const Incoming& incoming,
                                     Run run) {
  // What is written here is the municipality's, whoever writes it; the store's versions say who.
  const auto body = [run](storage::Transaction& transaction, const Request& wanted,
                          const std::string& /*actor*/) -> absl::StatusOr<Response> {
    return run(transaction, wanted);
  };
  return ServeUnary<Request>(entrance, incoming, [&stores, body](Request wanted, UnaryCall* call) {
    return SubmitWrite<Response>(stores, std::move(wanted), call, body);
  });
}

// The whole of a method that reads: `query(snapshot, request)` gives the answer.
template <typename Request, typename Query>
grpc::ServerUnaryReactor* ServeSnapshot(const Entrance& entrance,
                                        const scope::Stores& stores,
                                        const Incoming& incoming,
                                        const Query& query) {
  using Answer =
      decltype(query(std::declval<const storage::Snapshot&>(), std::declval<const Request&>()));
  const auto read = [&](const storage::Store& store, const Request& wanted) -> Answer {
    BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
    return query(*snapshot, wanted);
  };
  return ServeRead<Request>(entrance, stores, incoming, read);
}

}  // namespace

MunicipalityService::MunicipalityService(storage::Store& store, Door& door)
    : stores_(store), entrance_{door, MethodsOf(MunicipalityDescriptor())} {}

grpc::ServerUnaryReactor* MunicipalityService::UpdateDepartment(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::UpdateDepartmentRequest& wanted)
      -> absl::StatusOr<registry::v1::UpdateDepartmentResponse> {
    registry::v1::UpdateDepartmentResponse answer;
    BB_ASSIGN_OR_RETURN(
        *answer.mutable_department(),
        registry::UpdateDepartment(transaction, wanted.department(), wanted.update_mask()));
    return answer;
  };
  return ServeWrite<registry::v1::UpdateDepartmentRequest, registry::v1::UpdateDepartmentResponse>(
      entrance_, stores_, {"UpdateDepartment", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::ImportDepartments(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::ImportDepartmentsRequest& wanted)
      -> absl::StatusOr<registry::v1::ImportDepartmentsResponse> {
    return registry::ImportDepartments(transaction, wanted);
  };
  return ServeWrite<registry::v1::ImportDepartmentsRequest,
                    registry::v1::ImportDepartmentsResponse>(
      entrance_, stores_, {"ImportDepartments", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::AssignTask(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::AssignTaskRequest& wanted)
      -> absl::StatusOr<registry::v1::AssignTaskResponse> {
    registry::v1::AssignTaskResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_assignment(),
                        registry::AssignTask(transaction, wanted.assignment()));
    return answer;
  };
  return ServeWrite<registry::v1::AssignTaskRequest, registry::v1::AssignTaskResponse>(
      entrance_, stores_, {"AssignTask", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::WithdrawTask(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::WithdrawTaskRequest& wanted)
      -> absl::StatusOr<registry::v1::WithdrawTaskResponse> {
    BB_RETURN_IF_ERROR(registry::WithdrawTask(transaction, wanted.assignment_id()));
    return registry::v1::WithdrawTaskResponse();
  };
  return ServeWrite<registry::v1::WithdrawTaskRequest, registry::v1::WithdrawTaskResponse>(
      entrance_, stores_, {"WithdrawTask", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::PutPolicy(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::PutPolicyRequest& wanted)
      -> absl::StatusOr<registry::v1::PutPolicyResponse> {
    registry::v1::PutPolicyResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_policy(),
                        registry::PutPolicy(transaction, wanted.policy()));
    return answer;
  };
  return ServeWrite<registry::v1::PutPolicyRequest, registry::v1::PutPolicyResponse>(
      entrance_, stores_, {"PutPolicy", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::DeletePolicy(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::DeletePolicyRequest& wanted)
      -> absl::StatusOr<registry::v1::DeletePolicyResponse> {
    BB_RETURN_IF_ERROR(registry::DeletePolicy(transaction, wanted.policy_id()));
    return registry::v1::DeletePolicyResponse();
  };
  return ServeWrite<registry::v1::DeletePolicyRequest, registry::v1::DeletePolicyResponse>(
      entrance_, stores_, {"DeletePolicy", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::PutCoordinationGroup(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::PutCoordinationGroupRequest& wanted)
      -> absl::StatusOr<registry::v1::PutCoordinationGroupResponse> {
    registry::v1::PutCoordinationGroupResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_coordination_group(),
                        registry::PutCoordinationGroup(transaction, wanted.coordination_group()));
    return answer;
  };
  return ServeWrite<registry::v1::PutCoordinationGroupRequest,
                    registry::v1::PutCoordinationGroupResponse>(
      entrance_, stores_, {"PutCoordinationGroup", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::DeleteCoordinationGroup(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const registry::v1::DeleteCoordinationGroupRequest& wanted)
      -> absl::StatusOr<registry::v1::DeleteCoordinationGroupResponse> {
    BB_RETURN_IF_ERROR(
        registry::DeleteCoordinationGroup(transaction, wanted.coordination_group_id()));
    return registry::v1::DeleteCoordinationGroupResponse();
  };
  return ServeWrite<registry::v1::DeleteCoordinationGroupRequest,
                    registry::v1::DeleteCoordinationGroupResponse>(
      entrance_, stores_, {"DeleteCoordinationGroup", context, request, response}, run);
}

grpc::ServerUnaryReactor* MunicipalityService::ListTasks(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeSnapshot<registry::v1::ListTasksRequest>(
      entrance_, stores_, {"ListTasks", context, request, response},
      [](const storage::Snapshot& snapshot, const registry::v1::ListTasksRequest& wanted) {
        return registry::ListTasks(snapshot, wanted);
      });
}

grpc::ServerUnaryReactor* MunicipalityService::ListPolicies(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return ServeSnapshot<registry::v1::ListPoliciesRequest>(
      entrance_, stores_, {"ListPolicies", context, request, response},
      [](const storage::Snapshot& snapshot, const registry::v1::ListPoliciesRequest& wanted) {
        return registry::ListPolicies(snapshot, wanted.municipality_code());
      });
}

grpc::ServerUnaryReactor* MunicipalityService::ListCoordinationGroups(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeSnapshot<registry::v1::ListCoordinationGroupsRequest>(
      entrance_, stores_, {"ListCoordinationGroups", context, request, response},
      [](const storage::Snapshot& snapshot,
         const registry::v1::ListCoordinationGroupsRequest& wanted) {
        return registry::ListCoordinationGroups(snapshot, wanted.municipality_code());
      });
}

}  // namespace brobygger::rpc
