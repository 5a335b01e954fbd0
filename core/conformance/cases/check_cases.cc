// C: Check and Discover.
#include <algorithm>
#include <set>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/scenes.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::FieldSchema;
using plugin::v1::StreamSchema;

// Names that say that a field holds personal data.
const std::set<std::string>& PersonalNames() {
  static const std::set<std::string> kNames = {
      "email",        "phone",         "mobile",        "contact_person",
      "contact_name", "contact_email", "contact_phone", "chair",
      "chair_name",   "cpr",           "birth_date",    "home_address"};
  return kNames;
}

// The trouble that Check, or else a read, tells on this bad day.
absl::StatusOr<Diagnostic> TroubleOn(Bench& bench, const std::string& fault) {
  BB_RETURN_IF_ERROR(bench.mock().Reset());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn(fault));
  BB_ASSIGN_OR_RETURN(const auto report, talk->Check());
  absl::Status error = FirstError(report.diagnostics());
  if (error.ok()) error = talk->Read({.stream = bench.fixture().stream}).status;
  BB_RETURN_IF_ERROR(Expect(!error.ok(), absl::StrCat("nothing is said on the day '", fault, "'")));
  return DiagnosticOf(error);
}

// C1
absl::Status CheckChangesNothing(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const auto report, talk->Check());
  BB_RETURN_IF_ERROR(FirstError(report.diagnostics()));
  const auto visible = report.visible_records().find(bench.fixture().stream);
  BB_RETURN_IF_ERROR(
      Expect(visible == report.visible_records().end() || visible->second == before.size(),
             "Check counts other records than there are"));
  return Unchanged(bench, before);
}

// C2
absl::Status TroublesHaveWords(Bench& bench) {
  for (const auto& [fault, expected] : bench.fixture().troubles) {
    BB_ASSIGN_OR_RETURN(const Diagnostic first, TroubleOn(bench, fault));
    BB_ASSIGN_OR_RETURN(const Diagnostic second, TroubleOn(bench, fault));
    for (const char* const language : {"da", "en"}) {
      const auto text = first.text().find(language);
      BB_RETURN_IF_ERROR(Expect(text != first.text().end() && !text->second.empty(),
                                absl::StrCat("'", fault, "' has no text in ", language)));
    }
    BB_RETURN_IF_ERROR(Expect(!first.code().empty() && first.code() == second.code(),
                              absl::StrCat("'", fault, "' has no stable code")));
  }
  return absl::OkStatus();
}

// C3
absl::Status TroublesHaveClasses(Bench& bench) {
  for (const auto& [fault, expected] : bench.fixture().troubles) {
    BB_ASSIGN_OR_RETURN(const Diagnostic told, TroubleOn(bench, fault));
    BB_RETURN_IF_ERROR(
        Expect(Diagnostic::Class_Name(told.class_()) == expected,
               absl::StrCat("'", fault, "' is told as ", Diagnostic::Class_Name(told.class_()))));
  }
  return absl::OkStatus();
}

// C4
absl::Status SameDiscoverTwice(Bench& bench) {
  std::string first;
  for (int time = 0; time < 2; ++time) {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_ASSIGN_OR_RETURN(auto told, talk->Discover());
    told.clear_epoch();
    const std::string text = told.DebugString();
    BB_RETURN_IF_ERROR(Expect(time == 0 || text == first, "two starts discover other things"));
    first = text;
  }
  return absl::OkStatus();
}

absl::Status SchemaIsSound(const StreamSchema& stream, const std::set<std::string>& streams) {
  std::set<std::string> names;
  for (const FieldSchema& field : stream.fields()) {
    BB_RETURN_IF_ERROR(Expect(!field.name().empty() && names.insert(field.name()).second,
                              absl::StrCat("two fields are called '", field.name(), "'")));
    BB_RETURN_IF_ERROR(Expect(
        field.type() != FieldSchema::TYPE_UNSPECIFIED && FieldSchema::Type_IsValid(field.type()),
        absl::StrCat("'", field.name(), "' has no known type")));
  }
  for (const std::string& key : stream.natural_key()) {
    BB_RETURN_IF_ERROR(
        Expect(names.count(key) > 0, absl::StrCat("the natural key names no field '", key, "'")));
  }
  for (const std::string& other : stream.depends_on()) {
    BB_RETURN_IF_ERROR(
        Expect(streams.count(other) > 0, absl::StrCat("it depends on no stream '", other, "'")));
  }
  return absl::OkStatus();
}

