#include "core/grants/premises_rules.h"

#include <algorithm>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/names.h"
#include "core/model/rules.h"

namespace brobygger::grants {
namespace {

using model::BrokenRule;
using model::Place;

constexpr std::size_t kLongestPremisesLine = 200;
constexpr std::size_t kLongestNeed = 500;
constexpr int kMostSeats = 100'000;
constexpr int kMostSlots = 20;
constexpr int kHours = 24;
constexpr int kMinutes = 60;

absl::Status FixOwnLine(const Place& place, std::size_t least, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixLine(place, {least, kLongestPremisesLine}, text));
  return model::RefuseSensitiveWords(place, text);
}

// "9.30" and "9:30" are "09:30", and "9" is "09:00". With `day_ends` "24:00" is a time, too.
absl::Status FixTime(const Place& place, bool day_ends, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixLine(place, {0, kLongestPremisesLine}, text));
  std::vector<std::string> parts = absl::StrSplit(text, absl::ByAnyChar(":."));
  if (parts.size() == 1) parts.emplace_back("00");
  int hour = -1;
  int minute = -1;
  const bool read = parts.size() == 2 && parts[1].size() == 2 &&
                    absl::SimpleAtoi(parts[0], &hour) && absl::SimpleAtoi(parts[1], &minute);
  const bool last = day_ends && hour == kHours && minute == 0;
  const bool good = read && hour >= 0 && minute >= 0 && hour < kHours && minute < kMinutes;
  if (!good && !(read && last)) return BrokenRule(place, "is no time such as \"18:00\"");
  text = fmt::format("{:02}:{:02}", hour, minute);
  return absl::OkStatus();
}

absl::Status FixSlot(const Place& place, WeeklySlot& slot) {
  if (slot.weekday() == grant::v1::WEEKDAY_UNSPECIFIED) {
    return BrokenRule({&place, "weekday"}, "is required");
  }
  BB_RETURN_IF_ERROR(FixTime({&place, "from_time"}, false, *slot.mutable_from_time()));
  BB_RETURN_IF_ERROR(FixTime({&place, "to_time"}, true, *slot.mutable_to_time()));
  if (slot.from_time() < slot.to_time()) return absl::OkStatus();
  return BrokenRule({&place, "to_time"}, "must be later than from_time, on the same day");
}

absl::Status FixFeatures(PremisesNeed& need) {
  auto& features = *need.mutable_features();
  for (const int feature : features) {
    if (feature == 0) return BrokenRule({nullptr, "features"}, "names nothing");
  }
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
  return absl::OkStatus();
}

}  // namespace

absl::Status NormalizeAndCheck(PremisesNeed& need) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(need, {}));
  BB_RETURN_IF_ERROR(FixOwnLine({nullptr, "title"}, 1, *need.mutable_title()));
  if (need.has_seats()) {
    BB_RETURN_IF_ERROR(model::CheckRange({nullptr, "seats"}, need.seats(), 1, kMostSeats));
  }
  if (need.slots_size() > kMostSlots) return BrokenRule({nullptr, "slots"}, "has more than 20");
  for (int i = 0; i < need.slots_size(); ++i) {
    BB_RETURN_IF_ERROR(FixSlot({nullptr, "slots", i}, *need.mutable_slots(i)));
  }
  BB_RETURN_IF_ERROR(FixFeatures(need));
  const Place note{nullptr, "note"};
  BB_RETURN_IF_ERROR(model::FixText(note, {0, kLongestNeed}, *need.mutable_note()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(note, need.note()));
  if (!need.has_valid()) return absl::OkStatus();
  return model::FixInterval({nullptr, "valid"}, *need.mutable_valid());
}

absl::Status NormalizeAndCheck(PremisesAllocation& premises) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(premises, {}));
  BB_RETURN_IF_ERROR(FixOwnLine({nullptr, "place"}, 1, *premises.mutable_place()));
  // "---" would be the same place as any other without a letter.
  if (PlaceKey(premises.place()).empty()) return BrokenRule({nullptr, "place"}, "has no letter");
  BB_RETURN_IF_ERROR(FixSlot({nullptr, "slot"}, *premises.mutable_slot()));
  const Place season{nullptr, "season"};
  BB_RETURN_IF_ERROR(model::FixInterval(season, *premises.mutable_season()));
  if (premises.season().from_date().empty()) {
    return BrokenRule({&season, "from_date"}, "is required");
  }
  if (premises.season().to_date().empty()) return BrokenRule({&season, "to_date"}, "is required");
  if (premises.season().from_date() == premises.season().to_date()) {
    return BrokenRule({&season, "to_date"}, "leaves no day between");
  }
  return FixOwnLine({nullptr, "source"}, 0, *premises.mutable_source());
}

std::string PlaceKey(const std::string& place) { return model::FoldName(place); }

bool Clash(const PremisesAllocation& left, const PremisesAllocation& right) {
  const bool there = left.slot().weekday() == right.slot().weekday() &&
                     PlaceKey(left.place()) == PlaceKey(right.place());
  const bool then = left.slot().from_time() < right.slot().to_time() &&
                    right.slot().from_time() < left.slot().to_time();
  // A season that was given back before its first day has none.
  const auto begins_before_end = [](const PremisesAllocation& one,
                                    const PremisesAllocation& other) {
    return one.season().from_date() < other.season().to_date();
  };
  return there && then && begins_before_end(left, right) && begins_before_end(right, left) &&
         begins_before_end(left, left) && begins_before_end(right, right);
}

}  // namespace brobygger::grants
