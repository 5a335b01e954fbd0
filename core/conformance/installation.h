#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/conformance/bench.h"

namespace brobygger::conformance {

// The version number of the plugin that takes the place of the one that is tried.
inline constexpr char kNextVersion[] = "99.0.0+kit";

// The plugin in a folder of the kit's own, where another version takes its place as an installer
// would put it there: beside it first, and then by one rename, under the process that runs.
class Installation {
 public:
  enum class Next {
    kWorks,  // the same library under another number, since the kit has but one
    kFails   // a file that is none
  };

  // The plugin as it is lies at root(), and the other version beside it.
  static absl::StatusOr<Installation> Make(const Bench& bench, Next next);

  // A root as SupervisorOptions wants it.
  std::string root() const { return root_.string(); }

  // Puts the version that lies beside in the place of the one at root(), and that one beside.
  absl::Status Exchange() const;

 private:
  Installation(std::filesystem::path root, std::filesystem::path beside)
      : root_(std::move(root)), beside_(std::move(beside)) {}

  std::filesystem::path root_;
  std::filesystem::path beside_;
};

}  // namespace brobygger::conformance
