// collaboration create, list, show, update and move.
#include <memory>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/paging.h"
#include "core/cli/registry_codes.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using collab::v1::Collaboration;
using collab::v1::GetCollaborationResponse;
using collab::v1::ListCollaborationsResponse;
using collab::v1::Party;

struct CollaborationOptions {
  std::string collaboration;
  std::string title;
  std::string aim;
  std::string theme;
  std::string audience;
  std::string area;
  std::string degree;
  std::string start;
  std::string end;
  std::vector<std::string> grants;
  std::vector<std::string> events;
  std::vector<std::string> premises;
  std::string as_of;
  std::vector<std::string> departments;
  std::vector<std::string> associations;
  std::string state;
  std::string reason;
  std::string department;
  std::string association;
  PageOptions page;
};

// What a list of ids becomes: those that were typed, and none for a "-" alone.
void SetIds(const std::vector<std::string>& typed,
            const char* path,
            google::protobuf::RepeatedPtrField<std::string>& into,
            std::vector<std::string>& paths) {
  if (typed.empty()) return;
  paths.emplace_back(path);
  if (typed.size() > 1 || typed.front() != "-") into.Assign(typed.begin(), typed.end());
}

// Says in `collaboration` what is given on the command line; the paths of what that is.
std::vector<std::string> SetGiven(const CollaborationOptions& options,
                                  Collaboration& collaboration) {
  std::vector<std::string> paths;
  const auto given = [&](const std::string& typed, const char* path) {
    if (!typed.empty()) paths.emplace_back(path);
    return !typed.empty();
  };
  if (given(options.title, "title")) collaboration.set_title(options.title);
  if (given(options.aim, "aim")) {
    (*collaboration.mutable_aim()->mutable_by_language())["da"] = options.aim;
  }
  if (given(options.theme, "theme")) {
    collaboration.set_theme(
        static_cast<registry::v1::Theme>(EnumNumber(ThemeWords(), options.theme)));
  }
  if (given(options.audience, "audience")) {
    collaboration.set_audience(
        static_cast<registry::v1::Audience>(EnumNumber(AudienceWords(), options.audience)));
  }
  if (given(options.area, "area")) collaboration.set_area(options.area);
  if (given(options.degree, "degree")) {
    collaboration.set_degree(
        static_cast<collab::v1::CollaborationDegree>(EnumNumber(DegreeWords(), options.degree)));
  }
  if (given(options.start, "start_date")) collaboration.set_start_date(options.start);
  if (given(options.end, "end_date")) collaboration.set_end_date(options.end);
  SetIds(options.grants, "grant_application_ids", *collaboration.mutable_grant_application_ids(),
         paths);
  SetIds(options.events, "event_ids", *collaboration.mutable_event_ids(), paths);
  SetIds(options.premises, "premises_ids", *collaboration.mutable_premises_ids(), paths);
  return paths;
}

Outcome Create(Session& session, const CollaborationOptions& options) {
  collab::v1::CreateCollaborationRequest request;
  SetGiven(options, *request.mutable_collaboration());
  for (const std::string& typed : options.departments) {
    Party& party = *request.add_parties();
    party.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
    BB_ASSIGN_OR_RETURN(*party.mutable_department_id(), DepartmentId(session, typed));
  }
  for (const std::string& typed : options.associations) {
    Party& party = *request.add_parties();
    party.set_side(collab::v1::COLLABORATION_SIDE_ASSOCIATION);
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    party.set_association_id(association.id());
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<collab::v1::CreateCollaborationResponse>(request));
  ReportCollaboration(session, answer.collaboration(), "Created");
  SayAdvice(session, {collab::v1::ADVICE_TRIGGER_NEW_IDEA});
  return 0;
}

Outcome List(Session& session, const CollaborationOptions& options) {
  collab::v1::ListCollaborationsRequest request;
  request.set_state(
      static_cast<collab::v1::CollaborationState>(EnumNumber(StateWords(), options.state)));
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "collaborations", CollaborationColumns()));
  const auto add = [&](const ListCollaborationsResponse& page) {
    for (const Collaboration& each : page.collaborations()) {
      writer.Add(each, CollaborationCells(session, each));
    }
    return page.collaborations_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListCollaborationsResponse>(session, request, options.page, add)));
  pages.last.clear_collaborations();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "collaboration", pages.last.next_page_token());
  return 0;
}

// Lines of a field and a value; empty ones are left out.
class Lines {
 public:
  explicit Lines(std::string language) : language_(std::move(language)) {
    rows_.columns = {{"field", "FIELD"}, {"value", "VALUE"}};
  }

