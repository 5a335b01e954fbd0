#include "core/grants/pool_measures.h"

#include <algorithm>
#include <optional>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>

#include "core/grants/pool_texts.h"

namespace brobygger::grants {
namespace {

using grant::v1::PoolCheck;
using grant::v1::PoolLeast;
using grant::v1::PoolMeasure;
using registry::v1::Association;
using registry::v1::ResourceStatement;

constexpr int kWholeInPercent = 100;
constexpr std::size_t kYearLength = 4;

LocalizedText Number(int number) { return Plain(std::to_string(number)); }

std::optional<int> ValueIn(const ResourceStatement& statement, PoolMeasure measure) {
  const auto told = [](bool has, int value) { return has ? std::optional(value) : std::nullopt; };
  switch (measure) {
    case grant::v1::POOL_MEASURE_MEMBERS:
      return told(statement.has_members_total(), statement.members_total());
    case grant::v1::POOL_MEASURE_PAYING_MEMBERS:
      return told(statement.has_members_paying(), statement.members_paying());
    case grant::v1::POOL_MEASURE_VOLUNTEERS:
      return told(statement.has_volunteers_active(), statement.volunteers_active());
    case grant::v1::POOL_MEASURE_UNDER_25_PERCENT: {
      const bool both = statement.has_members_under_25() && statement.members_total() > 0;
      if (!both) return std::nullopt;
      return kWholeInPercent * statement.members_under_25() / statement.members_total();
    }
    default:
      return std::nullopt;
  }
}

struct Told {
  int value;
  int year;
};

// Of the newest year that tells it.
std::optional<Told> NewestOf(const Association& association, PoolMeasure measure) {
  std::optional<Told> newest;
  for (const ResourceStatement& statement : association.resource_statements()) {
    const auto value = ValueIn(statement, measure);
    if (value && (!newest || statement.year() > newest->year)) {
      newest = Told{*value, statement.year()};
    }
  }
  return newest;
}

int YearOf(const std::string& iso) {
  int year = 0;
  return absl::SimpleAtoi(iso.substr(0, kYearLength), &year) ? year : 0;
}

// Whole years from one day to another, both in ISO 8601; less than 0 for a day to come.
int YearsBetween(const std::string& from, const std::string& to) {
  const bool had_birthday = to.substr(kYearLength) >= from.substr(kYearLength);
  return YearOf(to) - YearOf(from) - (had_birthday ? 0 : 1);
}

PoolCheck CheckAge(int least, const std::string& founded, const std::string& today) {
  PoolCheck check;
  if (founded.empty()) {
    check.set_state(grant::v1::POOL_CHECK_STATE_NOT_KNOWN);
    *check.mutable_found() = Say("found_not_told");
    *check.mutable_advice() = Say("advice_age_ask");
    return check;
  }
  const int age = YearsBetween(founded, today);
  *check.mutable_found() =
      Say("found_age", {{"n", Number(std::max(age, 0))}, {"day", Day(founded)}});
  if (age >= least) {
    check.set_state(grant::v1::POOL_CHECK_STATE_MET);
    return check;
  }
  check.set_state(grant::v1::POOL_CHECK_STATE_NOT_MET);
  const std::string old_enough =
      std::to_string(YearOf(founded) + least) + founded.substr(kYearLength);
  *check.mutable_advice() = Say("advice_age", {{"day", Day(old_enough)}});
  return check;
}

}  // namespace

LocalizedText WantedMeasure(const PoolLeast& least) {
  // "POOL_MEASURE_MEMBERS" is "least_members" in the file of texts.
  const std::string name = absl::AsciiStrToLower(grant::v1::PoolMeasure_Name(least.measure()));
  return Say("least_" + name.substr(sizeof("pool_measure_") - 1), {{"n", Number(least.amount())}});
}

PoolCheck CheckMeasure(const PoolLeast& least,
                       const Association& association,
                       const std::string& today) {
  if (least.measure() == grant::v1::POOL_MEASURE_AGE_YEARS) {
    return CheckAge(least.amount(), association.founded_date(), today);
  }
  PoolCheck check;
  const auto told = NewestOf(association, least.measure());
  if (!told) {
    check.set_state(grant::v1::POOL_CHECK_STATE_NOT_KNOWN);
    *check.mutable_found() = Say("found_not_told");
    *check.mutable_advice() = Say("advice_number_ask");
    return check;
  }
  const bool percent = least.measure() == grant::v1::POOL_MEASURE_UNDER_25_PERCENT;
  *check.mutable_found() = Say(percent ? "found_percent" : "found_number",
                               {{"n", Number(told->value)}, {"year", Number(told->year)}});
  const bool met = told->value >= least.amount();
  check.set_state(met ? grant::v1::POOL_CHECK_STATE_MET : grant::v1::POOL_CHECK_STATE_NOT_MET);
  if (!met) *check.mutable_advice() = Say("advice_number");
  return check;
}

}  // namespace brobygger::grants
