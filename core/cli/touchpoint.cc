// touchpoint list, add, confirm, dismiss and delete.
#include "core/cli/touchpoint.h"

#include <memory>

#include <fmt/format.h>

#include "brobygger/contact/v1/contact_service.pb.h"

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"
#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {
namespace {

using contact::v1::ListTouchpointsResponse;
using contact::v1::Touchpoint;

struct TouchpointOptions {
  std::string id;
  std::string association;
  std::string department;
  std::string date;
  std::string from;
  std::string to;
  std::string channel = "meeting";
  std::string purpose;
  std::string role;
  std::string summary;
  std::string initiator;
  std::string outcome;
  std::string follow_up;
  std::string follow_up_owner;
  bool review = false;
  bool owed = false;
  PageOptions page;
};

std::string Label(const std::string& enumeration,
                  const std::string& value,
                  const std::string& language) {
  return std::string(model::Label("brobygger.contact.v1." + enumeration, value, language));
}

// Without the last: applications come from grant systems.
std::vector<std::string> ChannelWords() {
  auto words = EnumWords(*contact::v1::ContactChannel_descriptor(), "CONTACT_CHANNEL_");
  words.pop_back();
  return words;
}

std::vector<std::string> InitiatorWords() {
  return EnumWords(*contact::v1::ContactInitiator_descriptor(), "CONTACT_INITIATOR_");
}

std::vector<std::string> OutcomeWords() {
  return EnumWords(*contact::v1::ContactOutcome_descriptor(), "CONTACT_OUTCOME_");
}

std::vector<std::string> PurposeWords() {
  return EnumWords(*contact::v1::ContactPurpose_descriptor(), "CONTACT_PURPOSE_");
}

void SayCounts(Session& session, const ListTouchpointsResponse& page) {
  std::uint64_t count = 0;
  std::string first;
  for (const auto& each : page.counts()) {
    count += each.count();
    if (first.empty() || each.quarter() < first) first = each.quarter();
  }
  if (count == 0) return;
  session.Say(fmt::format(
      "And {} more than 24 months ago, since {}; of those only how many is kept.", count, first));
}

Outcome List(Session& session, const TouchpointOptions& options) {
  contact::v1::ListTouchpointsRequest request;
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  request.set_from_date(options.from);
  request.set_to_date(options.to);
  request.set_in_review(options.review);
  request.set_follow_up_open(options.owed);
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "touchpoints", TouchpointColumns()));
  ListTouchpointsResponse first;
  const auto add = [&](const ListTouchpointsResponse& page) {
    if (page.counts_size() > 0) first = page;
    for (const Touchpoint& touchpoint : page.touchpoints()) {
      writer.Add(touchpoint, TouchpointCells(touchpoint, session.language()));
    }
    return page.touchpoints_size();
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListTouchpointsResponse>(session, request, options.page, add)));
  pages.last.clear_touchpoints();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "touchpoint", pages.last.next_page_token());
  SayCounts(session, first);
  if (options.review && pages.count > 0) {
    session.Say("Is it theirs? brobygger touchpoint confirm ID, or dismiss ID");
  }
  if (options.owed && pages.count > 0) session.Say("Done? brobygger touchpoint done ID");
  return 0;
}

absl::Status AddFollowUp(Session& session,
                         const TouchpointOptions& options,
                         Touchpoint& touchpoint) {
  if (options.follow_up.empty()) return absl::OkStatus();
  touchpoint.mutable_follow_up()->set_date(options.follow_up);
  BB_ASSIGN_OR_RETURN(*touchpoint.mutable_follow_up()->mutable_owner_department_id(),
                      DepartmentId(session, options.follow_up_owner));
  return absl::OkStatus();
}

