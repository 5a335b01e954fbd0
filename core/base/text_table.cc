#include "core/base/text_table.h"

#include <vector>

#include <absl/strings/str_split.h>

namespace brobygger::base {

TextTable::TextTable(std::string_view file) {
  for (const auto line : absl::StrSplit(std::string(file), '\n', absl::SkipEmpty())) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    if (cells.size() == 3) texts_[cells[0]] = {cells[1], cells[2]};
  }
}

const std::string& TextTable::Get(const std::string& key, const std::string& language) const {
  static const std::string kNone;
  const auto found = texts_.find(key);
  if (found == texts_.end()) return kNone;
  return language == "da" ? found->second.first : found->second.second;
}

}  // namespace brobygger::base
