// event invite, attend and met.
#include "core/cli/event_people.h"

#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/advice.h"
#include "core/cli/association.h"
#include "core/cli/department.h"
#include "core/cli/event.h"
#include "core/cli/output.h"
#include "core/cli/touchpoint.h"

namespace brobygger::cli {
namespace {

using event::v1::Invitation;

struct PeopleOptions {
  std::string event;
  std::string association;
  std::vector<std::string> associations;
  std::string can_give;
  std::string can_get;
  std::string state;
  std::string note;
  std::uint64_t head_count = 0;
  bool by_mail = false;
  std::vector<std::string> departments;
};

// As they are typed, in the order of the enum's values.
const std::vector<std::string>& AttendanceWords() {
  static const std::vector<std::string> kWords = {"invited", "registered", "declined", "attended",
                                                  "absent"};
  return kWords;
}

Invitation::State ToState(const std::string& word) {
  const auto& words = AttendanceWords();
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i] == word) return static_cast<Invitation::State>(i + 1);
  }
  return Invitation::STATE_UNSPECIFIED;
}

Outcome Invite(Session& session, const PeopleOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto found, FindEvent(session, options.event));
  event::v1::InviteAssociationsRequest request;
  request.set_event_id(found.event().id());
  for (const std::string& typed : options.associations) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, typed));
    Invitation& invitation = *request.add_invitations();
    invitation.set_association_id(association.id());
    invitation.set_can_give(options.can_give);
    invitation.set_can_get(options.can_get);
  }
  request.set_by_mail(options.by_mail);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<event::v1::InviteAssociationsResponse>(request));
  for (const Invitation& invitation : answer.invitations()) {
    session.Say("Asked " + InvitationText(invitation, session.language()));
  }
  return 0;
}

Outcome Attend(Session& session, const PeopleOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto found, FindEvent(session, options.event));
  event::v1::RecordAttendanceRequest request;
  request.set_event_id(found.event().id());
  BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
  request.set_association_id(association.id());
  request.set_state(ToState(options.state));
  request.set_head_count(static_cast<std::uint32_t>(options.head_count));
  request.set_follow_up_note(options.note);
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<event::v1::RecordAttendanceResponse>(request));
  session.Say(InvitationText(answer.invitation(), session.language()));
  if (answer.invitation().follow_up_open()) {
    session.Say(
        "Somebody should call them and ask what came in between: then --note WHAT CAME OF IT.");
    SayAdvice(session, {collab::v1::ADVICE_TRIGGER_NO_SHOW});
  }
  return 0;
}

Outcome Met(Session& session, const PeopleOptions& options) {
  BB_ASSIGN_OR_RETURN(const auto found, FindEvent(session, options.event));
  event::v1::RecordMeetingsRequest request;
  request.set_event_id(found.event().id());
  for (const std::string& typed : options.departments) {
    BB_ASSIGN_OR_RETURN(*request.add_department_ids(), DepartmentId(session, typed));
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<event::v1::RecordMeetingsResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "touchpoints", TouchpointColumns()));
  for (const auto& touchpoint : answer.touchpoints()) {
    writer.Add(touchpoint, TouchpointCells(touchpoint, session.language()));
  }
  writer.Finish();
  session.Say(answer.touchpoints().empty()
                  ? "Nothing new: say who was there with brobygger event attend EVENT ASSOCIATION "
                    "attended."
                  : fmt::format("{} contacts are written down.", answer.touchpoints_size()));
  return 0;
}

}  // namespace

std::string InvitationText(const Invitation& invitation, const std::string& language) {
  std::string text = fmt::format(
      "{}: {}", invitation.official_name(),
      EventLabel("Invitation.State", Invitation::State_Name(invitation.state()), language));
  const bool danish = language == "da";
  if (invitation.head_count() > 0) text += fmt::format(" ({})", invitation.head_count());
  const auto add = [&](const char* en, const char* da, const std::string& value) {
    if (!value.empty()) text += fmt::format("; {}: {}", danish ? da : en, value);
  };
  add("can give", "kan give", invitation.can_give());
  add("can get", "kan modtage", invitation.can_get());
  add("call", "opkald", invitation.follow_up_note());
  if (invitation.mail_waiting()) text += danish ? "; mail venter" : "; mail waits";
  if (invitation.has_mail_time()) text += danish ? "; spurgt pr. mail" : "; asked by mail";
  add("mail not sent", "mail ikke sendt", invitation.mail_trouble());
  if (invitation.follow_up_open()) text += danish ? "; skal ringes op" : "; to be called";
  return text;
}

void AddEventPeople(const Command& group) {
  const auto options = std::make_shared<PeopleOptions>();
  const ValueHint which = {.summary = "As brobygger event list shows it"};
  group.Add("invite", "Ask associations to an event")
      .Argument("EVENT", options->event, which)
      .Options("--association", options->associations,
               {.summary = "Whom to ask; repeatable", .completes = Completes::kAssociation})
      .Option("--can-give", options->can_give, {.summary = "What they can give there"})
      .Option("--can-get", options->can_get, {.summary = "What they can get there"})
      .Flag("--mail", options->by_mail, "Ask them by mail, too, at the address they have given")
      .Does([options](Session& session) { return Invite(session, *options); });

  group.Add("attend", "Say what an association answered, or whether it was there")
      .Argument("EVENT", options->event, which)
      .Argument(
          "ASSOCIATION", options->association,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .OptionalArgument("STATE", options->state,
                        {.summary = "invited, registered, declined, attended or absent",
                         .completes = Completes::kWord,
                         .words = AttendanceWords()})
      .Number("--people", options->head_count, "How many come or came")
      .Option("--note", options->note, {.summary = "What came of the call after it was absent"})
      .Does([options](Session& session) { return Attend(session, *options); });

  group.Add("met", "Write down who met whom, once it is over")
      .Argument("EVENT", options->event, which)
      .Options("--department", options->departments,
               {.summary = "A department that was there; else those that held it"})
      .Does([options](Session& session) { return Met(session, *options); });
}

}  // namespace brobygger::cli
