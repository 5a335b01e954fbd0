#include "core/access/policy.h"

#include <absl/strings/str_join.h>
#include <catch2/catch.hpp>

#include "core/access/explain.h"
#include "core/access/giving.h"
#include "core/base/error.h"

namespace brobygger::access {
namespace {

using base::ReasonOf;

const std::string kPurpose =
    "[[purpose]]\nname = \"case\"\nlegal_basis = \"art. 6\"\nmost = \"existence\"\n";

std::string WithRole(const std::string& lines) {
  return kPurpose + "[[role]]\nname = \"clerk\"\n" + lines;
}

Who Clerk(const std::string& purpose = "") {
  return {.actor = "u1", .kind = CallerKind::kEmployee, .roles = {"clerk"}, .purpose = purpose};
}

TEST_CASE("the shipped policy can be read, and gives nobody everything") {
  const Policy& policy = Policy::Shipped();
  CHECK(policy.revision().size() == 16);
  for (const auto& [name, role] : policy.roles()) {
    CAPTURE(name);
    // Who runs connections is told nothing of persons, and who sees persons runs none.
    const bool runs = role.rights.contains(v1::RIGHT_SYNC_OPERATE);
    CHECK(runs == (name == "operator"));
    CHECK_FALSE((runs && role.rights.contains(v1::RIGHT_PEOPLE_READ)));
    CHECK_FALSE((runs && role.most > v1::DATA_CLASS_INTERNAL));
    // Who may see into contacts says what for.
    const bool sees = role.disclosure.municipality > discovery::v1::DISCLOSURE_LEVEL_EXISTENCE;
    CHECK(role.says_purpose == sees);
    CHECK(role.disclosure.elsewhere <= discovery::v1::DISCLOSURE_LEVEL_EXISTENCE);
  }
  const Role& officer = policy.roles().at("data-protection-officer");
  CHECK(officer.rights.contains(v1::RIGHT_ACCESS_LOG_READ));
  CHECK_FALSE(officer.rights.contains(v1::RIGHT_PEOPLE_READ));
}

TEST_CASE("the data-protection officer does what a registered person asks for, and lists nobody") {
  const Policy& policy = Policy::Shipped();
  const auto officer =
      policy.Admit({.actor = "u1", .roles = {"data-protection-officer"}, .purpose = "rights"});
  REQUIRE(officer.ok());
  const auto may = [&](const std::string& method) {
    return MayCall(*officer, *AccessOfPath("/brobygger.people.v1.PeopleService/" + method)).ok();
  };
  for (const char* const asked : {"FindPerson", "ExportPerson", "ErasePerson", "RunRetention"}) {
    INFO(asked);
    CHECK(may(asked));
  }
  CHECK_FALSE(may("ListContactPoints"));
  CHECK_FALSE(may("UnfoldPerson"));
}

TEST_CASE("nobody gives a key more than they have themselves") {
  const Policy& policy = Policy::Shipped();
  const auto caller = policy.Admit({.actor = "u1", .roles = {"operator"}});
  REQUIRE(caller.ok());
  CHECK(MayGive(policy, *caller, {"volunteer-centre"}).ok());
  CHECK(MayGive(policy, *caller, {"system"}).ok());
  CHECK(MayGive(policy, *caller, {"operator"}).ok());
  for (const std::string role : {"caseworker", "coordinator", "association"}) {
    CAPTURE(role);
    const absl::Status refused = MayGive(policy, *caller, {"system", role});
    CHECK(base::ReasonOf(refused) == errors::v1::ERROR_REASON_NOT_ALLOWED);
    CHECK(MayGive(policy, LocalOperator(), {role}).ok());
  }
}

TEST_CASE("every right has a word of its own") {
  std::set<std::string> words;
  for (int i = v1::Right_MIN; i <= v1::Right_MAX; ++i) {
    const auto right = static_cast<Right>(i);
    if (right == v1::RIGHT_UNSPECIFIED || right == v1::RIGHT_NONE) continue;
    CHECK(words.insert(RightWord(right)).second);
  }
  CHECK(RightWord(v1::RIGHT_REGISTRY_READ) == "registry.read");
}

TEST_CASE("a policy with a mistake is refused with line and reason") {
  struct Bad {
    std::string text;
    std::string told;
  };
  const auto bad = GENERATE(
      Bad{"[[role]\n", "p.toml:1:"}, Bad{"[[role]]\nname = \"a\"\nrights = []\n", "no [[purpose]]"},
      Bad{kPurpose, "no [[role]]"},
      Bad{"[[purpose]]\nname = \"case\"\n" + WithRole("rights = []\n"),
          "p.toml:1: a purpose needs a legal_basis"},
      Bad{WithRole("rights = [\"registry.reed\"]\n"),
          "p.toml:7: there is no right 'registry.reed'"},
      Bad{WithRole("rights = \"registry.read\"\n"), "rights must be a list"},
      Bad{WithRole("rights = []\nmost = \"secret\"\n"),
          "p.toml:8: most is 'secret'; it may be public"},
      Bad{WithRole("rights = []\nown = \"all\"\n"), "own is 'all'; it may be nothing, existence"},
      Bad{kPurpose + "[[role]]\nname = \"sagsbehandler på kontoret\"\nrights = []\n",
          "p.toml:5: name must be 1 to 40 small letters"},
      Bad{"[[purpose]]\nlegal_basis = \"art. 6\"\n" + WithRole("rights = []\n"),
          "p.toml:1: name must be 1 to 40 small letters"},
      Bad{WithRole("rights = []\nright = []\n"), "p.toml:8: there is no key 'right'"},
      Bad{WithRole("rights = []\nsays_purpose = \"yes\"\n"), "says_purpose must be true or false"},
      Bad{WithRole("rights = []\n") + "[[role]]\nname = \"clerk\"\nrights = []\n",
          "'clerk' stands here twice"},
      Bad{"version = 2\n" + WithRole("rights = []\n"), "p.toml:1: there is no key 'version'"});
  CAPTURE(bad.text);
  const auto policy = Policy::Parse(bad.text, "p.toml");
  REQUIRE_FALSE(policy.ok());
  CHECK(policy.status().code() == absl::StatusCode::kFailedPrecondition);
  CHECK(std::string(policy.status().message()).find(bad.told) != std::string::npos);
}

TEST_CASE("a caller gets what its roles give together, and of each level the highest") {
  const auto policy = Policy::Parse(
      WithRole(
          "rights = [\"registry.read\"]\nown = \"touchpoints\"\nmunicipality = \"existence\"\n") +
          "[[role]]\nname = \"lead\"\nrights = [\"grants.read\"]\nmost = \"internal\"\n"
          "municipality = \"roles\"\nsays_purpose = true\n",
      "p.toml");
  REQUIRE(policy.ok());
  Who who = Clerk();
  who.roles = {"clerk", "lead", "somebody else's role"};
  const auto caller = policy->Admit(who);
  REQUIRE(caller.ok());
  CHECK(caller->rights ==
        std::set<Right>{v1::RIGHT_NONE, v1::RIGHT_REGISTRY_READ, v1::RIGHT_GRANTS_READ});
  CHECK(caller->most == v1::DATA_CLASS_INTERNAL);
  CHECK(caller->disclosure.own == discovery::v1::DISCLOSURE_LEVEL_TOUCHPOINTS);
  CHECK(caller->disclosure.municipality == discovery::v1::DISCLOSURE_LEVEL_ROLES);
  CHECK(caller->says_purpose);
  who.roles = {"nobody knows it"};
  CHECK(ReasonOf(policy->Admit(who).status()) == errors::v1::ERROR_REASON_NOT_ALLOWED);
}

TEST_CASE("a purpose keeps what is told below what the role would be told, whosever it is") {
  const auto policy = Policy::Parse(
      WithRole("rights = []\nown = \"touchpoints\"\nmunicipality = \"roles\"\n"), "p.toml");
  REQUIRE(policy.ok());
  CHECK(policy->Admit(Clerk())->disclosure.municipality == discovery::v1::DISCLOSURE_LEVEL_ROLES);
  const auto caller = policy->Admit(Clerk("case"));
  CHECK(caller->purpose == "case");
  CHECK(caller->disclosure.municipality == discovery::v1::DISCLOSURE_LEVEL_EXISTENCE);
  CHECK(caller->disclosure.own == discovery::v1::DISCLOSURE_LEVEL_EXISTENCE);
  CHECK(policy->Admit(Clerk())->disclosure.own == discovery::v1::DISCLOSURE_LEVEL_TOUCHPOINTS);
  CHECK(ReasonOf(policy->Admit(Clerk("curiosity")).status()) ==
        errors::v1::ERROR_REASON_PURPOSE_REQUIRED);
}

TEST_CASE("of a list of contacts it is explained how much of them is told") {
  v1::ExplainAccessRequest request;
  request.set_method("ListTouchpoints");
  request.add_roles("caseworker");
  const auto told = [&](const std::string& purpose) {
    request.set_purpose(purpose);
    const auto explained = Explain(Policy::Shipped(), request);
    REQUIRE(explained.ok());
    CHECK(explained->allowed());
    return absl::StrJoin(explained->reasons(), "\n");
  };
  CHECK_THAT(told("collaboration"),
             Catch::Contains("touchpoints of its own department's, summary"));
  CHECK_THAT(told("grants"), Catch::Contains("summary of its own department's, summary"));
}

TEST_CASE("a purpose keeps the class of data below what the role may see") {
  const auto policy = Policy::Parse(
      "[[purpose]]\nname = \"look\"\nlegal_basis = \"art. 6\"\ndata = \"internal\"\n" +
          WithRole("rights = [\"people.read\"]\nmost = \"sensitive\"\n"),
      "p.toml");
  REQUIRE(policy.ok());
  CHECK(policy->Admit(Clerk("case"))->most == v1::DATA_CLASS_SENSITIVE);
  CHECK(policy->Admit(Clerk("look"))->most == v1::DATA_CLASS_INTERNAL);
  // The person at the machine, too.
  Caller local = LocalOperator();
  REQUIRE(policy->Restrict("look", local).ok());
  CHECK(local.most == v1::DATA_CLASS_INTERNAL);
  CHECK(local.purpose == "look");
  CHECK(ReasonOf(policy->Restrict("curiosity", local)) ==
        errors::v1::ERROR_REASON_PURPOSE_REQUIRED);
  CHECK_FALSE(Policy::Parse("[[purpose]]\nname = \"look\"\nlegal_basis = \"art. 6\"\n"
                            "data = \"secret\"\n" +
                                WithRole("rights = []\n"),
                            "p.toml")
                  .ok());
}

TEST_CASE("of persons nobody is told who does not say what for, the operator neither") {
  MethodAccess method;
  method.set_right(v1::RIGHT_PEOPLE_READ);
  Caller local = LocalOperator();
  for (const auto data_class : {v1::DATA_CLASS_PERSONAL, v1::DATA_CLASS_SENSITIVE}) {
    method.set_data_class(data_class);
    local.purpose = "";
    CHECK(ReasonOf(MayCall(local, method)) == errors::v1::ERROR_REASON_PURPOSE_REQUIRED);
    local.purpose = "rights";
    CHECK(MayCall(local, method).ok());
  }
  local.purpose = "";
  method.set_data_class(v1::DATA_CLASS_INTERNAL);
  CHECK(MayCall(local, method).ok());
}

TEST_CASE("a call is refused for its right, its class of data, or a purpose not said") {
  MethodAccess method;
  method.set_right(v1::RIGHT_GRANTS_READ);
  method.set_data_class(v1::DATA_CLASS_INTERNAL);
  Caller caller;
  CHECK(ReasonOf(MayCall(caller, method)) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  caller.rights = {v1::RIGHT_GRANTS_READ};
  CHECK(ReasonOf(MayCall(caller, method)) == errors::v1::ERROR_REASON_NOT_ALLOWED);
  method.set_built_for_caller(true);
  CHECK(MayCall(caller, method).ok());
  method.set_built_for_caller(false);
  caller.most = v1::DATA_CLASS_INTERNAL;
  CHECK(MayCall(caller, method).ok());
  caller.says_purpose = true;
  CHECK(ReasonOf(MayCall(caller, method)) == errors::v1::ERROR_REASON_PURPOSE_REQUIRED);
  caller.purpose = "case";
  CHECK(MayCall(caller, method).ok());
  caller.purpose = "";
  method.set_data_class(v1::DATA_CLASS_PUBLIC);
  CHECK(MayCall(caller, method).ok());
}

}  // namespace
}  // namespace brobygger::access
