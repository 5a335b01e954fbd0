#include "core/discovery/contact_index.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <absl/hash/hash.h>

#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/registry/each_record.h"

namespace brobygger::discovery {
namespace {

using contact::v1::StoredTouchpoint;
using contact::v1::Touchpoint;
using contact::v1::TouchpointCount;
using storage::Kind;

// Not kept anywhere, so it may differ from one start to the next.
std::uint64_t DigestOf(const std::string& id) { return absl::Hash<std::string>()(id); }

// What is in review is nobody's yet, and what was dismissed is not this association's.
bool Counts(const StoredTouchpoint& stored) {
  return stored.review() == StoredTouchpoint::REVIEW_UNSPECIFIED ||
         stored.review() == StoredTouchpoint::REVIEW_CONFIRMED;
}

// "2024-Q3" -> the day number of 2024-07-01.
int FirstDayOf(const std::string& quarter) {
  if (quarter.size() != 7) return 0;
  static constexpr const char* kMonths[] = {"-01-01", "-04-01", "-07-01", "-10-01"};
  const int number = quarter[6] - '1';
  if (number < 0 || number > 3) return 0;
  return base::DayNumber(quarter.substr(0, 4) + kMonths[number]);
}

template <typename Record>
bool Parse(const storage::Bytes& bytes, Record& record) {
  return bytes != nullptr && record.ParseFromString(*bytes);
}

}  // namespace

std::uint16_t ContactIndex::Names::NumberOf(const std::string& text) {
  if (text.empty()) return 0;
  const auto found = numbers.find(text);
  if (found != numbers.end()) return found->second;
  // What is said of a role is free text; past the end one number stands for all others.
  constexpr std::size_t kMost = std::numeric_limits<std::uint16_t>::max();
  if (texts.size() >= kMost) return static_cast<std::uint16_t>(kMost);
  texts.push_back(text);
  const auto number = static_cast<std::uint16_t>(texts.size());
  numbers.emplace(text, number);
  return number;
}

absl::Status ContactIndex::Load(const storage::Snapshot& snapshot) {
  const auto add = [this](const StoredTouchpoint& stored) {
    absl::MutexLock lock(&mutex_);
    Add(stored);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<StoredTouchpoint>(snapshot, Kind::kTouchpoint, "", add)));
  const auto count = [this](const TouchpointCount& each) {
    absl::MutexLock lock(&mutex_);
    SetCount(each, true);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<TouchpointCount>(snapshot, Kind::kTouchpointCount, "", count)));
  absl::MutexLock lock(&mutex_);
  // Working state is read as it is now, so some of these are in it already: taking one twice is
  // taking it once.
  for (const Missed& each : missed_) Take(each.kind, each.before, each.after);
  missed_.clear();
  missed_.shrink_to_fit();
  loaded_ = true;
  return absl::OkStatus();
}

bool ContactIndex::loaded() const {
  absl::ReaderMutexLock lock(&mutex_);
  return loaded_;
}

std::vector<PairContacts> ContactIndex::Of(const std::vector<std::string>& association_ids) const {
  std::vector<PairContacts> pairs;
  absl::ReaderMutexLock lock(&mutex_);
  const auto pair_of = [&](DepartmentNumber department) -> PairContacts& {
    const std::string& id = departments_.texts[department - 1];
    for (PairContacts& pair : pairs) {
      if (pair.department_id == id) return pair;
    }
    return pairs.emplace_back(PairContacts{.department_id = id, .contacts = {}, .quarters = {}});
  };
  for (const std::string& id : association_ids) {
    const auto found = by_association_.find(id);
    if (found == by_association_.end()) continue;
    for (const Held& held : found->second.contacts) {
      pair_of(held.department).contacts.push_back(held.contact);
    }
    for (const Counted& counted : found->second.quarters) {
      pair_of(counted.department).quarters.push_back(counted.quarter);
    }
  }
  return pairs;
}

std::string ContactIndex::RoleOf(std::uint16_t role) const {
  absl::ReaderMutexLock lock(&mutex_);
  return role == 0 || role > roles_.texts.size() ? "" : roles_.texts[role - 1];
}

std::size_t ContactIndex::size() const {
  absl::ReaderMutexLock lock(&mutex_);
  return size_;
}

bool ContactIndex::Hears(Kind kind) const {
  return kind == Kind::kTouchpoint || kind == Kind::kTouchpointCount;
}

void ContactIndex::Heard(Kind kind,
                         const std::string& /*key*/,
                         const storage::Bytes& before,
                         const storage::Bytes& after) {
  absl::MutexLock lock(&mutex_);
  if (!loaded_) {
    missed_.push_back({kind, before, after});
    return;
  }
  Take(kind, before, after);
}

void ContactIndex::Take(Kind kind, const storage::Bytes& before, const storage::Bytes& after) {
  if (kind == Kind::kTouchpointCount) {
    TouchpointCount count;
    if (Parse(before, count)) SetCount(count, false);
    if (Parse(after, count)) SetCount(count, true);
    return;
  }
  StoredTouchpoint stored;
  if (Parse(before, stored)) Drop(stored);
  if (Parse(after, stored)) {
    Drop(stored);
    Add(stored);
  }
}

void ContactIndex::Add(const StoredTouchpoint& stored) {
  if (!Counts(stored)) return;
  const Touchpoint& touchpoint = stored.touchpoint();
  Held held;
  held.department = departments_.NumberOf(touchpoint.department_id());
  if (held.department == 0) return;
  held.contact.id = DigestOf(touchpoint.id());
  held.contact.day = base::DayNumber(touchpoint.date());
  held.contact.role = roles_.NumberOf(touchpoint.our_role());
  held.contact.channel = static_cast<std::uint8_t>(touchpoint.channel());
  held.contact.purpose = static_cast<std::uint8_t>(touchpoint.purpose());
  held.contact.initiator = static_cast<std::uint8_t>(touchpoint.initiator());
  held.contact.written = touchpoint.basis() == Touchpoint::BASIS_PERSON;
  by_association_[touchpoint.association_id()].contacts.push_back(held);
  ++size_;
}

void ContactIndex::Drop(const StoredTouchpoint& stored) {
  const auto found = by_association_.find(stored.touchpoint().association_id());
  if (found == by_association_.end()) return;
  const std::uint64_t id = DigestOf(stored.touchpoint().id());
  size_ -= std::erase_if(found->second.contacts,
                         [id](const Held& held) { return held.contact.id == id; });
}

void ContactIndex::SetCount(const TouchpointCount& count, bool there) {
  const DepartmentNumber department = departments_.NumberOf(count.department_id());
  const int day = FirstDayOf(count.quarter());
  if (department == 0) return;
  auto& quarters = by_association_[count.association_id()].quarters;
  std::erase_if(quarters, [&](const Counted& each) {
    return each.department == department && each.quarter.day == day;
  });
  if (there) quarters.push_back({.quarter = {day, count.count()}, .department = department});
}

}  // namespace brobygger::discovery
