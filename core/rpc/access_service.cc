#include "core/rpc/access_service.h"

#include <string>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.h>

#include "core/access/explain.h"
#include "core/access/giving.h"
#include "core/audit/errors.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/registry/page.h"
#include "core/rpc/api_keys.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"
#include "core/scope/judge.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& AccessDescriptor() {
  return *access::v1::WhoAmIRequest::descriptor()->file()->FindServiceByName("AccessService");
}

const google::protobuf::ServiceDescriptor& AuditDescriptor() {
  return *audit::v1::ListAccessLogRequest::descriptor()->file()->FindServiceByName("AuditService");
}

// What an association asked for or was given, and does not write itself.
bool IsGivenTo(const access::Caller& caller, storage::Kind kind) {
  return caller.kind == access::CallerKind::kAssociation &&
         (kind == storage::Kind::kGrantApplication || kind == storage::Kind::kPremises);
}

access::v1::WhoAmIResponse Describe(const access::Caller& caller, const access::Policy& policy) {
  access::v1::WhoAmIResponse answer;
  answer.set_actor(caller.actor);
  answer.set_municipality_code(caller.municipality_code);
  answer.set_department_id(caller.department_id);
  answer.set_association_id(caller.association_id);
  for (const access::Right right : caller.rights) {
    if (const std::string word = access::RightWord(right); !word.empty()) answer.add_rights(word);
  }
  answer.set_most(caller.most);
  answer.set_own(access::LevelWord(caller.disclosure.own));
  answer.set_municipality(access::LevelWord(caller.disclosure.municipality));
  answer.set_elsewhere(access::LevelWord(caller.disclosure.elsewhere));
  answer.set_purpose(caller.purpose);
  answer.set_policy_revision(policy.revision());
  return answer;
}

absl::Status CheckRoles(const access::Policy& policy,
                        const google::protobuf::RepeatedPtrField<std::string>& roles) {
  for (const std::string& role : roles) {
    if (policy.roles().count(role) > 0) continue;
    std::vector<std::string> names;
    for (const auto& [name, known] : policy.roles()) names.push_back(name);
    return model::BrokenRule({nullptr, "roles"},
                             absl::StrCat("name one that the policy does not have; it has ",
                                          absl::StrJoin(names, ", ")));
  }
  return absl::OkStatus();
}

}  // namespace

AccessService::AccessService(storage::Store& store, PolicySource policy, Door& door)
    : stores_(store), policy_(std::move(policy)), entrance_{door, MethodsOf(AccessDescriptor())} {}

