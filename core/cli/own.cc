// own confirm, correct, corrections, share, propose, answer, keys and end-key: what an association
// does for itself.
#include <memory>

#include <absl/strings/match.h>
#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/collab/v1/collaboration_service.pb.h"
#include "brobygger/collab/v1/resource_check_service.pb.h"
#include "brobygger/event/v1/event_service.pb.h"
#include "brobygger/people/v1/people_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/association_keys.h"
#include "core/cli/collab_words.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/own_show.h"
#include "core/cli/own_words.h"
#include "core/cli/words.h"
#include "core/model/fields.h"

namespace brobygger::cli {
namespace {

using people::v1::Correction;
using registry::v1::Association;

struct OwnOptions {
  std::string association;
  std::string section;
  std::string field;
  std::string to;
  std::string because;
  std::string municipalities;
  std::string centres;
  std::string contact;
  std::string checks;
  std::string title;
  std::string aim;
  std::vector<std::string> departments;
  std::string key_id;
  std::string event;
  std::string comes;
  std::uint64_t people = 0;
};

std::string SectionTitle(const std::string& section, const std::string& language) {
  return OwnText("section_" + section, language);
}

Outcome Confirm(Session& session, const OwnOptions& options) {
  const std::string& language = session.language();
  const std::string section = ToSection(options.section);
  BB_ASSIGN_OR_RETURN(const auto association, OwnOrTyped(session, options.association));
  BB_ASSIGN_OR_RETURN(const SourceMarks marks, GetSourceMarks(session));
  // Nobody says that something is right without having seen it.
  if (!session.options().yes && session.CanAsk()) {
    WriteRecord(session, association, [&] {
      return OwnRows(RecordLines(association, section, marks, language), language);
    });
  }
  BB_ASSIGN_OR_RETURN(const bool right, session.Confirm(OwnText("confirm_ask", language)));
  if (!right) {
    session.Say(OwnText("confirm_not", language));
    return 1;
  }
  registry::v1::ConfirmSectionRequest request;
  request.set_association_id(association.id());
  request.set_section(section);
  request.set_etag(association.etag());
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<registry::v1::ConfirmSectionResponse>(request));
  const auto& newest = *answer.association().confirmations().rbegin();
  session.Say(OwnText("confirm_done", language,
                      {{"section", SectionTitle(section, language)},
                       {"due", DayText(YearAfter(newest.date()), language)}}));
  return 0;
}

// The path that somebody means who reads the titles of `own show`.
absl::StatusOr<std::string> FieldMeant(const std::string& typed, const std::string& language) {
  const std::string path = ToFieldPath(typed);
  if (model::IsFieldPath(path)) return path;
  std::vector<std::string> titles;
  const auto* const descriptor = Association::descriptor();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const std::string& field = descriptor->field(i)->name();
    const std::string title = OwnText("field_" + field, language);
    if (title.empty()) continue;
    const bool same = field == typed || absl::EqualsIgnoreCase(title, typed) ||
                      absl::EqualsIgnoreCase(OwnText("field_" + field, "da"), typed);
    if (same) return field;
    titles.push_back(title);
  }
  return absl::InvalidArgumentError(fmt::format("'{}'? {}.", typed, absl::StrJoin(titles, ", ")));
}

Outcome Correct(Session& session, const OwnOptions& options) {
  const std::string& language = session.language();
  people::v1::RequestCorrectionRequest request;
  Correction& correction = *request.mutable_correction();
  BB_ASSIGN_OR_RETURN(const auto association, SignedInAssociation(session));
  correction.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(*correction.mutable_field_path(), FieldMeant(options.field, language));
  correction.set_wanted_value(options.to);
  correction.set_statement(options.because);
  correction.set_date(Today());
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<people::v1::RequestCorrectionResponse>(request).status());
  session.Say(OwnText("correct_done", language));
  return 0;
}

std::vector<Column> CorrectionColumns(const std::string& language) {
  return {{"date", OwnText("head_day", language)},
          {"field_path", OwnText("head_field", language)},
          {"wanted_value", OwnText("head_wanted", language)},
          {"statement", OwnText("head_because", language)},
          {"state", OwnText("head_state", language)},
          {"note", OwnText("head_note", language)}};
}

Outcome Corrections(Session& session) {
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const auto association, SignedInAssociation(session));
  people::v1::ListCorrectionsRequest request;
  request.set_association_id(association.id());
  request.set_show_closed(true);
  BB_ASSIGN_OR_RETURN(const auto listed,
                      session.Call<people::v1::ListCorrectionsResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "corrections", CorrectionColumns(language)));
  for (const Correction& each : listed.corrections()) {
    writer.Add(each, {{DayText(each.date(), language)},
                      {FieldTitle(each.field_path(), language)},
                      {each.wanted_value()},
                      {each.statement()},
                      {EnumText(*Correction::State_descriptor(), each.state(), language)},
                      {each.note()}});
  }
  writer.Finish();
  if (listed.corrections().empty()) session.Say(OwnText("corrections_none", language));
  return 0;
}

