#include "plugins/grants/sql/cell.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

#include "brobygger/sdk/error.h"

namespace brobygger::sql {
namespace {

using plugin::v1::Value;

constexpr std::size_t kMostSigns = 16000;  // as much as a read tells

// Code points in UTF-8.
std::size_t SignsIn(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

// UTF-16 units of UTF-8: a read counts in these, and a sign of four bytes takes two.
std::size_t UnitsIn(const std::string& text) {
  return SignsIn(text) +
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
           return (static_cast<unsigned char>(byte) & 0xF8) == 0xF0;
         }));
}

// "0012.500" as "12.5", "-0" as "0".
std::string ShortNumber(std::string_view text) {
  const bool minus = !text.empty() && text[0] == '-';
  if (minus) text.remove_prefix(1);
  const bool fraction = text.find('.') != std::string_view::npos;
  while (text.size() > 1 && text[0] == '0' && text[1] != '.') text.remove_prefix(1);
  while (fraction && text.back() == '0') text.remove_suffix(1);
  if (fraction && text.back() == '.') text.remove_suffix(1);
  return (minus && text != "0" ? "-" : "") + std::string(text);
}

// The two spellings that databases use for yes and no.
constexpr std::pair<const char*, const char*> kFlags[] = {
    {"1", "0"}, {"ja", "nej"}, {"j", "n"}, {"t", "f"}, {"true", "false"}};

std::string FlagText(bool flag, const SqlValue* held) {
  for (const auto& [yes, no] : kFlags) {
    if (held != nullptr && (Trim(held->text) == yes || Trim(held->text) == no)) {
      return flag ? yes : no;
    }
  }
  return flag ? "1" : "0";
}

// The items between `split`; none if an item holds it.
std::optional<std::string> ListText(const Value::List& list, char split) {
  std::string all;
  for (const Value& item : list.items()) {
    const std::string text = Canonical(item);
    if (text.empty() || text.find(split) != std::string::npos) return std::nullopt;
    if (!all.empty()) all += split;
    all += text;
  }
  return all;
}

std::optional<std::string> TextOf(const Column& column, const Value& value, const SqlValue* held) {
  switch (value.kind_case()) {
    case Value::kText:
      return value.text();
    case Value::kFlag:
      return FlagText(value.flag(), held);
    case Value::kList:
      return column.type == ValueType::kList ? ListText(value.list(), column.split) : std::nullopt;
    case Value::kDecimal:
      return value.decimal();
    case Value::kNumber:
    case Value::kDate:
      return Canonical(value);
    default:
      return std::nullopt;
  }
}

absl::Status BadValue(const Column& column) {
  return Refusal(
      "bad_value",
      "Feltet '" + column.field + "' passer ikke til kolonnen '" + column.source + "'.",
      "The field '" + column.field + "' does not fit the column '" + column.source + "'.",
      column.field);
}

}  // namespace

std::string Canonical(const Value& value) {
  switch (value.kind_case()) {
    case Value::kText:
      return std::string(Trim(value.text()));
    case Value::kFlag:
      return value.flag() ? "true" : "false";
    case Value::kNumber:
      return std::to_string(value.number());
    case Value::kDecimal:
      return ShortNumber(value.decimal());
    case Value::kDate:
      return value.date();
    case Value::kList: {
      std::string all;
      for (const Value& item : value.list().items()) all += Canonical(item) + '\n';
      return all;
    }
    default:
      return "";
  }
}

absl::Status Refusal(const std::string& code,
                     const std::string& da,
                     const std::string& en,
                     const std::string& path) {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_REJECTED,
                         .code = "grants.sql." + code,
                         .da = da,
                         .en = en,
                         .path = path});
}

std::size_t RoomIn(const ColumnInfo& info) {
  return info.max_length == 0 ? kMostSigns : std::min(info.max_length, kMostSigns);
}

absl::Status FitsColumn(const std::string& field, const std::string& text, const ColumnInfo& info) {
  std::size_t signs = SignsIn(text);
  std::size_t most = RoomIn(info);
  if (signs <= most) {
    signs = UnitsIn(text);
    most = kMostSigns;
  }
  if (!info.text || signs <= most) return absl::OkStatus();
  const std::string have = std::to_string(signs);
  const std::string room = std::to_string(most);
  return Refusal("too_long",
                 "Feltet '" + field + "' er på " + have + " tegn, men kolonnen rummer kun " + room +
                     ". Intet er skrevet eller afkortet: forkort feltet, eller bed databasens ejer "
                     "om en længere kolonne.",
                 "The field '" + field + "' has " + have + " signs, but the column holds only " +
                     room +
                     ". Nothing was written or cut off: shorten the field, or ask the "
                     "database's owner for a longer column.",
                 field);
}

absl::StatusOr<Cell> ToCell(const Column& column,
                            const ColumnInfo& info,
                            const Value& value,
                            const SqlValue* held) {
  const bool empty = value.has_empty() || (value.has_text() && Trim(value.text()).empty()) ||
                     (value.has_list() && value.list().items().empty());
  if (empty && info.nullable) return Cell();
  if (empty && info.text) return Cell("");
  if (empty) {
    return Refusal("required",
                   "Feltet '" + column.field + "' må ikke tømmes: kolonnen '" + column.source +
                       "' skal være udfyldt.",
                   "The field '" + column.field + "' may not be emptied: the column '" +
                       column.source + "' must be filled.",
                   column.field);
  }
  Cell text = TextOf(column, value, held);
  if (!text || text->find('\0') != std::string::npos) return BadValue(column);
  if (absl::Status wrong = FitsColumn(column.field, *text, info); !wrong.ok()) return wrong;
  if (ReadText(column, *text).kind_case() == Value::KIND_NOT_SET) return BadValue(column);
  return text;
}

Value FromCell(const Column& column, const Cell& cell) {
  return ReadText(column, cell ? std::string_view(*cell) : std::string_view());
}

bool SameValue(const Value& one, const Value& other) { return Canonical(one) == Canonical(other); }

std::optional<long long> NumberIn(const Value& value) {
  const std::string text = Canonical(value);
  long long number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace brobygger::sql
