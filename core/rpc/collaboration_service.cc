#include "core/rpc/collaboration_service.h"

#include <utility>

#include "core/access/scope.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/collab/alignment.h"
#include "core/collab/collaborations.h"
#include "core/collab/meanings.h"
#include "core/collab/proposals.h"
#include "core/registry/query.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

using collab::Actor;
using storage::Transaction;

const google::protobuf::ServiceDescriptor& CollaborationDescriptor() {
  return *collab::v1::GetAgreementRequest::descriptor()->file()->FindServiceByName(
      "CollaborationService");
}

void Hold(collab::v1::Collaboration&& collaboration, auto& response) {
  *response.mutable_collaboration() = std::move(collaboration);
}
void Hold(collab::v1::AlignmentRound&& round, auto& response) {
  *response.mutable_alignment() = std::move(round);
}

// Others may have the right to hand it on with a key, and speak for no centre.
absl::Status CheckCentre(const access::Caller& caller) {
  const bool speaks =
      caller.kind == access::CallerKind::kVolunteerCentre || access::SeesAll(caller);
  if (speaks) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "a volunteer centre proposes this way; brobygger collaboration create is "
                         "for a municipality's employees");
}

}  // namespace

CollaborationService::CollaborationService(storage::Store& store,
                                           const base::Clock& clock,
                                           Door& door,
                                           collab::StatementSource statements)
    : stores_(store),
      clock_(clock),
      entrance_{door, MethodsOf(CollaborationDescriptor())},
      statements_(std::move(statements)) {}

template <typename Request, typename Response, typename Change>
grpc::ServerUnaryReactor* CollaborationService::Write(const Incoming& incoming, Change change) {
  return ServeUnary<Request>(entrance_, incoming, [this, change](Request wanted, UnaryCall* call) {
    const auto run = [change, actor = ActorOf(call->caller())](
                         Transaction& transaction, const Request& request,
                         const std::string& /*name*/) -> absl::StatusOr<Response> {
      auto changed = change(transaction, request, actor);
      if (!changed.ok()) return changed.status();
      Response response;
      Hold(*std::move(changed), response);
      return response;
    };
    return SubmitWrite<Response>(stores_, std::move(wanted), call, run);
  });
}

