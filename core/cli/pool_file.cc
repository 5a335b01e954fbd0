#include "core/cli/pool_file.h"

#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/cord.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>
#include <toml++/toml.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/cli/csv_file.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using grant::v1::PoolCriterion;

std::string Trimmed(absl::string_view text) {
  return std::string(absl::StripAsciiWhitespace(text));
}

// A single value as text: numbers, days and truth values may stand there without quotes.
std::optional<std::string> ValueOf(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto flag = node.value_exact<bool>()) return *flag ? "true" : "false";
  if (const auto day = node.value_exact<toml::date>()) {
    std::ostringstream text;
    text << *day;
    return text.str();
  }
  return std::nullopt;
}

absl::StatusOr<Given> ToGiven(const std::string& path,
                              const std::string& key,
                              const toml::node& node) {
  Given given{.file = path, .line = node.source().begin.line, .key = key, .values = {}};
  if (const toml::array* array = node.as_array()) {
    for (const toml::node& item : *array) {
      auto value = ValueOf(item);
      if (!value) return given.Wrong("must be a list of texts: [\"a\", \"b\"].");
      given.values.push_back(*std::move(value));
    }
    return given;
  }
  auto value = ValueOf(node);
  if (!value) return given.Wrong("must be a text, a number, a day, or true.");
  given.values.push_back(*std::move(value));
  return given;
}

// Calls `set` for each key of the table; "text" is a table of languages.
template <typename Set>
absl::Status EachKey(const std::string& path, const toml::table& table, const Set& set) {
  for (const auto& [key, node] : table) {
    const std::string word(key.str());
    if (word == "criterion") continue;
    const toml::table* const texts = word == "text" ? node.as_table() : nullptr;
    if (texts == nullptr) {
      BB_ASSIGN_OR_RETURN(const Given given, ToGiven(path, word, node));
      BB_RETURN_IF_ERROR(set(given));
      continue;
    }
    for (const auto& [language, text] : *texts) {
      BB_ASSIGN_OR_RETURN(const Given given,
                          ToGiven(path, "text." + std::string(language.str()), text));
      BB_RETURN_IF_ERROR(set(given));
    }
  }
  return absl::OkStatus();
}

absl::Status AddCriteria(const std::string& path, const toml::node& node, PoolRow& row) {
  const Given here{
      .file = path, .line = node.source().begin.line, .key = "criterion", .values = {}};
  const toml::array* const array = node.as_array();
  if (array == nullptr) return here.Wrong("write [[pool.criterion]] above each.");
  for (const toml::node& item : *array) {
    const toml::table* const table = item.as_table();
    if (table == nullptr) return here.Wrong("write [[pool.criterion]] above each.");
    PoolCriterion& criterion = *row.pool.add_criteria();
    BB_RETURN_IF_ERROR(EachKey(
        path, *table, [&](const Given& given) { return SetCriterionField(given, criterion); }));
  }
  return absl::OkStatus();
}

absl::StatusOr<PoolRow> ToRow(const std::string& path, const toml::node& node) {
  PoolRow row;
  row.line = node.source().begin.line;
  const toml::table* const table = node.as_table();
  const Given here{.file = path, .line = row.line, .key = "pool", .values = {}};
  if (table == nullptr) return here.Wrong("write [[pool]] above each.");
  BB_RETURN_IF_ERROR(
      EachKey(path, *table, [&](const Given& given) { return SetPoolField(given, row); }));
  if (const toml::node* criteria = table->get("criterion")) {
    BB_RETURN_IF_ERROR(AddCriteria(path, *criteria, row));
  }
  return row;
}

// Headings in Danish beside the keys of TOML, and what is a list.
std::string KeyOf(const std::string& heading) {
  static const std::map<std::string, std::string> kDanish = {
      {"titel", "title"},      {"kommune", "municipality"}, {"forvaltning", "department"},
      {"lov", "law"},          {"temaer", "themes"},        {"frister", "deadlines"},
      {"fra_kr", "from_kr"},   {"til_kr", "to_kr"},         {"tekst", "text.da"},
      {"tekst_en", "text.en"}, {"text_da", "text.da"},      {"text_en", "text.en"},
      {"tilstand", "state"},   {"krav", "criteria"},        {"slags", "kind"}};
  const std::string key = absl::AsciiStrToLower(Trimmed(heading));
  const auto danish = kDanish.find(key);
  return danish == kDanish.end() ? key : danish->second;
}

