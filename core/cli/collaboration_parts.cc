// collaboration party, task, milestone and outcome.
#include <algorithm>
#include <limits>
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"

namespace brobygger::cli {
namespace {

using collab::v1::Collaboration;
using collab::v1::CollaborationTask;
using collab::v1::Party;

struct PartOptions {
  std::string collaboration;
  std::string department;
  std::string association;
  std::string volunteer_centre;
  std::string other;
  std::vector<std::string> roles;
  std::string who;
  std::string title;
  std::string task;
  std::string side;
  std::string due;
  std::string state;
  std::uint64_t hours = 0;
  std::string text;
  std::string date;
  std::string size;
  bool may_be_quoted = false;
};

absl::StatusOr<Collaboration> Load(Session& session, const std::string& typed) {
  collab::v1::GetCollaborationRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(), CollaborationId(session, typed));
  BB_ASSIGN_OR_RETURN(auto answer, session.Call<collab::v1::GetCollaborationResponse>(request));
  return std::move(*answer.mutable_collaboration());
}

absl::StatusOr<Party> ToParty(Session& session, const PartOptions& options) {
  Party party;
  int given = 0;
  if (!options.department.empty()) {
    ++given;
    party.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
    BB_ASSIGN_OR_RETURN(*party.mutable_department_id(), DepartmentId(session, options.department));
  }
  if (!options.association.empty()) {
    ++given;
    party.set_side(collab::v1::COLLABORATION_SIDE_ASSOCIATION);
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    party.set_association_id(association.id());
  }
  if (!options.volunteer_centre.empty()) {
    ++given;
    party.set_side(collab::v1::COLLABORATION_SIDE_VOLUNTEER_CENTRE);
    party.set_title(options.volunteer_centre);
  }
  if (!options.other.empty()) {
    ++given;
    party.set_side(collab::v1::COLLABORATION_SIDE_OTHER);
    party.set_title(options.other);
  }
  if (given != 1) {
    return absl::InvalidArgumentError(
        "Say who: one of --department, --association, --volunteer-centre and --other.");
  }
  for (const std::string& role : options.roles) {
    party.add_roles(static_cast<collab::v1::PartyRole>(EnumNumber(RoleWords(), role)));
  }
  return party;
}

Outcome AddParty(Session& session, const PartOptions& options) {
  collab::v1::AddPartyRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  BB_ASSIGN_OR_RETURN(*request.mutable_party(), ToParty(session, options));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::AddPartyResponse>(request));
  ReportCollaboration(session, answer.collaboration(), "Changed");
  return 0;
}

Outcome RemoveParty(Session& session, const PartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Collaboration collaboration, Load(session, options.collaboration));
  collab::v1::RemovePartyRequest request;
  request.set_collaboration_id(collaboration.id());
  for (const Party& party : collaboration.parties()) {
    if (party.title() == options.who || party.id() == options.who) {
      request.set_party_id(party.id());
    }
  }
  if (request.party_id().empty()) {
    return absl::InvalidArgumentError(fmt::format(
        "'{}' takes no part in it; brobygger collaboration show tells who does.", options.who));
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::RemovePartyResponse>(request));
  ReportCollaboration(session, answer.collaboration(), "Changed");
  return 0;
}

// Says in `task` what is given on the command line.
void SetGiven(const PartOptions& options, CollaborationTask& task) {
  if (!options.side.empty()) task.set_owner_side(ToSide(options.side));
  if (!options.due.empty()) task.set_due_date(options.due);
  if (!options.state.empty()) {
    task.set_state(static_cast<collab::v1::TaskState>(EnumNumber(TaskStateWords(), options.state)));
  }
  constexpr std::uint64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (options.hours > 0) {
    task.set_estimated_hours(static_cast<std::int32_t>(std::min(options.hours, kMost)));
  }
}

Outcome SendTask(Session& session, collab::v1::SetTaskRequest request) {
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::SetTaskResponse>(request));
  ReportCollaboration(session, answer.collaboration(), "Changed");
  return 0;
}

Outcome AddTask(Session& session, const PartOptions& options) {
  collab::v1::SetTaskRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.mutable_task()->set_title(options.title);
  SetGiven(options, *request.mutable_task());
  return SendTask(session, std::move(request));
}

Outcome SetTask(Session& session, const PartOptions& options) {
  BB_ASSIGN_OR_RETURN(const Collaboration collaboration, Load(session, options.collaboration));
  collab::v1::SetTaskRequest request;
  request.set_collaboration_id(collaboration.id());
  for (const CollaborationTask& task : collaboration.tasks()) {
    if (task.title() == options.task || task.id() == options.task) *request.mutable_task() = task;
  }
  if (request.task().id().empty()) {
    return absl::InvalidArgumentError(fmt::format(
        "It has no task '{}'; brobygger collaboration show tells which it has.", options.task));
  }
  SetGiven(options, *request.mutable_task());
  return SendTask(session, std::move(request));
}

