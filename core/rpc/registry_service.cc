#include "core/rpc/registry_service.h"

#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/public_part.h"
#include "core/registry/consent.h"
#include "core/registry/edit.h"
#include "core/registry/members.h"
#include "core/registry/query.h"
#include "core/registry/questions.h"
#include "core/registry/records.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& RegistryDescriptor() {
  return *registry::v1::GetAssociationRequest::descriptor()->file()->FindServiceByName(
      "RegistryService");
}

absl::StatusOr<storage::Bytes> FindBytes(const storage::Store& store,
                                         const registry::v1::GetAssociationRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, registry::SnapshotAt(store, request.as_of()));
  return registry::GetAssociationBytes(*snapshot, request.association_id());
}

// A person who makes an association may not know that it is there already.
absl::Status AskAboutNew(storage::Transaction& transaction,
                         const registry::Identity& identity,
                         const registry::v1::Association& made) {
  const auto standing = identity.Resolve(registry::RecordOf(made, ""), made.id());
  return registry::AskAbout(transaction, identity, made.id(), standing, {}).status();
}

// Whether the caller may see more of an association than what is public.
bool SeesInternal(const access::Caller& caller) {
  return caller.most > access::v1::DATA_CLASS_PUBLIC;
}

// A response whose only field besides the revision is `association`.
template <typename Response>
absl::StatusOr<Response> Holding(absl::StatusOr<registry::v1::Association> association) {
  if (!association.ok()) return association.status();
  Response response;
  *response.mutable_association() = *std::move(association);
  return response;
}

}  // namespace

RegistryService::RegistryService(storage::Store& store,
                                 Door& door,
                                 const registry::Identity* identity)
    : stores_(store), identity_(identity), entrance_{door, MethodsOf(RegistryDescriptor())} {}

