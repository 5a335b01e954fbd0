// Lists of records in CSV files, for the commands that match lists outside the hub.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/cli/csv_file.h"
#include "core/matching/record_source.h"

namespace brobygger::cli {

// A list of records. `ids[i]` is the id of `records.At(i)`.
struct RecordList {
  std::vector<std::string> ids;
  matching::PackedRecords records;
};

// Reads files as one list. `columns` says which heading holds what, as in
// "name=Navn,city=By"; headings of usual lists are known without. Records without
// an id are called "<file>:<line>". INVALID_ARGUMENT if no column holds names.
absl::StatusOr<RecordList> ReadRecords(const std::vector<std::string>& paths,
                                       const std::string& columns);

// The words that --columns knows, for its help.
std::vector<std::string> RecordFields();

}  // namespace brobygger::cli
