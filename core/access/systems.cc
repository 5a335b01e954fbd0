#include "core/access/systems.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "core/access/table_reader.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

constexpr std::size_t kListedDigestBytes = 32;
constexpr std::size_t kListedCodeDigits = 4;

// The digest that OpenSSL shows as "3A:F0:...", with colons or without.
std::optional<std::string> ReadDigest(const std::string& text) {
  const std::string digits = absl::StrReplaceAll(text, {{":", ""}});
  const bool fits = digits.size() == 2 * kListedDigestBytes &&
                    std::all_of(digits.begin(), digits.end(), [](char c) {
                      return std::isxdigit(static_cast<unsigned char>(c)) != 0;
                    });
  if (!fits) return std::nullopt;
  return absl::HexStringToBytes(digits);
}

bool IsMunicipality(const std::string& code) {
  return code.size() == kListedCodeDigits &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

struct Entry {
  System system;
  std::vector<std::string> digests;
};

std::vector<std::string> ReadDigests(TableReader& reader) {
  std::vector<std::string> digests;
  for (const std::string& text : reader.Texts("certificates")) {
    const auto digest = ReadDigest(text);
    if (!digest) {
      reader.ComplainAbout("certificates",
                           "a certificate is given by its SHA-256, 64 hexadecimal digits: openssl "
                           "x509 -in FILE -noout -fingerprint -sha256");
      continue;
    }
    digests.push_back(*digest);
  }
  if (digests.empty() || digests.size() > kMostCertificates) {
    reader.ComplainAbout("certificates",
                         "a system has one certificate, or two while the next one is rolled out");
  }
  return digests;
}

absl::StatusOr<Entry> ReadSystem(const toml::table& table, const std::string& file) {
  TableReader reader(table, file);
  Entry entry;
  entry.system.name = reader.Name();
  entry.system.roles = reader.Texts("roles");
  entry.system.municipality_code = reader.Text("municipality");
  entry.system.department_id = reader.Text("department");
  entry.digests = ReadDigests(reader);
  if (entry.system.roles.empty()) {
    reader.ComplainAbout("roles", "a system needs a role of the policy, such as \"system\"");
  }
  if (!IsMunicipality(entry.system.municipality_code)) {
    reader.ComplainAbout("municipality", "municipality must be a code of four digits: \"0998\"");
  }
  BB_RETURN_IF_ERROR(reader.Done());
  return entry;
}

}  // namespace

absl::StatusOr<Systems> Systems::Parse(const std::string& text, const std::string& name) {
  BB_ASSIGN_OR_RETURN(const toml::table file, ReadTables(text, name, {"system"}));
  Systems systems;
  systems.revision_ = RevisionOf(text);
  const toml::node* const node = file.get("system");
  if (node == nullptr) return systems;
  if (!node->is_array_of_tables()) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ":", node->source().begin.line, ": write [[system]], in two brackets"));
  }
  for (const toml::node& each : *node->as_array()) {
    BB_ASSIGN_OR_RETURN(Entry entry, ReadSystem(*each.as_table(), name));
    const std::string place = absl::StrCat(name, ":", each.source().begin.line, ": ");
    const std::string system = entry.system.name;
    for (std::string& digest : entry.digests) {
      if (systems.names_.emplace(std::move(digest), system).second) continue;
      return absl::FailedPreconditionError(
          absl::StrCat(place, "a certificate of '", system, "' stands here twice"));
    }
    if (!systems.systems_.emplace(system, std::move(entry.system)).second) {
      return absl::FailedPreconditionError(
          absl::StrCat(place, "the system '", system, "' stands here twice"));
    }
  }
  return systems;
}

const System* Systems::Find(const std::string& sha256) const {
  const auto name = names_.find(sha256);
  return name == names_.end() ? nullptr : &systems_.at(name->second);
}

}  // namespace brobygger::access
