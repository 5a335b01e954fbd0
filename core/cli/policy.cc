// policy set, list and delete.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/enum_words.h"
#include "core/cli/municipality_words.h"
#include "core/cli/output.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {
namespace {

using registry::v1::ListPoliciesResponse;
using registry::v1::Policy;

struct PolicyOptions {
  std::string id;
  std::string kind;
  std::string municipality_code;
  std::string existence;
  std::string title;
  std::string url;
  std::string from;
  std::string to;
  std::vector<std::string> goals;
  bool another = false;
};

std::vector<std::string> KindWords() { return EnumWords(*Policy::Kind_descriptor(), "KIND_"); }
std::vector<std::string> ExistenceWords() {
  return EnumWords(*Policy::Existence_descriptor(), "EXISTENCE_");
}

absl::StatusOr<ListPoliciesResponse> PoliciesOf(Session& session, const std::string& code) {
  registry::v1::ListPoliciesRequest request;
  request.set_municipality_code(code);
  return session.Call<ListPoliciesResponse>(request);
}

// The policy that is meant to be changed, or a new one.
absl::StatusOr<Policy> Start(Session& session, const PolicyOptions& options) {
  Policy start;
  start.set_municipality_code(options.municipality_code);
  start.set_kind(static_cast<Policy::Kind>(EnumNumber(KindWords(), options.kind)));
  start.set_existence(Policy::EXISTENCE_EXISTS);
  if (options.another) return start;
  BB_ASSIGN_OR_RETURN(const auto listed, PoliciesOf(session, options.municipality_code));
  int found = 0;
  Policy known;
  for (const Policy& policy : listed.policies()) {
    const bool meant = options.id.empty() || policy.id() == options.id;
    if (!meant || policy.kind() != start.kind()) continue;
    known = policy;
    ++found;
  }
  if (found == 1) return known;
  if (found > 1) {
    return absl::InvalidArgumentError(fmt::format(
        "The municipality has {} policies of this kind; say which by --id, or --another.", found));
  }
  if (options.id.empty()) return start;
  return absl::NotFoundError("The municipality has no policy of this kind with the id " +
                             options.id + "; brobygger policy list shows them.");
}

Outcome Set(Session& session, const PolicyOptions& options) {
  registry::v1::PutPolicyRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_policy(), Start(session, options));
  Policy& policy = *request.mutable_policy();
  const bool is_new = policy.id().empty();
  const auto text = [](const std::string& value, std::string& into) {
    if (!value.empty()) into = value == "-" ? "" : value;
  };
  text(options.title, *policy.mutable_title());
  text(options.url, *policy.mutable_url());
  if (!options.existence.empty()) {
    policy.set_existence(
        static_cast<Policy::Existence>(EnumNumber(ExistenceWords(), options.existence)));
  }
  if (!options.goals.empty()) policy.clear_goals();
  for (const std::string& goal : options.goals) {
    if (goal != "-") policy.add_goals(goal);
  }
  BB_RETURN_IF_ERROR(ChangeValid(options.from, options.to, *policy.mutable_valid()));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<registry::v1::PutPolicyResponse>(request));
  session.Say(fmt::format("{} {}", is_new ? "Created" : "Changed", answer.policy().id()));
  WriteRecord(session, answer.policy(), [&] {
    return Rows{.columns = PolicyColumns(),
                .cells = {PolicyCells(answer.policy(), session.language())}};
  });
  return 0;
}

Outcome List(Session& session, const PolicyOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto answer, PoliciesOf(session, options.municipality_code));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "policies", PolicyColumns()));
  for (const Policy& policy : answer.policies()) {
    writer.Add(policy, PolicyCells(policy, session.language()));
  }
  writer.Finish();
  return 0;
}

Outcome Delete(Session& session, const PolicyOptions& options) {
  registry::v1::DeletePolicyRequest request;
  request.set_policy_id(options.id);
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<registry::v1::DeletePolicyResponse>(request).status());
  session.Say("It is taken away.");
  return 0;
}

}  // namespace

void AddPolicy(const Command& root) {
  Command group = root.Add("policy", "Policies of municipalities and the goals in them");
  const auto options = std::make_shared<PolicyOptions>();
  const ValueHint municipality = {.summary = "Whose (code)"};
  Command set = group.Add("set", "Write a policy down, or change the one of this kind");
  set.Argument("KIND", options->kind,
               {.summary = "What kind it is", .completes = Completes::kWord, .words = KindWords()})
      .Required("--municipality", options->municipality_code, municipality)
      .Option("--existence", options->existence,
              {.summary = "Whether there is one; exists, if nothing is said of a new one",
               .completes = Completes::kWord,
               .words = ExistenceWords()})
      .Option("--title", options->title, {.summary = "What it is called"})
      .Option("--url", options->url, {.summary = "Where it can be read; - for nowhere"})
      .Options(
          "--goal", options->goals,
          {.summary = "A goal that concerns associations; repeatable, replaces all; - for none"})
      .Option("--id", options->id, {.summary = "Which one, where there are several of the kind"})
      .Flag("--another", options->another, "Make a new one beside those there are");
  AddValidOptions(set, options->from, options->to);
  set.Does([options](Session& session) { return Set(session, *options); });

  group.Add("list", "List a municipality's policies")
      .Required("--municipality", options->municipality_code, municipality)
      .Does([options](Session& session) { return List(session, *options); });
  group.Add("delete", "Take a policy away")
      .Argument("ID", options->id, {.summary = "As brobygger policy list shows it"})
      .Does([options](Session& session) { return Delete(session, *options); });
}

}  // namespace brobygger::cli
