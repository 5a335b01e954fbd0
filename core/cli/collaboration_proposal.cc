// collaboration propose and proposals: what a volunteer centre says to others.
#include <memory>

#include <absl/strings/str_join.h>

#include "brobygger/collab/v1/collaboration_calls.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using collab::v1::CollaborationProposal;

struct ProposalOptions {
  std::string title;
  std::string aim;
  std::string centre;
  std::vector<std::string> associations;
  std::vector<std::string> departments;
};

std::vector<Column> ProposalColumns() {
  return {{"collaboration", "COLLABORATION"},
          {"title", "TITLE"},
          {"state", "STATE"},
          {"since", "SINCE"},
          {"proposed", "PROPOSED"},
          {"associations", "TO"}};
}

std::vector<Cell> ProposalCells(const CollaborationProposal& proposal,
                                const std::string& language) {
  const auto day = [&](const std::string& date) { return ShowField("date", date, language); };
  return {{proposal.collaboration_id().substr(0, kShownIdLength)},
          {proposal.title()},
          {EnumText(*collab::v1::CollaborationState_descriptor(), proposal.state(), language)},
          {day(proposal.state_date())},
          {day(base::DanishDayOf(base::ToInstant(proposal.create_time())))},
          {absl::StrJoin(proposal.association_names(), ", ")}};
}

Outcome Propose(Session& session, const ProposalOptions& options) {
  collab::v1::ProposeCollaborationRequest request;
  request.set_title(options.title);
  (*request.mutable_aim()->mutable_by_language())["da"] = options.aim;
  request.set_centre_title(options.centre);
  for (const std::string& typed : options.associations) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    request.add_association_ids(association.id());
  }
  for (const std::string& typed : options.departments) {
    BB_ASSIGN_OR_RETURN(*request.add_department_ids(), DepartmentId(session, typed));
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<collab::v1::ProposeCollaborationResponse>(request));
  WriteRecord(session, answer.proposal(), [&] {
    return Rows{.columns = ProposalColumns(),
                .cells = {ProposalCells(answer.proposal(), session.language())}};
  });
  session.Say(
      "They and their municipality see it. brobygger collaboration proposals tells where it "
      "stands.");
  return 0;
}

Outcome Proposals(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<collab::v1::ListProposalsResponse>(
                                             collab::v1::ListProposalsRequest()));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "proposals", ProposalColumns()));
  for (const CollaborationProposal& each : answer.proposals()) {
    writer.Add(each, ProposalCells(each, session.language()));
  }
  writer.Finish();
  if (answer.proposals().empty()) {
    session.Say("Nothing is proposed yet: brobygger collaboration propose begins one.");
  }
  return 0;
}

}  // namespace

void AddCollaborationProposals(const Command& collaboration) {
  const auto options = std::make_shared<ProposalOptions>();
  collaboration.Add("propose", "For a volunteer centre: propose one to associations")
      .Argument("TITLE", options->title, {.summary = "What it is called"})
      .Options(
          "--association", options->associations,
          {.summary = "Who should take part; repeatable", .completes = Completes::kAssociation})
      .Required("--aim", options->aim, {.summary = "What it is for"})
      .Required("--centre", options->centre,
                {.summary = "What your centre is called, as in 'Frivilligcenter Fjordby'"})
      .Options("--department", options->departments, {.summary = "Department that should, too"})
      .Does([options](Session& session) { return Propose(session, *options); });
  collaboration.Add("proposals", "For a volunteer centre: show what became of what it proposed")
      .Does(Proposals);
}

}  // namespace brobygger::cli
