#include "plugins/grants/sql/hint.h"

#include <charconv>
#include <vector>

#include "brobygger/sdk/error.h"

namespace brobygger::sql {
namespace {

using std::chrono::sys_seconds;

constexpr char kMark[] = "hint";
constexpr char kBetween = '\n';
constexpr std::size_t kParts = 5;

std::vector<std::string> Parts(const std::string& cursor) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= cursor.size();) {
    const std::size_t end = std::min(cursor.find(kBetween, begin), cursor.size());
    parts.push_back(cursor.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

sys_seconds TimeIn(const std::string& text) {
  long long seconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return sys_seconds(std::chrono::seconds(seconds));
}

std::string TextOf(sys_seconds time) { return std::to_string(time.time_since_epoch().count()); }

absl::Status NoHint(const TableConfig& table) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_CONFIG,
       .code = "grants.sql.no_hint",
       .da = "'change_hint' skal være en tabel med én række, hvor kolonnen altid har en værdi. Ret "
             "opsætningen, eller fjern den: så læses tabellen hver gang.",
       .en = "'change_hint' must be a table with one row, whose column always holds a value. Mend "
             "the configuration, or take it out: the table is read each time then.",
       .path = table.part + "change_hint"});
}

absl::StatusOr<std::string> ValueNow(Database& database, const TableConfig& table) {
  std::vector<std::string> values;
  const absl::Status asked = database.Select(
      "SELECT " + database.Quoted(table.hint->column) + " FROM " +
          database.QuotedTable(table.hint->table),
      {}, 1, [&](const std::vector<SqlValue>& row) {
        if (!row[0].null) values.push_back(row[0].text);
        return values.size() > 1 ? absl::CancelledError("one row is enough") : absl::OkStatus();
      });
  if (!asked.ok() && !absl::IsCancelled(asked)) return asked;
  if (values.size() != 1 || values[0].find(kBetween) != std::string::npos) return NoHint(table);
  return values[0];
}

}  // namespace

absl::StatusOr<ChangeHint> ChangeHint::Ask(Database& database,
                                           const TableConfig& table,
                                           const std::string& what,
                                           const std::string& cursor,
                                           sys_seconds now) {
  const absl::StatusOr<std::string> value = ValueNow(database, table);
  if (!value.ok()) return value.status();
  ChangeHint hint;
  hint.what_ = what;
  hint.value_ = *value;
  hint.first_seen_ = now;
  hint.now_ = now;
  const std::vector<std::string> before = Parts(cursor);
  if (before.size() != kParts || before[0] != kMark || before[1] != what || before[2] != *value) {
    return hint;
  }
  const sys_seconds first_seen = TimeIn(before[3]);
  const sys_seconds read_whole = TimeIn(before[4]);
  // A clock that was put back counts as a change.
  if (first_seen > now || read_whole > now) return hint;
  hint.first_seen_ = first_seen;
  // A whole read that began before the hint had settled may have missed what was under way.
  const std::chrono::seconds settle(table.hint->settle_seconds);
  hint.unchanged_ = read_whole - first_seen >= settle &&
                    now - read_whole < std::chrono::hours(table.hint->whole_hours);
  return hint;
}

std::string ChangeHint::CursorOfWholeRead() const {
  return std::string(kMark) + kBetween + what_ + kBetween + value_ + kBetween +
         TextOf(first_seen_) + kBetween + TextOf(now_);
}

}  // namespace brobygger::sql