grpc::ServerUnaryReactor* RegistryService::GetAssociation(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return ServeUnary<registry::v1::GetAssociationRequest>(
      entrance_, {"GetAssociation", context, request, response},
      [this](const registry::v1::GetAssociationRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, FindBytes(store, wanted));
        if (SeesInternal(call->caller())) {
          call->Answer(WrapAsField1(bytes));
          return absl::OkStatus();
        }
        registry::v1::Association association;
        BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, association));
        registry::v1::GetAssociationResponse answer;
        *answer.mutable_association() = model::PublicPart(association);
        call->Answer(absl::StatusOr<registry::v1::GetAssociationResponse>(std::move(answer)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* RegistryService::ListAssociations(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  return ServeUnary<registry::v1::ListAssociationsRequest>(
      entrance_, {"ListAssociations", context, request, response},
      [this](const registry::v1::ListAssociationsRequest& wanted, UnaryCall* call) -> absl::Status {
        // What a record passes tells of it, too: which systems know it is not public.
        if (!SeesInternal(call->caller()) &&
            wanted.filter().find("connection") != std::string::npos) {
          return base::MakeError(errors::v1::ERROR_REASON_FILTER_INVALID,
                                 "this caller may not ask by connection",
                                 {{"field", "filter"}, {"position", "1"}});
        }
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(auto listed, registry::ListAssociations(store, wanted));
        if (!SeesInternal(call->caller())) {
          for (auto& each : *listed.mutable_associations()) each = model::PublicPart(each);
        }
        call->Answer(absl::StatusOr<registry::v1::ListAssociationsResponse>(std::move(listed)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* RegistryService::CreateAssociation(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  const auto run =
      [this](scope::ScopedTransaction& transaction,
             const registry::v1::CreateAssociationRequest& wanted,
             const std::string& actor) -> absl::StatusOr<registry::v1::CreateAssociationResponse> {
    BB_ASSIGN_OR_RETURN(auto made,
                        registry::CreateAssociation(transaction, wanted.association(), actor));
    // It may be one that somebody else has: then the question is the operator's.
    if (identity_ != nullptr) {
      BB_RETURN_IF_ERROR(AskAboutNew(transaction.Whole(), *identity_, made));
    }
    return Holding<registry::v1::CreateAssociationResponse>(std::move(made));
  };
  return ServeUnary<registry::v1::CreateAssociationRequest>(
      entrance_, {"CreateAssociation", context, request, response},
      [this, run](registry::v1::CreateAssociationRequest wanted, UnaryCall* call) {
        return SubmitWrite<registry::v1::CreateAssociationResponse>(stores_, std::move(wanted),
                                                                    call, run);
      });
}

grpc::ServerUnaryReactor* RegistryService::UpdateAssociation(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return ServeUnary<registry::v1::UpdateAssociationRequest>(
      entrance_, {"UpdateAssociation", context, request, response},
      [this](registry::v1::UpdateAssociationRequest request_read, UnaryCall* call) -> absl::Status {
        // Here, since the store has only one thread for all writes. With an audit log this is the
        // log's own, which has little else to do between two flushes: README.md tells what is left.
        BB_ASSIGN_OR_RETURN(const auto latest, stores_.For(call->caller()).Latest());
        const auto prepared = std::make_shared<registry::PreparedUpdate>(registry::PrepareUpdate(
            *latest, request_read.association(), request_read.update_mask()));
        const auto run = [prepared](storage::Transaction& transaction,
                                    const registry::v1::UpdateAssociationRequest& wanted,
                                    const std::string& actor) {
          return Holding<registry::v1::UpdateAssociationResponse>(
              registry::UpdateAssociation(transaction, wanted.association(), wanted.update_mask(),
                                          actor, std::move(*prepared)));
        };
        return SubmitWrite<registry::v1::UpdateAssociationResponse>(
            stores_, std::move(request_read), call, run);
      });
}

grpc::ServerUnaryReactor* RegistryService::DeleteAssociation(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const registry::v1::DeleteAssociationRequest& wanted,
         const std::string& actor) -> absl::StatusOr<registry::v1::DeleteAssociationResponse> {
    return Holding<registry::v1::DeleteAssociationResponse>(
        registry::DeleteAssociation(transaction, wanted.association_id(), wanted.etag(), actor));
  };
  return ServeUnary<registry::v1::DeleteAssociationRequest>(
      entrance_, {"DeleteAssociation", context, request, response},
      [this, run](registry::v1::DeleteAssociationRequest wanted, UnaryCall* call) {
        return SubmitWrite<registry::v1::DeleteAssociationResponse>(stores_, std::move(wanted),
                                                                    call, run);
      });
}

grpc::ServerUnaryReactor* RegistryService::UndeleteAssociation(grpc::CallbackServerContext* context,
                                                               const grpc::ByteBuffer* request,
                                                               grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const registry::v1::UndeleteAssociationRequest& wanted,
         const std::string& actor) -> absl::StatusOr<registry::v1::UndeleteAssociationResponse> {
    return Holding<registry::v1::UndeleteAssociationResponse>(
        registry::UndeleteAssociation(transaction, wanted.association_id(), wanted.etag(), actor));
  };
  return ServeUnary<registry::v1::UndeleteAssociationRequest>(
      entrance_, {"UndeleteAssociation", context, request, response},
      [this, run](registry::v1::UndeleteAssociationRequest wanted, UnaryCall* call) {
        return SubmitWrite<registry::v1::UndeleteAssociationResponse>(stores_, std::move(wanted),
                                                                      call, run);
      });
}

grpc::ServerUnaryReactor* RegistryService::RecordVisibilityConsent(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeUnary<registry::v1::RecordVisibilityConsentRequest>(
      entrance_, {"RecordVisibilityConsent", context, request, response},
      [this](registry::v1::RecordVisibilityConsentRequest read, UnaryCall* call) {
        const auto run = [side = SideOf(call->caller())](
                             storage::Transaction& transaction,
                             const registry::v1::RecordVisibilityConsentRequest& wanted,
                             const std::string& /*actor*/) {
          return Holding<registry::v1::RecordVisibilityConsentResponse>(
              registry::RecordVisibilityConsent(transaction, wanted.association_id(),
                                                wanted.consent(), side));
        };
        return SubmitWrite<registry::v1::RecordVisibilityConsentResponse>(stores_, std::move(read),
                                                                          call, run);
      });
}

grpc::ServerUnaryReactor* RegistryService::ConfirmSection(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return ServeUnary<registry::v1::ConfirmSectionRequest>(
      entrance_, {"ConfirmSection", context, request, response},
      [this](registry::v1::ConfirmSectionRequest read, UnaryCall* call) {
        const auto run = [side = SideOf(call->caller())](
                             storage::Transaction& transaction,
                             const registry::v1::ConfirmSectionRequest& wanted,
                             const std::string& /*actor*/) {
          return Holding<registry::v1::ConfirmSectionResponse>(
              registry::ConfirmSection(transaction, wanted, side));
        };
        return SubmitWrite<registry::v1::ConfirmSectionResponse>(stores_, std::move(read), call,
                                                                 run);
      });
}

grpc::ServerUnaryReactor* RegistryService::ListAssociationHistory(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return ServeRead<registry::v1::ListAssociationHistoryRequest>(
      entrance_, stores_, {"ListAssociationHistory", context, request, response},
      [](const storage::Store& store, const registry::v1::ListAssociationHistoryRequest& wanted) {
        return registry::ListAssociationHistory(store, wanted);
      });
}

grpc::ServerUnaryReactor* RegistryService::CreateRelation(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const registry::v1::CreateRelationRequest& wanted,
         const std::string& actor) -> absl::StatusOr<registry::v1::CreateRelationResponse> {
    BB_ASSIGN_OR_RETURN(auto relation,
                        registry::CreateRelation(transaction, wanted.relation(), actor));
    registry::v1::CreateRelationResponse made;
    *made.mutable_relation() = std::move(relation);
    return made;
  };
  return ServeUnary<registry::v1::CreateRelationRequest>(
      entrance_, {"CreateRelation", context, request, response},
      [this, run](registry::v1::CreateRelationRequest wanted, UnaryCall* call) {
        return SubmitWrite<registry::v1::CreateRelationResponse>(stores_, std::move(wanted), call,
                                                                 run);
      });
}

grpc::ServerUnaryReactor* RegistryService::ListRelations(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeRead<registry::v1::ListRelationsRequest>(
      entrance_, stores_, {"ListRelations", context, request, response},
      [](const storage::Store& store, const registry::v1::ListRelationsRequest& wanted) {
        return registry::ListRelations(store, wanted);
      });
}

grpc::ServerUnaryReactor* RegistryService::DeleteRelation(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const registry::v1::DeleteRelationRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<registry::v1::DeleteRelationResponse> {
    BB_RETURN_IF_ERROR(registry::DeleteRelation(transaction, wanted.relation_id(), wanted.etag()));
    return registry::v1::DeleteRelationResponse();
  };
  return ServeUnary<registry::v1::DeleteRelationRequest>(
      entrance_, {"DeleteRelation", context, request, response},
      [this, run](registry::v1::DeleteRelationRequest wanted, UnaryCall* call) {
        return SubmitWrite<registry::v1::DeleteRelationResponse>(stores_, std::move(wanted), call,
                                                                 run);
      });
}

grpc::ServerUnaryReactor* RegistryService::ListMunicipalities(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return ServeQuery<registry::v1::ListMunicipalitiesRequest>(
      entrance_, {"ListMunicipalities", context, request, response},
      [](const registry::v1::ListMunicipalitiesRequest&) {
        return absl::StatusOr<registry::v1::ListMunicipalitiesResponse>(
            registry::ListMunicipalities());
      });
}

grpc::ServerUnaryReactor* RegistryService::CreateDepartment(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const registry::v1::CreateDepartmentRequest& wanted,
         const std::string& actor) -> absl::StatusOr<registry::v1::CreateDepartmentResponse> {
    BB_ASSIGN_OR_RETURN(auto department,
                        registry::CreateDepartment(transaction, wanted.department(), actor));
    registry::v1::CreateDepartmentResponse made;
    *made.mutable_department() = std::move(department);
    return made;
  };
  return ServeUnary<registry::v1::CreateDepartmentRequest>(
      entrance_, {"CreateDepartment", context, request, response},
      [this, run](registry::v1::CreateDepartmentRequest wanted, UnaryCall* call) {
        return SubmitWrite<registry::v1::CreateDepartmentResponse>(stores_, std::move(wanted), call,
                                                                   run);
      });
}

grpc::ServerUnaryReactor* RegistryService::ListDepartments(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeRead<registry::v1::ListDepartmentsRequest>(
      entrance_, stores_, {"ListDepartments", context, request, response},
      [](const storage::Store& store, const registry::v1::ListDepartmentsRequest& wanted) {
        return registry::ListDepartments(store, wanted);
      });
}

}  // namespace brobygger::rpc
