#include "core/sync/fight.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "core/base/status_macros.h"
#include "core/model/fields.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;

constexpr std::chrono::hours kWithin(24);
// Of an association that changes all day in other fields too.
constexpr int kLookedAt = 50;

// What the association held within the time, newest first.
absl::StatusOr<std::vector<Association>> LatelyHeld(const storage::Store& store,
                                                    const std::string& id,
                                                    base::Instant since) {
  BB_ASSIGN_OR_RETURN(const auto versions, store.VersionsOf(Kind::kAssociation, id, 0, kLookedAt));
  std::vector<Association> held;
  for (const storage::Version& version : versions) {
    if (version.bytes == nullptr || !held.emplace_back().ParseFromString(*version.bytes)) break;
    // The one before the time too: what the first turn in it turned from.
    if (version.registered_time < since) break;
  }
  return held;
}

// How often the field turned between `left` and `right`, up to the newest value.
absl::StatusOr<int> Turns(const std::vector<Association>& newest_first,
                          const std::string& path,
                          const std::string& left,
                          const std::string& right) {
  std::vector<std::string> values;
  for (const Association& association : newest_first) {
    BB_ASSIGN_OR_RETURN(std::string value, model::FieldText(association, path));
    if (!values.empty() && model::SameValue(path, values.back(), value)) continue;
    const bool one_of_two =
        model::SameValue(path, value, left) || model::SameValue(path, value, right);
    if (!one_of_two) break;
    values.push_back(std::move(value));
  }
  return static_cast<int>(values.size()) - 1;
}

}  // namespace

absl::Status StopFights(const storage::Store& store,
                        const Association& association,
                        base::Instant now,
                        const ToldFields& told,
                        MergeResult& merge) {
  const base::Instant since = now - kWithin;
  if (!merge.ChangesRegistry() || association.id().empty() || !association.has_update_time() ||
      base::ToInstant(association.update_time()) < since) {
    return absl::OkStatus();
  }
  BB_ASSIGN_OR_RETURN(const auto held, LatelyHeld(store, association.id(), since));
  if (static_cast<int>(held.size()) <= kMostTurns) return absl::OkStatus();
  for (v1::FieldChange& change : merge.changes) {
    if (change.conflict()) continue;
    BB_ASSIGN_OR_RETURN(const int turns,
                        Turns(held, change.path(), change.old_value(), change.new_value()));
    // This change would be one more.
    if (turns < kMostTurns) continue;
    change.set_conflict(true);
    change.set_fight(true);
    change.set_overrules(false);
    std::erase(merge.stands_behind, change.path());
    const auto said = told.find(change.path());
    const std::string value = said == told.end() ? change.new_value() : said->second;
    change.set_new_value(value);
    if (!value.empty()) merge.other_values[change.path()] = value;
    if (value.empty()) --merge.blanked;
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