  void Add(const char* field, const std::string& value) {
    if (!value.empty()) rows_.cells.push_back({{field}, {value}});
  }
  void AddDate(const char* field, const std::string& date) {
    Add(field, ShowField("date", date, language_));
  }
  std::string Words(const google::protobuf::EnumDescriptor& enumeration, int value) const {
    return EnumText(enumeration, value, language_);
  }
  Rows Take() { return std::move(rows_); }

 private:
  std::string language_;
  Rows rows_;
};

std::string PartyText(const Party& party, const Lines& lines) {
  std::vector<std::string> facts;
  for (const int role : party.roles()) {
    facts.push_back(lines.Words(*collab::v1::PartyRole_descriptor(), role));
  }
  if (!party.left_date().empty()) facts.push_back("- " + party.left_date());
  const std::string name = party.title().empty() ? party.id() : party.title();
  return facts.empty() ? name : absl::StrCat(name, " (", absl::StrJoin(facts, ", "), ")");
}

std::string TaskText(const collab::v1::CollaborationTask& task, const Lines& lines) {
  std::vector<std::string> facts = {
      lines.Words(*collab::v1::TaskState_descriptor(), task.state()),
      lines.Words(*collab::v1::CollaborationSide_descriptor(), task.owner_side()), task.due_date()};
  std::erase(facts, "");
  return absl::StrCat(task.title(), " (", absl::StrJoin(facts, ", "), ")");
}

void AddParts(const Collaboration& collaboration, Lines& lines) {
  for (const Party& party : collaboration.parties()) lines.Add("party", PartyText(party, lines));
  for (const auto& task : collaboration.tasks()) lines.Add("task", TaskText(task, lines));
  for (const auto& milestone : collaboration.milestones()) {
    const std::string size = lines.Words(*collab::v1::MilestoneSize_descriptor(), milestone.size());
    lines.Add("milestone", absl::StrCat(milestone.date(), " ", milestone.text(),
                                        size.empty() ? "" : " (" + size + ")"));
  }
  for (const auto& outcome : collaboration.outcomes()) {
    lines.Add("outcome",
              absl::StrCat(lines.Words(*collab::v1::CollaborationSide_descriptor(), outcome.side()),
                           ": ", outcome.text()));
  }
}

Rows RowsOf(const GetCollaborationResponse& answer, const std::string& language) {
  const Collaboration& collaboration = answer.collaboration();
  Lines lines(language);
  lines.Add("title", collaboration.title());
  lines.Add("state",
            lines.Words(*collab::v1::CollaborationState_descriptor(), collaboration.state()));
  lines.AddDate("since", collaboration.state_date());
  lines.Add("reason", collaboration.state_reason());
  const auto& aims = collaboration.aim().by_language();
  for (const auto& [tag, text] : aims) lines.Add("aim", text);
  lines.Add("theme", lines.Words(*registry::v1::Theme_descriptor(), collaboration.theme()));
  lines.Add("audience",
            lines.Words(*registry::v1::Audience_descriptor(), collaboration.audience()));
  lines.Add("area", collaboration.area());
  lines.Add("degree",
            lines.Words(*collab::v1::CollaborationDegree_descriptor(), collaboration.degree()));
  lines.AddDate("start", collaboration.start_date());
  lines.AddDate("end", collaboration.end_date());
  AddParts(collaboration, lines);
  for (const auto& id : collaboration.grant_application_ids()) lines.Add("grant", id);
  for (const auto& id : collaboration.event_ids()) lines.Add("event", id);
  for (const auto& id : collaboration.premises_ids()) lines.Add("premises", id);
  lines.Add("alignment",
            lines.Words(*collab::v1::AlignmentState_descriptor(), answer.alignment().state()));
  for (const auto& move : answer.moves()) {
    const std::string state =
        lines.Words(*collab::v1::CollaborationState_descriptor(), move.state());
    lines.Add("next", move.missing().empty()
                          ? state
                          : absl::StrCat(state, " – ", absl::StrJoin(move.missing(), ", ")));
  }
  lines.Add("id", collaboration.id());
  return lines.Take();
}

Outcome Show(Session& session, const CollaborationOptions& options) {
  collab::v1::GetCollaborationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  BB_ASSIGN_OR_RETURN(*request.mutable_as_of(), ToAsOf(options.as_of));
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<GetCollaborationResponse>(request));
  WriteRecord(session, answer, [&] { return RowsOf(answer, session.language()); });
  return 0;
}

