// What the hub decides, for matrix_test.py to hold against its own reading of the policy: a line
// for each method, set of up to three roles, and purpose, and one for each relation's level; and
// for each role, kind of caller, method, and association whose it may be, what of it is reached;
// and for each role, kind of caller and department, what of its contacts is told and written.
//
// Usage: print_decisions POLICY
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <absl/strings/str_join.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor_database.h>

#include "brobygger/registry/v1/municipality.pb.h"

#include "core/access/disclosure.h"
#include "core/access/policy.h"
#include "core/access/scope.h"

namespace {

using brobygger::access::AccessOf;
using brobygger::access::LevelFor;
using brobygger::access::LevelWord;
using brobygger::access::MayCall;
using brobygger::access::Policy;
using brobygger::access::WritesFor;

// Of every service that is described, but for what plugins serve: no list of them, which a new one
// could be missing from.
std::vector<const google::protobuf::MethodDescriptor*> FindMethods() {
  using google::protobuf::DescriptorPool;
  std::vector<std::string> files;
  DescriptorPool::internal_generated_database()->FindAllFileNames(&files);
  std::sort(files.begin(), files.end());
  std::vector<const google::protobuf::MethodDescriptor*> methods;
  for (const std::string& name : files) {
    if (!name.starts_with("brobygger/") || name.starts_with("brobygger/plugin/")) continue;
    const auto* file = DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; i < file->service_count(); ++i) {
      for (int j = 0; j < file->service(i)->method_count(); ++j) {
        methods.push_back(file->service(i)->method(j));
      }
    }
  }
  return methods;
}

const std::vector<const google::protobuf::MethodDescriptor*>& Methods() {
  static const auto kMethods = FindMethods();
  return kMethods;
}

// Every set of one to three roles, each in the order of their names.
std::vector<std::vector<std::string>> RoleSets(const Policy& policy) {
  constexpr std::size_t kMost = 3;
  std::vector<std::vector<std::string>> sets;
  for (const auto& [name, role] : policy.roles()) sets.push_back({name});
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].size() == kMost) continue;
    for (const auto& [name, role] : policy.roles()) {
      if (name <= sets[i].back()) continue;
      sets.push_back(sets[i]);
      sets.back().push_back(name);
    }
  }
  return sets;
}

void Print(const Policy& policy,
           const std::vector<std::string>& roles,
           const std::string& purpose) {
  const std::string who = absl::StrJoin(roles, "+");
  const auto caller = policy.Admit({.actor = "u", .roles = roles, .purpose = purpose});
  if (!caller.ok()) {
    std::printf("admit %s %s refused\n", who.c_str(), purpose.c_str());
    return;
  }
  const auto& told = caller->disclosure;
  std::printf("levels %s %s %s %s %s\n", who.c_str(), purpose.c_str(), LevelWord(told.own).c_str(),
              LevelWord(told.municipality).c_str(), LevelWord(told.elsewhere).c_str());
  for (const auto* method : Methods()) {
    const auto needs = AccessOf(*method);
    std::printf("call %s %s %s %s\n", who.c_str(), purpose.c_str(), method->full_name().c_str(),
                needs.ok() && MayCall(*caller, *needs).ok() ? "allowed" : "refused");
  }
}

const char* WordOf(brobygger::access::Sight sight) {
  switch (sight) {
    case brobygger::access::Sight::kNothing:
      return "nothing";
    case brobygger::access::Sight::kPublic:
      return "public";
    default:
      return "whole";
  }
}

