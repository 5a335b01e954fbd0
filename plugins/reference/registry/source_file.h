#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/reference/registry/source.h"

namespace brobygger::reference {

// One line that holds no row.
struct BadLine {
  std::size_t number;  // from 1
  std::string text;
};

struct LoadedSource {
  Source source;
  std::vector<BadLine> bad_lines;
};

// Reads the file; an empty one is an empty source. CLASS_NOT_FOUND if it is not there,
// CLASS_CONFIG if it may not be read. A row is a line such as
//   {"id": "r1", "position": 4, "foreign_id": "", "changed_at": "2026-11-24T08:00:00Z",
//    "deleted": false, "fields": {"name": "Fjordby Kor", "cvr": null, "themes": ["sang"]}}
// and an operation {"op": "op-1", "id": "r1"}. null is "told empty"; a field that is
// missing is not told.
absl::StatusOr<LoadedSource> LoadSource(const std::string& path, const sdk::StreamSchema& schema);

// The trouble of a file that is there and cannot be used, or is not there, by its errno.
absl::Status CannotUse(const std::string& path, int error);

// Writes the file anew and puts it in place by rename: nobody sees half of it. Keeps
// `bad_lines`: what we do not understand is not ours to throw away.
absl::Status SaveSource(const std::string& path, const LoadedSource& loaded);

}  // namespace brobygger::reference
