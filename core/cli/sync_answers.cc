// sync resolve, replay, reject and undo: a person's answers.
#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/sync.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::ResolveConflictRequest;

struct ResolveOptions {
  std::string conflict;
  std::string keep;
  std::string value;
};

// A list is typed as its entries, with commas between.
std::string ToText(const std::string& conflict, const std::string& typed) {
  const std::string path = conflict.substr(conflict.rfind('/') + 1);
  const bool list =
      path == "phones" || path == "emails" || path == "websites" || path == "language_codes";
  if (!list || typed.empty() || typed.front() == '[') return typed;
  std::string text;
  for (std::size_t begin = 0; begin <= typed.size();) {
    const std::size_t end = std::min(typed.find(',', begin), typed.size());
    text += (text.empty() ? "\"" : ",\"") + typed.substr(begin, end - begin) + "\"";
    begin = end + 1;
  }
  return "[" + text + "]";
}

Outcome Resolve(Session& session, const ResolveOptions& options) {
  ResolveConflictRequest request;
  request.set_conflict_id(options.conflict);
  if (options.keep.empty() == options.value.empty()) {
    return absl::InvalidArgumentError(
        "Say which value stays: --keep registry, --keep source, or --value TEXT.");
  }
  request.set_choice(ResolveConflictRequest::CHOICE_VALUE);
  if (options.keep == "registry") request.set_choice(ResolveConflictRequest::CHOICE_REGISTRY);
  if (options.keep == "source") request.set_choice(ResolveConflictRequest::CHOICE_SOURCE);
  request.set_value(ToText(options.conflict, options.value));
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<sync::v1::ResolveConflictResponse>(request));
  const auto& conflict = answer.conflict();
  if (conflict.kind() == sync::v1::Conflict::KIND_DUPLICATE) {
    session.Say(fmt::format("Settled: at {} the association is {} {}.", conflict.connection_id(),
                            options.keep == "source" ? "record" : "another record than",
                            conflict.external_id()));
    return kExitDone;
  }
  session.Say(fmt::format("Settled: {} is now {}. It goes to {} within seconds.",
                          conflict.path().empty() ? "the record" : conflict.path(),
                          ShowField(conflict.path(), answer.registry_value(), session.language()),
                          conflict.connection_id()));
  return kExitDone;
}

struct ReplayOptions {
  std::string connection;
  std::string association;
};

Outcome Replay(Session& session, const ReplayOptions& options) {
  sync::v1::ReplayDeadLettersRequest request;
  request.set_connection_id(options.connection);
  request.set_association_id(options.association);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<sync::v1::ReplayDeadLettersResponse>(request));
  session.Say(fmt::format(
      "{} refused writes are tried again within seconds, from what the registry holds now.",
      answer.replayed_count()));
  return kExitDone;
}

struct RejectOptions {
  std::string plan;
};

Outcome RejectPlan(Session& session, const RejectOptions& options) {
  sync::v1::RejectPlanRequest request;
  request.set_plan_id(options.plan);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<sync::v1::RejectPlanResponse>(request));
  WriteRecord(session, answer.plan(), [&] {
    return Rows{.columns = {{"plan", "PLAN"}, {"connection", "CONNECTION"}},
                .cells = {{{answer.plan().id()}, {answer.plan().connection_id()}}}};
  });
  session.Say(fmt::format(
      "Rejected: nothing of it is done, and it is not asked about again while '{}' says the same. "
      "Who wants it after all plans anew: brobygger sync plan {}.",
      answer.plan().connection_id(), answer.plan().connection_id()));
  return kExitDone;
}

struct UndoOptions {
  std::string run;
  bool dry_run = false;
};

Outcome Undo(Session& session, const UndoOptions& options) {
  sync::v1::UndoRunRequest request;
  request.set_run_id(options.run);
  request.set_dry_run(true);
  BB_ASSIGN_OR_RETURN(auto answer, session.Call<sync::v1::UndoRunResponse>(request));
  if (!options.dry_run) {
    BB_ASSIGN_OR_RETURN(const bool agreed, session.Confirm(fmt::format(
                                               "Put back {} associations ({} fields)?",
                                               answer.restored_count(), answer.field_count())));
    if (!agreed) {
      session.Warn("Nothing was undone.");
      return kExitPartly;
    }
    request.set_dry_run(false);
    BB_ASSIGN_OR_RETURN(answer, session.Call<sync::v1::UndoRunResponse>(request));
  }
  for (const auto& kept : answer.kept()) {
    session.Say(fmt::format("stays: {}{}{} ({})", kept.official_name(),
                            kept.path().empty() ? "" : ", ", kept.path(), kept.reason()));
  }
  session.Say(fmt::format("{} {} associations ({} fields); {} stay as they are.",
                          options.dry_run ? "Would put back" : "Put back", answer.restored_count(),
                          answer.field_count(), answer.kept_count()));
  return kExitDone;
}

}  // namespace

void AddSyncAnswers(const Command& parent) {
  const auto resolving = std::make_shared<ResolveOptions>();
  Command resolve = parent.Add("resolve", "Settle a conflict");
  resolve
      .Argument("CONFLICT", resolving->conflict,
                {.summary = "As brobygger sync conflicts lists it"})
      .Option("--keep", resolving->keep,
              {.summary = "Which side's value stays",
               .completes = Completes::kWord,
               .words = {"registry", "source"}})
      .Option("--value", resolving->value, {.summary = "Another value, for both sides"})
      .Does([resolving](Session& session) { return Resolve(session, *resolving); });

  const auto replaying = std::make_shared<ReplayOptions>();
  Command replay = parent.Add("replay", "Try refused writes again, as the registry is now");
  replay
      .Argument("CONNECTION", replaying->connection,
                {.summary = "Id of the connection", .completes = Completes::kConnection})
      .OptionalArgument("ASSOCIATION", replaying->association,
                        {.summary = "Only this one's", .completes = Completes::kAssociation})
      .Does([replaying](Session& session) { return Replay(session, *replaying); });

  const auto rejecting = std::make_shared<RejectOptions>();
  Command reject = parent.Add("reject", "Say that a plan shall not be done");
  reject.Argument("PLAN", rejecting->plan, {.summary = "As sync plan and sync status show it"})
      .Does([rejecting](Session& session) { return RejectPlan(session, *rejecting); });

  const auto undoing = std::make_shared<UndoOptions>();
  Command undo = parent.Add("undo", "Put back what a run changed");
  undo.Argument("RUN", undoing->run, {.summary = "Id of the run; see brobygger sync log"})
      .Flag("--dry-run", undoing->dry_run, "Only say what would be put back")
      .Does([undoing](Session& session) { return Undo(session, *undoing); });
}

}  // namespace brobygger::cli
