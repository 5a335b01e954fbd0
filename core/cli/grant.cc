// grant list and show, assign, follow-ups, followed-up and money-only.
#include "core/cli/grant.h"

#include <memory>

#include <fmt/format.h>

#include "brobygger/grant/v1/grant_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/grant_money.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using grant::v1::FollowUp;
using grant::v1::GrantApplication;
using grant::v1::ListFollowUpsResponse;
using grant::v1::ListGrantApplicationsResponse;

struct GrantOptions {
  std::string application;
  std::string association;
  std::string connection;
  std::string department;
  std::string state;
  std::string note;
  std::string municipality;
  bool unresolved = false;
  bool gone = false;
  bool done = false;
  bool nobody = false;
  PageOptions page;
};

// The id of the association that `typed` means; "" means none.
absl::StatusOr<std::string> AssociationId(Session& session, const std::string& typed) {
  if (typed.empty()) return std::string();
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
  return association.id();
}

bool IsPlainMoneyPage(const GrantOptions& options) {
  return !options.association.empty() && options.connection.empty() && options.department.empty() &&
         options.state.empty() && !options.gone;
}

Outcome List(Session& session, const GrantOptions& options) {
  BB_ASSIGN_OR_RETURN(const std::string association, AssociationId(session, options.association));
  if (IsPlainMoneyPage(options)) return ShowMoney(session, association);
  grant::v1::ListGrantApplicationsRequest request;
  request.set_association_id(association);
  request.set_connection_id(options.connection);
  request.set_department_id(options.department);
  request.set_state(ToGrantState(options.state));
  request.set_unresolved(options.unresolved);
  request.set_show_gone(options.gone);
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "applications", ApplicationColumns()));
  const auto add = [&](const ListGrantApplicationsResponse& page) {
    for (const GrantApplication& application : page.applications()) {
      writer.Add(application, ApplicationCells(application, session.language()));
    }
    return page.applications_size();
  };
  BB_ASSIGN_OR_RETURN(
      auto pages, (ReadPages<ListGrantApplicationsResponse>(session, request, options.page, add)));
  pages.last.clear_applications();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "application", pages.last.next_page_token());
  if (options.unresolved && pages.count > 0) {
    session.Say("Whose is one? brobygger grant assign APPLICATION ASSOCIATION");
  }
  return 0;
}

std::string HowKnown(const GrantApplication& application) {
  switch (application.resolved_by()) {
    case GrantApplication::RESOLVED_BY_PERSON:
      return application.assigned_by() + " said so";
    case GrantApplication::RESOLVED_BY_RECORD:
      return fmt::format("the applicant's record {} in {} is linked to it",
                         application.applicant().external_id(), application.connection_id());
    case GrantApplication::RESOLVED_BY_CVR:
      return "the CVR number written on it";
    default:
      return "nobody knows whose it is; see brobygger grant assign";
  }
}

Rows ApplicationRows(const GrantApplication& application, const std::string& language) {
  Rows rows;
  rows.columns = {{"field", "FIELD"}, {"value", "VALUE"}};
  const auto add = [&](const std::string& field, const std::string& value) {
    if (!value.empty()) rows.cells.push_back({{field}, {value}});
  };
  const auto columns = ApplicationColumns();
  const auto cells = ApplicationCells(application, language);
  for (std::size_t i = 0; i < cells.size(); ++i) add(columns[i].key, cells[i].value);
  const auto day = [&](const std::string& date) { return ShowField("date", date, language); };
  add("written_name", application.applicant().written_name());
  add("written_cvr", application.applicant().written_cvr());
  add("association_id", application.association_id());
  add("known_by", HowKnown(application));
  add("decided_date", day(application.decided_date()));
  add("period_from", day(application.period().from_date()));
  add("period_to", day(application.period().to_date()));
  add("reporting_due_date", day(application.reporting_due_date()));
  add("kle", application.kle() + (application.facet().empty() ? "" : " " + application.facet()));
  add("case_id", application.case_id());
  add("id", application.id());
  return rows;
}

Outcome Show(Session& session, const GrantOptions& options) {
  grant::v1::GetGrantApplicationRequest request;
  request.set_application_id(options.application);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::GetGrantApplicationResponse>(request));
  WriteRecord(session, answer.application(),
              [&] { return ApplicationRows(answer.application(), session.language()); });
  return 0;
}

Outcome Assign(Session& session, const GrantOptions& options) {
  if (options.nobody == !options.association.empty()) {
    return absl::InvalidArgumentError(
        "Say which association it is, or --take-back what was said before.");
  }
  grant::v1::AssignApplicantRequest request;
  request.set_application_id(options.application);
  BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                      AssociationId(session, options.association));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<grant::v1::AssignApplicantResponse>(request));
  const GrantApplication& application = answer.application();
  session.Say(application.association_id().empty()
                  ? "Nobody knows whose application it is now."
                  : fmt::format("The application is {}'s: {}.", application.official_name(),
                                HowKnown(application)));
  return 0;
}

