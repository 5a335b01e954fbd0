// own show: what the hub knows about an association, for the association itself.
#include "core/cli/own_show.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/course_words.h"
#include "core/cli/enum_words.h"
#include "core/cli/own_words.h"
#include "core/cli/valid_days.h"
#include "core/cli/words.h"
#include "core/model/fields.h"

namespace brobygger::cli {
namespace {

using people::v1::GetOwnViewResponse;
using registry::v1::Association;

using Lines = std::vector<OwnLine>;

// What is recorded, and who can sign in.
struct OwnSide {
  GetOwnViewResponse view;
  access::v1::ListAssociationKeysResponse keys;
  access::v1::ListJoinCodesResponse codes;
};

// Of lists and messages no more than what a person looks for.
std::string ValueText(const Association& association,
                      const std::string& path,
                      const std::string& language) {
  std::vector<std::string> parts;
  if (path == "activities") {
    for (const auto& each : association.activities()) parts.push_back(each.title());
    return absl::StrJoin(parts, ", ");
  }
  if (path == "addresses") {
    for (const auto& each : association.addresses()) {
      const std::string street =
          absl::StrCat(each.street(), each.house_number().empty() ? "" : " ", each.house_number());
      const std::string place = absl::StrCat(each.postal_code(), " ", each.postal_district());
      parts.push_back(each.street().empty() ? place : absl::StrCat(street, ", ", place));
    }
    return absl::StrJoin(parts, "; ");
  }
  return ShowField(path, ColumnText(association, path), language);
}

// A record, and what its lines are written with.
struct Reading {
  const Association& association;
  const SourceMarks& marks;
  const std::string& language;