// What is not said stays as it is.
bool Decided(const std::string& typed, bool before) {
  return typed.empty() ? before : typed == "yes" || typed == "ja";
}

std::string AgreedText(const char* what, bool agreed, const std::string& language) {
  return fmt::format("{}: {}", OwnText(what, language),
                     OwnText(agreed ? "share_yes" : "share_no", language));
}

// All rounds there are: who looks at one compares it with those before.
absl::Status ShareChecks(Session& session, const Association& association, bool shared) {
  collab::v1::ListResourceChecksRequest request;
  request.set_subject(collab::v1::RESOURCE_SUBJECT_ASSOCIATION);
  request.set_subject_id(association.id());
  BB_ASSIGN_OR_RETURN(const auto listed,
                      session.Call<collab::v1::ListResourceChecksResponse>(request));
  for (const auto& check : listed.resource_checks()) {
    if (check.shared() == shared) continue;
    collab::v1::ShareResourceCheckRequest share;
    share.set_subject(check.subject());
    share.set_subject_id(check.subject_id());
    share.set_resource_check_id(check.id());
    share.set_shared(shared);
    share.set_request_id(base::MakeUuid());
    BB_RETURN_IF_ERROR(session.Call<collab::v1::ShareResourceCheckResponse>(share).status());
  }
  session.Say(AgreedText("share_checks", shared, session.language()));
  return absl::OkStatus();
}

absl::Status ShareSight(Session& session,
                        const Association& association,
                        const OwnOptions& options) {
  const std::string& language = session.language();
  registry::v1::RecordVisibilityConsentRequest request;
  request.set_association_id(association.id());
  auto& consent = *request.mutable_consent();
  const auto& before = association.visibility_consent();
  consent.set_other_municipalities(Decided(options.municipalities, before.other_municipalities()));
  consent.set_volunteer_centres(Decided(options.centres, before.volunteer_centres()));
  consent.set_contact(Decided(options.contact, before.contact()));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<registry::v1::RecordVisibilityConsentResponse>(request));
  const auto& now = answer.association().visibility_consent();
  session.Say(AgreedText("share_municipalities", now.other_municipalities(), language));
  session.Say(AgreedText("share_centres", now.volunteer_centres(), language));
  session.Say(AgreedText("share_contact", now.contact(), language));
  return absl::OkStatus();
}

Outcome Share(Session& session, const OwnOptions& options) {
  const std::string& language = session.language();
  const bool sight =
      !options.municipalities.empty() || !options.centres.empty() || !options.contact.empty();
  if (!sight && options.checks.empty()) {
    return absl::InvalidArgumentError(OwnText("share_nothing", language));
  }
  BB_ASSIGN_OR_RETURN(const auto association, SignedInAssociation(session));
  if (sight) BB_RETURN_IF_ERROR(ShareSight(session, association, options));
  if (!options.checks.empty()) {
    BB_RETURN_IF_ERROR(ShareChecks(session, association, Decided(options.checks, false)));
  }
  session.Say(OwnText("share_done", language));
  return 0;
}

Outcome Propose(Session& session, const OwnOptions& options) {
  const std::string& language = session.language();
  // Before anything is written: who is not an association has another command for it.
  BB_RETURN_IF_ERROR(SignedInAssociation(session).status());
  collab::v1::CreateCollaborationRequest request;
  auto& collaboration = *request.mutable_collaboration();
  collaboration.set_title(options.title);
  if (!options.aim.empty()) {
    (*collaboration.mutable_aim()->mutable_by_language())["da"] = options.aim;
  }
  for (const std::string& typed : options.departments) {
    auto& party = *request.add_parties();
    party.set_side(collab::v1::COLLABORATION_SIDE_MUNICIPALITY);
    BB_ASSIGN_OR_RETURN(*party.mutable_department_id(), DepartmentId(session, typed));
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<collab::v1::CreateCollaborationResponse>(request));
  const auto& made = answer.collaboration();
  const std::string id = made.id().substr(0, kShownIdLength);
  WriteRecord(session, made, [&] {
    return Rows{.columns = CollaborationColumns(), .cells = {CollaborationCells(session, made)}};
  });
  session.Say(OwnText("propose_done", language, {{"id", id}}));
  session.Say(OwnText("propose_agree", language, {{"id", id}}));
  return 0;
}