// What a call that is let in reaches of an association, and whether it may change what is of its
// municipality.
void PrintReach(const brobygger::access::Caller& caller,
                const std::string& who,
                const google::protobuf::MethodDescriptor& method) {
  const auto needs = AccessOf(method);
  const bool may = needs.ok() && MayCall(caller, *needs).ok();
  const bool scoped = needs.ok() && needs->scope() == brobygger::access::v1::SCOPE_CALLER;
  for (const char* home : {"0998", "0615", ""}) {
    for (const int agreed : {0, 1, 2, 3}) {
      brobygger::access::AssociationFacts facts{.id = "a1", .municipality_code = home};
      facts.other_municipalities = (agreed & 1) != 0;
      facts.volunteer_centres = (agreed & 2) != 0;
      const char* reach = may ? "anybody's" : "refused";
      if (may && scoped) reach = WordOf(SightOf(caller, facts));
      const bool own = may && scoped && IsOwn(caller, home);
      std::printf("reach %s %s %s %d %s %s\n", who.c_str(), method.full_name().c_str(),
                  *home == 0 ? "-" : home, agreed, reach, own ? "own" : "other");
    }
  }
}

void PrintReaches(const Policy& policy) {
  using brobygger::access::CallerKind;
  const std::vector<std::pair<std::string, CallerKind>> kinds = {
      {"employee", CallerKind::kEmployee},
      {"system", CallerKind::kSystem},
      {"centre", CallerKind::kVolunteerCentre},
      {"association", CallerKind::kAssociation},
      {"door", CallerKind::kDoor},
      {"stranger", CallerKind::kStranger}};
  for (const auto& [role, unused] : policy.roles()) {
    for (const auto& [kind_name, kind] : kinds) {
      for (const char* code : {"0998", ""}) {
        const auto caller = policy.Admit({.actor = "u",
                                          .kind = kind,
                                          .roles = {role},
                                          .municipality_code = code,
                                          .association_id = *code == 0 ? "a2" : "a1",
                                          .purpose = policy.purposes().begin()->first});
        if (!caller.ok()) continue;
        const std::string who = role + " " + kind_name + " " + (*code == 0 ? "-" : code);
        for (const auto* method : Methods()) PrintReach(*caller, who, *method);
      }
    }
  }
}

// What of contacts somebody is told and may write, by whose department's they are.
void PrintContacts(const Policy& policy, const std::string& role, const std::string& purpose) {
  using brobygger::access::CallerKind;
  for (const CallerKind kind : {CallerKind::kEmployee, CallerKind::kSystem}) {
    for (const char* own : {"d1", ""}) {
      const auto caller = policy.Admit({.actor = "u",
                                        .kind = kind,
                                        .roles = {role},
                                        .municipality_code = "0998",
                                        .department_id = own,
                                        .purpose = purpose});
      if (!caller.ok()) continue;
      for (const auto& [id, code] :
           {std::pair("d1", "0998"), std::pair("d2", "0998"), std::pair("d3", "0615")}) {
        brobygger::registry::v1::Department department;
        department.set_id(id);
        department.set_municipality_code(code);
        for (const bool agreed : {false, true}) {
          brobygger::registry::v1::VisibilityConsent consent;
          consent.set_other_municipalities(agreed);
          const auto level = LevelFor(*caller, department, consent);
          std::printf("contacts %s %s %s %s %s %d %s %s\n", role.c_str(), purpose.c_str(),
                      kind == CallerKind::kEmployee ? "employee" : "system", *own == 0 ? "-" : own,
                      id, agreed ? 1 : 0, LevelWord(level).c_str(),
                      WritesFor(*caller, department) ? "writes" : "asks");
        }
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ifstream file(argv[1]);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto policy = Policy::Parse(text, argv[1]);
  if (!policy.ok()) {
    std::fprintf(stderr, "%s\n", std::string(policy.status().message()).c_str());
    return 1;
  }
  for (const auto& roles : RoleSets(*policy)) {
    Print(*policy, roles, "");
    for (const auto& [name, purpose] : policy->purposes()) Print(*policy, roles, name);
  }
  for (const auto& [role, unused] : policy->roles()) {
    for (const auto& [purpose, title] : policy->purposes()) PrintContacts(*policy, role, purpose);
  }
  PrintReaches(*policy);
  return 0;
}
