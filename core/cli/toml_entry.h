#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <toml++/toml.h>

#include "core/base/status_macros.h"

namespace brobygger::cli {

// One key of a TOML file, with what is needed to say where a fault is. `node` must
// outlive it.
struct Entry {
  std::string file;
  std::string key;
  const toml::node& node;

  absl::Status Wrong(const std::string& why) const;
};

// The value, or Wrong() where it is of another kind.
absl::StatusOr<std::string> Text(const Entry& entry);
absl::StatusOr<bool> Flag(const Entry& entry);
absl::StatusOr<std::vector<std::string>> Texts(const Entry& entry);

// Calls `each` for every key of a table with text values.
template <typename Each>
absl::Status TextMembers(const Entry& entry, const Each& each) {
  const toml::table* table = entry.node.as_table();
  if (table == nullptr) return entry.Wrong("must be a table.");
  for (const auto& [key, node] : *table) {
    const Entry member{entry.file, entry.key + "." + std::string(key.str()), node};
    BB_ASSIGN_OR_RETURN(const auto text, Text(member));
    BB_RETURN_IF_ERROR(each(member, std::string(key.str()), text));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::cli
