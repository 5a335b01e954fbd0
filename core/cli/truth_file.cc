#include "core/cli/truth_file.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "core/base/status_macros.h"

namespace brobygger::cli {
namespace {

absl::StatusOr<std::size_t> ColumnOf(const std::string& path,
                                     const CsvRows& rows,
                                     const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < rows.headings.size(); ++i) {
    if (std::find(names.begin(), names.end(), rows.headings[i]) != names.end()) return i;
  }
  return absl::InvalidArgumentError(fmt::format("{}: no column is headed {}", path, names.front()));
}

bool HasColumn(const CsvRows& rows, const std::string& name) {
  return std::find(rows.headings.begin(), rows.headings.end(), name) != rows.headings.end();
}

using Numbers = std::map<std::string, std::uint32_t>;

absl::StatusOr<std::uint32_t> NumberOf(const Numbers& numbers,
                                       const std::string& id,
                                       const std::string& path,
                                       std::size_t line) {
  const auto found = numbers.find(id);
  if (found != numbers.end()) return found->second;
  return absl::InvalidArgumentError(
      fmt::format("{}:{}: there is no record '{}' in the list", path, line, id));
}

absl::Status ReadClusters(const std::string& path,
                          const CsvRows& rows,
                          const Numbers& numbers,
                          JudgedList& judged) {
  BB_ASSIGN_OR_RETURN(const auto id_at, ColumnOf(path, rows, {"record_id", "id"}));
  BB_ASSIGN_OR_RETURN(const auto entity_at,
                      ColumnOf(path, rows, {"entity_id", "cluster", "cluster_id"}));
  const bool arrives = HasColumn(rows, "arrival");
  std::size_t arrival_at = 0;
  if (arrives) {
    BB_ASSIGN_OR_RETURN(arrival_at, ColumnOf(path, rows, {"arrival"}));
    judged.arrival.assign(judged.truth.size(), 0);
  }
  std::vector<bool> told(judged.truth.size(), false);
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    const auto& fields = rows.rows[row];
    if (fields.size() < rows.headings.size()) {
      return absl::InvalidArgumentError(
          fmt::format("{}:{}: a field is missing", path, rows.lines[row]));
    }
    BB_ASSIGN_OR_RETURN(const auto number, NumberOf(numbers, fields[id_at], path, rows.lines[row]));
    const auto next = static_cast<std::uint32_t>(judged.entities.size());
    judged.truth[number] = judged.entities.emplace(fields[entity_at], next).first->second;
    if (arrives) judged.arrival[number] = std::strtod(fields[arrival_at].c_str(), nullptr);
    told[number] = true;
  }
  // A record nobody speaks of is an entity by itself.
  for (std::size_t i = 0; i < told.size(); ++i) {
    if (told[i]) continue;
    const auto next = static_cast<std::uint32_t>(judged.entities.size());
    judged.truth[i] = judged.entities.emplace("record " + judged.list.ids[i], next).first->second;
  }
  return absl::OkStatus();
}

absl::Status ReadPairs(const std::string& path,
                       const CsvRows& rows,
                       const Numbers& numbers,
                       JudgedList& judged) {
  for (std::size_t i = 0; i < judged.truth.size(); ++i)
    judged.truth[i] = static_cast<std::uint32_t>(i);
  for (std::size_t row = 0; row < rows.rows.size(); ++row) {
    BB_ASSIGN_OR_RETURN(const auto left,
                        NumberOf(numbers, rows.rows[row].at(0), path, rows.lines[row]));
    BB_ASSIGN_OR_RETURN(const auto right,
                        NumberOf(numbers, rows.rows[row].at(1), path, rows.lines[row]));
    judged.truth[right] = judged.truth[left];
  }
  const matching::RecordSource& records = judged.list.records;
  const std::string first = records.size() == 0 ? "" : records.At(0).source;
  for (std::size_t i = 0; i < records.size(); ++i) {
    judged.first_count += records.At(i).source == first;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<JudgedList> ReadJudged(const std::vector<std::string>& records,
                                      const std::string& truth,
                                      const std::string& columns) {
  JudgedList judged;
  BB_ASSIGN_OR_RETURN(judged.list, ReadRecords(records, columns));
  Numbers numbers;
  for (std::size_t i = 0; i < judged.list.ids.size(); ++i) {
    numbers.emplace(judged.list.ids[i], static_cast<std::uint32_t>(i));
  }
  judged.truth.resize(judged.list.ids.size());
  BB_ASSIGN_OR_RETURN(const CsvRows rows, ReadCsv(truth));
  if (HasColumn(rows, "id1")) {
    BB_RETURN_IF_ERROR(ReadPairs(truth, rows, numbers, judged));
  } else {
    BB_RETURN_IF_ERROR(ReadClusters(truth, rows, numbers, judged));
  }
  return judged;
}

absl::StatusOr<std::set<std::pair<std::uint32_t, std::uint32_t>>> ReadHardNegatives(
    const std::string& path, const JudgedList& judged) {
  BB_ASSIGN_OR_RETURN(const CsvRows rows, ReadCsv(path));
  std::set<std::pair<std::uint32_t, std::uint32_t>> pairs;
  for (const auto& row : rows.rows) {
    if (row.size() < 2) continue;
    const auto left = judged.entities.find(row[0]);
    const auto right = judged.entities.find(row[1]);
    // An entity of which no record came cannot be taken for another.
    if (left == judged.entities.end() || right == judged.entities.end()) continue;
    pairs.emplace(left->second, right->second);
  }
  return pairs;
}

absl::StatusOr<std::vector<bool>> ReadGroup(const std::string& path, const JudgedList& judged) {
  BB_ASSIGN_OR_RETURN(const CsvRows rows, ReadCsv(path));
  BB_ASSIGN_OR_RETURN(const auto entity_at, ColumnOf(path, rows, {"entity_id"}));
  BB_ASSIGN_OR_RETURN(const auto group_at, ColumnOf(path, rows, {"group"}));
  std::vector<bool> entity_in_group(judged.entities.size(), false);
  for (const auto& row : rows.rows) {
    const auto found = judged.entities.find(row.at(entity_at));
    if (found != judged.entities.end()) entity_in_group[found->second] = !row.at(group_at).empty();
  }
  std::vector<bool> group;
  group.reserve(judged.truth.size());
  for (const std::uint32_t entity : judged.truth) group.push_back(entity_in_group[entity]);
  return group;
}

}  // namespace brobygger::cli