Outcome Add(Session& session, const TouchpointOptions& options) {
  contact::v1::AddTouchpointRequest request;
  Touchpoint& touchpoint = *request.mutable_touchpoint();
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  touchpoint.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(*touchpoint.mutable_department_id(),
                      DepartmentId(session, options.department));
  // Most are written down the same day: one thing less to type.
  touchpoint.set_date(options.date.empty() ? base::DanishDayOf(base::SystemClock().Now())
                                           : options.date);
  touchpoint.set_channel(
      static_cast<contact::v1::ContactChannel>(EnumNumber(ChannelWords(), options.channel)));
  touchpoint.set_purpose(
      static_cast<contact::v1::ContactPurpose>(EnumNumber(PurposeWords(), options.purpose)));
  touchpoint.set_our_role(options.role);
  touchpoint.set_summary(options.summary);
  touchpoint.set_initiator(
      static_cast<contact::v1::ContactInitiator>(EnumNumber(InitiatorWords(), options.initiator)));
  touchpoint.set_outcome(
      static_cast<contact::v1::ContactOutcome>(EnumNumber(OutcomeWords(), options.outcome)));
  BB_RETURN_IF_ERROR(AddFollowUp(session, options, touchpoint));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<contact::v1::AddTouchpointResponse>(request));
  const Touchpoint& made = answer.touchpoint();
  session.Say(fmt::format("Written down: {} and {}, {}.", made.department_name(),
                          made.official_name(), made.date()));
  WriteRecord(session, made, [&] {
    return Rows{.columns = TouchpointColumns(),
                .cells = {TouchpointCells(made, session.language())}};
  });
  SayAdvice(session, {collab::v1::ADVICE_TRIGGER_ONE_SIDED, collab::v1::ADVICE_TRIGGER_MONEY_ONLY},
            made.association_id());
  if (made.outcome() == contact::v1::CONTACT_OUTCOME_NO_SHOW) {
    SayAdvice(session, {collab::v1::ADVICE_TRIGGER_NO_SHOW});
  }
  return 0;
}

Outcome Review(Session& session, const TouchpointOptions& options, bool confirmed) {
  contact::v1::ReviewTouchpointRequest request;
  request.set_touchpoint_id(options.id);
  request.set_confirmed(confirmed);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<contact::v1::ReviewTouchpointResponse>(request));
  const Touchpoint& touchpoint = answer.touchpoint();
  session.Say(fmt::format("The meeting of {} was {}with {}.", touchpoint.date(),
                          confirmed ? "" : "not ", touchpoint.official_name()));
  return 0;
}

Outcome Done(Session& session, const TouchpointOptions& options) {
  contact::v1::CompleteFollowUpRequest request;
  request.set_touchpoint_id(options.id);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<contact::v1::CompleteFollowUpResponse>(request));
  session.Say(fmt::format("What was promised {} after {} is done.",
                          answer.touchpoint().official_name(), answer.touchpoint().date()));
  return 0;
}

Outcome Delete(Session& session, const TouchpointOptions& options) {
  contact::v1::DeleteTouchpointRequest request;
  request.set_touchpoint_id(options.id);
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<contact::v1::DeleteTouchpointResponse>(request).status());
  session.Say("It is taken away.");
  return 0;
}

