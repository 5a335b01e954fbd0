#include "core/rpc/identity_service.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/registry/decide.h"
#include "core/registry/decision_log.h"
#include "core/registry/explain.h"
#include "core/registry/model_use.h"
#include "core/registry/questions.h"
#include "core/rpc/answer_stream.h"
#include "core/rpc/read_call.h"
#include "core/rpc/work_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

// Looking at the whole registry is for one caller at a time, and a few may wait.
constexpr int kModelWorkers = 1;
constexpr int kModelQueue = 4;

// So that a message of a stream is some milliseconds of work.
constexpr int kResolvedAtOnce = 20;

const google::protobuf::ServiceDescriptor& IdentityDescriptor() {
  return *identity::v1::ResolveRecordRequest::descriptor()->file()->FindServiceByName(
      "IdentityService");
}

absl::StatusOr<identity::v1::Resolution> ResolveOne(const storage::Snapshot& snapshot,
                                                    const registry::Identity& identity,
                                                    const identity::v1::IdentityRecord& record) {
  return registry::ToResolution(snapshot, identity.Resolve(registry::ToRecord(record)));
}

// Where a decision is to be made: in the whole registry, since links, merges and relations of the
// associations follow from it, if all that it names is the caller's to change. Where some of that
// is not there for the caller, in what is, so that the answer is the one for what does not exist.
absl::StatusOr<storage::Transaction*> DecidesIn(scope::ScopedTransaction& transaction,
                                                const identity::v1::DecideRequest& wanted) {
  using storage::Kind;
  for (const std::string* id : {&wanted.from_association_id(), &wanted.to_association_id()}) {
    if (id->empty()) continue;
    BB_ASSIGN_OR_RETURN(const storage::Bytes seen, transaction.Find(Kind::kAssociation, *id));
    if (seen == nullptr) return &transaction;
    BB_RETURN_IF_ERROR(transaction.CheckOwn(Kind::kAssociation, *id));
  }
  if (!wanted.question_id().empty()) {
    BB_ASSIGN_OR_RETURN(const auto question,
                        registry::FindQuestion(transaction, wanted.question_id()));
    if (!question) return &transaction;
  }
  return &transaction.Whole();
}

// The next few answers, until there are no more.
class Resolving {
 public:
  Resolving(const scope::Stores& stores,
            access::Caller caller,
            const registry::Identity& identity,
            identity::v1::ResolveRecordsRequest request)
      : caller_(std::move(caller)),
        store_(stores.For(caller_)),
        identity_(identity),
        request_(std::move(request)) {}

  absl::StatusOr<std::optional<grpc::ByteBuffer>> Next() {
    if (done_ == request_.records_size()) return std::optional<grpc::ByteBuffer>();
    BB_ASSIGN_OR_RETURN(const auto snapshot, store_.Latest());
    identity::v1::ResolveRecordsResponse response;
    response.set_model_version(identity_.model()->version());
    const int end = std::min(request_.records_size(), done_ + kResolvedAtOnce);
    for (; done_ < end; ++done_) {
      BB_ASSIGN_OR_RETURN(*response.add_resolutions(),
                          ResolveOne(*snapshot, identity_, request_.records(done_)));
    }
    return std::optional<grpc::ByteBuffer>(ToBytes(response));
  }

 private:
  const access::Caller caller_;
  const scope::ScopedStore store_;
  const registry::Identity& identity_;
  const identity::v1::ResolveRecordsRequest request_;
  int done_ = 0;
};

}  // namespace

IdentityService::IdentityService(storage::Store& store, registry::Identity& identity, Door& door)
    : stores_(store),
      identity_(identity),
      entrance_{door, MethodsOf(IdentityDescriptor())},
      workers_(kModelWorkers, kModelQueue) {}

grpc::ServerUnaryReactor* IdentityService::ResolveRecord(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeRead<identity::v1::ResolveRecordRequest>(
      entrance_, stores_, {"ResolveRecord", context, request, response},
      [this](const storage::Store& store, const identity::v1::ResolveRecordRequest& wanted)
          -> absl::StatusOr<identity::v1::ResolveRecordResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        identity::v1::ResolveRecordResponse answer;
        answer.set_model_version(identity_.model()->version());
        BB_ASSIGN_OR_RETURN(*answer.mutable_resolution(),
                            ResolveOne(*snapshot, identity_, wanted.record()));
        return answer;
      });
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* IdentityService::ResolveRecords(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  AnswerStream* stream = AnswerStream::Make();
  const absl::Status begun = Guarded([&]() -> absl::Status {
    BB_ASSIGN_OR_RETURN(Door::Pass pass,
                        entrance_.door.Enter(entrance_.methods, "ResolveRecords", *context));
    const access::Caller caller = pass.caller();
    stream->Admit(std::move(pass));
    identity::v1::ResolveRecordsRequest wanted;
    BB_RETURN_IF_ERROR(ParseRequest(*request, entrance_.door.options().request_bytes, &wanted));
    BB_RETURN_IF_ERROR(
        entrance_.door.AuditNow(entrance_.methods.at("ResolveRecords"), caller, wanted));
    const auto resolving =
        std::make_shared<Resolving>(stores_, caller, identity_, std::move(wanted));
    stream->Start([resolving] { return resolving->Next(); });
    return absl::OkStatus();
  });
  if (!begun.ok()) stream->Fail(begun);
  return stream;
}

