#include "core/cli/valid_days.h"

#include <optional>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <absl/time/civil_time.h>
#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

constexpr int kForever = 9999;

std::optional<absl::CivilDay> DayOfParts(const std::string& text) {
  std::vector<std::string> parts = absl::StrSplit(text, absl::ByAnyChar("-./"));
  if (parts.size() != 3) return std::nullopt;
  if (parts[0].size() != 4) std::swap(parts[0], parts[2]);
  int year = 0;
  int month = 0;
  int day = 0;
  const bool numbers = absl::SimpleAtoi(parts[0], &year) && absl::SimpleAtoi(parts[1], &month) &&
                       absl::SimpleAtoi(parts[2], &day);
  if (!numbers || parts[0].size() != 4) return std::nullopt;
  const absl::CivilDay found(year, month, day);
  // It makes the 2nd of March of the 30th of February.
  if (found.month() != month || found.day() != day) return std::nullopt;
  return found;
}

std::optional<absl::CivilDay> DayOfText(const std::string& text) {
  google::protobuf::Timestamp instant;
  if (text.size() > 10 && google::protobuf::util::TimeUtil::FromString(text, &instant)) {
    return DayOfParts(base::DanishDayOf(base::ToInstant(instant)));
  }
  return DayOfParts(text.substr(0, text.find_first_of(" T")));
}

}  // namespace

absl::StatusOr<std::string> ToDay(const std::string& text, bool day_after) {
  if (text.empty() || absl::StrContains(text, "infinity")) return std::string();
  const auto day = DayOfText(text);
  if (!day.has_value()) {
    return absl::InvalidArgumentError(
        fmt::format("'{}' is not a date; write 2026-01-31 or 31-01-2026", text));
  }
  if (day->year() >= kForever) return std::string();
  return absl::FormatCivilTime(day_after ? *day + 1 : *day);
}

void AddValidOptions(Command& command, std::string& from, std::string& to) {
  command.Option("--from", from, {.summary = "First day it holds: 2026-01-31; - for always so far"})
      .Option("--to", to, {.summary = "Last day it holds; - for until further notice"});
}

absl::Status ChangeValid(const std::string& from,
                         const std::string& to,
                         registry::v1::ValidInterval& valid) {
  if (!from.empty()) {
    BB_ASSIGN_OR_RETURN(*valid.mutable_from_date(), ToDay(from == "-" ? "" : from, false));
  }
  if (!to.empty()) {
    BB_ASSIGN_OR_RETURN(*valid.mutable_to_date(), ToDay(to == "-" ? "" : to, true));
  }
  return absl::OkStatus();
}

std::string ShowValid(const registry::v1::ValidInterval& valid, const std::string& language) {
  std::string last = valid.to_date();
  if (absl::CivilDay day; absl::ParseCivilTime(last, &day)) last = absl::FormatCivilTime(day - 1);
  if (valid.from_date().empty() && last.empty()) return "";
  const std::string from = ShowField("from_date", valid.from_date(), language);
  const std::string to = ShowField("to_date", last, language);
  return from + (from.empty() ? "-" : " -") + (to.empty() ? "" : " ") + to;
}

}  // namespace brobygger::cli
