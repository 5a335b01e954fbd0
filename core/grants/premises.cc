#include "core/grants/premises.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/rules.h"
#include "core/registry/each_record.h"
#include "core/registry/joining.h"
#include "core/registry/query.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

using model::BrokenRule;
using storage::Index;
using storage::Kind;

// The one that `typed` means: a whole id, or the beginning of just one.
template <typename Record>
absl::StatusOr<Record> Load(const storage::Snapshot& snapshot,
                            Kind kind,
                            const std::string& typed) {
  Record record;
  const auto not_found = [&] {
    return base::MakeError(errors::v1::ERROR_REASON_PREMISES_NOT_FOUND,
                           "there is nothing '" + registry::Shown(typed) +
                               "' of that kind that you may see; see brobygger premises list, with "
                               "--needs for what is needed",
                           {{"premises_id", registry::Shown(typed)}});
  };
  if (typed.empty()) return not_found();
  BB_ASSIGN_OR_RETURN(const auto entries,
                      snapshot.Scan(kind, {.prefix = typed, .after = "", .limit = 2}));
  if (entries.size() != 1) return not_found();
  BB_RETURN_IF_ERROR(registry::ParseRecord(entries.front().bytes, record));
  return record;
}

// Stores it where it is found by its association; sets etag and times.
template <typename Record>
absl::Status Store(storage::Transaction& transaction, Kind kind, Index index, Record& record) {
  record.clear_official_name();
  record.set_etag(registry::EtagOf(transaction.revision()));
  *record.mutable_update_time() = base::ToTimestamp(transaction.now());
  if (!record.has_create_time()) *record.mutable_create_time() = record.update_time();
  return transaction.Put(kind, record.id(), registry::ToBytes(record),
                         {{index, record.association_id()}});
}

absl::Status StoreNeed(storage::Transaction& transaction, PremisesNeed& need) {
  return Store(transaction, Kind::kPremisesNeed, Index::kPremisesNeedByAssociation, need);
}

absl::Status StoreAllocation(storage::Transaction& transaction, PremisesAllocation& premises) {
  premises.clear_department_name();
  return Store(transaction, Kind::kPremises, Index::kPremisesByAssociation, premises);
}

template <typename Record>
absl::Status ShowAssociation(const storage::Snapshot& snapshot, Record& record) {
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::FollowMerges(snapshot, record.association_id()));
  if (!association) return absl::OkStatus();
  record.set_association_id(association->id());
  record.set_official_name(association->official_name());
  return absl::OkStatus();
}

// What a change must not change, from the need that it changes.
absl::Status KeepFrom(const storage::Snapshot& snapshot, PremisesNeed& need) {
  BB_ASSIGN_OR_RETURN(const auto before,
                      Load<PremisesNeed>(snapshot, Kind::kPremisesNeed, need.id()));
  BB_RETURN_IF_ERROR(registry::CheckEtag(need.etag(), before.etag(), {"premises_id", before.id()}));
  BB_ASSIGN_OR_RETURN(const auto now_of, registry::FollowMerges(snapshot, before.association_id()));
  if (now_of && now_of->id() != need.association_id()) {
    return BrokenRule({nullptr, "association_id"}, "is not the need's; state a need of its own");
  }
  // As it is kept, so that a merge and its undoing change nothing here.
  need.set_association_id(before.association_id());
  need.set_id(before.id());
  need.set_state(before.state());
  *need.mutable_create_time() = before.create_time();
  return absl::OkStatus();
}

std::string SlotText(const WeeklySlot& slot) {
  static constexpr const char* kDays[] = {"",          "Mondays", "Tuesdays",  "Wednesdays",
                                          "Thursdays", "Fridays", "Saturdays", "Sundays"};
  return fmt::format("{} {}-{}", kDays[slot.weekday()], slot.from_time(), slot.to_time());
}

absl::Status Taken(const storage::Snapshot& snapshot, PremisesAllocation taken) {
  BB_RETURN_IF_ERROR(ShowAssociation(snapshot, taken));
  const std::string& name = taken.official_name();
  return base::MakeError(
      errors::v1::ERROR_REASON_ALREADY_EXISTS,
      fmt::format("{} is taken on {}, {} to {} (the day it is free again), by {}; choose another "
                  "time or place, or have it released first: brobygger premises release {}",
                  taken.place(), SlotText(taken.slot()), taken.season().from_date(),
                  taken.season().to_date(), name.empty() ? "another association" : name,
                  taken.id().substr(0, 8)),
      {{"premises_id", taken.id()}, {"until", taken.season().to_date()}});
}