bool IsList(const std::string& key) {
  return key == "themes" || key == "deadlines" || key == "audiences" || key == "ages" ||
         key == "statutes" || key == "municipalities";
}

std::vector<std::string> SplitList(const std::string& key, const std::string& text) {
  if (!IsList(key)) return {text};
  std::vector<std::string> values;
  for (const auto part : absl::StrSplit(text, absl::ByAnyChar(",|"), absl::SkipWhitespace())) {
    values.push_back(Trimmed(part));
  }
  return values;
}

// "cvr; least_members=10; themes=culture|integration".
absl::Status AddCriteria(const Given& cell, PoolRow& row) {
  for (const auto part :
       absl::StrSplit(cell.values.front(), absl::ByAnyChar(";\n"), absl::SkipWhitespace())) {
    const std::pair<std::string, std::string> said = absl::StrSplit(part, absl::MaxSplits('=', 1));
    Given given = cell;
    given.key = Trimmed(said.first);
    const std::string value = Trimmed(said.second);
    given.values = SplitList(given.key, value.empty() ? "true" : value);
    BB_RETURN_IF_ERROR(SetCriterionField(given, *row.pool.add_criteria()));
  }
  return absl::OkStatus();
}

absl::StatusOr<PoolFile> ReadCsvPools(const std::string& path) {
  BB_ASSIGN_OR_RETURN(const CsvRows csv, ReadCsv(path));
  PoolFile file{.path = path, .rows = {}};
  for (std::size_t i = 0; i < csv.rows.size(); ++i) {
    PoolRow& row = file.rows.emplace_back();
    row.line = csv.lines[i];
    const auto& cells = csv.rows[i];
    for (std::size_t at = 0; at < cells.size() && at < csv.headings.size(); ++at) {
      const std::string text = Trimmed(cells[at]);
      const std::string key = KeyOf(csv.headings[at]);
      if (text.empty()) continue;
      const Given given{.file = path, .line = row.line, .key = key, .values = SplitList(key, text)};
      BB_RETURN_IF_ERROR(key == "criteria" ? AddCriteria(given, row) : SetPoolField(given, row));
    }
  }
  return file;
}

}  // namespace

absl::StatusOr<PoolFile> ParsePools(const std::string& text, const std::string& path) {
  PoolFile file{.path = path, .rows = {}};
  try {
    const toml::table whole = toml::parse(text, path);
    for (const auto& [key, node] : whole) {
      const Given here{.file = path,
                       .line = node.source().begin.line,
                       .key = std::string(key.str()),
                       .values = {}};
      const toml::array* const array = node.as_array();
      if (key != "pool" || array == nullptr) {
        return here.Wrong("there is nothing but [[pool]] at the outermost level.");
      }
      for (const toml::node& item : *array) {
        BB_ASSIGN_OR_RETURN(PoolRow row, ToRow(path, item));
        file.rows.push_back(std::move(row));
      }
    }
  } catch (const toml::parse_error& error) {
    return absl::InvalidArgumentError(fmt::format("{}:{}: {}", path, error.source().begin.line,
                                                  std::string(error.description())));
  }
  return file;
}

absl::StatusOr<PoolFile> ReadPoolFile(const std::string& path) {
  absl::StatusOr<PoolFile> file;
  if (path.ends_with(".csv")) {
    file = ReadCsvPools(path);
  } else if (path.ends_with(".toml")) {
    BB_ASSIGN_OR_RETURN(const std::string text, ReadText(path));
    file = ParsePools(text, path);
  } else {
    return absl::InvalidArgumentError(path + ": must end in .toml or .csv.");
  }
  if (file.ok() && file->rows.empty()) {
    return absl::InvalidArgumentError(path + ": holds no fund.");
  }
  return file;
}

absl::Status AtPoolLine(const PoolFile& file, const absl::Status& status) {
  const std::vector<std::string> parts =
      absl::StrSplit(base::ErrorMetadata(status, "field"), absl::ByAnyChar("[]"));
  std::size_t row = 0;
  const bool named = parts.size() > 2 && parts[0] == "pools" && absl::SimpleAtoi(parts[1], &row);
  if (!named || row >= file.rows.size()) return status;
  std::string message(status.message());
  const std::string place = fmt::format("pools[{}].", row);
  if (message.starts_with(place)) message.erase(0, place.size());
  absl::Status said(status.code(),
                    fmt::format("{}:{}: {}", file.path, file.rows[row].line, message));
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { said.SetPayload(url, payload); });
  return said;
}

}  // namespace brobygger::cli