Outcome FollowUps(Session& session, const GrantOptions& options) {
  grant::v1::ListFollowUpsRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_association_id(),
                      AssociationId(session, options.association));
  request.set_department_id(options.department);
  request.set_show_done(options.done);
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "followUps",
                                                          {{"due_date", "DUE"},
                                                           {"association", "ASSOCIATION"},
                                                           {"title", "REFUSED"},
                                                           {"pool", "FUND"},
                                                           {"state", "STATE"},
                                                           {"note", "NOTE"},
                                                           {"application", "APPLICATION"}}));
  const auto add = [&](const ListFollowUpsResponse& page) {
    for (const FollowUp& follow_up : page.follow_ups()) {
      const auto cells = ApplicationCells(follow_up.application(), session.language());
      writer.Add(follow_up, {{ShowField("due_date", follow_up.due_date(), session.language())},
                             cells[2],
                             {follow_up.application().title()},
                             {follow_up.application().pool()},
                             {ShowEnum(FollowUp::State_Name(follow_up.state()), "STATE_")},
                             {follow_up.note()},
                             {ApplicationWord(follow_up.application())}});
    }
    return page.follow_ups_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListFollowUpsResponse>(session, request, options.page, add)));
  pages.last.clear_follow_ups();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "follow-up", pages.last.next_page_token());
  if (pages.count > 0) SayAdvice(session, {collab::v1::ADVICE_TRIGGER_REFUSAL});
  return 0;
}

Outcome FollowedUp(Session& session, const GrantOptions& options) {
  grant::v1::CompleteFollowUpRequest request;
  request.set_application_id(options.application);
  request.set_note(options.note);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::CompleteFollowUpResponse>(request));
  session.Say(fmt::format("Done: the refusal of \"{}\" is followed up.",
                          answer.follow_up().application().title()));
  return 0;
}

Outcome MoneyOnly(Session& session, const GrantOptions& options) {
  grant::v1::GetMoneyOnlyShareRequest request;
  request.set_municipality_code(options.municipality);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<grant::v1::GetMoneyOnlyShareResponse>(request));
  const auto& share = answer.share();
  WriteRecord(session, share, [&] {
    Rows rows;
    rows.columns = {{"association_count", "ASSOCIATIONS"},
                    {"money_only_count", "ONLY ABOUT MONEY"}};
    rows.cells = {
        {{std::to_string(share.association_count())}, {std::to_string(share.money_only_count())}}};
    return rows;
  });
  if (share.association_count() > 0) {
    session.Say(fmt::format("{} of {} associations ({} %) are known through grant systems alone.",
                            share.money_only_count(), share.association_count(),
                            100 * share.money_only_count() / share.association_count()));
  }
  return 0;
}

void AddReading(const Command& group, const std::shared_ptr<GrantOptions>& options) {
  const ValueHint association = {.summary = "Only this association's",
                                 .completes = Completes::kAssociation};
  Command list = group.Add("list", "List applications; with --association, its money on one page");
  list.Option("--association", options->association, association)
      .Option("--connection", options->connection,
              {.summary = "Only from this connection", .completes = Completes::kConnection})
      .Option("--department", options->department, {.summary = "Only this department's"})
      .Option("--state", options->state,
              {.summary = "Only in this state",
               .completes = Completes::kWord,
               .words = GrantStateWords()})
      .Flag("--unresolved", options->unresolved, "Only those of which nobody knows whose they are")
      .Flag("--gone", options->gone, "Those that the source no longer has, too");
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });

  Command show = group.Add("show", "Show an application");
  show.Argument("APPLICATION", options->application,
                {.summary = "As brobygger grant list shows it: tilskud/5001"})
      .Does([options](Session& session) { return Show(session, *options); });

  Command follow_ups = group.Add("follow-ups", "List what is to be done after refusals");
  follow_ups.Option("--association", options->association, association)
      .Option("--department", options->department, {.summary = "Only this department's"})
      .Flag("--done", options->done, "Those that are done, too");
  AddPageOptions(follow_ups, options->page);
  follow_ups.Does([options](Session& session) { return FollowUps(session, *options); });

  Command money_only =
      group.Add("money-only", "Count the associations that are known through money alone");
  money_only
      .Option("--municipality", options->municipality,
              {.summary = "Only this municipality's, by its four-digit code"})
      .Does([options](Session& session) { return MoneyOnly(session, *options); });
}

}  // namespace

void AddGrant(const Command& root) {
  Command group = root.Add("grant", "Grant applications, over all departments");
  const auto options = std::make_shared<GrantOptions>();
  AddReading(group, options);
  AddGrantExport(group);

  Command assign = group.Add("assign", "Say whose an application is");
  assign
      .Argument("APPLICATION", options->application,
                {.summary = "As brobygger grant list shows it: tilskud/5001"})
      .OptionalArgument(
          "ASSOCIATION", options->association,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Flag("--take-back", options->nobody, "Take back what was said before")
      .Does([options](Session& session) { return Assign(session, *options); });

  Command followed_up = group.Add("followed-up", "Say that a refusal is followed up");
  followed_up
      .Argument("APPLICATION", options->application,
                {.summary = "As brobygger grant follow-ups lists it"})
      .Option("--note", options->note, {.summary = "What came of it"})
      .Does([options](Session& session) { return FollowedUp(session, *options); });
}

}  // namespace brobygger::cli
