#include "plugins/calendars/common/objects.h"

#include <unordered_map>
#include <utility>

#include "plugins/calendars/common/prefilter.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kMaxObjectBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxObjectEvents = 2'000;

// The events of one UID, in the text's order.
using Group = std::vector<const FilteredEvent*>;

// By UID, in the order in which the text names them first.
std::vector<Group> GroupByUid(const std::vector<FilteredEvent>& events) {
  std::vector<Group> groups;
  std::unordered_map<std::string_view, std::size_t> known;
  for (const FilteredEvent& event : events) {
    // Without a UID nothing tells that two belong together.
    const bool alone = event.uid.empty();
    const auto [place, is_new] =
        alone ? std::pair(known.end(), true) : known.try_emplace(event.uid, groups.size());
    if (is_new) groups.emplace_back();
    groups[is_new ? groups.size() - 1 : place->second].push_back(&event);
  }
  return groups;
}

absl::StatusOr<std::vector<Event>> ParseGroup(const Group& group) {
  std::size_t bytes = 0;
  for (const FilteredEvent* event : group) bytes += event->text.size();
  if (bytes > kMaxObjectBytes || group.size() > kMaxObjectEvents) {
    return absl::InvalidArgumentError("too_large");
  }
  std::vector<Event> events;
  for (const FilteredEvent* filtered : group) {
    // A part of an object says nothing for sure: the broken one might have been the private one.
    absl::StatusOr<Event> event = ParseEvent(*filtered);
    if (!event.ok()) return event.status();
    events.push_back(*std::move(event));
  }
  return events;
}

}  // namespace

absl::StatusOr<std::vector<BadObject>> ReadObjects(std::string_view text,
                                                   const ObjectReading& reading,
                                                   TakeObject take) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + reading.budget;
  const absl::StatusOr<FilteredText> filtered = Prefilter(text, reading.purpose);
  if (!filtered.ok()) return filtered.status();
  const absl::StatusOr<absl::TimeZone> copenhagen = Copenhagen();
  if (!copenhagen.ok()) return copenhagen.status();
  Zones zones(*filtered, *copenhagen);
  std::vector<BadObject> bad;
  for (const Group& group : GroupByUid(filtered->events)) {
    const std::string& uid = group.front()->uid;
    const absl::StatusOr<std::vector<Event>> events =
        Clock::now() < end ? ParseGroup(group) : absl::InvalidArgumentError(kOutOfTime);
    const absl::Status read = events.ok() ? take(uid, *events, zones) : events.status();
    if (read.ok()) continue;
    bad.push_back({.uid_digest = uid.empty() ? "" : reading.pseudonyms.Of("href", uid),
                   .why = std::string(read.message())});
  }
  return bad;
}

}  // namespace brobygger::calendars
