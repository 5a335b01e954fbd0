#include "core/cli/sync.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/progress.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::Plan;
using sync::v1::PlannedAction;
using sync::v1::Run;

// A sync of a large source; the hub's own limits are tighter.
constexpr std::chrono::hours kUsualPatience(1);
constexpr std::uint64_t kUsualActions = 500;

// Hears a stream of progress that ends with one result.
template <typename Response, typename Result>
absl::StatusOr<Result> HearOut(Session& session,
                               const google::protobuf::Message& request,
                               const Result& (Response::*result)() const,
                               bool (Response::*has_result)() const) {
  ProgressBar bar(session);
  std::optional<Result> heard;
  const auto status = session.hub().Stream<Response>(request, session.patience(kUsualPatience),
                                                     [&](const Response& response) {
                                                       if (response.has_progress())
                                                         bar.Show(response.progress());
                                                       if ((response.*has_result)())
                                                         heard = (response.*result)();
                                                       return true;
                                                     });
  if (!status.ok()) return status;
  if (heard) return *std::move(heard);
  return absl::InternalError("The hub ended the stream without a result; look at its log.");
}

const std::vector<Column>& ActionColumns() {
  static const std::vector<Column> kColumns = {
      {"kind", "KIND"},          {"external_id", "RECORD"}, {"association_id", "ASSOCIATION"},
      {"official_name", "NAME"}, {"field", "FIELD"},        {"old_value", "OLD"},
      {"new_value", "NEW"}};
  return kColumns;
}

// CSV has a line for each field that changes.
void AddAction(ListWriter& writer, const PlannedAction& action, bool by_field) {
  const std::vector<Cell> head = {{ShowEnum(PlannedAction::Kind_Name(action.kind()), "KIND_")},
                                  {action.external_id()},
                                  {action.association_id()},
                                  {action.official_name()}};
  const auto add_change = [&](const sync::v1::FieldChange& change) {
    auto line = head;
    line.insert(line.end(), {{change.path()}, {change.old_value()}, {change.new_value()}});
    if (by_field) writer.Add(action, line);
  };
  std::for_each(action.changes().begin(), action.changes().end(), add_change);
  std::for_each(action.source_changes().begin(), action.source_changes().end(), add_change);
  if (by_field && action.changes_size() + action.source_changes_size() > 0) return;
  auto line = head;
  line.insert(line.end(), 3, Cell{});
  writer.Add(action, line);
}

void WriteAction(Session& session, ListWriter& writer, const PlannedAction& action) {
  if (session.format() == Format::kTable) {
    session.Write(ActionText(action, session.language()));
  } else {
    AddAction(writer, action, session.format() == Format::kCsv);
  }
}

std::string NextCommand(const Plan& plan) {
  const bool held = plan.verdict() != Plan::VERDICT_OK;
  return fmt::format("Next: brobygger sync apply {}{}", plan.id(), held ? " --accept-held" : "");
}

void SayHowPlanStands(Session& session, const Plan& plan, bool to_output) {
  std::string text = PlanSummary(plan);
  if (plan.rejected_count() > 0) {
    text += fmt::format("\n{} records were kept aside: brobygger sync rejected {}",
                        plan.rejected_count(), plan.connection_id());
  }
  if (HasChanges(plan)) text += "\n" + NextCommand(plan);
  if (to_output) {
    session.Write(text + "\n");
  } else {
    session.Say(text);
  }
}

std::vector<std::vector<Cell>> RunCells(const Run& run) {
  const auto count = [](std::uint64_t number) { return Cell{std::to_string(number)}; };
  return {{{run.connection_id()},
           {ShowEnum(Run::State_Name(run.state()), "STATE_")},
           count(run.read_count()),
           count(run.created_count()),
           count(run.updated_count()),
           count(run.deleted_count()),
           count(run.conflict_count()),
           count(run.question_count()),
           count(run.rejected_count())}};
}

void SayApplications(Session& session, const sync::v1::ApplicationCounts& counts) {
  if (counts.new_count() + counts.changed_count() + counts.gone_count() > 0) {
    session.Say(fmt::format("Grant applications: {} new, {} changed, {} gone.", counts.new_count(),
                            counts.changed_count(), counts.gone_count()));
  }
  if (counts.unresolved_count() > 0) {
    session.Say(fmt::format("Of {} nobody knows whose they are: brobygger grant list --unresolved",
                            counts.unresolved_count()));
  }
}

// What a plugin found odd about a meeting; plugins/calendars/README.md has the codes.
std::string RemarkText(const std::string& code) {
  static const std::map<std::string, std::string> kTexts = {
      {"unknown_zone", "a time zone that nobody knows"},
      {"sub_daily_rule", "repeats within a day, counted once"},
      {"bad_rule", "a rule that cannot be read, so only its start counts"},
      {"this_and_future", "a change of all that follow, taken for the one"},
      {"too_many_instances", "more instances than are looked at"},
      {"bad_date", "a day that there is not"},
      {"duplicate_uid", "two that say they are the same"}};
  const auto known = kTexts.find(code);
  return known == kTexts.end() ? code : known->second;
}