grpc::ServerUnaryReactor* AccessService::WhoAmI(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return ServeUnary<access::v1::WhoAmIRequest>(
      entrance_, {"WhoAmI", context, request, response},
      [this](const access::v1::WhoAmIRequest& /*nothing*/, UnaryCall* call) {
        call->Answer(
            absl::StatusOr<access::v1::WhoAmIResponse>(Describe(call->caller(), *policy_())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessService::ExplainAccess(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  // What an operator asks of others changes nothing, so it is answered at once; that it was asked
  // is written down all the same.
  return ServeUnary<access::v1::ExplainAccessRequest>(
      entrance_, {"ExplainAccess", context, request, response},
      [this](const access::v1::ExplainAccessRequest& wanted, UnaryCall* call) -> absl::Status {
        const auto policy = policy_();
        BB_RETURN_IF_ERROR(CheckRoles(*policy, wanted.roles()));
        call->Answer(access::Explain(*policy, wanted));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessService::CreateApiKey(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const access::v1::CreateApiKeyRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<access::v1::CreateApiKeyResponse> {
    BB_ASSIGN_OR_RETURN(auto made, rpc::CreateApiKey(transaction, wanted.api_key()));
    access::v1::CreateApiKeyResponse answer;
    *answer.mutable_api_key() = std::move(made.api_key);
    answer.set_key(std::move(made.text));
    return answer;
  };
  return ServeUnary<access::v1::CreateApiKeyRequest>(
      entrance_, {"CreateApiKey", context, request, response},
      [this, run](access::v1::CreateApiKeyRequest wanted, UnaryCall* call) -> absl::Status {
        const auto policy = policy_();
        const auto& roles = wanted.api_key().roles();
        BB_RETURN_IF_ERROR(CheckRoles(*policy, roles));
        BB_RETURN_IF_ERROR(access::MayGive(*policy, call->caller(), {roles.begin(), roles.end()}));
        return SubmitWrite<access::v1::CreateApiKeyResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* AccessService::ListApiKeys(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeUnary<access::v1::ListApiKeysRequest>(
      entrance_, {"ListApiKeys", context, request, response},
      [this](const access::v1::ListApiKeysRequest& /*nothing*/, UnaryCall* call) -> absl::Status {
        BB_ASSIGN_OR_RETURN(const auto snapshot, stores_.For(call->caller()).Latest());
        BB_ASSIGN_OR_RETURN(auto keys, rpc::ListApiKeys(*snapshot));
        access::v1::ListApiKeysResponse answer;
        for (auto& key : keys) *answer.add_api_keys() = std::move(key);
        call->Answer(absl::StatusOr<access::v1::ListApiKeysResponse>(std::move(answer)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* AccessService::RevokeApiKey(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const access::v1::RevokeApiKeyRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<access::v1::RevokeApiKeyResponse> {
    access::v1::RevokeApiKeyResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_api_key(),
                        rpc::RevokeApiKey(transaction, wanted.api_key_id()));
    return answer;
  };
  return ServeUnary<access::v1::RevokeApiKeyRequest>(
      entrance_, {"RevokeApiKey", context, request, response},
      [this, run](access::v1::RevokeApiKeyRequest wanted, UnaryCall* call) {
        return SubmitWrite<access::v1::RevokeApiKeyResponse>(stores_, std::move(wanted), call, run);
      });
}

AuditService::AuditService(const audit::AuditLog* log,
                           const audit::SubjectKeys* subjects,
                           const storage::Store& store,
                           Door& door,
                           SeesPerson sees_person)
    : log_(log),
      subjects_(subjects),
      store_(store),
      sees_person_(std::move(sees_person)),
      entrance_{door, MethodsOf(AuditDescriptor())} {}

grpc::ServerUnaryReactor* AuditService::ListAccessLog(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeUnary<audit::v1::ListAccessLogRequest>(
      entrance_, {"ListAccessLog", context, request, response},
      [this](const audit::v1::ListAccessLogRequest& wanted, UnaryCall* call) -> absl::Status {
        if (log_ == nullptr) return audit::AuditUnavailable("this hub keeps none");
        call->Answer(List(call->caller(), wanted));
        return absl::OkStatus();
      });
}

absl::StatusOr<bool> AuditService::AsksOfOwn(const access::Caller& caller,
                                             const audit::v1::ListAccessLogRequest& wanted) const {
  using storage::Kind;
  if (access::SeesAll(caller)) return true;
  if (!wanted.person_id().empty()) return sees_person_(caller, wanted.person_id());
  const std::string& id = wanted.object_id();
  if (id.empty()) return false;
  if (access::IsOwn(caller, id)) return true;  // the municipality itself
  BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
  scope::Judge judge(caller, *latest, *latest);
  for (const Kind kind : {Kind::kAssociation, Kind::kDepartment, Kind::kTouchpoint, Kind::kEvent,
                          Kind::kGrantApplication, Kind::kConnection, Kind::kPlan, Kind::kPolicy,
                          Kind::kCoordinationGroup, Kind::kDecision, Kind::kApiKey,
                          Kind::kCollaboration, Kind::kCourse, Kind::kNetwork, Kind::kPool,
                          Kind::kPremisesNeed, Kind::kPremises, Kind::kProgramme}) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, latest->Find(kind, id));
    if (bytes == nullptr) continue;
    if (!IsGivenTo(caller, kind)) return judge.MayChange(kind, id, bytes);
    BB_ASSIGN_OR_RETURN(const access::Sight sight, judge.SightOf(kind, id, bytes));
    return sight == access::Sight::kWhole;
  }
  return false;
}

absl::StatusOr<audit::v1::ListAccessLogResponse> AuditService::List(
    const access::Caller& caller, const audit::v1::ListAccessLogRequest& wanted) const {
  audit::RecordQuery asked;
  BB_ASSIGN_OR_RETURN(asked.limit, registry::PageSize(wanted.page_size()));
  if (wanted.has_from_time()) asked.from = base::ToInstant(wanted.from_time());
  if (wanted.has_to_time()) asked.to = base::ToInstant(wanted.to_time());
  const std::string arguments = registry::PageArguments(
      {"access-log", wanted.object_id(), wanted.person_id(), wanted.actor()});
  if (!wanted.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(const auto place, registry::ReadPageToken(wanted.page_token(), arguments));
    asked.after = place.revision;
  }
  audit::RecordFilter filter{.actor = wanted.actor(), .object_id = wanted.object_id()};
  audit::v1::ListAccessLogResponse answer;
  BB_ASSIGN_OR_RETURN(const bool of_own, AsksOfOwn(caller, wanted));
  // Of all else, what their own people did.
  if (!of_own && caller.municipality_code.empty()) return answer;
  if (!of_own) filter.municipality_code = caller.municipality_code;
  if (!wanted.person_id().empty()) {
    const auto digest = subjects_->Find(wanted.person_id());
    // Never met, or erased: the log points at nobody any more.
    if (!digest.has_value()) return answer;
    filter.subject_digest = *digest;
  }
  BB_ASSIGN_OR_RETURN(auto page, log_->Matching(filter, asked));
  for (auto& record : page.records) *answer.add_records() = std::move(record);
  if (page.next_after != 0) {
    answer.set_next_page_token(
        registry::MakePageToken({.revision = page.next_after, .value = "", .key = ""}, arguments));
  }
  answer.set_damaged(page.damaged);
  return answer;
}

}  // namespace brobygger::rpc
