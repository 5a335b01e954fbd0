#include "core/rpc/people_service.h"

#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/people/corrections.h"
#include "core/people/own_view.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/work_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

constexpr int kQueue = 64;

const google::protobuf::ServiceDescriptor& PeopleDescriptor() {
  return *people::v1::AddPersonRequest::descriptor()->file()->FindServiceByName("PeopleService");
}

// What a worker answers with.
template <typename Response>
absl::StatusOr<std::string> Serialized(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return response->SerializeAsString();
}

}  // namespace

PeopleService::PeopleService(people::People& people,
                             storage::Store& store,
                             const base::Clock& clock,
                             Door& door)
    : people_(people),
      stores_(store),
      clock_(clock),
      entrance_{door, MethodsOf(PeopleDescriptor())},
      // One: writes of persons come one at a time anyway.
      worker_(1, kQueue) {}

grpc::ServerUnaryReactor* PeopleService::AddPerson(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return ServeWork<people::v1::AddPersonRequest>(
      entrance_, worker_, {"AddPerson", context, request, response},
      [this](const people::v1::AddPersonRequest& wanted,
             const access::Caller& caller) -> absl::StatusOr<std::string> {
        BB_ASSIGN_OR_RETURN(const auto ids,
                            people_.Add(caller, {wanted.person()}, wanted.override_suppression()));
        people::v1::AddPersonResponse answer;
        answer.set_person_id(ids.front());
        return answer.SerializeAsString();
      });
}

grpc::ServerUnaryReactor* PeopleService::UpdatePerson(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeWork<people::v1::UpdatePersonRequest>(
      entrance_, worker_, {"UpdatePerson", context, request, response},
      [this](const people::v1::UpdatePersonRequest& wanted,
             const access::Caller& caller) -> absl::StatusOr<std::string> {
        BB_RETURN_IF_ERROR(people_.Update(caller, wanted));
        people::v1::UpdatePersonResponse answer;
        answer.set_person_id(wanted.person_id());
        return answer.SerializeAsString();
      });
}

grpc::ServerUnaryReactor* PeopleService::ErasePerson(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeWork<people::v1::ErasePersonRequest>(
      entrance_, worker_, {"ErasePerson", context, request, response},
      [this](const people::v1::ErasePersonRequest& wanted, const access::Caller& caller) {
        return Serialized(people_.Erase(caller, wanted));
      });
}

grpc::ServerUnaryReactor* PeopleService::RunRetention(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeWork<people::v1::RunRetentionRequest>(
      entrance_, worker_, {"RunRetention", context, request, response},
      [this](const people::v1::RunRetentionRequest& wanted, const access::Caller& caller) {
        return Serialized(people_.RunRetention(caller, wanted.validate_only()));
      });
}

grpc::ServerUnaryReactor* PeopleService::ListContactPoints(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<people::v1::ListContactPointsRequest>(
      entrance_, {"ListContactPoints", context, request, response},
      [this](const people::v1::ListContactPointsRequest& wanted, UnaryCall* call) {
        call->Answer(people_.ListContactPoints(call->caller(), wanted));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* PeopleService::UnfoldPerson(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeUnary<people::v1::UnfoldPersonRequest>(
      entrance_, {"UnfoldPerson", context, request, response},
      [this](const people::v1::UnfoldPersonRequest& wanted, UnaryCall* call) -> absl::Status {
        people::v1::UnfoldPersonResponse answer;
        BB_ASSIGN_OR_RETURN(*answer.mutable_person(), people_.Unfold(call->caller(), wanted));
        call->Answer(absl::StatusOr<people::v1::UnfoldPersonResponse>(std::move(answer)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* PeopleService::ExportPerson(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeWork<people::v1::ExportPersonRequest>(
      entrance_, worker_, {"ExportPerson", context, request, response},
      [this](const people::v1::ExportPersonRequest& wanted,
             const access::Caller& caller) -> absl::StatusOr<std::string> {
        people::v1::ExportPersonResponse answer;
        BB_ASSIGN_OR_RETURN(*answer.mutable_json(), people_.Export(caller, wanted));
        return answer.SerializeAsString();
      });
}

grpc::ServerUnaryReactor* PeopleService::RequestCorrection(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<people::v1::RequestCorrectionRequest>(
      entrance_, {"RequestCorrection", context, request, response},
      [this](people::v1::RequestCorrectionRequest read, UnaryCall* call) {
        const auto run = [side = SideOf(call->caller())](
                             storage::Transaction& transaction,
                             const people::v1::RequestCorrectionRequest& wanted,
                             const std::string& /*actor*/)
            -> absl::StatusOr<people::v1::RequestCorrectionResponse> {
          people::v1::RequestCorrectionResponse answer;
          BB_ASSIGN_OR_RETURN(*answer.mutable_correction(),
                              people::RequestCorrection(transaction, wanted.correction(), side));
          return answer;
        };
        return SubmitWrite<people::v1::RequestCorrectionResponse>(stores_, std::move(read), call,
                                                                  run);
      });
}

grpc::ServerUnaryReactor* PeopleService::ListCorrections(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeRead<people::v1::ListCorrectionsRequest>(
      entrance_, stores_, {"ListCorrections", context, request, response},
      [](const storage::Store& store, const people::v1::ListCorrectionsRequest& wanted)
          -> absl::StatusOr<people::v1::ListCorrectionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        return people::ListCorrections(*latest, wanted);
      });
}

grpc::ServerUnaryReactor* PeopleService::CloseCorrection(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const people::v1::CloseCorrectionRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<people::v1::CloseCorrectionResponse> {
    people::v1::CloseCorrectionResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_correction(), people::CloseCorrection(transaction, wanted));
    return answer;
  };
  return ServeUnary<people::v1::CloseCorrectionRequest>(
      entrance_, {"CloseCorrection", context, request, response},
      [this, run](people::v1::CloseCorrectionRequest wanted, UnaryCall* call) {
        return SubmitWrite<people::v1::CloseCorrectionResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

grpc::ServerUnaryReactor* PeopleService::GetOwnView(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return ServeRead<people::v1::GetOwnViewRequest>(
      entrance_, stores_, {"GetOwnView", context, request, response},
      [this](const storage::Store& store, const people::v1::GetOwnViewRequest& wanted) {
        return people::GetOwnView(store, clock_, wanted.association_id());
      });
}

}  // namespace brobygger::rpc
