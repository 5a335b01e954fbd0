#include "plugins/common/values.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <utility>

namespace brobygger::common {
namespace {

using plugin::v1::Value;

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr int kMostExponent = 40;

bool IsAsciiDigit(char sign) { return sign >= '0' && sign <= '9'; }

bool IsDecimal(std::string_view text) {
  if (!text.empty() && text[0] == '-') text.remove_prefix(1);
  const std::string_view whole = text.substr(0, text.find('.'));
  const bool fraction = whole.size() < text.size();
  const std::string_view rest = fraction ? text.substr(whole.size() + 1) : std::string_view();
  return !whole.empty() && std::all_of(whole.begin(), whole.end(), IsAsciiDigit) &&
         std::all_of(rest.begin(), rest.end(), IsAsciiDigit) && fraction == !rest.empty();
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

std::optional<std::string> DecimalIn(std::string_view text, Notation notation) {
  if (notation == Notation::kDanish) return ToDecimal(text);
  std::string plain = PlainDecimal(text);
  if (plain.empty()) return std::nullopt;
  return plain;
}

std::optional<std::string> DateIn(std::string_view text, Notation notation) {
  if (notation == Notation::kDanish) return ToIsoDate(text);
  if (!IsDate(text)) return std::nullopt;
  return std::string(text.substr(0, 10));
}

std::optional<long long> WholeIn(std::string_view text, Notation notation) {
  if (notation == Notation::kDanish) return ToWhole(text);
  long long number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return number;
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
void FillValue(const Column& column, std::string_view text, Notation notation, Value& value) {
  switch (column.type) {
    case ValueType::kText:
      value.set_text(std::string(text));
      return;
    case ValueType::kFlag:
      if (const auto flag = ToFlag(text)) value.set_flag(*flag);
      return;
    case ValueType::kInt:
      if (const auto number = WholeIn(text, notation)) value.set_number(*number);
      return;
    case ValueType::kDecimal:
      if (auto number = DecimalIn(text, notation)) value.set_decimal(*std::move(number));
      return;
    case ValueType::kDate:
      if (auto date = DateIn(text, notation)) value.set_date(*std::move(date));
      return;
    case ValueType::kList:
      return FillList(text, column.split, value);
  }
}

}  // namespace

std::string_view Trim(std::string_view text) {
  const auto is_space = [](char sign) { return sign == ' ' || (sign >= '\t' && sign <= '\r'); };
  while (!text.empty()) {
    if (is_space(text.front())) {
      text.remove_prefix(1);
    } else if (is_space(text.back())) {
      text.remove_suffix(1);
    } else if (text.substr(0, 2) == kNoBreakSpace) {
      text.remove_prefix(2);
    } else if (text.size() >= 2 && text.substr(text.size() - 2) == kNoBreakSpace) {
      text.remove_suffix(2);
    } else {
      break;
    }
  }
  return text;
}

Value ReadText(const Column& column, std::string_view text, Notation notation) {
  Value value;
  const std::string_view trimmed = Trim(text);
  if (trimmed.empty()) {
    value.mutable_empty();
  } else {
    FillValue(column, trimmed, notation, value);
  }
  return value;
}

const char* TypeName(ValueType type) {
  constexpr const char* kNames[] = {"text", "bool", "int", "decimal", "date", "list"};
  return kNames[static_cast<std::size_t>(type)];
}

std::optional<bool> ToFlag(std::string_view text) {
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(), [](char sign) {
    return sign >= 'A' && sign <= 'Z' ? static_cast<char>(sign + 32) : sign;
  });
  // A one-bit column of a database comes as a byte.
  for (const std::string_view yes : {"ja", "j", "true", "t", "sand", "1", "x", "yes", "\x01"}) {
    if (word == yes) return true;
  }
  for (const std::string_view no : {"nej", "n", "false", "f", "falsk", "0", "no"}) {
    if (word == no) return false;
  }
  return std::nullopt;
}

}  // namespace brobygger::common
