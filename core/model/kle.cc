#include "core/model/kle.h"

#include <array>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "core/model/data.h"

namespace brobygger::model {
namespace {

using registry::v1::Theme;

// Most special first: 15.40.20 is found before 15.40.
constexpr std::array<std::pair<Theme, std::string_view>, 11> kThemes = {
    {{registry::v1::THEME_RECEPTION, "15.40.20"},
     {registry::v1::THEME_INTEGRATION, "15.40"},
     {registry::v1::THEME_ADULT_EDUCATION_AND_LEISURE, "18.15"},
     {registry::v1::THEME_LEISURE_OUTSIDE_THE_ACT, "18.16"},
     {registry::v1::THEME_VOLUNTARY_SOCIAL_WORK, "27.15.12"},
     {registry::v1::THEME_HOUSING_AREA, "03.30"},
     {registry::v1::THEME_HEALTH_AND_PREVENTION, "29"},
     {registry::v1::THEME_EMPLOYMENT, "15"},
     {registry::v1::THEME_SCHOOL_AND_HOMEWORK, "17"},
     {registry::v1::THEME_CULTURE, "20"},
     {registry::v1::THEME_LIBRARY, "21"}}};

using Titles = absl::flat_hash_map<std::string, std::string>;

// A title with a comma in it stands between quotation marks.
std::string Unquoted(const std::string& cell) {
  if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"') return cell;
  return absl::StrReplaceAll(cell.substr(1, cell.size() - 2), {{"\"\"", "\""}});
}

Titles ReadTitles() {
  Titles titles;
  for (const auto line : absl::StrSplit(std::string(kKleCsv), '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> cells =
        absl::StrSplit(absl::StripTrailingAsciiWhitespace(line), absl::MaxSplits(',', 2));
    titles[cells.at(0)] = Unquoted(cells.at(2));
  }
  return titles;
}

}  // namespace

bool IsKleNumber(std::string_view text) {
  if (text.size() != 2 && text.size() != 5 && text.size() != 8) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2 ? text[i] != '.' : !absl::ascii_isdigit(text[i])) return false;
  }
  return true;
}

std::string_view KleTitle(const std::string& number) {
  static const Titles kTitles = ReadTitles();
  const auto found = kTitles.find(number);
  return found == kTitles.end() ? std::string_view() : found->second;
}

std::string_view KleNumberOf(Theme theme) {
  for (const auto& [each, number] : kThemes) {
    if (each == theme) return number;
  }
  return "";
}

Theme ThemeOfKle(const std::string& number) {
  for (const auto& [theme, whole] : kThemes) {
    const bool within = absl::StartsWith(number, {whole.data(), whole.size()});
    if (within && (number.size() == whole.size() || number[whole.size()] == '.')) return theme;
  }
  return registry::v1::THEME_UNSPECIFIED;
}

}  // namespace brobygger::model
