#include "core/access/policy.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <sstream>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <toml++/toml.h>

#include "core/access/data.h"
#include "core/access/table_reader.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using Level = Disclosure::Level;

constexpr std::array<std::pair<const char*, Level>, 5> kLevels = {
    {{"nothing", discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED},
     {"existence", discovery::v1::DISCLOSURE_LEVEL_EXISTENCE},
     {"summary", discovery::v1::DISCLOSURE_LEVEL_SUMMARY},
     {"roles", discovery::v1::DISCLOSURE_LEVEL_ROLES},
     {"touchpoints", discovery::v1::DISCLOSURE_LEVEL_TOUCHPOINTS}}};

constexpr std::array<std::pair<const char*, v1::DataClass>, 4> kClasses = {
    {{"public", v1::DATA_CLASS_PUBLIC},
     {"internal", v1::DATA_CLASS_INTERNAL},
     {"personal", v1::DATA_CLASS_PERSONAL},
     {"sensitive", v1::DATA_CLASS_SENSITIVE}}};

// The value that a word stands for in one of the tables above.
template <typename Table>
auto ValueOf(const Table& table, const std::string& word)
    -> std::optional<typename Table::value_type::second_type> {
  for (const auto& [name, value] : table) {
    if (word == name) return value;
  }
  return std::nullopt;
}

template <typename Table>
std::string WordsOf(const Table& table) {
  std::vector<std::string> words;
  for (const auto& entry : table) words.emplace_back(entry.first);
  return absl::StrJoin(words, ", ");
}

std::optional<Right> RightOf(const std::string& word) {
  for (int i = v1::Right_MIN; i <= v1::Right_MAX; ++i) {
    if (v1::Right_IsValid(i) && !word.empty() && RightWord(static_cast<Right>(i)) == word) {
      return static_cast<Right>(i);
    }
  }
  return std::nullopt;
}

// Reads one [[role]] or [[purpose]].
class Reader : public TableReader {
 public:
  using TableReader::TableReader;

  template <typename Table>
  auto Word(const char* key, const Table& words) -> typename Table::value_type::second_type {
    const std::string word = Text(key);
    const auto value = ValueOf(words, word.empty() ? words.front().first : word);
    if (!value) {
      ComplainAbout(key, absl::StrCat(key, " is '", word, "'; it may be ", WordsOf(words)));
    }
    return value.value_or(words.front().second);
  }

  std::set<Right> Rights() {
    std::set<Right> rights;
    const toml::node* const node = Node("rights");
    const toml::array* const list = node == nullptr ? nullptr : node->as_array();
    if (list == nullptr) {
      ComplainAbout("rights", "rights must be a list");
      return rights;
    }
    for (const toml::node& each : *list) {
      const std::string word = each.value_or(std::string());
      const auto right = RightOf(word);
      if (!right) {
        Complain(each, absl::StrCat("there is no right '", word, "'; brobygger access rights"));
        continue;
      }
      rights.insert(*right);
    }
    return rights;
  }
};

absl::StatusOr<Role> ReadRole(const toml::table& table, const std::string& file) {
  Reader reader(table, file);
  Role role;
  role.name = reader.Name();
  role.rights = reader.Rights();
  role.rights.insert(v1::RIGHT_NONE);
  role.most = reader.Word("most", kClasses);
  role.disclosure.own = reader.Word("own", kLevels);
  role.disclosure.municipality = reader.Word("municipality", kLevels);
  role.disclosure.elsewhere = reader.Word("elsewhere", kLevels);
  role.says_purpose = reader.Flag("says_purpose");
  BB_RETURN_IF_ERROR(reader.Done());
  return role;
}

absl::StatusOr<Purpose> ReadPurpose(const toml::table& table, const std::string& file) {
  Reader reader(table, file);
  Purpose purpose;
  purpose.name = reader.Name();
  purpose.title = reader.Text("title");
  purpose.legal_basis = reader.Text("legal_basis");
  purpose.most = reader.Word("most", kLevels);
  if (!reader.Text("data").empty()) purpose.data = reader.Word("data", kClasses);
  if (purpose.legal_basis.empty()) {
    reader.Complain(table, "a purpose needs a legal_basis: ask the data-protection officer");
  }
  BB_RETURN_IF_ERROR(reader.Done());
  return purpose;
}