// C5
absl::Status SchemasAreSound(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const auto told, talk->Discover());
  std::set<std::string> streams;
  for (const StreamSchema& stream : told.streams()) {
    BB_RETURN_IF_ERROR(Expect(streams.insert(stream.name()).second, "two streams have one name"));
  }
  for (const StreamSchema& stream : told.streams()) {
    BB_RETURN_IF_ERROR(SchemaIsSound(stream, streams));
  }
  return absl::OkStatus();
}

// C6
absl::Status AbilitiesAreTried(Bench& bench) {
  std::set<std::string> tried;
  for (const Case& one : AllCases()) {
    const bool asked = one.run != nullptr &&
                       std::all_of(one.needs.begin(), one.needs.end(),
                                   [&](const auto& need) { return bench.Missing(need).empty(); });
    if (asked) tried.insert(one.needs.begin(), one.needs.end());
  }
  // Inside a case that needs another ability.
  if (bench.Can("tombstones") && tried.count("tombstones") > 0) {
    tried.insert("foreign_id_in_tombstones");
  }
  const auto* const abilities = plugin::v1::Abilities::descriptor();
  for (int at = 0; at < abilities->field_count(); ++at) {
    const std::string name = abilities->field(at)->name();
    BB_RETURN_IF_ERROR(Expect(!bench.Can(name) || tried.count(name) > 0,
                              absl::StrCat("it declares ", name, ", and no case can try it")));
  }
  return absl::OkStatus();
}

// C7
absl::Status FieldsAreKept(Bench& bench) {
  const auto previous =
      bench.fixture().previous.at("fields").get<std::map<std::string, std::string>>();
  for (const auto& [name, type] : previous) {
    const auto& fields = bench.schema().fields();
    const auto found =
        std::find_if(fields.begin(), fields.end(),
                     [wanted = name](const auto& field) { return field.name() == wanted; });
    BB_RETURN_IF_ERROR(Expect(found != fields.end(), absl::StrCat("field '", name, "' is gone")));
    BB_RETURN_IF_ERROR(Expect(FieldSchema::Type_Name(found->type()) == type,
                              absl::StrCat("field '", name, "' has another type than before")));
  }
  return absl::OkStatus();
}

// C8
absl::Status PersonalDataIsMarked(Bench& bench) {
  for (const FieldSchema& field : bench.schema().fields()) {
    const bool personal = PersonalNames().count(field.name()) > 0;
    BB_RETURN_IF_ERROR(Expect(!personal || field.personal_data() || field.special_category(),
                              absl::StrCat("'", field.name(), "' is not marked as personal data")));
  }
  return absl::OkStatus();
}

// C9
absl::Status TitlesSurvive(Bench& bench) {
  for (const auto& [name, title] : bench.fixture().titles) {
    const auto& fields = bench.schema().fields();
    const bool told = std::any_of(
        fields.begin(), fields.end(), [&, name = name, title = title](const FieldSchema& field) {
          const auto found = field.title().find("da");
          return field.name() == name && found != field.title().end() && found->second == title;
        });
    BB_RETURN_IF_ERROR(Expect(told, absl::StrCat("the title of '", name, "' is another")));
  }
  return absl::OkStatus();
}

// C10
absl::Status OnlySelectedFields(Bench& bench) {
  const std::string& field = bench.fixture().text_field;
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start({.fields = {field}}));
  BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(*talk, bench));
  BB_RETURN_IF_ERROR(Expect(!outcome.records.empty(), "nothing is read"));
  for (const Record& record : outcome.records) {
    for (const auto& [name, value] : record.fields()) {
      BB_RETURN_IF_ERROR(
          Expect(name == field, absl::StrCat("'", name, "' is told, and nobody asked for it")));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::vector<Case> CheckCases() {
  return {
      {"C1", "Check changes nothing", {}, CheckChangesNothing},
      {"C2", "each trouble has words in two languages and a code", {"troubles"}, TroublesHaveWords},
      {"C3", "each trouble has the right class", {"troubles"}, TroublesHaveClasses},
      {"C4", "Discover tells the same twice", {}, SameDiscoverTwice},
      {"C5", "keys and types are sound", {}, SchemasAreSound},
      {"C6", "each ability that is declared is tried", {}, AbilitiesAreTried},
      {"C7", "no field of the previous version is gone", {"previous:fields"}, FieldsAreKept},
      {"C8", "personal data is marked", {}, PersonalDataIsMarked},
      {"C9", "titles keep their letters", {"titles"}, TitlesSurvive},
      {"C10", "only the fields asked for are told", {"snapshot"}, OnlySelectedFields},
  };
}

}  // namespace brobygger::conformance
