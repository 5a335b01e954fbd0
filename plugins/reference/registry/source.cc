#include "plugins/reference/registry/source.h"

#include <algorithm>
#include <tuple>

#include <google/protobuf/util/time_util.h>

namespace brobygger::reference {

using google::protobuf::util::TimeUtil;

std::size_t Source::CountLive() const {
  return static_cast<std::size_t>(std::count_if(
      rows_.begin(), rows_.end(), [](const auto& row) { return !row.second.deleted(); }));
}

Place Source::End() const {
  Place end;
  for (const auto* row : After(Place())) end.MoveTo(row->second.position(), row->first);
  return end;
}

sdk::Record Source::Row::record() const {
  sdk::Record record;
  record.ParseFromString(bytes_);
  return record;
}

std::vector<const Source::Rows::value_type*> Source::After(const Place& place) const {
  std::vector<const Rows::value_type*> rows;
  for (const auto& row : rows_) {
    if (!place.Passed(row.second.position(), row.first)) rows.push_back(&row);
  }
  // Within a position by id, as the map has them.
  std::stable_sort(rows.begin(), rows.end(), [](const auto* a, const auto* b) {
    return a->second.position() < b->second.position();
  });
  return rows;
}

sdk::Record Source::ToRecord(const Row& row) {
  sdk::Record record = row.record();
  record.set_etag(std::to_string(row.position()));
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
    if (row.foreign_id() != foreign_id) continue;
    if (!row.deleted()) return &row;
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
  Insert(last_position_ + 1, record);
  return rows_.at(record.external_id());
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

void Source::Insert(std::uint64_t position, const sdk::Record& record) {
  last_position_ = std::max(last_position_, position);
  rows_.insert_or_assign(record.external_id(), Row(position, record));
}

}  // namespace brobygger::reference
