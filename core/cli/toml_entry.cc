#include "core/cli/toml_entry.h"

#include <utility>

#include <fmt/format.h>

namespace brobygger::cli {

absl::Status Entry::Wrong(const std::string& why) const {
  return absl::InvalidArgumentError(
      fmt::format("{}:{}: {}: {}", file, node.source().begin.line, key, why));
}

absl::StatusOr<std::string> Text(const Entry& entry) {
  if (const auto text = entry.node.value_exact<std::string>()) return *text;
  return entry.Wrong("must be text in quotes.");
}

absl::StatusOr<bool> Flag(const Entry& entry) {
  if (const auto flag = entry.node.value_exact<bool>()) return *flag;
  return entry.Wrong("must be true or false, without quotes.");
}

absl::StatusOr<std::vector<std::string>> Texts(const Entry& entry) {
  std::vector<std::string> texts;
  const toml::array* array = entry.node.as_array();
  if (array == nullptr) return entry.Wrong("must be a list: [\"a\", \"b\"].");
  for (const toml::node& item : *array) {
    BB_ASSIGN_OR_RETURN(auto text, Text({entry.file, entry.key, item}));
    texts.push_back(std::move(text));
  }
  return texts;
}

}  // namespace brobygger::cli