Outcome AddMilestone(Session& session, const PartOptions& options) {
  collab::v1::AddMilestoneRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  auto& milestone = *request.mutable_milestone();
  milestone.set_text(options.text);
  milestone.set_date(options.date);
  milestone.set_size(static_cast<collab::v1::MilestoneSize>(EnumNumber(SizeWords(), options.size)));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::AddMilestoneResponse>(request));
  ReportCollaboration(session, answer.collaboration(), "Changed");
  return 0;
}

Outcome RecordOutcome(Session& session, const PartOptions& options) {
  collab::v1::RecordOutcomeRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_collaboration_id(),
                      CollaborationId(session, options.collaboration));
  request.mutable_outcome()->set_side(ToSide(options.side));
  request.mutable_outcome()->set_text(options.text);
  request.mutable_outcome()->set_may_be_quoted(options.may_be_quoted);
  request.set_request_id(base::MakeUuid());
  const auto answer = session.Call<collab::v1::RecordOutcomeResponse>(request);
  if (!answer.ok()) return Explained(session, request.collaboration_id(), answer.status());
  ReportCollaboration(session, answer->collaboration(), "Changed");
  return 0;
}

ValueHint WhichCollaboration() { return {.summary = "Id (or its start), or whole title"}; }

ValueHint Side() {
  return {.summary = "Whose it is", .completes = Completes::kWord, .words = SideWords()};
}

void AddPartyCommands(const Command& collaboration, const std::shared_ptr<PartOptions>& options) {
  Command party = collaboration.Add("party", "Who takes part");
  party.Add("add", "Let somebody take part, or say anew what they do")
      .Argument("COLLABORATION", options->collaboration, WhichCollaboration())
      .Option("--department", options->department, {.summary = "A department"})
      .Option("--association", options->association,
              {.summary = "An association", .completes = Completes::kAssociation})
      .Option("--volunteer-centre", options->volunteer_centre, {.summary = "A volunteer centre"})
      .Option("--other", options->other, {.summary = "Somebody else; no person's name"})
      .Options(
          "--role", options->roles,
          {.summary = "What they do in it", .completes = Completes::kWord, .words = RoleWords()})
      .Does([options](Session& session) { return AddParty(session, *options); });
  party.Add("remove", "A party leaves; what it did stays")
      .Argument("COLLABORATION", options->collaboration, WhichCollaboration())
      .Argument("WHO", options->who, {.summary = "Its name, as collaboration show has it"})
      .Does([options](Session& session) { return RemoveParty(session, *options); });
}

void AddTaskCommands(const Command& collaboration, const std::shared_ptr<PartOptions>& options) {
  const ValueHint state = {
      .summary = "How it goes", .completes = Completes::kWord, .words = TaskStateWords()};
  Command task = collaboration.Add("task", "What is to be done");
  task.Add("add", "Write one down")
      .Argument("COLLABORATION", options->collaboration, WhichCollaboration())
      .Argument("TITLE", options->title, {.summary = "What is to be done"})
      .Option("--side", options->side, Side())
      .Option("--due", options->due, {.summary = "Until when, as in 2027-03-01"})
      .Number("--hours", options->hours, "How long it takes")
      .Does([options](Session& session) { return AddTask(session, *options); });
  task.Add("set", "Change one")
      .Argument("COLLABORATION", options->collaboration, WhichCollaboration())
      .Argument("TASK", options->task, {.summary = "Its whole title, or id"})
      .Option("--state", options->state, state)
      .Option("--side", options->side, Side())
      .Option("--due", options->due, {.summary = "Until when, as in 2027-03-01"})
      .Number("--hours", options->hours, "How long it takes")
      .Does([options](Session& session) { return SetTask(session, *options); });
}

}  // namespace

void AddCollaborationParts(const Command& collaboration) {
  const auto options = std::make_shared<PartOptions>();
  AddPartyCommands(collaboration, options);
  AddTaskCommands(collaboration, options);
  collaboration.Add("milestone", "Write down what was reached; the smallest step counts")
      .Argument("COLLABORATION", options->collaboration, WhichCollaboration())
      .Argument("TEXT", options->text, {.summary = "What was reached"})
      .Option("--date", options->date, {.summary = "The day; else today"})
      .Option("--size", options->size,
              {.summary = "How large a step", .completes = Completes::kWord, .words = SizeWords()})
      .Does([options](Session& session) { return AddMilestone(session, *options); });
  collaboration.Add("outcome", "Write down what one side says came of it")
      .Argument("COLLABORATION", options->collaboration, WhichCollaboration())
      .Argument("TEXT", options->text, {.summary = "What came of it"})
      .Required("--side", options->side, Side())
      .Flag("--may-be-quoted", options->may_be_quoted,
            "The side agrees that its words stand in reports, under its name")
      .Does([options](Session& session) { return RecordOutcome(session, *options); });
}

}  // namespace brobygger::cli
