#include "core/cli/programme_file.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/cli/enum_words.h"
#include "core/cli/toml_entry.h"

namespace brobygger::cli {
namespace {

using report::v1::ImportedCollaboration;
using report::v1::ImportedDay;
using report::v1::ImportProgrammeRequest;

// What is done with each key of a table; a key without a line here is refused.
using Setters = std::map<std::string, std::function<absl::Status(const Entry&)>>;

absl::Status ReadTable(const Entry& entry, const Setters& setters) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("must be a table.");
  for (const auto& [key, node] : *table) {
    const std::string word(key.str());
    const Entry member{entry.file, absl::StrCat(entry.key, ".", word), node};
    const auto setter = setters.find(word);
    if (setter == setters.end()) {
      std::vector<std::string> known;
      for (const auto& each : setters) known.push_back(each.first);
      return member.Wrong(fmt::format("there is no such key; known: {}.", fmt::join(known, ", ")));
    }
    BB_RETURN_IF_ERROR(setter->second(member));
  }
  return absl::OkStatus();
}

std::function<absl::Status(const Entry&)> Into(std::string& text) {
  return [&text](const Entry& entry) -> absl::Status {
    BB_ASSIGN_OR_RETURN(text, Text(entry));
    return absl::OkStatus();
  };
}

// A day, with or without quotes.
std::function<absl::Status(const Entry&)> IntoDay(std::string& text) {
  return [&text](const Entry& entry) -> absl::Status {
    if (const auto day = entry.node.value_exact<toml::date>()) {
      text = fmt::format("{:04}-{:02}-{:02}", day->year, day->month, day->day);
      return absl::OkStatus();
    }
    BB_ASSIGN_OR_RETURN(text, Text(entry));
    return absl::OkStatus();
  };
}

// The number of an enum's value, by its word.
absl::StatusOr<int> Value(const Entry& entry,
                          const google::protobuf::EnumDescriptor& values,
                          const std::string& prefix) {
  BB_ASSIGN_OR_RETURN(const std::string word, Text(entry));
  const auto words = EnumWords(values, prefix);
  for (const std::string& each : words) {
    if (each == word) return EnumNumber(words, word);
  }
  return entry.Wrong(fmt::format("must be one of {}.", fmt::join(words, ", ")));
}

absl::Status SetTargets(const Entry& entry, report::v1::Programme& programme) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("must be a table: {new-collaborations = 40}.");
  const auto words = EnumWords(*report::v1::ReportFigure_descriptor(), "REPORT_FIGURE_");
  for (const auto& [key, node] : *table) {
    const Entry member{entry.file, absl::StrCat(entry.key, ".", std::string(key.str())), node};
    const auto number = node.value_exact<std::int64_t>();
    if (!number || *number < 0 || *number > 1'000'000) return member.Wrong("must be a number.");
    const bool known = std::find(words.begin(), words.end(), key.str()) != words.end();
    if (!known) return member.Wrong(fmt::format("must be one of {}.", fmt::join(words, ", ")));
    auto& target = *programme.add_targets();
    target.set_figure(
        static_cast<report::v1::ReportFigure>(EnumNumber(words, std::string(key.str()))));
    target.set_value(static_cast<std::int32_t>(*number));
  }
  return absl::OkStatus();
}

absl::Status SetProgramme(const Entry& entry, report::v1::Programme& programme) {
  return ReadTable(entry,
                   {{"name", Into(*programme.mutable_short_name())},
                    {"title", Into(*programme.mutable_title())},
                    {"from", IntoDay(*programme.mutable_start_date())},
                    {"to", IntoDay(*programme.mutable_end_date())},
                    {"municipalities",
                     [&](const Entry& member) -> absl::Status {
                       BB_ASSIGN_OR_RETURN(const auto codes, Texts(member));
                       for (const auto& code : codes) programme.add_municipality_codes(code);
                       return absl::OkStatus();
                     }},
                    {"targets", [&](const Entry& member) { return SetTargets(member, programme); }},
                    {"national_estimate", Into(*programme.mutable_national_estimate())},
                    {"national_source", Into(*programme.mutable_national_source())}});
}

absl::Status SetAssociation(const Entry& entry, report::v1::ImportedAssociation& association) {
  return ReadTable(entry, {{"name", Into(*association.mutable_official_name())},
                           {"municipality", Into(*association.mutable_municipality_code())}});
}