grpc::ServerUnaryReactor* IdentityService::ExplainPair(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeRead<identity::v1::ExplainPairRequest>(
      entrance_, stores_, {"ExplainPair", context, request, response},
      [this](const storage::Store& store, const identity::v1::ExplainPairRequest& wanted)
          -> absl::StatusOr<identity::v1::ExplainPairResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        identity::v1::ExplainPairResponse answer;
        BB_ASSIGN_OR_RETURN(
            *answer.mutable_explanation(),
            registry::ExplainPair(*snapshot, identity_, wanted.left_association_id(),
                                  wanted.right_association_id()));
        return answer;
      });
}

grpc::ServerUnaryReactor* IdentityService::ExplainAssociation(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  const auto query = [](const storage::Store& store,
                        const identity::v1::ExplainAssociationRequest& wanted)
      -> absl::StatusOr<identity::v1::ExplainAssociationResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
    identity::v1::ExplainAssociationResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_explanation(),
                        registry::ExplainAssociation(*snapshot, wanted.association_id()));
    return answer;
  };
  return ServeRead<identity::v1::ExplainAssociationRequest>(
      entrance_, stores_, {"ExplainAssociation", context, request, response}, query);
}

grpc::ServerUnaryReactor* IdentityService::ListQuestions(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeRead<identity::v1::ListQuestionsRequest>(
      entrance_, stores_, {"ListQuestions", context, request, response},
      [](const storage::Store& store, const identity::v1::ListQuestionsRequest& wanted)
          -> absl::StatusOr<identity::v1::ListQuestionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        return registry::ListQuestions(*snapshot, wanted);
      });
}

grpc::ServerUnaryReactor* IdentityService::Decide(grpc::CallbackServerContext* context,
                                                  const grpc::ByteBuffer* request,
                                                  grpc::ByteBuffer* response) {
  const auto run =
      [this](scope::ScopedTransaction& transaction, const identity::v1::DecideRequest& wanted,
             const std::string& actor) -> absl::StatusOr<identity::v1::DecideResponse> {
    BB_ASSIGN_OR_RETURN(storage::Transaction* const within, DecidesIn(transaction, wanted));
    return registry::Decide(*within, identity_, wanted, actor);
  };
  return ServeUnary<identity::v1::DecideRequest>(
      entrance_, {"Decide", context, request, response},
      [this, run](identity::v1::DecideRequest wanted, UnaryCall* call) {
        return SubmitWrite<identity::v1::DecideResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* IdentityService::UndoDecision(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  const auto run =
      [this](scope::ScopedTransaction& transaction, const identity::v1::UndoDecisionRequest& wanted,
             const std::string& actor) -> absl::StatusOr<identity::v1::UndoDecisionResponse> {
    // A decision is seen by who may change both of its associations.
    BB_RETURN_IF_ERROR(registry::GetDecision(transaction, wanted.decision_id()).status());
    return registry::UndoDecision(transaction.Whole(), identity_, wanted, actor);
  };
  return ServeUnary<identity::v1::UndoDecisionRequest>(
      entrance_, {"UndoDecision", context, request, response},
      [this, run](identity::v1::UndoDecisionRequest wanted, UnaryCall* call) {
        return SubmitWrite<identity::v1::UndoDecisionResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* IdentityService::ListDecisions(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeRead<identity::v1::ListDecisionsRequest>(
      entrance_, stores_, {"ListDecisions", context, request, response},
      [](const storage::Store& store, const identity::v1::ListDecisionsRequest& wanted)
          -> absl::StatusOr<identity::v1::ListDecisionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        return registry::ListDecisions(*snapshot, wanted);
      });
}

grpc::ServerUnaryReactor* IdentityService::GetModel(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return ServeQuery<identity::v1::GetModelRequest>(
      entrance_, {"GetModel", context, request, response},
      [this](
          const identity::v1::GetModelRequest&) -> absl::StatusOr<identity::v1::GetModelResponse> {
        BB_ASSIGN_OR_RETURN(const storage::Store* const store,
                            stores_.Whole(entrance_.methods.at("GetModel").access));
        BB_ASSIGN_OR_RETURN(const auto snapshot, store->Latest());
        identity::v1::GetModelResponse answer;
        BB_ASSIGN_OR_RETURN(*answer.mutable_model(), registry::GetModelInfo(*snapshot, identity_));
        return answer;
      });
}

grpc::ServerUnaryReactor* IdentityService::PreviewModel(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  const auto work = [this](const identity::v1::PreviewModelRequest& wanted,
                           const access::Caller& /*caller*/) -> absl::StatusOr<std::string> {
    BB_ASSIGN_OR_RETURN(const storage::Store* const store,
                        stores_.Whole(entrance_.methods.at("PreviewModel").access));
    BB_ASSIGN_OR_RETURN(const auto snapshot, store->Latest());
    BB_ASSIGN_OR_RETURN(const auto preview, registry::PreviewModel(*snapshot, identity_, wanted));
    return preview.SerializeAsString();
  };
  return ServeWork<identity::v1::PreviewModelRequest>(
      entrance_, workers_, {"PreviewModel", context, request, response}, work);
}

grpc::ServerUnaryReactor* IdentityService::UseModel(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto work = [this](const identity::v1::UseModelRequest& wanted,
                           const access::Caller& caller) -> absl::StatusOr<std::string> {
    BB_ASSIGN_OR_RETURN(storage::Store* const store,
                        stores_.Whole(entrance_.methods.at("UseModel").access));
    BB_ASSIGN_OR_RETURN(const auto used,
                        registry::UseModel(*store, identity_, wanted, caller.actor));
    return used.SerializeAsString();
  };
  return ServeWork<identity::v1::UseModelRequest>(entrance_, workers_,
                                                  {"UseModel", context, request, response}, work);
}

}  // namespace brobygger::rpc
