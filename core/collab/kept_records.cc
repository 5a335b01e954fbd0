#include "core/collab/kept_records.h"

#include "core/model/rules.h"
#include "core/registry/joining.h"

namespace brobygger::collab {

absl::StatusOr<Led> LedTo(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot, id));
  if (!association) return Led{id, std::nullopt};
  return Led{association->id(), association->official_name()};
}

absl::StatusOr<Led> Leads::To(const std::string& id) {
  if (const auto known = known_.find(id); known != known_.end()) return known->second;
  BB_ASSIGN_OR_RETURN(Led led, LedTo(snapshot_, id));
  return known_[id] = std::move(led);
}

absl::StatusOr<std::string> SelfOf(const storage::Snapshot& snapshot, const Actor& actor) {
  if (!actor.is_association()) return std::string();
  BB_ASSIGN_OR_RETURN(Led led, LedTo(snapshot, actor.association_id));
  return std::move(led.id);
}

absl::Status CheckEvent(const storage::Snapshot& snapshot, const std::string& event_id) {
  if (event_id.empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(storage::Kind::kEvent, event_id));
  if (bytes != nullptr) return absl::OkStatus();
  return model::BrokenRule({nullptr, "event_id"}, "names what there is not");
}

}  // namespace brobygger::collab
