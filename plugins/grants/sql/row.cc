#include "plugins/grants/sql/row.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <utility>

#include "brobygger/sdk/error.h"
#include "brobygger/sdk/sink.h"

#include "plugins/common/digest.h"

namespace brobygger::sql {
namespace {

using plugin::v1::Record;
using plugin::v1::Value;

constexpr std::size_t kEtagSigns = 32;
constexpr int kMostExponent = 40;

bool IsDigit(char sign) { return sign >= '0' && sign <= '9'; }

bool IsDecimal(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find('.'));
  const bool fraction = whole.size() < text.size();
  const std::string_view rest = fraction ? text.substr(whole.size() + 1) : std::string_view();
  return !whole.empty() && std::all_of(whole.begin(), whole.end(), IsDigit) &&
         std::all_of(rest.begin(), rest.end(), IsDigit) && fraction == !rest.empty();
}

// "1.5e+3" as "1500": a database writes large and small binary numbers with a power of
// ten. "" if it is no decimal number, or one with more digits than money or shares have.
std::string PlainDecimal(std::string_view text) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::string_view mantissa = text.substr(0, e);
  if (!IsDecimal(mantissa)) return "";
  if (e == text.size()) return std::string(text);
  std::string_view power = text.substr(e + 1);
  if (!power.empty() && power[0] == '+') power.remove_prefix(1);
  int exponent = 0;
  const auto read = std::from_chars(power.data(), power.data() + power.size(), exponent);
  if (read.ec != std::errc() || read.ptr != power.data() + power.size()) return "";
  if (exponent > kMostExponent || exponent < -kMostExponent) return "";
  const bool minus = mantissa[0] == '-';
  if (minus) mantissa.remove_prefix(1);
  std::string digits(mantissa);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  digits.erase(point, 1);
  // Enough zeros on both sides for the point to find a place between two digits.
  digits = std::string(kMostExponent, '0') + digits + std::string(kMostExponent, '0');
  digits.insert(point + static_cast<std::size_t>(kMostExponent + exponent), 1, '.');
  const std::size_t begin = std::min(digits.find_first_not_of('0'), digits.find('.') - 1);
  std::size_t end = digits.find_last_not_of('0');
  if (digits[end] == '.') --end;
  return (minus ? "-" : "") + digits.substr(begin, end - begin + 1);
}

// "2001-05-31", or a point in time that begins so.
bool IsDate(std::string_view text) {
  int parts[3] = {};
  if (text.size() < 10 || (text.size() > 10 && text[10] != ' ' && text[10] != 'T')) return false;
  static constexpr std::pair<int, int> kPlaces[] = {{0, 4}, {5, 7}, {8, 10}};
  for (int part = 0; part < 3; ++part) {
    const auto [begin, end] = kPlaces[part];
    const auto read = std::from_chars(text.data() + begin, text.data() + end, parts[part]);
    if (read.ec != std::errc() || read.ptr != text.data() + end) return false;
  }
  return text[4] == '-' && text[7] == '-' && parts[0] > 0 &&
         std::chrono::year_month_day(std::chrono::year(parts[0]),
                                     std::chrono::month(static_cast<unsigned>(parts[1])),
                                     std::chrono::day(static_cast<unsigned>(parts[2])))
             .ok();
}

void FillFlag(std::string_view text, Value& value) {
  for (const std::string_view yes : {"1", "t", "true", "ja", "j", "\x01"}) {
    if (text == yes) value.set_flag(true);
  }
  for (const std::string_view no : {"0", "f", "false", "nej", "n"}) {
    if (text == no) value.set_flag(false);
  }
}

void FillNumber(std::string_view text, Value& value) {
  long long number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec == std::errc() && read.ptr == text.data() + text.size()) value.set_number(number);
}

void FillDecimal(std::string_view text, Value& value) {
  const std::string plain = PlainDecimal(text);
  if (!plain.empty()) value.set_decimal(plain);
}

void FillList(std::string_view text, char split, Value& value) {
  auto& list = *value.mutable_list();
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(split), text.size());
    const std::string_view item = Trim(text.substr(0, end));
    if (!item.empty()) list.add_items()->set_text(std::string(item));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Leaves `value` without a kind if the text is not of the column's type.
