#include "core/grants/pool_rules.h"

#include <algorithm>
#include <string>

#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/kle.h"

namespace brobygger::grants {
namespace {

using grant::v1::PoolActivities;
using grant::v1::PoolLeast;
using model::BrokenRule;
using model::Place;

constexpr std::size_t kLongestKey = 40;
constexpr std::size_t kLongestPoolLine = 200;
constexpr std::size_t kLongestDescription = 2000;
constexpr std::size_t kLongestCriterionText = 300;
constexpr int kMostCriteria = 50;
constexpr int kMostDeadlines = 50;
constexpr int kMostItems = 50;
constexpr int kMostOfAnything = 1'000'000;
constexpr int kHundredPercent = 100;
constexpr std::int64_t kMostPoolOre = 1'000'000'000'000;

absl::Status FixOwnLine(const Place& place, std::size_t least, std::string& text) {
  BB_RETURN_IF_ERROR(model::FixLine(place, {least, kLongestPoolLine}, text));
  return model::RefuseSensitiveWords(place, text);
}

absl::Status FixOwnTexts(const Place& place,
                         std::size_t longest,
                         registry::v1::LocalizedText& texts) {
  BB_RETURN_IF_ERROR(model::FixLocalized(place, longest, texts));
  for (const auto& [language, text] : texts.by_language()) {
    BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(place, text));
  }
  return absl::OkStatus();
}

absl::Status CheckKey(const Place& place, const std::string& key) {
  const bool plain = std::all_of(key.begin(), key.end(), [](char sign) {
    return (sign >= 'a' && sign <= 'z') || (sign >= '0' && sign <= '9') || sign == '-';
  });
  if (plain && !key.empty() && key.size() <= kLongestKey) return absl::OkStatus();
  return BrokenRule(place,
                    "must be 1 to 40 small letters a to z, digits and hyphens: \"fritidspuljen\"");
}

// Drops repetitions; "not told" names nothing.
absl::Status FixNumbers(const Place& place, google::protobuf::RepeatedField<int>& numbers) {
  for (auto number = numbers.begin(); number != numbers.end();) {
    if (*number == 0) return BrokenRule(place, "names nothing");
    const bool again = std::find(numbers.begin(), number, *number) != number;
    number = again ? numbers.erase(number) : number + 1;
  }
  return absl::OkStatus();
}

absl::Status FixDeadlines(const Place& place, Pool& pool) {
  auto& days = *pool.mutable_deadline_dates();
  if (days.size() > kMostDeadlines) return BrokenRule(place, "has more than 50 days");
  BB_RETURN_IF_ERROR(model::FixTexts(place, model::FixDate, days));
  std::sort(days.begin(), days.end());
  if (pool.all_year() && !days.empty()) {
    return BrokenRule(place, "are for a fund that cannot be applied to all year");
  }
  return absl::OkStatus();
}

absl::Status CheckAmounts(const Place& pool_place, const Pool& pool) {
  BB_RETURN_IF_ERROR(
      model::CheckRange({&pool_place, "smallest_ore"}, pool.smallest_ore(), 0, kMostPoolOre));
  BB_RETURN_IF_ERROR(
      model::CheckRange({&pool_place, "largest_ore"}, pool.largest_ore(), 0, kMostPoolOre));
  const bool both = pool.has_smallest_ore() && pool.has_largest_ore();
  if (both && pool.largest_ore() < pool.smallest_ore()) {
    return BrokenRule({&pool_place, "largest_ore"}, "is below smallest_ore");
  }
  return absl::OkStatus();
}

absl::Status CheckLeast(const Place& place, const PoolLeast& least) {
  if (least.measure() == grant::v1::POOL_MEASURE_UNSPECIFIED) {
    return BrokenRule({&place, "measure"}, "is required");
  }
  const bool percent = least.measure() == grant::v1::POOL_MEASURE_UNDER_25_PERCENT;
  return model::CheckRange({&place, "amount"}, least.amount(), 1,
                           percent ? kHundredPercent : kMostOfAnything);
}

absl::Status FixActivities(const Place& place, PoolActivities& activities) {
  BB_RETURN_IF_ERROR(FixNumbers({&place, "themes"}, *activities.mutable_themes()));
  BB_RETURN_IF_ERROR(FixNumbers({&place, "audiences"}, *activities.mutable_audiences()));
  BB_RETURN_IF_ERROR(FixNumbers({&place, "age_bands"}, *activities.mutable_age_bands()));
  const bool none = activities.themes().empty() && activities.audiences().empty() &&
                    activities.age_bands().empty();
  return none ? BrokenRule(place, "name no theme, audience or age") : absl::OkStatus();
}

absl::Status FixRule(const Place& place, PoolCriterion& criterion) {
  switch (criterion.rule_case()) {
    case PoolCriterion::kFact:
      if (criterion.fact() == grant::v1::POOL_FACT_UNSPECIFIED) {
        return BrokenRule({&place, "fact"}, "is required");
      }
      if (criterion.fact() == grant::v1::POOL_FACT_ASK && !criterion.has_text()) {
        return BrokenRule({&place, "text"}, "is required: nothing else says what is to be asked");
      }
      return absl::OkStatus();
    case PoolCriterion::kLeast:
      return CheckLeast({&place, "least"}, criterion.least());
    case PoolCriterion::kMunicipalities: {
      auto& codes = *criterion.mutable_municipalities()->mutable_municipality_codes();
      const Place list{&place, "municipality_codes"};
      if (codes.size() > kMostItems * 2) return BrokenRule(list, "has too many");
      BB_RETURN_IF_ERROR(model::FixTexts(list, model::FixMunicipality, codes));
      return codes.empty() ? BrokenRule(list, "are required") : absl::OkStatus();
    }
    case PoolCriterion::kStatutes: {
      auto& items = *criterion.mutable_statutes()->mutable_items();
      if (items.size() > kMostItems) return BrokenRule({&place, "items"}, "has more than 50");
      const auto fix = [](const Place& at, std::string& text) { return FixOwnLine(at, 0, text); };
      return model::FixTexts({&place, "items"}, fix, items);
    }
    case PoolCriterion::kActivities:
      return FixActivities({&place, "activities"}, *criterion.mutable_activities());
    case PoolCriterion::kApprovalAct:
      return FixOwnLine({&place, "approval_act"}, 1, *criterion.mutable_approval_act());
    default:
      return BrokenRule(place, "says nothing that could be looked at; use fact ask for a text");
  }
}

absl::Status FixCriterion(const Place& place, PoolCriterion& criterion) {
  if (criterion.has_text()) {
    BB_RETURN_IF_ERROR(
        FixOwnTexts({&place, "text"}, kLongestCriterionText, *criterion.mutable_text()));
    if (criterion.text().by_language().empty()) criterion.clear_text();
  }
  return FixRule(place, criterion);
}

}  // namespace

