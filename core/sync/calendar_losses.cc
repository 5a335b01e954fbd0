#include "core/sync/calendar_losses.h"

#include <map>
#include <string>

#include "core/base/status_macros.h"

namespace brobygger::sync {
namespace {

constexpr std::chrono::hours kWeek{24 * 7};

// What one link says of its calendar.
absl::Status Count(const storage::Snapshot& snapshot,
                   const std::string& key,
                   const v1::Link& link,
                   base::Instant week_ago,
                   CalendarLoss& loss) {
  if (link.state() == v1::Link::STATE_TOMBSTONE) {
    loss.gone_in_week += base::ToInstant(link.since_time()) > week_ago;
    return absl::OkStatus();
  }
  if (link.state() != v1::Link::STATE_LIVE) return absl::OkStatus();
  ++loss.live;
  BB_ASSIGN_OR_RETURN(const auto waits, snapshot.Find(storage::Kind::kPending, key));
  loss.gone += waits != nullptr && *waits == kPendingVanished;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<CalendarLoss>> LossesByCalendar(const SideContext& context,
                                                           base::Instant now) {
  std::map<std::string, CalendarLoss> losses;
  BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
  storage::KeyRange range{.prefix = context.stream.prefix(), .after = "", .limit = 1000};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto page, latest->Scan(storage::Kind::kLink, range));
    if (page.empty()) break;
    for (const storage::Entry& entry : page) {
      v1::Link link;
      // What opted out is in no calendar any more: it tells of nothing that could be lost.
      if (!link.ParseFromString(*entry.bytes) || link.group().empty()) continue;
      BB_RETURN_IF_ERROR(Count(*latest, entry.key, link, now - kWeek, losses[link.group()]));
    }
    range.after = page.back().key;
  }
  std::vector<CalendarLoss> found;
  for (auto& [calendar, loss] : losses) {
    if (loss.gone == 0) continue;
    loss.calendar = calendar;
    found.push_back(std::move(loss));
  }
  return found;
}

}  // namespace brobygger::sync
