// identity decide, undo and decisions.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/identity.h"
#include "core/cli/identity_words.h"
#include "core/cli/paging.h"

namespace brobygger::cli {
namespace {

using identity::v1::DecideRequest;
using identity::v1::DecideResponse;

struct DecideOptions {
  std::string from;
  std::string kind;
  std::string to;
  std::string record;
  std::string note;
  bool override_earlier = false;
  std::string decision;
  std::string association;
  PageOptions page;
};

absl::StatusOr<identity::v1::RecordReference> ToReference(const std::string& typed) {
  const size_t slash = typed.find('/');
  if (slash == std::string::npos || slash == 0 || slash + 1 == typed.size()) {
    return absl::InvalidArgumentError(fmt::format(
        "--record '{}' is not CONNECTION/EXTERNAL_ID, as identity how shows it.", typed));
  }
  identity::v1::RecordReference record;
  record.set_connection_id(typed.substr(0, slash));
  record.set_external_id(typed.substr(slash + 1));
  return record;
}

Outcome Decide(Session& session, const DecideOptions& options) {
  DecideRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_from_association_id(),
                      FindAssociationId(session, options.from));
  if (!options.to.empty()) {
    BB_ASSIGN_OR_RETURN(*request.mutable_to_association_id(),
                        FindAssociationId(session, options.to));
  }
  if (!options.record.empty()) {
    BB_ASSIGN_OR_RETURN(*request.mutable_record(), ToReference(options.record));
  }
  request.set_kind(ToDecisionKind(options.kind));
  request.set_note(options.note);
  request.set_override_earlier(options.override_earlier);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto decided, session.Call<DecideResponse>(request));
  WriteRecord(session, decided, [&] {
    return Rows{.columns = DecisionColumns(),
                .cells = {DecisionCells(decided.decision(), session.language())}};
  });
  SayOutcome(session, decided);
  return 0;
}

Outcome Undo(Session& session, const DecideOptions& options) {
  identity::v1::UndoDecisionRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_decision_id(), FindDecisionId(session, options.decision));
  request.set_note(options.note);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto undone, session.Call<identity::v1::UndoDecisionResponse>(request));
  const std::string& language = session.language();
  WriteRecord(session, undone, [&] {
    return Rows{.columns = DecisionColumns(),
                .cells = {DecisionCells(undone.decision(), language)}};
  });
  if (!undone.restored_association_id().empty()) {
    session.Say(FillText("restored", language, undone.restored_association_id()));
  }
  SayConflicts(session, undone.conflicts());
  return 0;
}

Outcome List(Session& session, const DecideOptions& options) {
  identity::v1::ListDecisionsRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                        FindAssociationId(session, options.association));
  }
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "decisions", DecisionColumns()));
  const auto add = [&](const identity::v1::ListDecisionsResponse& page) {
    for (const auto& decision : page.decisions()) {
      writer.Add(decision, DecisionCells(decision, session.language()));
    }
    return page.decisions_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages, (ReadPages<identity::v1::ListDecisionsResponse>(
                                      session, request, options.page, add)));
  pages.last.clear_decisions();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "decision", pages.last.next_page_token());
  return 0;
}

}  // namespace

void AddIdentityDecide(const Command& parent) {
  const auto options = std::make_shared<DecideOptions>();
  const ValueHint which{.summary = "Id (or its start), CVR number or whole name",
                        .completes = Completes::kAssociation};
  const ValueHint why{.summary = "Why, at most 500 characters; never a CPR number"};
  parent.Add("decide", "Write down how two associations stand, as in: A not-same B, A branch-of B")
      .Argument("FIRST", options->from, which)
      .Argument("KIND", options->kind,
                {.summary = "What you know",
                 .words = {"same", "not-same", "unsure", "branch-of", "successor-of"}})
      .OptionalArgument("SECOND", options->to, which)
      .Option("--record", options->record,
              {.summary = "With not-same: a record of the first one, CONNECTION/EXTERNAL_ID"})
      .Option("--note", options->note, why)
      .Flag("--override", options->override_earlier,
            "Although it contradicts an earlier decision, which is then taken back")
      .Does([options](Session& session) { return Decide(session, *options); });

  parent.Add("undo", "Take a decision back, with the merge it made")
      .Argument("DECISION", options->decision, {.summary = "Its id, or the start of it"})
      .Option("--note", options->note, why)
      .Does([options](Session& session) { return Undo(session, *options); });

  Command list = parent.Add("decisions", "The log of decisions, newest first");
  list.Option("--association", options->association, which);
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
}

}  // namespace brobygger::cli
