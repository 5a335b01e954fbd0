// person list, show, find, erase and export; add and update are in person_write.cc.
#include "core/cli/person.h"

#include <memory>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/association.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/valid_days.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using people::v1::ContactPoint;
using people::v1::Person;
using people::v1::PersonRole;

struct PersonOptions {
  PersonNamed named;
  std::string association;
  std::string department;
  std::string phone;
  bool suppress = false;
};

constexpr std::size_t kShownOfId = 8;

std::string FunctionText(people::v1::PersonFunction function, const std::string& language) {
  return EnumText(*people::v1::PersonFunction_descriptor(), function, language);
}

Outcome List(Session& session, const PersonOptions& options) {
  people::v1::ListContactPointsRequest request;
  if (options.association.empty() == options.department.empty()) {
    return absl::InvalidArgumentError("Say whose: an ASSOCIATION, or --department.");
  }
  if (!options.association.empty()) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(session, options.association));
    request.set_association_id(association.id());
  }
  BB_ASSIGN_OR_RETURN(*request.mutable_department_id(), DepartmentId(session, options.department));
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<people::v1::ListContactPointsResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "contact_points",
                                                          {{"function", "FUNCTION"},
                                                           {"valid", "WHEN"},
                                                           {"named", "NAME ON RECORD"},
                                                           {"expires_date", "RECORDED UNTIL"},
                                                           {"id", "ID"}}));
  const std::string& language = session.language();
  const std::string yes = language == "da" ? "ja" : "yes";
  const std::string no = language == "da" ? "nej" : "no";
  for (const ContactPoint& point : answer.contact_points()) {
    writer.Add(point, {{FunctionText(point.function(), language)},
                       {ShowValid(point.valid(), language)},
                       {point.name_on_record() ? yes : no},
                       {ShowField("date", point.expires_date(), language)},
                       {point.person_id()}});
  }
  writer.Finish();
  session.Say("Who it is: brobygger person show ID --purpose collaboration");
  return 0;
}

Outcome Show(Session& session, const PersonOptions& options) {
  people::v1::UnfoldPersonRequest request;
  request.set_person_id(options.named.id);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<people::v1::UnfoldPersonResponse>(request));
  WriteRecord(session, answer.person(), [&] {
    return Rows{.columns = PersonColumns(),
                .cells = PersonCells(answer.person(), session.language())};
  });
  return 0;
}

template <typename Request>
void SetNamed(const PersonNamed& named, Request& request) {
  request.set_person_id(named.id);
  request.set_display_name(named.name);
  request.set_email(named.email);
}

// Where a text that somebody wrote still names the person.
Rows MentionRows(const people::v1::ErasePersonResponse& answer) {
  Rows rows;
  if (answer.mentions().empty()) return rows;
  rows.columns = {{"record_kind", "STILL NAMED IN"}, {"record_id", "ID"},
                  {"field_path", "FIELD"},           {"found", "THERE IS"},
                  {"association_id", "OF"},          {"stands", "STANDS"}};
  for (const people::v1::PersonMention& mention : answer.mentions()) {
    std::vector<std::string> what(mention.found().begin(), mention.found().end());
    for (std::string& each : what) {
      if (each == "display_name") each = "the name";
    }
    const std::string now = mention.current() ? "now" : "";
    const std::string before = mention.in_history() ? "in history" : "";
    rows.cells.push_back({{mention.record_kind()},
                          {mention.record_id()},
                          {mention.field_path()},
                          {absl::StrJoin(what, ", ")},
                          {mention.association_id().substr(0, kShownOfId)},
                          {now + (now.empty() || before.empty() ? "" : ", ") + before}});
  }
  return rows;
}

void SayMentions(Session& session, const people::v1::ErasePersonResponse& answer) {
  if (answer.mentions().empty()) {
    if (answer.more_mentions())
      return session.Warn("It is not known who else wrote of the person.");
    return session.Say(
        "In no other text that you may see stands the name (of two words or more), the address or "
        "the number.");
  }
  session.Warn(
      "The record is erased, but texts that somebody wrote elsewhere still name the person. Take "
      "the name out of those that stand now. What stands in history stays there: the hub rewrites "
      "no version, so tell the person, or whoever asked, which those are.");
  if (answer.more_mentions()) session.Warn("There may be more such texts than are shown.");
}

Outcome FindIt(Session& session, const PersonOptions& options) {
  people::v1::FindPersonRequest request;
  request.set_display_name(options.named.name);
  request.set_email(options.named.email);
  request.set_phone(options.phone);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<people::v1::FindPersonResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "persons",
                                                          {{"id", "ID"},
                                                           {"associations", "ASSOCIATIONS"},
                                                           {"departments", "DEPARTMENTS"}}));
  for (const people::v1::FoundPerson& person : answer.persons()) {
    writer.Add(person, {{person.person_id()},
                        {absl::StrJoin(person.association_ids(), ", ")},
                        {absl::StrJoin(person.department_ids(), ", ")}});
  }
  writer.Finish();
  if (answer.persons().empty()) session.Say("Nobody whom you may see is recorded so.");
  return 0;
}

