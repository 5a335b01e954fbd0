#include "core/contact/telling.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "core/access/disclosure.h"
#include "core/access/scope.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/touchpoints.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"

namespace brobygger::contact {

using registry::v1::Department;
using v1::StoredTouchpoint;
using v1::Touchpoint;

namespace {

bool IsOwed(const Touchpoint& touchpoint) {
  return touchpoint.has_follow_up() && !touchpoint.follow_up().has_done_time();
}

// What a department needs to know to do what another promised for it.
Touchpoint OwedPart(const Touchpoint& touchpoint) {
  Touchpoint part;
  part.set_id(touchpoint.id());
  part.set_association_id(touchpoint.association_id());
  part.set_department_id(touchpoint.department_id());
  part.set_department_name_then(touchpoint.department_name_then());
  part.set_date(touchpoint.date());
  part.set_channel(touchpoint.channel());
  part.set_purpose(touchpoint.purpose());
  part.set_basis(touchpoint.basis());
  part.set_etag(touchpoint.etag());
  if (touchpoint.has_follow_up()) *part.mutable_follow_up() = touchpoint.follow_up();
  return part;
}

}  // namespace

Telling::Telling(const storage::Snapshot& snapshot, const access::Caller& caller, std::string today)
    : snapshot_(snapshot), caller_(caller), today_(std::move(today)) {}

absl::StatusOr<const Department*> Telling::FindDepartment(const std::string& id) {
  const auto known = departments_.find(id);
  if (known != departments_.end()) return &known->second;
  auto department = registry::GetDepartment(snapshot_, id);
  if (base::ReasonOf(department.status()) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND) {
    return nullptr;
  }
  BB_RETURN_IF_ERROR(department.status());
  return &(departments_[id] = *std::move(department));
}

absl::StatusOr<Telling::Level> Telling::LevelOf(const std::string& department_id,
                                                const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const Department* const department, FindDepartment(department_id));
  if (department == nullptr) return discovery::v1::DISCLOSURE_LEVEL_UNSPECIFIED;
  registry::v1::VisibilityConsent consent;
  if (access::AsksConsent(caller_, *department)) {
    BB_ASSIGN_OR_RETURN(const auto association, registry::FollowMerges(snapshot_, association_id));
    if (association) consent = association->visibility_consent();
  }
  return access::LevelFor(caller_, *department, consent);
}

absl::StatusOr<Telling::Part> Telling::PartOf(const Touchpoint& touchpoint) {
  if (access::SeesAll(caller_)) return Part::kWhole;
  const std::string& about = touchpoint.association_id();
  BB_ASSIGN_OR_RETURN(const Level level, LevelOf(touchpoint.department_id(), about));
  if (level >= discovery::v1::DISCLOSURE_LEVEL_TOUCHPOINTS) return Part::kWhole;
  const std::string& owner = touchpoint.follow_up().owner_department_id();
  if (!IsOwed(touchpoint) || !access::WorksIn(caller_, owner)) return Part::kNothing;
  BB_ASSIGN_OR_RETURN(const Level own, LevelOf(owner, about));
  // It tells a day and a purpose, as a summary does.
  return own >= discovery::v1::DISCLOSURE_LEVEL_SUMMARY ? Part::kOwed : Part::kNothing;
}

absl::StatusOr<bool> Telling::TellsCount(const v1::TouchpointCount& count) {
  if (access::SeesAll(caller_)) return true;
  BB_ASSIGN_OR_RETURN(const Level level, LevelOf(count.department_id(), count.association_id()));
  return level >= discovery::v1::DISCLOSURE_LEVEL_TOUCHPOINTS;
}

absl::StatusOr<Touchpoint> Telling::Tell(const StoredTouchpoint& stored, Part part) {
  if (part == Part::kNothing) return Touchpoint();
  Touchpoint touchpoint =
      part == Part::kWhole ? stored.touchpoint() : OwedPart(stored.touchpoint());
  touchpoint.set_state(IsHeld(touchpoint, today_) ? Touchpoint::STATE_HELD
                                                  : Touchpoint::STATE_PLANNED);
  if (stored.review() == StoredTouchpoint::REVIEW_OPEN) {
    touchpoint.set_state(Touchpoint::STATE_IN_REVIEW);
  }
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot_, touchpoint.association_id()));
  if (association) {
    touchpoint.set_association_id(association->id());
    touchpoint.set_official_name(association->official_name());
  }
  BB_ASSIGN_OR_RETURN(const auto* department, FindDepartment(touchpoint.department_id()));
  if (department != nullptr) touchpoint.set_department_name(department->official_name());
  if (touchpoint.department_name_then() == touchpoint.department_name()) {
    touchpoint.clear_department_name_then();
  }
  if (touchpoint.has_follow_up()) {
    v1::ContactFollowUp& follow_up = *touchpoint.mutable_follow_up();
    BB_ASSIGN_OR_RETURN(const auto* owner, FindDepartment(follow_up.owner_department_id()));
    if (owner != nullptr) follow_up.set_owner_department_name(owner->official_name());
  }
  return touchpoint;
}

absl::StatusOr<Touchpoint> Telling::TellWriter(const StoredTouchpoint& stored) {
  BB_ASSIGN_OR_RETURN(const Part part, PartOf(stored.touchpoint()));
  return Tell(stored, part == Part::kWhole ? part : Part::kOwed);
}

absl::Status CheckWritesFor(const storage::Snapshot& snapshot,
                            const access::Caller& caller,
                            const std::vector<std::string>& department_ids) {
  if (access::SeesAll(caller)) return absl::OkStatus();
  std::string whose = "another department's";
  std::string whom;
  for (auto id = department_ids.rbegin(); id != department_ids.rend(); ++id) {
    const auto department = registry::GetDepartment(snapshot, *id);
    if (!department.ok()) continue;
    if (access::WritesFor(caller, *department)) return absl::OkStatus();
    whose = department->official_name() + "'s";
    whom = department->contact_email();
  }
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         absl::StrCat("this is ", whose, " contact, and theirs to write; ask them",
                                      whom.empty() ? "" : absl::StrCat(" (", whom, ")"),
                                      ", or whoever coordinates across departments"));
}

}  // namespace brobygger::contact