  std::string SayerOf(const registry::v1::Provenance& provenance) const {
    return provenance.connection_id().empty() ? OwnText("by_person", language)
                                              : marks.TitleOf(provenance.connection_id());
  }
};

// Who says a field, and since when.
void AddSayers(const Reading& reading, const std::string& path, OwnLine& line) {
  for (const auto& provenance : reading.association.provenance()) {
    const auto& paths = provenance.paths();
    if (std::find(paths.begin(), paths.end(), path) == paths.end()) continue;
    absl::StrAppend(&line.said_by, line.said_by.empty() ? "" : ", ", reading.SayerOf(provenance));
    line.when = ShowTime(provenance.registered_time(), reading.language);
  }
}

// Who says something else about it: that is recorded, too.
void AddOthers(const Reading& reading,
               const std::string& path,
               const OwnLine& about,
               Lines& lines) {
  for (const auto& provenance : reading.association.provenance()) {
    const auto other = provenance.other_values().find(path);
    if (other == provenance.other_values().end()) continue;
    lines.push_back({about.section, about.which, ShowField(path, other->second, reading.language),
                     absl::StrCat("≠ ", reading.SayerOf(provenance)),
                     ShowTime(provenance.registered_time(), reading.language)});
  }
}

std::string FreshnessText(const std::string& date, const std::string& language) {
  const std::string due = YearAfter(date);
  const bool late = due < base::DanishDayOf(base::SystemClock().Now());
  return OwnText(late ? "confirmed_late" : "confirmed_when", language,
                 {{"day", DayText(date, language)}, {"due", DayText(due, language)}});
}

void AddFreshness(const Association& association,
                  const std::string& section,
                  const std::string& language,
                  Lines& lines) {
  bool any = false;
  for (const auto& each : association.confirmations()) {
    if (each.section() != section) continue;
    any = true;
    lines.push_back({section, OwnText("confirmed", language), FreshnessText(each.date(), language),
                     OwnText(absl::StrCat("side_", each.perspective()), language)});
  }
  if (any) return;
  lines.push_back({section, OwnText("confirmed", language), OwnText("confirmed_never", language)});
}

std::string ContactsText(const people::v1::ContactSummary& contact, const std::string& language) {
  const std::vector<std::pair<std::string, std::string>> values = {
      {"count", absl::StrCat(contact.count())},
      {"first", DayText(contact.first_date(), language)},
      {"last", DayText(contact.last_date(), language)},
      {"older", absl::StrCat(contact.older_count())}};
  if (contact.count() == 0) return OwnText("contacts_old_only", language, values);
  return OwnText(contact.older_count() > 0 ? "contacts_older" : "contacts_value", language, values);
}

void AddContacts(const GetOwnViewResponse& view, const std::string& language, Lines& lines) {
  for (const auto& contact : view.contacts()) {
    std::vector<std::string> bases;
    for (const int basis : contact.bases()) {
      bases.push_back(EnumText(*contact::v1::Touchpoint::Basis_descriptor(), basis, language));
    }
    lines.push_back({"contacts", contact.department_name(), ContactsText(contact, language),
                     absl::StrJoin(bases, ", ")});
  }
}

std::string EventDay(const people::v1::EventSummary& event, const std::string& language) {
  const std::string day = event.has_start_time()
                              ? base::DanishDayOf(base::ToInstant(event.start_time()))
                              : event.start_date();
  return absl::StrCat(DayText(day, language), event.place().empty() ? "" : ", ", event.place());
}

void AddDoings(const GetOwnViewResponse& view,
               const SourceMarks& marks,
               const std::string& language,
               Lines& lines) {
  for (const auto& event : view.events()) {
    lines.push_back({"events", event.title(),
                     EnumText(*event::v1::Invitation::State_descriptor(), event.state(), language),
                     absl::StrJoin(event.host_names(), ", "), EventDay(event, language)});
  }
  for (const auto& grant : view.grants()) {
    lines.push_back({"grants", grant.title(),
                     EnumText(*grant::v1::GrantState_descriptor(), grant.state(), language),
                     marks.TitleOf(grant.connection_id()),
                     DayText(grant.received_date(), language)});
  }
  for (const auto& each : view.collaborations()) {
    lines.push_back({"collaborations", each.title(),
                     EnumText(*collab::v1::CollaborationState_descriptor(), each.state(), language),
                     "", DayText(each.state_date(), language)});
  }
  for (const auto& each : view.resource_checks()) {
    const std::string mode =
        EnumText(*collab::v1::ResourceCheckMode_descriptor(), each.mode(), language);
    lines.push_back(
        {"checks", DayText(each.date(), language),
         OwnText(each.shared() ? "check_shared" : "check_kept", language, {{"mode", mode}})});
  }
}

void AddCourses(const GetOwnViewResponse& view, const std::string& language, Lines& lines) {
  for (const auto& course : view.courses()) {
    lines.push_back({"courses", course.title(),
                     EnumText(*collab::v1::CourseState_descriptor(), course.state(), language), "",
                     DayText(course.joined_date(), language)});
    if (!course.left_date().empty()) {
      lines.push_back({"courses", course.title(), OwnText("left", language), "",
                       DayText(course.left_date(), language)});
    }
    for (const auto& each : course.attendance()) {
      lines.push_back({"courses",
                       absl::StrCat(course.title(), ": ", TopicText(each.topic(), language)),
                       EnumText(*collab::v1::AttendanceState_descriptor(), each.state(), language),
                       "", DayText(each.date(), language)});
    }
    for (const auto& each : course.trials()) {
      lines.push_back({"courses",
                       absl::StrCat(course.title(), ": ", TopicText(each.topic(), language)),
                       OwnText(each.shared() ? "trial_shared" : "trial_kept", language), "",
                       DayText(each.date(), language)});
    }
  }
}

void AddNetworks(const GetOwnViewResponse& view, const std::string& language, Lines& lines) {
  for (const auto& network : view.networks()) {
    lines.push_back({"networks", network.title(), OwnText("joined", language), "",
                     DayText(network.joined_date(), language)});
    if (network.left_date().empty()) continue;
    lines.push_back({"networks", network.title(), OwnText("left", language), "",
                     DayText(network.left_date(), language)});
  }
}

void AddPremises(const GetOwnViewResponse& view, const std::string& language, Lines& lines) {
  for (const auto& need : view.premises_needs()) {
    lines.push_back({"needs", need.title(),
                     EnumText(*grant::v1::PremisesNeedState_descriptor(), need.state(), language),
                     OwnText(absl::StrCat("side_", need.stated_by()), language),
                     ShowTime(need.update_time(), language)});
  }
  for (const auto& premises : view.premises()) {
    const auto& slot = premises.slot();
    lines.push_back(
        {"premises", premises.place(),
         absl::StrCat(EnumText(*grant::v1::Weekday_descriptor(), slot.weekday(), language), " ",
                      slot.from_time(), "-", slot.to_time()),
         premises.department_name(), ShowValid(premises.season(), language)});
  }
}

void AddCorrections(const GetOwnViewResponse& view, const std::string& language, Lines& lines) {
  for (const auto& each : view.corrections()) {
    std::string answer =
        EnumText(*people::v1::Correction::State_descriptor(), each.state(), language);
    if (!each.note().empty()) absl::StrAppend(&answer, ": ", each.note());
    lines.push_back({"corrections", FieldTitle(each.field_path(), language), answer,
                     OwnText(absl::StrCat("side_", each.perspective()), language),
                     DayText(each.date(), language)});
  }
}

void AddSharing(const Association& association, const std::string& language, Lines& lines) {
  const auto& consent = association.visibility_consent();
  if (!association.has_visibility_consent()) {
    lines.push_back({"sharing", "", OwnText("share_nobody", language)});
    return;
  }
  const bool itself = consent.perspective() == registry::v1::PERSPECTIVE_ASSOCIATION;
  const std::string by = itself
                             ? OwnText("share_itself", language)
                             : OwnText("share_other", language, {{"evidence", consent.evidence()}});
  const auto add = [&](const char* what, bool agreed) {
    lines.push_back({"sharing", OwnText(what, language),
                     OwnText(agreed ? "share_yes" : "share_no", language), by,
                     DayText(consent.date(), language)});
  };
  add("share_municipalities", consent.other_municipalities());
  add("share_centres", consent.volunteer_centres());
  add("share_contact", consent.contact());
}

void AddAccess(const OwnSide& own, const std::string& language, Lines& lines) {
  for (const auto& key : own.keys.api_keys()) {
    lines.push_back(
        {"access", key.title(), KeyText(key, language), "", ShowTime(key.create_time(), language)});
  }
  for (const auto& code : own.codes.join_codes()) {
    lines.push_back({"access", OwnText("code_line", language),
                     EnumText(*access::v1::JoinCode::State_descriptor(), code.state(), language),
                     OwnText("by_person", language), ShowTime(code.create_time(), language)});
  }
  if (own.keys.api_keys().empty()) {
    lines.push_back({"access", "", OwnText("keys_none", language)});
  }
}

Lines AllLines(const OwnSide& own, const SourceMarks& marks, const std::string& language) {
  const Association& association = own.view.association();
  Lines lines = RecordLines(association, "basic", marks, language);
  for (const std::string& section : ConfirmedSections()) {
    auto part = RecordLines(association, section, marks, language);
    std::move(part.begin(), part.end(), std::back_inserter(lines));
  }
  AddContacts(own.view, language, lines);
  AddDoings(own.view, marks, language, lines);
  AddCourses(own.view, language, lines);
  AddNetworks(own.view, language, lines);
  AddPremises(own.view, language, lines);
  AddCorrections(own.view, language, lines);
  AddSharing(association, language, lines);
  AddAccess(own, language, lines);
  lines.push_back(
      {"persons", "",
       OwnText("persons_value", language, {{"count", absl::StrCat(own.view.person_count())}})});
  return lines;
}

absl::StatusOr<OwnSide> Load(Session& session, const std::string& id) {
  OwnSide own;
  people::v1::GetOwnViewRequest request;
  request.set_association_id(id);
  BB_ASSIGN_OR_RETURN(own.view, session.Call<GetOwnViewResponse>(request));
  access::v1::ListAssociationKeysRequest keys;
  keys.set_association_id(id);
  BB_ASSIGN_OR_RETURN(own.keys, session.Call<access::v1::ListAssociationKeysResponse>(keys));
  access::v1::ListJoinCodesRequest codes;
  codes.set_association_id(id);
  BB_ASSIGN_OR_RETURN(own.codes, session.Call<access::v1::ListJoinCodesResponse>(codes));
  return own;
}

Outcome Show(Session& session, const std::string& typed) {
  const std::string& language = session.language();
  BB_ASSIGN_OR_RETURN(const auto association, OwnOrTyped(session, typed));
  BB_ASSIGN_OR_RETURN(const OwnSide own, Load(session, association.id()));
  BB_ASSIGN_OR_RETURN(const SourceMarks marks, GetSourceMarks(session));
  WriteRecord(session, own.view, [&] { return OwnRows(AllLines(own, marks, language), language); });
  session.Say(OwnText("show_next", language));
  session.Say(
      OwnText("show_confirm", language, {{"section", absl::StrJoin(ConfirmedSections(), ", ")}}));
  session.Say(OwnText("show_looked", language));
  return 0;
}

}  // namespace

std::vector<OwnLine> RecordLines(const Association& association,
                                 const std::string& section,
                                 const SourceMarks& marks,
                                 const std::string& language) {
  Lines lines;
  const Reading reading{association, marks, language};
  for (const std::string& path : model::FilledPaths(association)) {
    // Told with what it is about.
    if (path == "confirmations" || SectionOfField(path) != section) continue;
    OwnLine line{section, FieldTitle(path, language), ValueText(association, path, language)};
    AddSayers(reading, path, line);
    lines.push_back(line);
    AddOthers(reading, path, line, lines);
  }
  if (section != "basic") AddFreshness(association, section, language, lines);
  return lines;
}

Rows OwnRows(const std::vector<OwnLine>& lines, const std::string& language) {
  Rows rows{.columns = {{"section", OwnText("head_section", language)},
                        {"which", OwnText("head_which", language)},
                        {"value", OwnText("head_value", language)},
                        {"said_by", OwnText("head_said_by", language)},
                        {"when", OwnText("head_when", language)}},
            .cells = {}};
  std::string above;
  for (const OwnLine& line : lines) {
    const std::string title = OwnText(absl::StrCat("section_", line.section), language);
    rows.cells.push_back({{line.section == above ? "" : title},
                          {line.which},
                          {line.value},
                          {line.said_by},
                          {line.when}});
    above = line.section;
  }
  return rows;
}

void AddOwnShow(const Command& own) {
  const auto typed = std::make_shared<std::string>();
  own.Add("show", "Show what is recorded about your association, who said it and when")
      .Option("--association", *typed,
              {.summary = "For an employee: which one", .completes = Completes::kAssociation})
      .Does([typed](Session& session) { return Show(session, *typed); });
}

}  // namespace brobygger::cli
