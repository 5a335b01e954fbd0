#include "core/access/explain.h"

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::MethodDescriptor;

// Every package whose services the hub serves; each has one service in <package>_service.proto.
constexpr const char* kServices[] = {"brobygger.registry.v1.RegistryService",
                                     "brobygger.registry.v1.MunicipalityService",
                                     "brobygger.discovery.v1.DiscoveryService",
                                     "brobygger.search.v1.SearchService",
                                     "brobygger.contact.v1.ContactService",
                                     "brobygger.grant.v1.GrantService",
                                     "brobygger.event.v1.EventService",
                                     "brobygger.identity.v1.IdentityService",
                                     "brobygger.sync.v1.SyncService",
                                     "brobygger.feed.v1.FeedService",
                                     "brobygger.access.v1.AccessService",
                                     "brobygger.audit.v1.AuditService",
                                     "brobygger.people.v1.PeopleService",
                                     "brobygger.collab.v1.CollaborationService",
                                     "brobygger.collab.v1.ResourceCheckService",
                                     "brobygger.collab.v1.CourseService",
                                     "brobygger.collab.v1.NetworkService",
                                     "brobygger.collab.v1.AdviceService",
                                     "brobygger.report.v1.ProgrammeService",
                                     "brobygger.grant.v1.PoolService",
                                     "brobygger.grant.v1.PremisesService",
                                     "brobygger.access.v1.JoinService",
                                     "brobygger.access.v1.SignInService"};

// The method that is meant by its name alone, or by its service too.
const MethodDescriptor* FindMethod(const std::string& typed) {
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  for (const char* const name : kServices) {
    const auto* const service = pool.FindServiceByName(name);
    if (service == nullptr) continue;
    for (int i = 0; i < service->method_count(); ++i) {
      const MethodDescriptor* const method = service->method(i);
      if (typed == method->name() || typed == absl::StrCat(name, "/", method->name())) {
        return method;
      }
    }
  }
  return nullptr;
}

std::vector<std::string> RolesWith(const Policy& policy, Right right) {
  std::vector<std::string> names;
  for (const auto& [name, role] : policy.roles()) {
    if (role.rights.contains(right)) names.push_back(name);
  }
  return names;
}

void ExplainContacts(Right right, const Caller& caller, v1::ExplainAccessResponse& answer) {
  if (right == v1::RIGHT_DISCOVERY_READ || right == v1::RIGHT_CONTACTS_READ) {
    answer.add_reasons(absl::StrCat(
        "Of contacts it is told: ", LevelWord(caller.disclosure.own), " of its own department's, ",
        LevelWord(caller.disclosure.municipality), " of others' in its municipality, ",
        LevelWord(caller.disclosure.elsewhere), " elsewhere where the association agreed."));
  }
  if (right == v1::RIGHT_CONTACTS_READ) {
    answer.add_reasons(
        "Single touchpoints are listed where that is touchpoints; of what a department owes after "
        "another's, what and when.");
  }
  if (right == v1::RIGHT_CONTACTS_WRITE) {
    answer.add_reasons(caller.rights.contains(v1::RIGHT_MUNICIPALITY_WRITE)
                           ? "It writes contacts of any department in its municipality."
                           : "It writes contacts of its own department; municipality.write would "
                             "let it write those of others.");
  }
}

}  // namespace

absl::StatusOr<v1::ExplainAccessResponse> Explain(const Policy& policy,
                                                  const v1::ExplainAccessRequest& request) {
  const MethodDescriptor* const method = FindMethod(request.method());
  if (method == nullptr) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "method names no method of the hub; WhoKnows is one",
                           {{"field", "method"}});
  }
  BB_ASSIGN_OR_RETURN(const MethodAccess needs, AccessOf(*method));
  v1::ExplainAccessResponse answer;
  const std::string right = needs.right() == v1::RIGHT_NONE ? "no right" : RightWord(needs.right());
  answer.add_reasons(absl::StrCat(method->full_name(), " needs ", right, " and answers with ",
                                  ClassWord(needs.data_class()), " data",
                                  needs.built_for_caller() ? ", built for each caller." : "."));
  if (needs.scope() == v1::SCOPE_CALLER) {
    answer.add_reasons(
        "It reaches the records of the caller's own municipality, and what is public of "
        "associations elsewhere that agreed to it.");
  }
  Who who{.actor = "somebody",
          .kind = CallerKind::kEmployee,
          .roles = {request.roles().begin(), request.roles().end()},
          .purpose = request.purpose()};
  const auto caller = policy.Admit(who);
  const absl::Status may = caller.ok() ? MayCall(*caller, needs) : caller.status();
  answer.set_allowed(may.ok());
  if (!may.ok()) {
    answer.add_reasons(std::string(may.message()));
    if (needs.scope() == v1::SCOPE_HUB) return answer;
    answer.add_reasons(absl::StrCat(
        "Roles that have it: ", absl::StrJoin(RolesWith(policy, needs.right()), ", "), "."));
    return answer;
  }
  for (const std::string& name : request.roles()) {
    const Role& role = policy.roles().at(name);
    if (needs.right() == v1::RIGHT_NONE || role.rights.contains(needs.right())) {
      answer.add_reasons(absl::StrCat("The role ", name, " gives it."));
    }
  }
  ExplainContacts(needs.right(), *caller, answer);
  return answer;
}

}  // namespace brobygger::access