// The invitation that is meant: by the start of its event's id, or its whole title.
absl::StatusOr<people::v1::EventSummary> FindInvitation(Session& session,
                                                        const Association& association,
                                                        const std::string& typed) {
  people::v1::GetOwnViewRequest request;
  request.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(const auto view, session.Call<people::v1::GetOwnViewResponse>(request));
  std::vector<people::v1::EventSummary> meant;
  for (const people::v1::EventSummary& each : view.events()) {
    const bool by_id = !typed.empty() && absl::StartsWith(each.event_id(), typed);
    if (each.open() && (by_id || each.title() == typed)) meant.push_back(each);
  }
  if (meant.size() == 1) return std::move(meant.front());
  return absl::NotFoundError(OwnText(meant.empty() ? "answer_unknown" : "answer_several",
                                     session.language(), {{"event", typed}}));
}

Outcome Answer(Session& session, const OwnOptions& options) {
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const auto association, SignedInAssociation(session));
  BB_ASSIGN_OR_RETURN(const auto asked, FindInvitation(session, association, options.event));
  using event::v1::Invitation;
  const bool comes = Decided(options.comes, false);
  // A slip of the pen must not say no for anybody.
  if (!comes && options.comes != "no" && options.comes != "nej") {
    return absl::InvalidArgumentError(OwnText("answer_unclear", language));
  }
  constexpr std::uint64_t kMostPeople = 1'000;
  if (options.people > kMostPeople) {
    return absl::InvalidArgumentError(OwnText("answer_many", language));
  }
  event::v1::AnswerInvitationRequest request;
  request.set_event_id(asked.event_id());
  request.set_association_id(asked.association_id());
  request.set_state(comes ? Invitation::STATE_REGISTERED : Invitation::STATE_DECLINED);
  request.set_head_count(static_cast<std::uint32_t>(options.people));
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<event::v1::AnswerInvitationResponse>(request).status());
  session.Say(
      OwnText(comes ? "answer_comes" : "answer_declines", language, {{"event", asked.title()}}));
  return 0;
}

using SharedOwnOptions = std::shared_ptr<OwnOptions>;

void AddSaying(const Command& own, const SharedOwnOptions& options) {
  own.Add("confirm", "Say that a part is right today, after you have seen it")
      .Argument("PART", options->section,
                {.summary = "purpose, activities, contact or resources",
                 .completes = Completes::kWord,
                 .words = TypedSections()})
      .Option("--association", options->association,
              {.summary = "For an employee: which one", .completes = Completes::kAssociation})
      .Does([options](Session& session) { return Confirm(session, *options); });
  own.Add("correct", "Say that something is wrong; the municipality answers you")
      .Argument("FIELD", options->field, {.summary = "What is wrong, as brobygger own show has it"})
      .Option("--to", options->to, {.summary = "What it should say instead"})
      .Required("--because", options->because, {.summary = "Why; nothing about single persons"})
      .Does([options](Session& session) { return Correct(session, *options); });
  own.Add("corrections", "Show what you asked to have corrected, and the answers")
      .Does(Corrections);
}

}  // namespace

void AddOwn(const Command& root) {
  Command own = root.Add("own", "Your association's own side: see, confirm, correct, decide");
  const auto options = std::make_shared<OwnOptions>();
  AddOwnShow(own);
  AddOwnLooked(own);
  AddSaying(own, options);
  const ValueHint yes_or_no = {.summary = "yes or no; else as before",
                               .completes = Completes::kWord,
                               .words = {"yes", "no", "ja", "nej"}};
  own.Add("share", "Decide who else may hear of your association")
      .Option("--municipalities", options->municipalities, yes_or_no)
      .Option("--volunteer-centres", options->centres, yes_or_no)
      .Option("--contact", options->contact, yes_or_no)
      .Option("--resource-checks", options->checks,
              {.summary = "Whether the municipality may see your resource checks",
               .completes = Completes::kWord,
               .words = yes_or_no.words})
      .Does([options](Session& session) { return Share(session, *options); });
  own.Add("propose", "Propose to do something together with the municipality")
      .Argument("TITLE", options->title, {.summary = "What it is called"})
      .Options("--department", options->departments, {.summary = "With which department"})
      .Option("--aim", options->aim, {.summary = "What you want together"})
      .Does([options](Session& session) { return Propose(session, *options); });
  own.Add("answer", "Say whether you come to what you are invited to")
      .Argument("EVENT", options->event,
                {.summary = "Its title, as brobygger own show has it, or the start of its id"})
      .Argument("COMES", options->comes,
                {.summary = "yes or no", .completes = Completes::kWord, .words = yes_or_no.words})
      .Number("--people", options->people, "How many come")
      .Does([options](Session& session) { return Answer(session, *options); });
  own.Add("keys", "Show who can sign in for your association")
      .Does([](Session& session) -> Outcome {
        BB_ASSIGN_OR_RETURN(const auto association, SignedInAssociation(session));
        return ListAssociationKeys(session, association.id());
      });
  own.Add("end-key", "End a key, for instance of somebody who left the board")
      .Argument("ID", options->key_id, {.summary = "As brobygger own keys shows it"})
      .Does([options](Session& session) { return EndAssociationKey(session, options->key_id); });
}

}  // namespace brobygger::cli
