#include "core/cli/words.h"

#include <algorithm>
#include <cctype>
#include <ctime>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>
#include <nlohmann/json.hpp>

#include "core/model/labels.h"

namespace brobygger::cli {
namespace {

using google::protobuf::util::TimeUtil;

bool AllDigits(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

// The texts and numbers of a JSON value, in order.
void Leaves(const nlohmann::ordered_json& value, std::vector<std::string>& leaves) {
  if (value.is_structured()) {
    for (const auto& part : value) Leaves(part, leaves);
  } else if (value.is_string()) {
    leaves.push_back(value.get<std::string>());
  } else {
    leaves.push_back(value.dump());
  }
}

// An address as it stands on an envelope; its parts come in the order of their
// names.
std::vector<std::string> AddressParts(const nlohmann::ordered_json& address) {
  std::vector<std::string> parts;
  for (const char* key :
       {"street", "house_number", "floor_and_door", "postal_code", "postal_district"}) {
    if (address.contains(key)) parts.push_back(address[key].get<std::string>());
  }
  return parts;
}

std::string ShowJson(const std::string& text) {
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (json.is_discarded()) return text;
  std::vector<std::string> items;
  for (const auto& item : json.is_array() ? json : nlohmann::ordered_json::array({json})) {
    std::vector<std::string> leaves;
    if (item.is_object() && item.contains("postal_code")) {
      leaves = AddressParts(item);
    } else {
      Leaves(item, leaves);
    }
    items.push_back(fmt::format("{}", fmt::join(leaves, " ")));
  }
  return fmt::format("{}", fmt::join(items, ", "));
}

std::string EnumLabel(const google::protobuf::EnumDescriptor& type,
                      const std::string& text,
                      const std::string& language) {
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string& value_name = type.value(i)->name();
    if (!value_name.ends_with("_" + text)) continue;
    const auto label = model::Label(type.full_name(), value_name, language);
    if (!label.empty()) return std::string(label);
  }
  return ShowEnum(text, "");
}

std::string ShowDate(const std::string& text, const std::string& language) {
  if (language != "da" || text.size() != 10) return text;
  return fmt::format("{}-{}-{}", text.substr(8), text.substr(5, 2), text.substr(0, 4));
}

}  // namespace

std::string ShowTime(const google::protobuf::Timestamp& time, const std::string& language) {
  if (time.seconds() == 0) return "";
  const std::time_t seconds = time.seconds();
  std::tm local{};
  localtime_r(&seconds, &local);
  char text[32];
  std::strftime(text, sizeof(text), language == "da" ? "%d-%m-%Y %H:%M" : "%Y-%m-%d %H:%M", &local);
  return text;
}

std::string ShowField(const std::string& path,
                      const std::string& text,
                      const std::string& language) {
  if (text.empty()) return text;
  const auto* field = registry::v1::Association::descriptor()->FindFieldByName(path);
  if (field != nullptr && field->enum_type() != nullptr && !field->is_repeated()) {
    return EnumLabel(*field->enum_type(), text, language);
  }
  if (path.ends_with("_date")) return ShowDate(text, language);
  return text[0] == '[' || text[0] == '{' ? ShowJson(text) : text;
}

std::string ShowEnum(const std::string& value_name, const std::string& prefix) {
  std::string word = value_name.starts_with(prefix) ? value_name.substr(prefix.size()) : value_name;
  std::transform(word.begin(), word.end(), word.begin(), [](unsigned char letter) {
    return letter == '_' ? ' ' : static_cast<char>(std::tolower(letter));
  });
  return word == "unspecified" ? "" : word;
}

std::string ToFieldPath(const std::string& typed) {
  static const std::map<std::string, std::string> kShortNames = {
      {"name", "official_name"},
      {"cvr", "identifiers.DK-CVR"},
      {"municipality", "municipality_code"},
  };
  const auto found = kShortNames.find(typed);
  return found == kShortNames.end() ? typed : found->second;
}

absl::StatusOr<registry::v1::AsOf> ToAsOf(const std::string& typed) {
  registry::v1::AsOf as_of;
  if (typed.empty()) return as_of;
  if (AllDigits(typed) && typed.size() < 19) {
    as_of.set_revision(std::stoull(typed));
    return as_of;
  }
  const std::string instant = typed.size() == 10 ? typed + "T00:00:00Z" : typed;
  if (TimeUtil::FromString(instant, as_of.mutable_time())) return as_of;
  return absl::InvalidArgumentError(
      fmt::format("--as-of '{}' is neither a revision (4711), a date (2026-11-23) nor an instant "
                  "(2026-11-23T10:00:00Z).",
                  typed));
}

absl::StatusOr<google::protobuf::Duration> ToDuration(const std::string& typed) {
  static const std::map<char, std::int64_t> kUnits = {
      {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
  const std::string digits = typed.substr(0, typed.empty() ? 0 : typed.size() - 1);
  const auto unit = typed.empty() ? kUnits.end() : kUnits.find(typed.back());
  if (unit == kUnits.end() || !AllDigits(digits) || digits.size() > 6) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' is not a length of time; write 90s, 10m, 6h or 1d.", typed));
  }
  return TimeUtil::SecondsToDuration(std::stoll(digits) * unit->second);
}

std::string ShowDuration(const google::protobuf::Duration& duration) {
  const std::int64_t seconds = duration.seconds();
  if (seconds == 0) return "";
  if (seconds % 86400 == 0) return fmt::format("{}d", seconds / 86400);
  if (seconds % 3600 == 0) return fmt::format("{}h", seconds / 3600);
  if (seconds % 60 == 0) return fmt::format("{}m", seconds / 60);
  return fmt::format("{}s", seconds);
}

absl::StatusOr<std::string> ReadText(const std::string& path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) {
    return absl::InvalidArgumentError(
        fmt::format("{} cannot be read; check its name and your rights to it.", path));
  }
  return text;
}

}  // namespace brobygger::cli