absl::Status SetCollaboration(const Entry& entry, ImportedCollaboration& collaboration) {
  auto& department = *collaboration.mutable_department();
  const auto add_name = [&](std::string name) {
    collaboration.add_associations()->set_official_name(std::move(name));
  };
  return ReadTable(entry, {{"title", Into(*collaboration.mutable_title())},
                           {"association",
                            [&](const Entry& member) -> absl::Status {
                              BB_ASSIGN_OR_RETURN(auto name, Text(member));
                              add_name(std::move(name));
                              return absl::OkStatus();
                            }},
                           {"associations",
                            [&](const Entry& member) -> absl::Status {
                              BB_ASSIGN_OR_RETURN(auto names, Texts(member));
                              for (auto& name : names) add_name(std::move(name));
                              return absl::OkStatus();
                            }},
                           {"municipality", Into(*department.mutable_municipality_code())},
                           {"department", Into(*department.mutable_official_name())},
                           {"from", IntoDay(*collaboration.mutable_start_date())},
                           {"to", IntoDay(*collaboration.mutable_end_date())},
                           {"outcome", Into(*collaboration.mutable_outcome())},
                           {"theme", [&](const Entry& member) -> absl::Status {
                              BB_ASSIGN_OR_RETURN(
                                  const int theme,
                                  Value(member, *registry::v1::Theme_descriptor(), "THEME_"));
                              collaboration.set_theme(static_cast<registry::v1::Theme>(theme));
                              return absl::OkStatus();
                            }}});
}

absl::Status SetDay(const Entry& entry, ImportedDay& day) {
  return ReadTable(entry,
                   {{"title", Into(*day.mutable_title())},
                    {"date", IntoDay(*day.mutable_date())},
                    {"place", Into(*day.mutable_place())},
                    {"municipality", Into(*day.mutable_department()->mutable_municipality_code())},
                    {"department", Into(*day.mutable_department()->mutable_official_name())},
                    {"kind", [&](const Entry& member) -> absl::Status {
                       BB_ASSIGN_OR_RETURN(
                           const int kind,
                           Value(member, *event::v1::EventKind_descriptor(), "EVENT_KIND_"));
                       day.set_kind(static_cast<event::v1::EventKind>(kind));
                       return absl::OkStatus();
                     }}});
}

// Adds each table of a list, and notes its line.
template <typename Record>
absl::Status AddEach(const Entry& entry,
                     google::protobuf::RepeatedPtrField<Record>& into,
                     std::vector<std::uint32_t>& lines,
                     absl::Status (*set)(const Entry&, Record&)) {
  const toml::array* array = entry.node.as_array();
  if (array == nullptr) return entry.Wrong("must be a list of tables.");
  for (const toml::node& item : *array) {
    lines.push_back(item.source().begin.line);
    BB_RETURN_IF_ERROR(set({entry.file, entry.key, item}, *into.Add()));
  }
  return absl::OkStatus();
}

absl::Status ReadAll(const Entry& file, ProgrammeFile& read) {
  ImportProgrammeRequest& request = read.request;
  return ReadTable(
      file,
      {{"programme",
        [&](const Entry& entry) { return SetProgramme(entry, *request.mutable_programme()); }},
       {"association",
        [&](const Entry& entry) {
          return AddEach(entry, *request.mutable_associations(), read.lines["associations"],
                         &SetAssociation);
        }},
       {"collaboration",
        [&](const Entry& entry) {
          return AddEach(entry, *request.mutable_collaborations(), read.lines["collaborations"],
                         &SetCollaboration);
        }},
       {"day", [&](const Entry& entry) {
          return AddEach(entry, *request.mutable_days(), read.lines["days"], &SetDay);
        }}});
}

// An association that is named in a collaboration is at home where the list of associations says;
// one that is not in the list, in the municipality that it worked with.
void FindHomes(ImportProgrammeRequest& request) {
  std::map<std::string, std::string> homes;
  for (const auto& each : request.associations()) {
    homes[each.official_name()] = each.municipality_code();
  }
  for (ImportedCollaboration& collaboration : *request.mutable_collaborations()) {
    for (auto& association : *collaboration.mutable_associations()) {
      const auto home = homes.find(association.official_name());
      association.set_municipality_code(
          home != homes.end() ? home->second : collaboration.department().municipality_code());
    }
  }
}

}  // namespace

absl::Status ProgrammeFile::Explained(const absl::Status& status) const {
  const std::string field = base::ErrorMetadata(status, "field");
  const std::size_t open = field.find('[');
  const std::size_t close = field.find(']');
  const auto list = lines.find(field.substr(0, open));
  std::size_t number = 0;
  const bool numbered = open != std::string::npos && close != std::string::npos &&
                        absl::SimpleAtoi(field.substr(open + 1, close - open - 1), &number);
  if (!numbered || list == lines.end() || number >= list->second.size()) return status;
  absl::Status explained(status.code(), fmt::format("{}:{}: {}", path, list->second[number],
                                                    std::string(status.message())));
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    explained.SetPayload(type, payload);
  });
  return explained;
}

absl::StatusOr<ProgrammeFile> ReadProgrammeFile(const std::string& path, const std::string& text) {
  ProgrammeFile read;
  read.path = path;
  try {
    const toml::table parsed = toml::parse(text, path);
    BB_RETURN_IF_ERROR(ReadAll({path, "file", parsed}, read));
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}.", path, error.source().begin.line,
                                                  std::string(error.description())));
  }
  FindHomes(read.request);
  return read;
}

}  // namespace brobygger::cli
