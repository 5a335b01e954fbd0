#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/collab/v1/collaboration_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/collab/statements.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawCollaborations =
    collab::v1::CollaborationService::WithRawCallbackMethod_CreateCollaboration<
        collab::v1::CollaborationService::WithRawCallbackMethod_ProposeCollaboration<
            collab::v1::CollaborationService::WithRawCallbackMethod_ListProposals<
                collab::v1::CollaborationService::WithRawCallbackMethod_UpdateCollaboration<
                    collab::v1::CollaborationService::WithRawCallbackMethod_GetCollaboration<
                        collab::v1::CollaborationService::WithRawCallbackMethod_ListCollaborations<
                            collab::v1::CollaborationService::
                                WithRawCallbackMethod_MoveCollaboration<
                                    collab::v1::CollaborationService::
                                        WithRawCallbackMethod_AddParty<
                                            collab::v1::CollaborationService::
                                                WithRawCallbackMethod_RemoveParty<
                                                    collab::v1::CollaborationService::
                                                        WithRawCallbackMethod_SetTask<
                                                            collab::v1::CollaborationService::
                                                                WithRawCallbackMethod_AddMilestone<
                                                                    collab::v1::CollaborationService::
                                                                        WithRawCallbackMethod_RecordOutcome<
                                                                            Base>>>>>>>>>>>>;
template <typename Base>
using RawAlignments = collab::v1::CollaborationService::WithRawCallbackMethod_StartAlignment<
    collab::v1::CollaborationService::WithRawCallbackMethod_AnswerAlignment<
        collab::v1::CollaborationService::WithRawCallbackMethod_RecordTalk<
            collab::v1::CollaborationService::WithRawCallbackMethod_AcceptAlignment<
                collab::v1::CollaborationService::WithRawCallbackMethod_ExplainWord<
                    collab::v1::CollaborationService::WithRawCallbackMethod_GetAgreement<Base>>>>>>;

// Serves brobygger.collab.v1.CollaborationService. Reads run on gRPC's thread.
class CollaborationService final
    : public RawCollaborations<RawAlignments<collab::v1::CollaborationService::Service>> {
 public:
  // All must outlive the service.
  CollaborationService(storage::Store& store,
                       const base::Clock& clock,
                       Door& door,
                       collab::StatementSource statements);

  grpc::ServerUnaryReactor* CreateCollaboration(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ProposeCollaboration(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListProposals(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateCollaboration(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetCollaboration(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListCollaborations(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* MoveCollaboration(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AddParty(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RemoveParty(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetTask(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AddMilestone(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordOutcome(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* StartAlignment(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AnswerAlignment(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordTalk(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ExplainWord(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AcceptAlignment(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetAgreement(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;

 private:
  // Writes `change(transaction, request, actor)`, and answers with what it gives.
  template <typename Request, typename Response, typename Change>
  grpc::ServerUnaryReactor* Write(const Incoming& incoming, Change change);

  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
  // May be called from any thread.
  const collab::StatementSource statements_;
};

}  // namespace brobygger::rpc
