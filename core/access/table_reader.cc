#include "core/access/table_reader.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

namespace brobygger::access {

const toml::node* TableReader::Node(const char* key) {
  known_.insert(key);
  return table_.get(key);
}

std::string TableReader::Text(const char* key) {
  const toml::node* const node = Node(key);
  if (node == nullptr) return "";
  const auto text = node->value_exact<std::string>();
  if (!text) Complain(*node, absl::StrCat(key, " must be a text in quotes"));
  return text.value_or("");
}

bool TableReader::Flag(const char* key) {
  const toml::node* const node = Node(key);
  if (node == nullptr) return false;
  const auto flag = node->value_exact<bool>();
  if (!flag) Complain(*node, absl::StrCat(key, " must be true or false"));
  return flag.value_or(false);
}

std::vector<std::string> TableReader::Texts(const char* key) {
  std::vector<std::string> texts;
  const toml::node* const node = Node(key);
  if (node == nullptr) return texts;
  const toml::array* const list = node->as_array();
  if (list == nullptr) {
    Complain(*node, absl::StrCat(key, " must be a list of texts in quotes"));
    return texts;
  }
  for (const toml::node& each : *list) {
    const auto text = each.value_exact<std::string>();
    if (!text) Complain(each, absl::StrCat(key, " must be a list of texts in quotes"));
    texts.push_back(text.value_or(""));
  }
  return texts;
}

std::string TableReader::Name() {
  const std::string name = Text("name");
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  constexpr std::size_t kLongest = 40;
  if (name.empty() || name.size() > kLongest || !plain) {
    Complain(table_, "name must be 1 to 40 small letters from a to z, digits and hyphens");
  }
  return name;
}

void TableReader::Complain(const toml::node& where, const std::string& what) {
  if (!trouble_.empty()) return;
  trouble_ = absl::StrCat(file_, ":", where.source().begin.line, ": ", what);
}

void TableReader::ComplainAbout(const char* key, const std::string& what) {
  const toml::node* const node = Node(key);
  Complain(node == nullptr ? static_cast<const toml::node&>(table_) : *node, what);
}

absl::Status TableReader::Done() {
  for (const auto& [key, node] : table_) {
    if (known_.count(std::string(key.str())) > 0) continue;
    Complain(node, absl::StrCat("there is no key '", std::string(key.str()), "' here"));
  }
  return trouble_.empty() ? absl::OkStatus() : absl::FailedPreconditionError(trouble_);
}

absl::StatusOr<toml::table> ReadTables(const std::string& text,
                                       const std::string& file,
                                       const std::set<std::string>& keys) {
  toml::table tables;
  try {
    tables = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return absl::FailedPreconditionError(
        absl::StrCat(file, ":", error.source().begin.line, ": ", std::string(error.description())));
  }
  for (const auto& [key, node] : tables) {
    if (keys.count(std::string(key.str())) > 0) continue;
    return absl::FailedPreconditionError(absl::StrCat(file, ":", node.source().begin.line,
                                                      ": there is no key '", std::string(key.str()),
                                                      "' here"));
  }
  return tables;
}

// FNV-1a: it tells one file from another, and nobody gains by making two alike.
std::string RevisionOf(const std::string& text) {
  std::uint64_t hash = 14695981039346656037U;
  for (const unsigned char byte : text) hash = (hash ^ byte) * 1099511628211U;
  return absl::StrCat(absl::Hex(hash, absl::kZeroPad16));
}

}  // namespace brobygger::access
