// How records of one kind are found, listed and told apart; for this module's own files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <fmt/format.h>
#include <google/protobuf/repeated_field.h>

#include "core/base/status_macros.h"
#include "core/collab/collaborations.h"
#include "core/registry/each_record.h"
#include "core/registry/links.h"
#include "core/registry/page.h"
#include "core/registry/records.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// An association as an id leads to it after merges.
struct Led {
  std::string id;
  std::optional<std::string> title;  // none: the caller may not see it
};
absl::StatusOr<Led> LedTo(const storage::Snapshot& snapshot, const std::string& id);

// LedTo(), with each id looked up once. Lives as long as one answer is made.
class Leads {
 public:
  explicit Leads(const storage::Snapshot& snapshot) : snapshot_(snapshot) {}
  absl::StatusOr<Led> To(const std::string& id);

 private:
  const storage::Snapshot& snapshot_;
  std::map<std::string, Led> known_;
};

// The association that acts, as it is now; "" for an employee.
absl::StatusOr<std::string> SelfOf(const storage::Snapshot& snapshot, const Actor& actor);

// The event is there, and the caller's to see. FIELD_INVALID.
absl::Status CheckEvent(const storage::Snapshot& snapshot, const std::string& event_id);

// The part of a list with this id, or null.
template <typename Part>
Part* FindPart(google::protobuf::RepeatedPtrField<Part>& parts, const std::string& id) {
  const auto found =
      std::find_if(parts.begin(), parts.end(), [&](const Part& each) { return each.id() == id; });
  return found == parts.end() ? nullptr : &*found;
}

// Who takes part by this id, or by one that leads to the same association; null if nobody does.
template <typename Taker>
absl::StatusOr<Taker*> FindTaker(const storage::Snapshot& snapshot,
                                 google::protobuf::RepeatedPtrField<Taker>& takers,
                                 const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const Led wanted, LedTo(snapshot, association_id));
  for (Taker& each : takers) {
    BB_ASSIGN_OR_RETURN(const Led led, LedTo(snapshot, each.association_id()));
    if (led.id == wanted.id) return &each;
  }
  return nullptr;
}

// Names those who take part as `actor` may be told, and makes one of two that were merged. Who
// takes part knows the others, by the name they joined with.
template <typename Taker>
absl::Status ShowTakers(Leads& leads,
                        const Actor& actor,
                        google::protobuf::RepeatedPtrField<Taker>& takers) {
  for (int i = 0; i < takers.size();) {
    Taker& taker = takers[i];
    BB_ASSIGN_OR_RETURN(const Led led, leads.To(taker.association_id()));
    taker.set_association_id(led.id);
    if (led.title || !actor.is_association()) taker.set_title(led.title.value_or(""));
    const auto end = takers.begin() + i;
    const auto same = std::find_if(
        takers.begin(), end, [&](const Taker& each) { return each.association_id() == led.id; });
    if (same == end) {
      ++i;
      continue;
    }
    // One that has not left is still there.
    if (taker.left_date().empty()) same->clear_left_date();
    takers.DeleteSubrange(i, 1);
  }
  return absl::OkStatus();
}

// The record of this kind that `typed` means: a whole id, or the beginning of just one.
template <typename Record>
absl::StatusOr<std::optional<Record>> FindByStart(const storage::Snapshot& snapshot,
                                                  storage::Kind kind,
                                                  const std::string& typed) {
  if (typed.empty()) return std::nullopt;
  BB_ASSIGN_OR_RETURN(const auto entries,
                      snapshot.Scan(kind, {.prefix = typed, .after = "", .limit = 2}));
  if (entries.size() != 1) return std::nullopt;
  Record record;
  BB_RETURN_IF_ERROR(registry::ParseRecord(entries.front().bytes, record));
  return record;
}

// All of a kind; or those that an index has for an association and what was merged into it.
template <typename Record>
absl::StatusOr<std::vector<Record>> LoadRecords(const storage::Snapshot& snapshot,
                                                storage::Kind kind,
                                                storage::Index index,
                                                const std::string& association_id) {
  std::vector<Record> records;
  const auto add = [&](Record record) {
    records.push_back(std::move(record));
    return absl::OkStatus();
  };
  if (association_id.empty()) {
    BB_RETURN_IF_ERROR((registry::ForEachRecord<Record>(snapshot, kind, "", add)));
    return records;
  }
  BB_ASSIGN_OR_RETURN(const Led led, LedTo(snapshot, association_id));
  BB_ASSIGN_OR_RETURN(const auto ids, registry::IdsOf(snapshot, led.id));
  std::set<std::string> keys;
  for (const std::string& id : ids) {
    BB_ASSIGN_OR_RETURN(const auto found, snapshot.KeysAt(index, id));
    keys.insert(found.begin(), found.end());
  }
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, key));
    if (bytes == nullptr) continue;
    Record record;
    BB_RETURN_IF_ERROR(registry::ParseRecord(bytes, record));
    records.push_back(std::move(record));
  }
  return records;
}

// Of all records those of one page, the newest first, and the token for the next one.
// PAGE_TOKEN_INVALID, FIELD_INVALID.
template <typename Record, typename Request>
absl::StatusOr<std::pair<std::vector<Record>, std::string>> PageOf(
    const storage::Snapshot& snapshot,
    std::vector<Record> all,
    const Request& request,
    const std::string& arguments) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  registry::PagePlace place;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
  }
  // Where each stands, told once: by when it was made, then by its id.
  std::vector<std::pair<std::string, std::size_t>> places;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& made = all[i].create_time();
    std::string here = fmt::format("{:012}.{:09} {}", made.seconds(), made.nanos(), all[i].id());
    if (place.key.empty() || here < place.key) places.emplace_back(std::move(here), i);
  }
  const std::size_t count = std::min(places.size(), static_cast<std::size_t>(size));
  std::partial_sort(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(count),
                    places.end(), std::greater<>());
  std::vector<Record> page;
  for (std::size_t i = 0; i < count; ++i) page.push_back(std::move(all[places[i].second]));
  std::string token;
  if (count > 0 && count < places.size()) {
    token = registry::MakePageToken(
        {.revision = snapshot.revision(), .value = "", .key = places[count - 1].first}, arguments);
  }
  return std::pair(std::move(page), std::move(token));
}

}  // namespace brobygger::collab
