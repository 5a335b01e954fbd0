#include "core/discovery/familiarity.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "core/base/day.h"

namespace brobygger::discovery {
namespace {

using contact::v1::ContactChannel;
using contact::v1::ContactPurpose;
using v1::Familiarity;

constexpr int kYear = 365;
constexpr int kTwoYears = 731;
constexpr int kSpan = 91;
constexpr int kSpans = 8;
constexpr int kAll = 10'000;  // basis points

// What is counted on the way.
struct Tally {
  int first = 0;
  int last = 0;
  int next = 0;
  int year = 0;
  int year_not_money = 0;
  int two_years = 0;
  int two_years_not_money = 0;
  std::array<bool, kSpans> spans = {};  // [0]: the last 91 days
  std::map<int, int> channels;
  std::set<int> purposes;
  std::set<int> roles;
};

void TakeDay(int day, int today, Tally& tally) {
  if (tally.first == 0 || day < tally.first) tally.first = day;
  tally.last = std::max(tally.last, day);
  const int span = (today - day) / kSpan;
  if (span >= 0 && span < kSpans) tally.spans.at(static_cast<std::size_t>(span)) = true;
}

void TakeContact(const Contact& contact, int today, Tally& tally) {
  if (!IsHeld(contact, today)) {
    if (tally.next == 0 || contact.day < tally.next) tally.next = contact.day;
    return;
  }
  TakeDay(contact.day, today, tally);
  const int other = IsAboutMoney(contact) ? 0 : 1;
  if (today - contact.day <= kYear) {
    ++tally.year;
    tally.year_not_money += other;
  }
  if (today - contact.day <= kTwoYears) {
    ++tally.two_years;
    tally.two_years_not_money += other;
  }
  ++tally.channels[contact.channel];
  if (contact.purpose != 0) tally.purposes.insert(contact.purpose);
  if (contact.role != 0) tally.roles.insert(contact.role);
}

v1::FamiliarityGrade GradeOf(const Tally& tally, int today) {
  if (tally.last == 0) return v1::FAMILIARITY_GRADE_NONE;
  if (today - tally.last > kYear) return v1::FAMILIARITY_GRADE_DORMANT;
  const auto in_touch = [&](int spans) {
    return std::count(tally.spans.begin(), tally.spans.begin() + spans, true);
  };
  if (tally.year >= 4 && in_touch(4) >= 3 && tally.year_not_money > 0) {
    return in_touch(kSpans) >= 6 ? v1::FAMILIARITY_GRADE_STABLE
                                 : v1::FAMILIARITY_GRADE_WORKING_WELL;
  }
  return tally.two_years >= 3 ? v1::FAMILIARITY_GRADE_DEVELOPING : v1::FAMILIARITY_GRADE_STARTING;
}

void AddChannels(const Tally& tally, Familiarity& familiarity) {
  std::vector<std::pair<int, int>> channels(tally.channels.begin(), tally.channels.end());
  std::stable_sort(channels.begin(), channels.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  for (const auto& [channel, count] : channels) {
    auto& added = *familiarity.add_channels();
    added.set_channel(static_cast<ContactChannel>(channel));
    added.set_count(count);
  }
}

}  // namespace

bool IsHeld(const Contact& contact, int today) {
  return contact.written ? contact.day <= today : contact.day < today;
}

bool HasTakenPlace(const PairContacts& pair, int today) {
  // A day that is not told is 0, which says nothing of when.
  return std::any_of(pair.contacts.begin(), pair.contacts.end(),
                     [today](const Contact& contact) {
                       return contact.day > 0 && IsHeld(contact, today);
                     }) ||
         std::any_of(pair.quarters.begin(), pair.quarters.end(),
                     [](const QuarterCount& quarter) { return quarter.day > 0; });
}

bool IsAboutMoney(const Contact& contact) {
  return contact.channel == contact::v1::CONTACT_CHANNEL_APPLICATION ||
         contact.purpose == contact::v1::CONTACT_PURPOSE_GRANT ||
         contact.purpose == contact::v1::CONTACT_PURPOSE_PREMISES;
}

Familiarity FamiliarityOf(const PairContacts& pair, int today) {
  Tally tally;
  for (const Contact& contact : pair.contacts) TakeContact(contact, today, tally);
  for (const QuarterCount& quarter : pair.quarters) TakeDay(quarter.day, today, tally);
  Familiarity familiarity;
  familiarity.set_grade(GradeOf(tally, today));
  if (tally.first != 0) familiarity.set_first_date(base::DayText(tally.first));
  if (tally.last != 0) familiarity.set_last_date(base::DayText(tally.last));
  if (tally.next != 0) familiarity.set_next_date(base::DayText(tally.next));
  familiarity.set_year_count(tally.year);
  AddChannels(tally, familiarity);
  for (const int purpose : tally.purposes) {
    familiarity.add_purposes(static_cast<ContactPurpose>(purpose));
  }
  if (tally.two_years > 0) {
    familiarity.set_not_money_basis_points(tally.two_years_not_money * kAll / tally.two_years);
  }
  familiarity.set_role_count(static_cast<int>(tally.roles.size()));
  return familiarity;
}

}  // namespace brobygger::discovery
