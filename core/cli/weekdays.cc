#include "core/cli/weekdays.h"

#include <vector>

#include <absl/strings/str_split.h>

#include "core/cli/event.h"
#include "core/model/names.h"

namespace brobygger::cli {

std::string WeekdayText(std::size_t day, const std::string& language) {
  static const std::vector<std::string> kLines =
      absl::StrSplit(std::string(kWeekdaysCsv), '\n', absl::SkipEmpty());
  const std::vector<std::string> words = absl::StrSplit(kLines.at(day), '|');
  return words.at(language == "da" ? 0 : 1);
}

std::optional<std::size_t> WeekdayOf(const std::string& typed) {
  const std::string folded = model::FoldName(typed);
  for (std::size_t day = 0; day < kDaysOfWeek; ++day) {
    for (const char* language : {"da", "en"}) {
      if (folded == model::FoldName(WeekdayText(day, language))) return day;
    }
  }
  return std::nullopt;
}

}  // namespace brobygger::cli
