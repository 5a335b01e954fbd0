#include "core/model/kle.h"

#include <absl/container/flat_hash_map.h>
#include <absl/strings/ascii.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "core/model/data.h"

namespace brobygger::model {
namespace {

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

}  // namespace brobygger::model