// Whether another allocation in the same municipality clashes with it.
absl::Status CheckFree(const storage::Snapshot& snapshot,
                       const PremisesAllocation& wanted,
                       const std::string& municipality_code) {
  std::optional<PremisesAllocation> taken;
  const auto look = [&](PremisesAllocation other) -> absl::Status {
    if (taken || other.id() == wanted.id() || !Clash(wanted, other)) return absl::OkStatus();
    // Where its department is gone nobody knows which town it was in: better to ask.
    const auto department = registry::GetDepartment(snapshot, other.department_id());
    const bool elsewhere = department.ok() && department->municipality_code() != municipality_code;
    if (!elsewhere) taken = std::move(other);
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(
      (registry::ForEachRecord<PremisesAllocation>(snapshot, Kind::kPremises, "", look)));
  return taken ? Taken(snapshot, *std::move(taken)) : absl::OkStatus();
}

// The need that the allocation answers is met with it.
absl::Status MeetNeed(storage::Transaction& transaction, PremisesAllocation& premises) {
  if (premises.premises_need_id().empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(PremisesNeed need, Load<PremisesNeed>(transaction, Kind::kPremisesNeed,
                                                            premises.premises_need_id()));
  BB_ASSIGN_OR_RETURN(const auto owner, registry::FollowMerges(transaction, need.association_id()));
  if (!owner || owner->id() != premises.association_id()) {
    return BrokenRule({nullptr, "premises_need_id"}, "is the need of another association");
  }
  premises.set_premises_need_id(need.id());
  need.set_state(grant::v1::PREMISES_NEED_STATE_MET);
  return StoreNeed(transaction, need);
}

}  // namespace

absl::StatusOr<PremisesNeed> Shown(const storage::Snapshot& snapshot, PremisesNeed need) {
  BB_RETURN_IF_ERROR(ShowAssociation(snapshot, need));
  return need;
}

absl::StatusOr<PremisesAllocation> Shown(const storage::Snapshot& snapshot,
                                         PremisesAllocation premises) {
  BB_RETURN_IF_ERROR(ShowAssociation(snapshot, premises));
  const auto department = registry::GetDepartment(snapshot, premises.department_id());
  if (department.ok()) premises.set_department_name(department->official_name());
  return premises;
}

absl::StatusOr<PremisesNeed> StateNeed(storage::Transaction& transaction,
                                       const PremisesNeed& wanted,
                                       registry::v1::Perspective by) {
  PremisesNeed need = wanted;
  BB_RETURN_IF_ERROR(NormalizeAndCheck(need));
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::GetLive(transaction, need.association_id()));
  need.set_association_id(association.id());
  need.clear_create_time();
  need.set_stated_by(by);
  if (need.id().empty()) {
    need.set_id(base::MakeUuid());
    need.set_state(grant::v1::PREMISES_NEED_STATE_OPEN);
  } else {
    BB_RETURN_IF_ERROR(KeepFrom(transaction, need));
  }
  BB_RETURN_IF_ERROR(StoreNeed(transaction, need));
  return Shown(transaction, std::move(need));
}

absl::StatusOr<PremisesNeed> SettleNeed(storage::Transaction& transaction,
                                        const grant::v1::SettlePremisesNeedRequest& request) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  if (request.state() == grant::v1::PREMISES_NEED_STATE_UNSPECIFIED) {
    return BrokenRule({nullptr, "state"}, "is required");
  }
  BB_ASSIGN_OR_RETURN(PremisesNeed need, Load<PremisesNeed>(transaction, Kind::kPremisesNeed,
                                                            request.premises_need_id()));
  BB_RETURN_IF_ERROR(registry::CheckEtag(request.etag(), need.etag(), {"premises_id", need.id()}));
  if (need.state() != request.state()) {
    need.set_state(request.state());
    BB_RETURN_IF_ERROR(StoreNeed(transaction, need));
  }
  return Shown(transaction, std::move(need));
}

absl::StatusOr<PremisesAllocation> Allocate(storage::Transaction& transaction,
                                            const PremisesAllocation& wanted) {
  PremisesAllocation premises = wanted;
  BB_RETURN_IF_ERROR(NormalizeAndCheck(premises));
  BB_ASSIGN_OR_RETURN(const auto association,
                      registry::GetLive(transaction, premises.association_id()));
  premises.set_association_id(association.id());
  BB_ASSIGN_OR_RETURN(const auto department,
                      registry::GetDepartment(transaction, premises.department_id()));
  premises.clear_create_time();
  premises.clear_released_date();
  premises.set_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(CheckFree(transaction, premises, department.municipality_code()));
  BB_RETURN_IF_ERROR(MeetNeed(transaction, premises));
  BB_RETURN_IF_ERROR(StoreAllocation(transaction, premises));
  return Shown(transaction, std::move(premises));
}

absl::StatusOr<PremisesAllocation> Release(storage::Transaction& transaction,
                                           const grant::v1::ReleasePremisesRequest& request) {
  BB_ASSIGN_OR_RETURN(
      PremisesAllocation premises,
      Load<PremisesAllocation>(transaction, Kind::kPremises, request.premises_id()));
  BB_RETURN_IF_ERROR(
      registry::CheckEtag(request.etag(), premises.etag(), {"premises_id", premises.id()}));
  std::string day = request.release_date();
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "release_date"}, day));
  const auto& season = premises.season();
  if (day.empty()) day = std::max(base::DanishDayOf(transaction.now()), season.from_date());
  if (day < season.from_date() || day >= season.to_date()) {
    return BrokenRule({nullptr, "release_date"},
                      "is outside the season, " + season.from_date() + " to " + season.to_date());
  }
  premises.mutable_season()->set_to_date(day);
  premises.set_released_date(day);
  BB_RETURN_IF_ERROR(StoreAllocation(transaction, premises));
  return Shown(transaction, std::move(premises));
}

}  // namespace brobygger::grants
