#include "core/storage/sqlite/update_order.h"

#include <algorithm>
#include <iterator>

#include "core/storage/scan.h"

namespace brobygger::storage {
namespace {

IndexEntry EntryOf(const std::pair<Revision, std::string>& place) {
  return {UpdateTerm(place.first).value, place.second};
}

}  // namespace

bool UpdateOrder::Less::operator()(const Place& left, const IndexEntry& right) const {
  return EntryOf(left) < right;
}

bool UpdateOrder::Less::operator()(const IndexEntry& left, const Place& right) const {
  return left < EntryOf(right);
}

void UpdateOrder::Move(const std::string& key, Revision from, Revision to, Revision now) {
  absl::MutexLock lock(&mutex_);
  // A group's records come in no order.
  newest_ = std::max(newest_, now);
  if (from != 0) places_.erase(Place(from, key));
  if (to != 0) places_.emplace_hint(places_.end(), to, key);
}

UpdateOrder::Page UpdateOrder::Scan(const IndexRange& range, Revision at) const {
  const IndexBounds bounds = ToBounds(range);
  Page page;
  absl::MutexLock lock(&mutex_);
  page.moved = newest_ > at;
  auto first = places_.lower_bound(bounds.lower);
  auto last = bounds.upper.has_value() ? places_.lower_bound(*bounds.upper) : places_.end();
  if (bounds.upper.has_value() && !(bounds.lower < *bounds.upper)) return page;
  while (first != last && std::ssize(page.places) < range.limit) {
    const Place& place = range.backwards ? *--last : *first++;
    if (place.first <= at) page.places.push_back(EntryOf(place));
  }
  return page;
}

}  // namespace brobygger::storage