void AddWriting(const Command& group, const std::shared_ptr<TouchpointOptions>& options) {
  Command add = group.Add("add", "Write a contact down that no calendar knows");
  add.Argument(
         "ASSOCIATION", options->association,
         {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Required("--department", options->department, {.summary = "Its name or id"})
      .Option("--date", options->date, {.summary = "The day: 2026-05-04; else today"})
      .Option("--channel", options->channel,
              {.summary = "How it took place; else a meeting",
               .completes = Completes::kWord,
               .words = ChannelWords()})
      .Option(
          "--purpose", options->purpose,
          {.summary = "What it was for", .completes = Completes::kWord, .words = PurposeWords()})
      .Option("--role", options->role,
              {.summary = "Who was there for the department: a role, never a name"})
      .Option("--summary", options->summary,
              {.summary = "What came of it; nothing about single persons"})
      .Option(
          "--by", options->initiator,
          {.summary = "Who reached out", .completes = Completes::kWord, .words = InitiatorWords()})
      .Option("--outcome", options->outcome,
              {.summary = "What came of it, in a word",
               .completes = Completes::kWord,
               .words = OutcomeWords()})
      .Option("--follow-up", options->follow_up,
              {.summary = "The day by which something is to be done after it"})
      .Option("--follow-up-department", options->follow_up_owner,
              {.summary = "The department that does it; else the one that was there"})
      .Does([options](Session& session) { return Add(session, *options); });

  const ValueHint id = {.summary =
                            "As brobygger touchpoint list shows it, with --review or without"};
  group.Add("confirm", "Say that what a calendar tells is the association's")
      .Argument("ID", options->id, id)
      .Does([options](Session& session) { return Review(session, *options, true); });
  group.Add("dismiss", "Say that what a calendar tells is not the association's")
      .Argument("ID", options->id, id)
      .Does([options](Session& session) { return Review(session, *options, false); });
  group.Add("done", "Say that what was promised after a contact is done")
      .Argument("ID", options->id,
                {.summary = "As brobygger touchpoint list --follow-ups shows it"})
      .Does([options](Session& session) { return Done(session, *options); });
  group.Add("delete", "Take one away that a person wrote")
      .Argument("ID", options->id, {.summary = "As brobygger touchpoint list shows it"})
      .Does([options](Session& session) { return Delete(session, *options); });
}

}  // namespace

namespace {

// Who was there for the department, and what came of it.
std::string NoteOf(const Touchpoint& touchpoint, const std::string& language) {
  const bool both = !touchpoint.our_role().empty() && !touchpoint.summary().empty();
  std::string note = touchpoint.our_role() + (both ? ": " : "") + touchpoint.summary();
  const auto& follow_up = touchpoint.follow_up();
  if (!touchpoint.has_follow_up() || follow_up.has_done_time()) return note;
  const std::string owed = fmt::format(
      "{} {} {}",
      language == "da" ? "følges op senest" : "to follow up by",  // glossary: ok, a label
      ShowField("date", follow_up.date(), language), follow_up.owner_department_name());
  return note + (note.empty() ? "" : "; ") + owed;
}

}  // namespace

std::vector<Column> TouchpointColumns() {
  return {{"date", "DAY"},
          {"association", "ASSOCIATION"},
          {"department", "DEPARTMENT"},
          {"channel", "HOW"},
          {"purpose", "FOR"},
          {"state", "STATE"},
          {"basis", "KNOWN FROM"},
          {"note", "NOTE"},
          {"id", "ID"}};
}

std::vector<Cell> TouchpointCells(const Touchpoint& touchpoint, const std::string& language) {
  std::string state =
      Label("Touchpoint.State", Touchpoint::State_Name(touchpoint.state()), language);
  if (touchpoint.has_source_gone_time()) {
    state += language == "da" ? " (slettet i kalenderen)" : " (gone from the calendar)";
  }
  return {
      {ShowField("date", touchpoint.date(), language)},
      {touchpoint.official_name()},
      {touchpoint.department_name()},
      {Label("ContactChannel", contact::v1::ContactChannel_Name(touchpoint.channel()), language)},
      {touchpoint.purpose() == contact::v1::CONTACT_PURPOSE_UNSPECIFIED
           ? ""
           : Label("ContactPurpose", contact::v1::ContactPurpose_Name(touchpoint.purpose()),
                   language)},
      {state},
      {Label("Touchpoint.Basis", Touchpoint::Basis_Name(touchpoint.basis()), language)},
      {NoteOf(touchpoint, language)},
      {touchpoint.id().substr(0, kShownIdLength)}};
}

void AddTouchpoint(const Command& root) {
  Command group = root.Add("touchpoint", "Contacts between departments and associations");
  const auto options = std::make_shared<TouchpointOptions>();
  Command list = group.Add("list", "List who had contact with whom, the newest first");
  list.Option("--association", options->association,
              {.summary = "Only this association's", .completes = Completes::kAssociation})
      .Option("--department", options->department, {.summary = "Only this department's"})
      .Option("--from", options->from, {.summary = "From this day on: 2026-01-31"})
      .Option("--to", options->to, {.summary = "Until this day"})
      .Flag("--follow-ups", options->owed,
            "Only those after which something is still to be done; by --department, if given")
      .Flag("--review", options->review, "Only those of which a person must say whose they are");
  AddPageOptions(list, options->page);
  list.Does([options](Session& session) { return List(session, *options); });
  AddWriting(group, options);
}

}  // namespace brobygger::cli