Outcome Erase(Session& session, const PersonOptions& options) {
  people::v1::ErasePersonRequest request;
  SetNamed(options.named, request);
  request.set_suppress(options.suppress);
  BB_ASSIGN_OR_RETURN(
      const bool sure,
      session.Confirm("Erase this person for good? Nobody can bring the record back."));
  if (!sure) return 0;
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<people::v1::ErasePersonResponse>(request));
  session.Say(fmt::format("Erased: the record with {} role{} and its key, in {:.1f} ms.",
                          answer.roles_removed(), answer.roles_removed() == 1 ? "" : "s",
                          static_cast<double>(answer.took_micros()) / 1000));
  session.Say(answer.suppressions() > 0
                  ? "They will not be recorded again, unless they ask for it themselves."
                  : "They may be recorded again.");
  SayMentions(session, answer);
  WriteRecord(session, answer, [&] { return MentionRows(answer); });
  return 0;
}

Outcome Export(Session& session, const PersonOptions& options) {
  people::v1::ExportPersonRequest request;
  SetNamed(options.named, request);
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<people::v1::ExportPersonResponse>(request));
  session.Write(answer.json());
  return 0;
}

}  // namespace

void AddPersonNamed(Command& command, PersonNamed& named) {
  command.OptionalArgument("ID", named.id, {.summary = "As brobygger person list shows it"})
      .Option("--name", named.name, {.summary = "Without an id: the name, together with --email"})
      .Option("--email", named.email, {.summary = "Without an id: the address"});
}

std::vector<std::string> FunctionWords() {
  return EnumWords(*people::v1::PersonFunction_descriptor(), "PERSON_FUNCTION_");
}
std::vector<std::string> BasisWords() {
  return EnumWords(*people::v1::RecordingBasis_descriptor(), "RECORDING_BASIS_");
}
std::vector<std::string> SensitiveBasisWords() {
  return EnumWords(*people::v1::SensitiveBasis_descriptor(), "SENSITIVE_BASIS_");
}

std::vector<Column> PersonColumns() {
  return {{"display_name", "NAME"},
          {"email", "E-MAIL"},
          {"phone", "PHONE"},
          {"function", "FUNCTION"},
          {"valid", "WHEN"},
          {"basis", "BASIS"},
          {"sensitive_basis", "ARTICLE 9"},
          {"expires_date", "RECORDED UNTIL"}};
}

std::vector<std::vector<Cell>> PersonCells(const Person& person, const std::string& language) {
  std::vector<std::vector<Cell>> rows;
  for (const PersonRole& role : person.roles()) {
    rows.push_back(
        {{person.display_name()},
         {person.email()},
         {person.phone()},
         {FunctionText(role.function(), language)},
         {ShowValid(role.valid(), language)},
         {EnumText(*people::v1::RecordingBasis_descriptor(), role.basis(), language)},
         {EnumText(*people::v1::SensitiveBasis_descriptor(), role.sensitive_basis(), language)},
         {ShowField("date", role.expires_date(), language)}});
  }
  return rows;
}

void AddPerson(const Command& root) {
  Command group = root.Add("person", "Contact persons and board members: recorded, shown, erased");
  const auto options = std::make_shared<PersonOptions>();
  AddPersonWriting(group);
  group.Add("list", "List which functions somebody has, without who")
      .OptionalArgument(
          "ASSOCIATION", options->association,
          {.summary = "Its id, CVR number or official name", .completes = Completes::kAssociation})
      .Option("--department", options->department, {.summary = "A department's instead"})
      .Does([options](Session& session) { return List(session, *options); });
  group.Add("show", "Show one person; --purpose says what for, as the hub's policy names it")
      .Argument("ID", options->named.id, {.summary = "As brobygger person list shows it"})
      .Does([options](Session& session) { return Show(session, *options); });
  group.Add("find", "Find under which ids a person is recorded, by any spelling of the name")
      .Option("--name", options->named.name, {.summary = "The name"})
      .Option("--email", options->named.email, {.summary = "The address"})
      .Option("--phone", options->phone, {.summary = "The number"})
      .Does([options](Session& session) { return FindIt(session, *options); });
  Command erase = group.Add("erase",
                            "Erase a person's record for good, in every file of the hub, and say "
                            "which texts elsewhere still name them");
  AddPersonNamed(erase, options->named);
  erase.Flag("--suppress", options->suppress, "Never record them again by an import or a mistake")
      .Does([options](Session& session) { return Erase(session, *options); });
  Command give = group.Add("export", "All that is recorded on one person, as JSON (article 15)");
  AddPersonNamed(give, options->named);
  give.Does([options](Session& session) { return Export(session, *options); });
}

}  // namespace brobygger::cli
