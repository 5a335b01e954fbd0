#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/report/v1/programme_import.pb.h"

namespace brobygger::cli {

// A programme as a TOML file tells it, and where in the file each entry stands.
struct ProgrammeFile {
  std::string path;
  report::v1::ImportProgrammeRequest request;
  // Lines of the entries, by the name of their list in the request: "collaborations".
  std::map<std::string, std::vector<std::uint32_t>> lines;

  // What the hub refused, with the line of the entry that it names.
  absl::Status Explained(const absl::Status& status) const;
};

// Reads `text`, that `path` held. INVALID_ARGUMENT with file, line and key.
absl::StatusOr<ProgrammeFile> ReadProgrammeFile(const std::string& path, const std::string& text);

}  // namespace brobygger::cli