void SayMeetings(Session& session, const Run& run) {
  const auto& meetings = run.meetings();
  if (meetings.new_count() + meetings.removed_count() + meetings.changed_count() +
          meetings.gone_count() >
      0) {
    session.Say(
        fmt::format("Contacts from calendars: {} new, {} no longer; meetings: {} changed, {} gone.",
                    meetings.new_count(), meetings.removed_count(), meetings.changed_count(),
                    meetings.gone_count()));
  }
  if (meetings.opted_out_count() > 0) {
    session.Say(fmt::format("{} calendar objects may not count any more; what was known is gone.",
                            meetings.opted_out_count()));
  }
  if (meetings.rejected_count() > 0) {
    session.Say(fmt::format("{} calendar objects could not be used: brobygger sync rejected {}",
                            meetings.rejected_count(), run.connection_id()));
  }
  if (!meetings.oddities().empty()) {
    std::string odd;
    for (const auto& remark : meetings.oddities()) {
      absl::StrAppend(&odd, odd.empty() ? "" : ", ", RemarkText(remark.code()), " (",
                      remark.count(), ")");
    }
    session.Say(
        fmt::format("Read as well as they can be, and perhaps not as they were meant: {}.", odd));
  }
  if (meetings.review_count() > 0) {
    session.Say(
        fmt::format("Of {} a person must say whose they are: brobygger touchpoint list "
                    "--review",
                    meetings.review_count()));
  }
  if (run.publications().removed_there_count() > 0) {
    session.Say(
        fmt::format("{} published events were taken out of a calendar there, and are not "
                    "written again.",
                    run.publications().removed_there_count()));
  }
}

}  // namespace

absl::StatusOr<Plan> MakePlan(Session& session, const std::string& connection) {
  sync::v1::PlanSyncRequest request;
  request.set_connection_id(connection);
  using Response = sync::v1::PlanSyncResponse;
  return HearOut<Response, Plan>(session, request, &Response::plan, &Response::has_plan);
}

absl::StatusOr<Run> ApplyPlan(Session& session, const std::string& plan_id, bool accept_held) {
  sync::v1::ApplyPlanRequest request;
  request.set_plan_id(plan_id);
  request.set_accept_held(accept_held);
  using Response = sync::v1::ApplyPlanResponse;
  return HearOut<Response, Run>(session, request, &Response::run, &Response::has_run);
}

absl::Status WritePlan(Session& session, const Plan& plan, const PageOptions& page) {
  sync::v1::ListPlannedActionsRequest request;
  request.set_plan_id(plan.id());
  PageOptions pages = page;
  if (pages.size == 0) pages.size = kUsualActions;
  const bool for_people = session.format() == Format::kTable;
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "actions", ActionColumns()));
  const auto add = [&](const sync::v1::ListPlannedActionsResponse& response) {
    for (const auto& action : response.actions()) WriteAction(session, writer, action);
    return response.actions_size();
  };
  BB_ASSIGN_OR_RETURN(const auto read, (ReadPages<sync::v1::ListPlannedActionsResponse>(
                                           session, request, pages, add)));
  sync::v1::GetPlanResponse rest;
  *rest.mutable_plan() = plan;
  writer.Finish(&rest);
  if (!read.last.next_page_token().empty()) {
    session.Say(fmt::format("The first {} actions are shown; --all shows the rest.", read.count));
  }
  SayHowPlanStands(session, plan, for_people);
  return absl::OkStatus();
}

int WriteRun(Session& session, const Run& run) {
  WriteRecord(session, run, [&] {
    return Rows{.columns = {{"connection_id", "CONNECTION"},
                            {"state", "STATE"},
                            {"read_count", "READ"},
                            {"created_count", "ADDED"},
                            {"updated_count", "CHANGED"},
                            {"deleted_count", "DELETED"},
                            {"conflict_count", "FOR A PERSON"},
                            {"question_count", "TO REVIEW"},
                            {"rejected_count", "KEPT ASIDE"}},
                .cells = RunCells(run)};
  });
  if (run.question_count() > 0) {
    session.Say(fmt::format(
        "{} of the new associations may be one that was there: brobygger identity review",
        run.question_count()));
  }
  if (run.source_created_count() + run.source_updated_count() > 0) {
    session.Say(fmt::format("At the source: {} added, {} changed.", run.source_created_count(),
                            run.source_updated_count()));
  }
  SayApplications(session, run.applications());
  SayMeetings(session, run);
  if (run.overruled_count() > 0) {
    const bool one = run.overruled_count() == 1;
    session.Say(fmt::format("{} gave way and {} kept: brobygger sync overruled {}",
                            one ? "1 value" : fmt::format("{} values", run.overruled_count()),
                            one ? "is" : "are", run.connection_id()));
  }
  for (const auto& diagnostic : run.diagnostics()) {
    session.Say(DiagnosticText(diagnostic, session.language()));
  }
  if (run.state() == Run::STATE_FAILED) return kExitOther;
  return run.state() == Run::STATE_WAITING ? kExitPartly : kExitDone;
}

std::string DiagnosticText(const plugin::v1::Diagnostic& diagnostic, const std::string& language) {
  const auto& texts = diagnostic.text();
  auto text = texts.find(language);
  if (text == texts.end()) text = texts.find("en");
  std::string words = text == texts.end() ? diagnostic.code() : text->second;
  // Most plugins begin with the place themselves.
  const std::string place = diagnostic.path() + ": ";
  if (!diagnostic.path().empty() && !absl::StartsWith(words, place)) words = place + words;
  return fmt::format("{} [{}]", words, diagnostic.code());
}

void AddSync(const Command& root) {
  Command sync = root.Add("sync", "Bring what source systems say into the registry");
  AddSyncPlan(sync);
  AddSyncRun(sync);
  AddSyncAudit(sync);
  AddSyncStatus(sync);
  AddSyncLog(sync);
  AddSyncAnswers(sync);
}

}  // namespace brobygger::cli