grpc::ServerUnaryReactor* CollaborationService::GetCollaboration(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::GetCollaborationRequest>(
      entrance_, {"GetCollaboration", context, request, response},
      [this](const collab::v1::GetCollaborationRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, registry::SnapshotAt(store, wanted.as_of()));
        call->Answer(collab::GetCollaboration(*snapshot, wanted.collaboration_id(), clock_.Now(),
                                              ActorOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CollaborationService::GetAgreement(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::GetAgreementRequest>(
      entrance_, {"GetAgreement", context, request, response},
      [this](const collab::v1::GetAgreementRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::GetAgreement(*snapshot, wanted, ActorOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CollaborationService::ListCollaborations(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeRead<collab::v1::ListCollaborationsRequest>(
      entrance_, stores_, {"ListCollaborations", context, request, response},
      [](const storage::Store& store, const collab::v1::ListCollaborationsRequest& wanted)
          -> absl::StatusOr<collab::v1::ListCollaborationsResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        return collab::ListCollaborations(*snapshot, wanted);
      });
}

grpc::ServerUnaryReactor* CollaborationService::CreateCollaboration(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<collab::v1::CreateCollaborationRequest, collab::v1::CreateCollaborationResponse>(
      {"CreateCollaboration", context, request, response}, collab::CreateCollaboration);
}

grpc::ServerUnaryReactor* CollaborationService::ProposeCollaboration(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::ProposeCollaborationRequest>(
      entrance_, {"ProposeCollaboration", context, request, response},
      [this](collab::v1::ProposeCollaborationRequest wanted, UnaryCall* call) -> absl::Status {
        BB_RETURN_IF_ERROR(CheckCentre(call->caller()));
        const auto run = [code = call->caller().municipality_code](
                             Transaction& transaction,
                             const collab::v1::ProposeCollaborationRequest& asked,
                             const std::string& /*name*/)
            -> absl::StatusOr<collab::v1::ProposeCollaborationResponse> {
          collab::v1::ProposeCollaborationResponse answer;
          BB_ASSIGN_OR_RETURN(*answer.mutable_proposal(),
                              collab::ProposeCollaboration(transaction, asked, code));
          return answer;
        };
        return SubmitWrite<collab::v1::ProposeCollaborationResponse>(stores_, std::move(wanted),
                                                                     call, run);
      });
}

grpc::ServerUnaryReactor* CollaborationService::ListProposals(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::ListProposalsRequest>(
      entrance_, {"ListProposals", context, request, response},
      [this](const collab::v1::ListProposalsRequest& /*wanted*/, UnaryCall* call) -> absl::Status {
        BB_RETURN_IF_ERROR(CheckCentre(call->caller()));
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::ListProposals(*snapshot, call->caller().municipality_code));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CollaborationService::UpdateCollaboration(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  const auto change = [](Transaction& transaction,
                         const collab::v1::UpdateCollaborationRequest& wanted, const Actor& actor) {
    return collab::UpdateCollaboration(transaction, wanted.collaboration(), wanted.update_mask(),
                                       actor);
  };
  return Write<collab::v1::UpdateCollaborationRequest, collab::v1::UpdateCollaborationResponse>(
      {"UpdateCollaboration", context, request, response}, change);
}

grpc::ServerUnaryReactor* CollaborationService::MoveCollaboration(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<collab::v1::MoveCollaborationRequest, collab::v1::MoveCollaborationResponse>(
      {"MoveCollaboration", context, request, response}, collab::MoveCollaboration);
}

grpc::ServerUnaryReactor* CollaborationService::AddParty(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return Write<collab::v1::AddPartyRequest, collab::v1::AddPartyResponse>(
      {"AddParty", context, request, response}, collab::AddParty);
}

grpc::ServerUnaryReactor* CollaborationService::RemoveParty(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return Write<collab::v1::RemovePartyRequest, collab::v1::RemovePartyResponse>(
      {"RemoveParty", context, request, response}, collab::RemoveParty);
}

grpc::ServerUnaryReactor* CollaborationService::SetTask(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Write<collab::v1::SetTaskRequest, collab::v1::SetTaskResponse>(
      {"SetTask", context, request, response}, collab::SetTask);
}

grpc::ServerUnaryReactor* CollaborationService::AddMilestone(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return Write<collab::v1::AddMilestoneRequest, collab::v1::AddMilestoneResponse>(
      {"AddMilestone", context, request, response}, collab::AddMilestone);
}

grpc::ServerUnaryReactor* CollaborationService::RecordOutcome(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return Write<collab::v1::RecordOutcomeRequest, collab::v1::RecordOutcomeResponse>(
      {"RecordOutcome", context, request, response}, collab::RecordOutcome);
}

grpc::ServerUnaryReactor* CollaborationService::StartAlignment(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request,
                                                               grpc::ByteBuffer* response) {
  const auto change = [statements = statements_()](Transaction& transaction,
                                                   const collab::v1::StartAlignmentRequest& wanted,
                                                   const Actor& actor) {
    return collab::StartAlignment(transaction, wanted.collaboration_id(), actor, *statements);
  };
  return Write<collab::v1::StartAlignmentRequest, collab::v1::StartAlignmentResponse>(
      {"StartAlignment", context, request, response}, change);
}

grpc::ServerUnaryReactor* CollaborationService::AnswerAlignment(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<collab::v1::AnswerAlignmentRequest, collab::v1::AnswerAlignmentResponse>(
      {"AnswerAlignment", context, request, response}, collab::AnswerAlignment);
}

grpc::ServerUnaryReactor* CollaborationService::RecordTalk(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return Write<collab::v1::RecordTalkRequest, collab::v1::RecordTalkResponse>(
      {"RecordTalk", context, request, response}, collab::RecordTalk);
}

grpc::ServerUnaryReactor* CollaborationService::ExplainWord(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return Write<collab::v1::ExplainWordRequest, collab::v1::ExplainWordResponse>(
      {"ExplainWord", context, request, response}, collab::ExplainWord);
}

grpc::ServerUnaryReactor* CollaborationService::AcceptAlignment(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<collab::v1::AcceptAlignmentRequest, collab::v1::AcceptAlignmentResponse>(
      {"AcceptAlignment", context, request, response}, collab::AcceptAlignment);
}

}  // namespace brobygger::rpc
