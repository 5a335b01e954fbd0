#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace brobygger::reference {

// The keys that the source lets in, which it may renew: a new one is handed out while the old one
// still fits, and whoever comes with the new one shuts the old one out. Kept as digests, in a file
// of the source's own. Belongs to one thread.
class AccessKeys {
 public:
  // `first_sha256`: of the key before any was renewed; "": everybody is let in.
  AccessKeys(std::string file, std::string first_sha256)
      : file_(std::move(file)), first_(std::move(first_sha256)) {}

  bool LetIn(const std::string& key) const;
  absl::StatusOr<std::string> Renew() const;

 private:
  std::vector<std::string> Fitting() const;
  bool Save(const std::vector<std::string>& digests) const;

  std::string file_;
  std::string first_;
};

}  // namespace brobygger::reference
