#include "plugins/reference/registry/source.h"

#include <algorithm>
#include <tuple>

#include <google/protobuf/util/time_util.h>

namespace brobygger::reference {

using google::protobuf::util::TimeUtil;

std::size_t Source::CountLive() const {
  return static_cast<std::size_t>(std::count_if(
      rows_.begin(), rows_.end(), [](const auto& row) { return !row.second.record.deleted(); }));
}

Place Source::End() const {
  Place end;
  for (const Row* row : After(Place())) end.MoveTo(row->position, row->record.external_id());
  return end;
}

std::vector<const Source::Row*> Source::After(const Place& place) const {
  std::vector<const Row*> rows;
  for (const auto& [id, row] : rows_) {
    if (!place.Passed(row.position, id)) rows.push_back(&row);
  }
  // Within a position by id, as the map has them.
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row* a, const Row* b) { return a->position < b->position; });
  return rows;
}

sdk::Record Source::ToRecord(const Row& row) {
  sdk::Record record = row.record;
  record.set_etag(std::to_string(row.position));
  if (record.deleted()) {
    record.clear_fields();
  } else {
    *(*record.mutable_fields())["updated"].mutable_instant() = record.changed_at();
  }
  return record;
}

const Source::Row* Source::Find(const std::string& id) const {
  const auto found = rows_.find(id);
  return found == rows_.end() ? nullptr : &found->second;
}

const Source::Row* Source::FindForeign(const std::string& foreign_id) const {
  const Row* gone = nullptr;
  for (const auto& [id, row] : rows_) {
    if (row.record.foreign_id() != foreign_id) continue;
    if (!row.record.deleted()) return &row;
    gone = &row;
  }
  return gone;
}

const Source::Row& Source::Store(sdk::Record record, const std::string& op_id) {
  *record.mutable_changed_at() = TimeUtil::GetCurrentTime();
  record.set_changed_by("the hub");
  record.clear_etag();
  record.mutable_fields()->erase("updated");
  if (!op_id.empty()) operations_[op_id] = record.external_id();
  Row row{.position = last_position_ + 1, .record = std::move(record)};
  const std::string id = row.record.external_id();
  Insert(std::move(row));
  return rows_[id];
}

std::string Source::RowOf(const std::string& op_id) const {
  const auto found = operations_.find(op_id);
  return found == operations_.end() ? "" : found->second;
}

std::string Source::NewId() const {
  std::uint64_t number = rows_.size() + 1;
  while (rows_.count("r" + std::to_string(number)) > 0) ++number;
  return "r" + std::to_string(number);
}

void Source::Insert(Row row) {
  last_position_ = std::max(last_position_, row.position);
  const std::string id = row.record.external_id();
  rows_[id] = std::move(row);
}

}  // namespace brobygger::reference
