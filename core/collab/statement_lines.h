// Lines of the files of statements; for this module's own files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace brobygger::collab {

// The lines of a file as people save them: without a byte order mark at its beginning and carriage
// returns at their ends. FAILED_PRECONDITION with the line that is not UTF-8: in Danish that is
// most often a file in Windows-1252. Pure.
absl::StatusOr<std::vector<std::string>> LinesOf(std::string_view file);

}  // namespace brobygger::collab