void FillValue(const Column& column, std::string_view text, Value& value) {
  switch (column.type) {
    case ValueType::kText:
      value.set_text(std::string(text));
      return;
    case ValueType::kFlag:
      return FillFlag(text, value);
    case ValueType::kInt:
      return FillNumber(text, value);
    case ValueType::kDecimal:
      return FillDecimal(text, value);
    case ValueType::kDate:
      if (IsDate(text)) value.set_date(std::string(text.substr(0, 10)));
      return;
    case ValueType::kList:
      return FillList(text, column.split, value);
  }
}

struct Fault {
  const char* code;
  const char* da;
  const char* en;
};

absl::Status RowError(const std::string& where, const std::string& column, const Fault& fault) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = std::string("grants.sql.") + fault.code,
       .da = where + ": kolonnen '" + column + "' " + fault.da + ". Ret rækken i kildesystemet.",
       .en =
           where + ": column '" + column + "' " + fault.en + ". Mend the row in the source system.",
       .path = where});
}

const char* TypeName(ValueType type) {
  constexpr const char* kNames[] = {"text", "bool", "int", "decimal", "date", "list"};
  return kNames[static_cast<std::size_t>(type)];
}

std::string EtagOf(const std::vector<SqlValue>& values) {
  std::string all;
  for (const SqlValue& value : values) {
    // The length keeps "a","b" and "ab","" apart; -1 is NULL.
    all += value.null ? "-1" : std::to_string(value.text.size());
    all += ':';
    all += value.text;
  }
  return common::Sha256(all).substr(0, kEtagSigns);
}

}  // namespace

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

Value ReadText(const Column& column, std::string_view text) {
  Value value;
  const std::string_view trimmed = Trim(text);
  if (trimmed.empty()) {
    value.mutable_empty();
  } else {
    FillValue(column, trimmed, value);
  }
  return value;
}

absl::Status MapCell(const std::string& where,
                     const Column& column,
                     const SqlValue& told,
                     Record& record) {
  if (told.too_long) {
    return RowError(
        where, column.source,
        {"too_long", "er for lang (over 16.000 tegn)", "is too long (over 16,000 signs)"});
  }
  if (told.broken) {
    return RowError(where, column.source,
                    {"bad_characters", "er ikke gyldig tekst", "is no valid text"});
  }
  Value& value = (*record.mutable_fields())[column.field];
  value = ReadText(column, told.null ? "" : told.text);
  if (value.kind_case() != Value::KIND_NOT_SET) return absl::OkStatus();
  const std::string name = TypeName(column.type);
  const std::string code = "bad_" + name;
  const std::string da = "passer ikke med typen '" + name + "'";
  const std::string en = "does not fit the type '" + name + "'";
  return RowError(where, column.source, {code.c_str(), da.c_str(), en.c_str()});
}

absl::StatusOr<Record> MapRow(const std::string& table,
                              const std::vector<Column>& columns,
                              const std::vector<SqlValue>& values) {
  const SqlValue& key = values.back();
  const std::string id(Trim(key.text));
  const std::string where = table + ":" + sdk::Utf8Prefix(id, sdk::kMaxExternalIdBytes);
  if (key.null || key.broken || id.empty()) {
    return RowError(where, "key", {"missing_id", "har ingen nøgle", "has no key"});
  }
  if (key.too_long || id.size() > sdk::kMaxExternalIdBytes) {
    return RowError(where, "key", {"id_too_long", "er over 200 byte", "is over 200 bytes"});
  }
  Record record;
  record.set_external_id(id);
  for (std::size_t index = 0; index < columns.size(); ++index) {
    if (absl::Status wrong = MapCell(where, columns[index], values[index], record); !wrong.ok()) {
      return wrong;
    }
  }
  const std::size_t at = columns.size();
  if (values.size() > at + 1 && !values[at].too_long && !values[at].broken) {
    record.set_foreign_id(std::string(Trim(values[at].text)));
  }
  record.set_etag(EtagOf(values));
  return record;
}

}  // namespace brobygger::sql
