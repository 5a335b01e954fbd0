// The right answers for lists, as files.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "core/cli/record_file.h"
#include "core/matching/evaluate.h"

namespace brobygger::cli {

// A list with the right answers.
struct JudgedList {
  RecordList list;
  matching::Truth truth;                          // the entity of each record, by number
  std::map<std::string, std::uint32_t> entities;  // id -> number
  std::vector<double> arrival;                    // in which order they came; empty: not told
  std::size_t first_count = 0;  // of a link between two lists: the records of the first
};

// `truth` is a file of record and entity ("record_id,entity_id" or "id,cluster",
// perhaps with "arrival"), or of true links between two sources ("id1,id2").
// INVALID_ARGUMENT with file and line for a record that is not in the list.
absl::StatusOr<JudgedList> ReadJudged(const std::vector<std::string>& records,
                                      const std::string& truth,
                                      const std::string& columns);

// Pairs of entities that look alike and are not the same: the first two columns.
absl::StatusOr<std::set<std::pair<std::uint32_t, std::uint32_t>>> ReadHardNegatives(
    const std::string& path, const JudgedList& judged);

// Which records belong to an entity that fills the column `group` of this file.
absl::StatusOr<std::vector<bool>> ReadGroup(const std::string& path, const JudgedList& judged);

}  // namespace brobygger::cli
