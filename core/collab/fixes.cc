#include "core/collab/fixes.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/model/free_text.h"

namespace brobygger::collab {
namespace {

using model::BrokenRule;
using model::Place;

constexpr std::size_t kLongestLine = 200;

// "9:30" and "09.30" as people type them; "" stays "".
absl::Status FixClock(const Place& place, std::string& text) {
  std::string clock(absl::StripAsciiWhitespace(text));
  if (clock.empty()) {
    text.clear();
    return absl::OkStatus();
  }
  if (clock.size() == 4) clock.insert(0, 1, '0');
  const auto digit = [&](std::size_t at) { return absl::ascii_isdigit(clock[at]); };
  const bool formed = clock.size() == 5 && digit(0) && digit(1) && digit(3) && digit(4) &&
                      (clock[2] == ':' || clock[2] == '.');
  if (!formed || clock.substr(0, 2) > "23" || clock.substr(3) > "59") {
    return BrokenRule(place, "is not a time of day such as 17:00");
  }
  clock[2] = ':';
  text = std::move(clock);
  return absl::OkStatus();
}

}  // namespace

absl::Status FixOwnLine(const Place& place, std::size_t least, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixLine(place, {least, kLongestLine}, text));
  return model::RefuseSensitiveWords(place, text);
}

absl::Status FixOwnText(const Place& place, model::Length length, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixText(place, length, text));
  return model::RefuseSensitiveWords(place, text);
}

absl::Status FixOwnLocalized(const Place& place,
                             std::size_t longest,
                             registry::v1::LocalizedText& localized) {
  BB_RETURN_IF_ERROR(model::FixLocalized(place, longest, localized));
  for (const auto& [language, text] : localized.by_language()) {
    BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(place, text));
  }
  return absl::OkStatus();
}

absl::Status FixDays(const Place* parent, DayField from, DayField to) {
  BB_RETURN_IF_ERROR(model::FixDate({parent, from.name}, from.text));
  BB_RETURN_IF_ERROR(model::FixDate({parent, to.name}, to.text));
  if (from.text.empty() || to.text.empty() || from.text <= to.text) return absl::OkStatus();
  return BrokenRule({parent, to.name}, absl::StrCat("must not be before ", from.name));
}

absl::Status FixMeetingTimes(const Place* parent, MeetingTimes times) {
  BB_RETURN_IF_ERROR(model::FixDate({parent, "date"}, times.date));
  if (times.date.empty()) return BrokenRule({parent, "date"}, "is required");
  BB_RETURN_IF_ERROR(FixClock({parent, "from_clock"}, times.from_clock));
  BB_RETURN_IF_ERROR(FixClock({parent, "to_clock"}, times.to_clock));
  if (times.to_clock.empty()) return absl::OkStatus();
  if (times.from_clock.empty()) {
    return BrokenRule({parent, "from_clock"}, "is required with to_clock");
  }
  if (times.from_clock < times.to_clock) return absl::OkStatus();
  return BrokenRule({parent, "to_clock"}, "must be later than from_clock");
}

absl::Status CheckRoom(const char* list, int size, int most) {
  if (size < most) return absl::OkStatus();
  return BrokenRule({nullptr, list}, absl::StrCat("are ", most, " already"));
}

}  // namespace brobygger::collab
