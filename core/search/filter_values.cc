#include <algorithm>
#include <array>
#include <optional>

#include <google/protobuf/descriptor.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/association_profile.pb.h"

#include "core/base/day.h"
#include "core/matching/text.h"
#include "core/model/rules.h"
#include "core/search/query.h"

namespace brobygger::search {
namespace {

using google::protobuf::EnumDescriptor;

constexpr std::uint32_t kMostCapacity = 65'535;
constexpr std::array<const char*, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                              "friday", "saturday", "sunday"};
// Folded, as core/matching folds.
constexpr std::array<const char*, 7> kDanishDays = {"mandag", "tirsdag", "onsdag", "torsdag",
                                                    "fredag", "lordag",  "sondag"};

const EnumDescriptor* EnumOf(Field field) {
  switch (field) {
    case Field::kTheme:
      return registry::v1::Theme_descriptor();
    case Field::kAudience:
      return registry::v1::Audience_descriptor();
    case Field::kStatus:
      return registry::v1::AssociationStatus_descriptor();
    default:
      return nullptr;
  }
}

// "THEME_CULTURE" of "THEME_UNSPECIFIED" and its like becomes "culture".
std::string Short(const EnumDescriptor& type, int index) {
  const std::string& zero = type.value(0)->name();
  const std::size_t prefix = zero.size() - std::string_view("UNSPECIFIED").size();
  std::string word = type.value(index)->name().substr(prefix);
  for (char& c : word) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  return word;
}

std::vector<ValueError> AddEnum(const EnumDescriptor& type,
                                const std::string& value,
                                Filter& filter) {
  std::string wanted = value;
  for (char& c : wanted) c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  std::vector<std::string> allowed;
  for (int i = 1; i < type.value_count(); ++i) {
    allowed.push_back(Short(type, i));
    if (wanted != allowed.back()) continue;
    filter.numbers.push_back(static_cast<std::uint32_t>(type.value(i)->number()));
    return {};
  }
  return {{"is no value of this field", allowed}};
}

std::vector<ValueError> AddWeekday(const std::string& value, Filter& filter) {
  const std::string folded = matching::FoldText(value);
  for (std::uint32_t day = 0; day < kDays.size(); ++day) {
    const std::string english = matching::FoldText(kDays[day]);
    if (folded != english && folded != kDanishDays[day]) continue;
    filter.numbers.push_back(day);
    return {};
  }
  return {{"is no day of the week", {kDays.begin(), kDays.end()}}};
}

std::optional<std::uint32_t> NumberOf(const std::string& text, std::uint32_t most) {
  if (text.empty() || text.size() > 9) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const auto number = static_cast<std::uint32_t>(std::stoul(text));
  return number <= most ? std::optional(number) : std::nullopt;
}

std::vector<ValueError> AddMunicipality(const std::string& value, Filter& filter) {
  std::string code = value;
  if (!model::FixMunicipality({nullptr, "municipality"}, code).ok() || code.size() != 4) {
    return {{"is not the four-digit code (kommunekode) of a Danish municipality", {}}};
  }
  filter.numbers.push_back(static_cast<std::uint32_t>(std::stoul(code)));
  return {};
}

std::vector<ValueError> AddLanguage(const std::string& value, Filter& filter) {
  std::string tag = value;
  if (!model::FixLanguage({nullptr, "language"}, tag).ok() || tag.empty()) {
    return {{"is not a language tag (BCP 47) such as \"ar\" or \"kmr\"", {}}};
  }
  filter.texts.push_back(std::move(tag));
  return {};
}

std::vector<ValueError> AddCapacity(const std::string& value, Filter& filter) {
  const auto number = NumberOf(value, kMostCapacity);
  if (!number) return {{"is not a number of people from 0 to 65535", {}}};
  filter.numbers.push_back(*number);
  return {};
}

std::vector<ValueError> AddUpdated(const std::string& value, Filter& filter) {
  std::string date = value;
  const bool real = model::FixDate({nullptr, "updated"}, date).ok() && !date.empty();
  if (!real) return {{"is not a day of the form 2026-11-23", {}}};
  const int day = base::DayNumber(date);
  // The hub keeps seconds in 32 bits, which last until 2106.
  if (day < 0 || day > 49'000) return {{"is not a day from 1970-01-01 to 2104-02-28", {}}};
  filter.numbers.push_back(static_cast<std::uint32_t>(day) * 86'400U);
  return {};
}

}  // namespace

std::vector<ValueError> AddFilterValue(const std::string& value, Filter& filter) {
  if (const EnumDescriptor* type = EnumOf(filter.field)) return AddEnum(*type, value, filter);
  switch (filter.field) {
    case Field::kWeekday:
      return AddWeekday(value, filter);
    case Field::kMunicipality:
      return AddMunicipality(value, filter);
    case Field::kLanguage:
      return AddLanguage(value, filter);
    case Field::kCapacity:
      return AddCapacity(value, filter);
    case Field::kUpdated:
      return AddUpdated(value, filter);
    default:
      filter.texts.push_back(value);
      return {};
  }
}

std::string FacetWord(Field field, std::uint32_t number) {
  if (const EnumDescriptor* type = EnumOf(field)) {
    const auto* value = type->FindValueByNumber(static_cast<int>(number));
    return value == nullptr ? "" : Short(*type, value->index());
  }
  if (field == Field::kWeekday) return number < kDays.size() ? kDays[number] : "";
  if (field == Field::kCapacity) return std::to_string(number);
  std::string digits = std::to_string(number);
  return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

}  // namespace brobygger::search