absl::Status NormalizeAndCheck(const Place& place, Pool& pool) {
  // First, since the rest needs text that is UTF-8.
  BB_RETURN_IF_ERROR(model::CheckEverywhere(pool, place));
  BB_RETURN_IF_ERROR(CheckKey({&place, "key"}, pool.key()));
  BB_RETURN_IF_ERROR(
      model::FixMunicipality({&place, "municipality_code"}, *pool.mutable_municipality_code()));
  BB_RETURN_IF_ERROR(FixOwnLine({&place, "title"}, 1, *pool.mutable_title()));
  BB_RETURN_IF_ERROR(FixOwnLine({&place, "law"}, 0, *pool.mutable_law()));
  if (!pool.kle_number().empty() && !model::IsKleNumber(pool.kle_number())) {
    return BrokenRule({&place, "kle_number"}, "is no KLE number such as 18.15.05");
  }
  if (pool.municipality_code().empty() && !pool.owner_department_id().empty()) {
    return BrokenRule({&place, "owner_department_id"}, "is not for a national fund");
  }
  BB_RETURN_IF_ERROR(FixNumbers({&place, "themes"}, *pool.mutable_themes()));
  BB_RETURN_IF_ERROR(FixDeadlines({&place, "deadline_dates"}, pool));
  BB_RETURN_IF_ERROR(CheckAmounts(place, pool));
  if (pool.has_description()) {
    BB_RETURN_IF_ERROR(
        FixOwnTexts({&place, "description"}, kLongestDescription, *pool.mutable_description()));
    if (pool.description().by_language().empty()) pool.clear_description();
  }
  BB_RETURN_IF_ERROR(model::FixUrl({&place, "url"}, *pool.mutable_url()));
  if (pool.state() == grant::v1::POOL_STATE_UNSPECIFIED) {
    pool.set_state(grant::v1::POOL_STATE_OPEN);
  }
  if (pool.criteria_size() > kMostCriteria) {
    return BrokenRule({&place, "criteria"}, "has more than 50");
  }
  for (int i = 0; i < pool.criteria_size(); ++i) {
    BB_RETURN_IF_ERROR(FixCriterion({&place, "criteria", i}, *pool.mutable_criteria(i)));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::grants
