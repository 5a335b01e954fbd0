// sync log, sync overruled and sync dead-letters: what syncs did, and did not.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/sync.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using sync::v1::ListDeadLettersResponse;
using sync::v1::ListOverruledValuesResponse;
using sync::v1::ListRunActionsResponse;
using sync::v1::ListRunsResponse;
using sync::v1::PlannedAction;
using sync::v1::Run;
using sync::v1::RunAction;

struct LogOptions {
  std::string target;
  PageOptions page;
};

Cell Count(std::uint64_t number) { return {std::to_string(number)}; }

Outcome Runs(Session& session, const LogOptions& options) {
  sync::v1::ListRunsRequest request;
  request.set_connection_id(options.target);
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "runs",
                                       {{"id", "RUN"},
                                        {"connection_id", "CONNECTION"},
                                        {"start_time", "BEGAN"},
                                        {"actor", "BY"},
                                        {"state", "STATE"},
                                        {"created_count", "ADDED"},
                                        {"updated_count", "CHANGED"},
                                        {"deleted_count", "DELETED"},
                                        {"source_created_count", "ADDED THERE"},
                                        {"source_updated_count", "CHANGED THERE"},
                                        {"conflict_count", "FOR A PERSON"}}));
  const auto add = [&](const ListRunsResponse& page) {
    for (const Run& run : page.runs()) {
      std::string state = ShowEnum(Run::State_Name(run.state()), "STATE_");
      if (run.has_undo_time()) state = "undone";
      writer.Add(run, {{run.id()},
                       {run.connection_id()},
                       {ShowTime(run.start_time(), session.language())},
                       {run.actor()},
                       {state},
                       Count(run.created_count()),
                       Count(run.updated_count()),
                       Count(run.deleted_count()),
                       Count(run.source_created_count()),
                       Count(run.source_updated_count()),
                       Count(run.conflict_count())});
    }
    return page.runs_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListRunsResponse>(session, request, options.page, add)));
  pages.last.clear_runs();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "run", pages.last.next_page_token());
  return 0;
}

// Of a write to the source that did not go through.
std::string OutcomeWords(const RunAction& done) {
  using plugin::v1::OperationResult;
  switch (done.outcome()) {
    case OperationResult::OUTCOME_STALE:
      return "  not written: somebody at the source was faster\n";
    case OperationResult::OUTCOME_REJECTED:
      return "  refused by the source: brobygger sync dead-letters\n";
    case OperationResult::OUTCOME_RETRY:
      return "  put off by the source\n";
    case OperationResult::OUTCOME_DOUBTFUL:
      return "  not answered: the next run looks\n";
    default:
      return "";
  }
}

Outcome Actions(Session& session, const LogOptions& options) {
  sync::v1::ListRunActionsRequest request;
  request.set_run_id(options.target);
  const bool for_people = session.format() == Format::kTable;
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "actions",
                                                          {{"kind", "KIND"},
                                                           {"external_id", "RECORD"},
                                                           {"association_id", "ASSOCIATION"},
                                                           {"official_name", "NAME"}}));
  const auto add = [&](const ListRunActionsResponse& page) {
    for (const RunAction& done : page.actions()) {
      const PlannedAction& action = done.action();
      if (for_people) {
        session.Write(ActionText(action, session.language()) + OutcomeWords(done));
        continue;
      }
      writer.Add(done, {{ShowEnum(PlannedAction::Kind_Name(action.kind()), "KIND_")},
                        {action.external_id()},
                        {action.association_id()},
                        {action.official_name()}});
    }
    return page.actions_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListRunActionsResponse>(session, request, options.page, add)));
  pages.last.clear_actions();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "action", pages.last.next_page_token());
  if (pages.count > 0) session.Say("Put it back: brobygger sync undo " + options.target);
  return 0;
}

Outcome Log(Session& session, const LogOptions& options) {
  return base::IsUuid(options.target) ? Actions(session, options) : Runs(session, options);
}

Outcome Overruled(Session& session, const LogOptions& options) {
  sync::v1::ListOverruledValuesRequest request;
  request.set_connection_id(options.target);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "values",
                                                          {{"time", "WHEN"},
                                                           {"connection_id", "CONNECTION"},
                                                           {"association_id", "ASSOCIATION"},
                                                           {"path", "FIELD"},
                                                           {"at_source", "STOOD"},
                                                           {"value", "VALUE"},
                                                           {"replaced_by", "NOW"}}));
  const bool for_people = session.format() == Format::kTable;
  const auto add = [&](const ListOverruledValuesResponse& page) {
    for (const auto& value : page.values()) {
      const auto shown = [&](const std::string& text) {
        return Cell{for_people ? ShowField(value.path(), text, session.language()) : text};
      };
      writer.Add(value, {{ShowTime(value.time(), session.language())},
                         {value.connection_id()},
                         {value.association_id()},
                         {value.path()},
                         {value.at_source() ? "at the source" : "in the registry"},
                         shown(value.value()),
                         shown(value.replaced_by())});
    }
    return page.values_size();
  };
  BB_ASSIGN_OR_RETURN(
      auto pages, (ReadPages<ListOverruledValuesResponse>(session, request, options.page, add)));
  pages.last.clear_values();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "value", pages.last.next_page_token());
  return 0;
}

Outcome DeadLetters(Session& session, const LogOptions& options) {
  sync::v1::ListDeadLettersRequest request;
  request.set_connection_id(options.target);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "deadLetters",
                                                          {{"connection_id", "CONNECTION"},
                                                           {"association_id", "ASSOCIATION"},
                                                           {"official_name", "NAME"},
                                                           {"external_id", "RECORD"},
                                                           {"text", "WHY"},
                                                           {"attempts", "TRIED"},
                                                           {"code", "CODE"}}));
  const auto add = [&](const ListDeadLettersResponse& page) {
    for (const auto& letter : page.dead_letters()) {
      const bool danish = session.language() == "da" && !letter.text_da().empty();
      writer.Add(letter, {{letter.connection_id()},
                          {letter.association_id()},
                          {letter.official_name()},
                          {letter.external_id()},
                          {danish ? letter.text_da() : letter.text_en()},
                          Count(letter.attempts()),
                          {letter.code()}});
    }
    return page.dead_letters_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListDeadLettersResponse>(session, request, options.page, add)));
  pages.last.clear_dead_letters();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "refused write", pages.last.next_page_token());
  return 0;
}

}  // namespace

void AddSyncLog(const Command& parent) {
  const auto options = std::make_shared<LogOptions>();
  const ValueHint which{.summary = "Only this connection", .completes = Completes::kConnection};
  Command log = parent.Add("log", "List runs, or what one run did");
  log.OptionalArgument("RUN", options->target,
                       {.summary = "Id of a run: what it did; or of a connection: its runs",
                        .completes = Completes::kConnection});
  AddPageOptions(log, options->page);
  log.Does([options](Session& session) { return Log(session, *options); });

  Command overruled = parent.Add("overruled", "List values that gave way to the other side's");
  overruled.OptionalArgument("CONNECTION", options->target, which);
  AddPageOptions(overruled, options->page);
  overruled.Does([options](Session& session) { return Overruled(session, *options); });

  Command letters = parent.Add("dead-letters", "List writes that a source refused");
  letters.OptionalArgument("CONNECTION", options->target, which);
  AddPageOptions(letters, options->page);
  letters.Does([options](Session& session) { return DeadLetters(session, *options); });
}

}  // namespace brobygger::cli
