#include "core/contact/retention.h"

#include <chrono>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/contact/kept.h"
#include "core/registry/records.h"

namespace brobygger::contact {
namespace {

using storage::Kind;
using v1::StoredTouchpoint;

constexpr int kRetiredAtOnce = 500;
constexpr int kDaysKept = 731;  // of 24 months, at most

// "2024-08-19" -> "2024-Q3".
std::string QuarterOf(const std::string& date) {
  const int month = std::stoi(date.substr(5, 2));
  return absl::StrCat(date.substr(0, 4), "-Q", (month - 1) / 3 + 1);
}

absl::Status Retire(storage::Transaction& transaction, const StoredTouchpoint& stored) {
  const v1::Touchpoint& touchpoint = stored.touchpoint();
  const bool counts = stored.review() == StoredTouchpoint::REVIEW_UNSPECIFIED ||
                      stored.review() == StoredTouchpoint::REVIEW_CONFIRMED;
  if (counts) {
    v1::TouchpointCount count;
    count.set_association_id(touchpoint.association_id());
    count.set_department_id(touchpoint.department_id());
    count.set_quarter(QuarterOf(touchpoint.date()));
    BB_ASSIGN_OR_RETURN(const storage::Bytes before,
                        transaction.Find(Kind::kTouchpointCount, CountKey(count)));
    if (before != nullptr) BB_RETURN_IF_ERROR(registry::ParseRecord(before, count));
    count.set_count(count.count() + 1);
    BB_RETURN_IF_ERROR(
        transaction.Put(Kind::kTouchpointCount, CountKey(count), count.SerializeAsString()));
  }
  return RemoveTouchpoint(transaction, touchpoint.id());
}

}  // namespace

std::string OldestKept(base::Instant now) { return base::DanishDayOf(now, -kDaysKept); }

namespace {

// Those of these that are too old, in one write; how many they were.
absl::StatusOr<std::uint64_t> RetireSome(storage::Store& store,
                                         const std::vector<storage::Entry>& entries) {
  std::uint64_t retired = 0;
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    retired = 0;
    const std::string oldest = OldestKept(transaction.now());
    for (const storage::Entry& entry : entries) {
      BB_ASSIGN_OR_RETURN(const auto stored, FindTouchpoint(transaction, entry.key));
      if (!stored || stored->touchpoint().date() >= oldest) continue;
      BB_RETURN_IF_ERROR(Retire(transaction, *stored));
      ++retired;
    }
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(store.Write("hub", body).status());
  return retired;
}

}  // namespace

absl::StatusOr<std::uint64_t> RetireOldTouchpoints(storage::Store& store) {
  std::uint64_t retired = 0;
  storage::KeyRange range{.prefix = "", .after = "", .limit = kRetiredAtOnce};
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
    BB_ASSIGN_OR_RETURN(const auto entries, latest->Scan(Kind::kTouchpoint, range));
    if (entries.empty()) return retired;
    BB_ASSIGN_OR_RETURN(const std::uint64_t some, RetireSome(store, entries));
    retired += some;
    range.after = entries.back().key;
  }
}

}  // namespace brobygger::contact
