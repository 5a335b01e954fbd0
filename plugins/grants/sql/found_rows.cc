#include "plugins/grants/sql/found_rows.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "plugins/grants/sql/odbc.h"

namespace brobygger::sql {
namespace {

constexpr std::size_t kMostValues = 512;  // in one question

const ColumnInfo kLongText = {.type = SQL_WLONGVARCHAR};

bool IsWhole(const std::string& text) {
  const std::size_t begin = !text.empty() && text[0] == '-' ? 1 : 0;
  return text.size() > begin && text.size() < begin + 19 &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(begin), text.end(),
                     [](char sign) { return sign >= '0' && sign <= '9'; });
}

// A database may fail on what is not of the column's type, or worse, take "1x" for 1.
bool CanHold(const ColumnInfo& info, const std::string& value) {
  if (value.empty() || value.find('\0') != std::string::npos) return false;
  return !info.whole || IsWhole(value);
}

// Few different questions are asked, so that they stay prepared.
std::size_t RoundUp(std::size_t count) {
  std::size_t size = 1;
  while (size < count) size *= 2;
  return size;
}

}  // namespace

std::string ArrayOf(const std::vector<Cell>& values) {
  std::string array = "{";
  for (const Cell& value : values) {
    if (array.size() > 1) array += ',';
    if (!value) {
      array += "NULL";
      continue;
    }
    array += '"';
    for (const char sign : *value) {
      if (sign == '"' || sign == '\\') array += '\\';
      array += sign;
    }
    array += '"';
  }
  return array + "}";
}

const plugin::v1::Value* FoundRow::Held(const std::string& field) const {
  const auto shown = record.fields().find(field);
  if (shown != record.fields().end()) return &shown->second;
  const auto more = untold.fields().find(field);
  return more == untold.fields().end() ? nullptr : &more->second;
}

RowFinder::RowFinder(const TableConfig& config,
                     const std::vector<Column>& shown,
                     Database& database)
    : config_(config),
      database_(database),
      columns_(shown),
      shown_(shown),
      table_(config.FullName()) {
  if (!config.write) return;
  const WriteConfig& write = *config.write;
  for (const Column& column : config.columns) {
    const bool known = std::any_of(columns_.begin(), columns_.end(), [&](const Column& other) {
      return other.field == column.field;
    });
    const bool needed = column.field == write.link_by ||
                        std::count(write.columns.begin(), write.columns.end(), column.field) > 0;
    if (!known && needed) columns_.push_back(column);
  }
}

std::string RowFinder::Selected() const {
  std::string sql;
  const auto ask = [&](const std::string& name) { sql += database_.Quoted(name) + ", "; };
  for (const Column& told : shown_) ask(told.source);
  if (config_.write) ask(config_.write->id);
  ask(config_.key);
  for (std::size_t at = shown_.size(); at < columns_.size(); ++at) ask(columns_[at].source);
  if (config_.write && !config_.write->version.empty()) ask(config_.write->version);
  std::string live;
  for (const Filter& filter : config_.filters) {
    live += (live.empty() ? "" : " AND ") + database_.Quoted(filter.column) + " = ?";
  }
  return sql + (live.empty() ? "1" : "CASE WHEN " + live + " THEN 1 ELSE 0 END");
}

std::string RowFinder::Query(const std::string& column, std::size_t count, Lock lock) const {
  std::string sql = "SELECT " + Selected();
  sql += " FROM " + database_.Table(config_) + " WHERE " + database_.Quoted(column);
  const Product product = database_.product();
  if (const std::string& type = database_.Info(column).type_name; !type.empty()) {
    // One array is planned faster than hundreds of values.
    sql += " = ANY (CAST(CAST(? AS text) AS " + type + "[]))";
  } else {
    sql += " IN (?";
    for (std::size_t at = 1; at < count; ++at) sql += ", ?";
    sql += ")";
  }
  if (lock != Lock::kNone && (product == Product::kPostgres || product == Product::kMaria)) {
    sql += lock == Lock::kWait ? " FOR UPDATE" : " FOR UPDATE NOWAIT";
  }
  return sql;
}

FoundRow RowFinder::ToRow(std::vector<SqlValue>& values) const {
  FoundRow row;
  row.live = values.back().text == "1";
  values.pop_back();
  if (config_.write && !config_.write->version.empty()) {
    row.version = std::move(values.back());
    values.pop_back();
  }
  const std::size_t told = shown_.size() + (config_.write ? 2 : 1);
  row.key = values[told - 1];
  if (config_.write) row.id = values[told - 2];
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(told);
  row.hidden.assign(std::make_move_iterator(middle), std::make_move_iterator(values.end()));
  values.resize(told);
  row.told = std::move(values);
  auto record = MapRow(table_, shown_, row.told);
  const bool tellable = record.ok();
  if (tellable) {
    row.record = *std::move(record);
  } else {
    row.fault = record.status();
  }
  row.record.set_deleted(!row.live);
  // Each by itself: a cell that cannot be told of does not hide the others.
  for (std::size_t at = tellable ? shown_.size() : 0; at < columns_.size(); ++at) {
    const absl::Status wrong = MapCell(table_ + ":" + row.key_text(), columns_[at],
                                       row.CellAt(at, shown_.size()), row.untold);
    if (row.fault.ok()) row.fault = wrong;
  }
  return row;
}

absl::StatusOr<std::vector<FoundRow>> RowFinder::Find(const std::string& column,
                                                      const std::vector<std::string>& values,
                                                      Lock lock) {
  std::vector<FoundRow> rows;
  const ColumnInfo& info = database_.Info(column);
  std::vector<std::string> asked;
  std::copy_if(values.begin(), values.end(), std::back_inserter(asked),
               [&](const std::string& value) { return CanHold(info, value); });
  const std::size_t width = columns_.size() + 2 + (config_.write ? 1 : 0) +
                            (config_.write && !config_.write->version.empty() ? 1 : 0);
  for (std::size_t begin = 0; begin < asked.size(); begin += kMostValues) {
    const std::size_t count = std::min(kMostValues, asked.size() - begin);
    Parameters parameters;
    for (const Filter& filter : config_.filters) {
      parameters.push_back({&database_.Info(filter.column), filter.value});
    }
    const bool as_array = !info.type_name.empty();
    const std::size_t size = as_array ? 1 : RoundUp(count);
    for (std::size_t at = 0; at < size && !as_array; ++at) {
      parameters.push_back({&info, asked[begin + std::min(at, count - 1)]});
    }
    if (as_array) {
      const auto first = asked.begin() + static_cast<std::ptrdiff_t>(begin);
      parameters.push_back(
          {&kLongText, ArrayOf({first, first + static_cast<std::ptrdiff_t>(count)})});
    }
    const absl::Status found = database_.Select(Query(column, size, lock), parameters, width,
                                                [&](std::vector<SqlValue>& row) {
                                                  rows.push_back(ToRow(row));
                                                  return absl::OkStatus();
                                                });
    if (!found.ok()) return found;
  }
  return rows;
}

}  // namespace brobygger::sql