Outcome Update(Session& session, const CollaborationOptions& options) {
  collab::v1::UpdateCollaborationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration()->mutable_id(),
                      CollaborationId(session, options.collaboration));
  for (const std::string& path : SetGiven(options, *request.mutable_collaboration())) {
    request.mutable_update_mask()->add_paths(path);
  }
  if (request.update_mask().paths().empty()) {
    return absl::InvalidArgumentError("Nothing to change: give --aim, --start or the like.");
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<collab::v1::UpdateCollaborationResponse>(request));
  ReportCollaboration(session, answer.collaboration(), "Changed");
  return 0;
}

Outcome Move(Session& session, const CollaborationOptions& options) {
  collab::v1::MoveCollaborationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  const int state = EnumNumber(StateWords(), options.state);
  request.set_state(static_cast<collab::v1::CollaborationState>(state));
  request.set_reason(options.reason);
  request.set_request_id(base::MakeUuid());
  const auto answer = session.Call<collab::v1::MoveCollaborationResponse>(request);
  if (!answer.ok()) {
    const std::string missing = base::ErrorMetadata(answer.status(), "missing");
    if (absl::StrContains(missing, "alignment")) {
      SayAdvice(session, {collab::v1::ADVICE_TRIGGER_NO_ALIGNMENT});
    }
    return Explained(session, request.collaboration_id(), answer.status());
  }
  ReportCollaboration(session, answer->collaboration(), "Moved");
  return 0;
}

void AddFacts(Command& command, CollaborationOptions& options) {
  command.Option("--aim", options.aim, {.summary = "What it is for, in Danish"})
      .Option("--theme", options.theme,
              {.summary = "What it is about", .completes = Completes::kWord, .words = ThemeWords()})
      .Option(
          "--audience", options.audience,
          {.summary = "Whom it is for", .completes = Completes::kWord, .words = AudienceWords()})
      .Option("--area", options.area, {.summary = "Where, in words"})
      .Option("--degree", options.degree,
              {.summary = "How close it is", .completes = Completes::kWord, .words = DegreeWords()})
      .Option("--start", options.start, {.summary = "The first day, as in 2027-03-01"})
      .Option("--end", options.end, {.summary = "The last day"})
      .Options("--grant", options.grants,
               {.summary = "Id of an application that belongs to it; repeatable, \"-\" for none"})
      .Options("--event", options.events, {.summary = "Id of an event; the same"})
      .Options("--premises", options.premises,
               {.summary = "Id of premises, as premises list shows it; the same"});
}

}  // namespace

void AddCollaboration(const Command& root) {
  Command collaboration =
      root.Add("collaboration", "What departments and associations do together");
  const auto options = std::make_shared<CollaborationOptions>();
  const ValueHint which = {.summary = "Id (or its start), or whole title"};
  Command create = collaboration.Add("create", "Write down an idea and who takes part");
  create.Argument("TITLE", options->title, {.summary = "As in Festival"})
      .Options("--department", options->departments, {.summary = "Department that takes part"})
      .Options("--association", options->associations,
               {.summary = "Association that takes part", .completes = Completes::kAssociation});
  AddFacts(create, *options);
  create.Does([options](Session& session) { return Create(session, *options); });
  Command list = collaboration.Add("list", "Show them, the newest first");
  list.Option("--state", options->state,
              {.summary = "In this state", .completes = Completes::kWord, .words = StateWords()})
      .Option("--department", options->department, {.summary = "In which it takes part"})
      .Option("--association", options->association,
              {.summary = "In which it takes part", .completes = Completes::kAssociation});
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
  collaboration.Add("show", "Show one, and where it may go from here")
      .Argument("COLLABORATION", options->collaboration, which)
      .Option("--as-of", options->as_of, {.summary = "As it was at a revision, date or instant"})
      .Does([options](Session& session) { return Show(session, *options); });
  Command update = collaboration.Add("update", "Change what is written of one");
  update.Argument("COLLABORATION", options->collaboration, which)
      .Option("--title", options->title, {.summary = "Its title"});
  AddFacts(update, *options);
  update.Does([options](Session& session) { return Update(session, *options); });
  collaboration.Add("move", "Take one further; says what is missing")
      .Argument("COLLABORATION", options->collaboration, which)
      .Argument(
          "STATE", options->state,
          {.summary = "As in clarifying", .completes = Completes::kWord, .words = StateWords()})
      .Option("--reason", options->reason, {.summary = "Why it is paused or dropped; no blame"})
      .Does([options](Session& session) { return Move(session, *options); });
  AddCollaborationParts(collaboration);
  AddCollaborationProposals(collaboration);
}

}  // namespace brobygger::cli