// Reads every table of a list into `all`, by name.
template <typename Entry, typename Read>
absl::Status ReadEach(const toml::table& file,
                      const char* key,
                      const std::string& name,
                      const Read& read,
                      std::map<std::string, Entry>& all) {
  const toml::array* const list = file.get_as<toml::array>(key);
  if (list == nullptr || !list->is_array_of_tables()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ":1: there is no [[", key, "]]; the hub needs at least one"));
  }
  for (const toml::node& node : *list) {
    BB_ASSIGN_OR_RETURN(Entry entry, read(*node.as_table(), name));
    const std::string entry_name = entry.name;
    if (!all.emplace(entry_name, std::move(entry)).second) {
      return absl::FailedPreconditionError(absl::StrCat(name, ":", node.source().begin.line,
                                                        ": the ", key, " '", entry_name,
                                                        "' stands here twice"));
    }
  }
  return absl::OkStatus();
}

void Widen(const Role& role, Caller& caller) {
  caller.rights.insert(role.rights.begin(), role.rights.end());
  caller.most = std::max(caller.most, role.most);
  caller.disclosure.own = std::max(caller.disclosure.own, role.disclosure.own);
  caller.disclosure.municipality =
      std::max(caller.disclosure.municipality, role.disclosure.municipality);
  caller.disclosure.elsewhere = std::max(caller.disclosure.elsewhere, role.disclosure.elsewhere);
  caller.says_purpose = caller.says_purpose || role.says_purpose;
}

}  // namespace

absl::StatusOr<Policy> Policy::Parse(const std::string& text, const std::string& name) {
  BB_ASSIGN_OR_RETURN(const toml::table file, ReadTables(text, name, {"role", "purpose"}));
  Policy policy;
  BB_RETURN_IF_ERROR(ReadEach(file, "purpose", name, ReadPurpose, policy.purposes_));
  BB_RETURN_IF_ERROR(ReadEach(file, "role", name, ReadRole, policy.roles_));
  policy.revision_ = RevisionOf(text);
  return policy;
}

const Policy& Policy::Shipped() {
  static const Policy kPolicy = *Parse(std::string(kPolicyToml), "policy.toml");
  return kPolicy;
}

absl::StatusOr<Caller> Policy::Admit(const Who& who) const {
  Caller caller;
  caller.actor = who.actor;
  caller.kind = who.kind;
  caller.municipality_code = who.municipality_code;
  caller.department_id = who.department_id;
  caller.association_id = who.association_id;
  caller.rights = {v1::RIGHT_NONE};
  bool known = false;
  for (const std::string& name : who.roles) {
    const auto role = roles_.find(name);
    if (role == roles_.end()) continue;
    known = true;
    caller.roles.push_back(name);
    Widen(role->second, caller);
  }
  if (!known) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           "None of the caller's roles is in the hub's policy; ask whoever gives "
                           "roles in the municipality.");
  }
  if (!who.purpose.empty()) BB_RETURN_IF_ERROR(Restrict(who.purpose, caller));
  return caller;
}

absl::Status Policy::Restrict(const std::string& wanted, Caller& caller) const {
  const auto purpose = purposes_.find(wanted);
  if (purpose == purposes_.end()) {
    std::vector<std::string> names;
    for (const auto& [name, known] : purposes_) names.push_back(name);
    return base::MakeError(
        errors::v1::ERROR_REASON_PURPOSE_REQUIRED,
        "The policy does not know this purpose; it knows " + absl::StrJoin(names, ", ") + ".",
        {{"field", "brobygger-purpose"}});
  }
  caller.purpose = wanted;
  caller.most = std::min(caller.most, purpose->second.data);
  if (purpose->second.most != discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED) {
    auto& told = caller.disclosure;
    told.own = std::min(told.own, purpose->second.most);
    told.municipality = std::min(told.municipality, purpose->second.most);
    told.elsewhere = std::min(told.elsewhere, purpose->second.most);
  }
  return absl::OkStatus();
}

std::string RightWord(Right right) {
  if (right == v1::RIGHT_UNSPECIFIED || right == v1::RIGHT_NONE) return "";
  // "RIGHT_REGISTRY_READ" -> "registry.read"; "RIGHT_ACCESS_LOG_READ" -> "access.log.read".
  std::string word = v1::Right_Name(right).substr(std::string("RIGHT_").size());
  for (char& letter : word) {
    letter = letter == '_' ? '.' : static_cast<char>(std::tolower(letter));
  }
  return word;
}

std::string ClassWord(v1::DataClass data_class) {
  for (const auto& [word, value] : kClasses) {
    if (value == data_class) return word;
  }
  return "none";
}

std::string LevelWord(Level level) {
  for (const auto& [word, value] : kLevels) {
    if (value == level) return word;
  }
  return "nothing";
}

}  // namespace brobygger::access
