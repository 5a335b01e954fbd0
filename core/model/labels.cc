#include "core/model/labels.h"

#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_split.h>

#include "core/model/data.h"

namespace brobygger::model {
namespace {

struct Words {
  std::string da;
  std::string en;
};
using Labels = absl::flat_hash_map<std::string, Words>;

std::string KeyOf(std::string_view enum_name, std::string_view value_name) {
  std::string key(enum_name);
  key += ' ';
  key += value_name;
  return key;
}

Labels ReadLabels() {
  Labels labels;
  for (const auto line : absl::StrSplit(std::string(kLabelsCsv), '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> cells = absl::StrSplit(line, ',');
    labels[KeyOf(cells.at(0), cells.at(1))] = {cells.at(2), cells.at(3)};
  }
  return labels;
}

}  // namespace

std::string_view Label(std::string_view enum_name,
                       std::string_view value_name,
                       std::string_view language) {
  static const Labels kLabels = ReadLabels();
  const auto found = kLabels.find(KeyOf(enum_name, value_name));
  if (found == kLabels.end()) return "";
  if (language == "da") return found->second.da;
  return language == "en" ? std::string_view(found->second.en) : "";
}

}  // namespace brobygger::model
