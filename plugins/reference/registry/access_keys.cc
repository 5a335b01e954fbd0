#include "plugins/reference/registry/access_keys.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>

#include <absl/strings/escaping.h>
#include <sys/random.h>

#include "plugins/common/digest.h"
#include "plugins/reference/registry/source_file.h"

namespace brobygger::reference {

bool AccessKeys::LetIn(const std::string& key) const {
  const std::vector<std::string> fitting = Fitting();
  if (fitting.empty()) return true;
  const auto found = std::find(fitting.begin(), fitting.end(), common::Sha256(key));
  if (found == fitting.end()) return false;
  // Whoever has a newer one needs no older.
  return found == fitting.begin() || Save({found, fitting.end()});
}

absl::StatusOr<std::string> AccessKeys::Renew() const {
  std::array<char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return CannotUse(file_, errno);
  }
  std::string key = absl::BytesToHexString(std::string(bytes.begin(), bytes.end()));
  std::vector<std::string> fitting = Fitting();
  fitting.push_back(common::Sha256(key));
  if (!Save(fitting)) return CannotUse(file_, errno);
  return key;
}

// The oldest first.
std::vector<std::string> AccessKeys::Fitting() const {
  std::vector<std::string> digests;
  std::ifstream in(file_);
  for (std::string digest; in >> digest;) digests.push_back(digest);
  if (digests.empty() && !first_.empty()) digests.push_back(first_);
  return digests;
}

bool AccessKeys::Save(const std::vector<std::string>& digests) const {
  const std::string beside = file_ + ".new";
  std::ofstream out(beside, std::ios::trunc);
  for (const std::string& digest : digests) out << digest << "\n";
  out.close();
  return out && std::rename(beside.c_str(), file_.c_str()) == 0;
}

}  // namespace brobygger::reference
