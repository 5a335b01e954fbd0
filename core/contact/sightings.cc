#include "core/contact/sightings.h"

#include <algorithm>
#include <set>
#include <utility>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/contact/kept.h"

namespace brobygger::contact {
namespace {

using v1::StoredTouchpoint;

// What has to be done about a record's touchpoints.
struct Work {
  std::vector<StoredTouchpoint> put;
  std::vector<std::string> remove;
  SightingCounts counts;
};

bool TellsOf(const StoredTouchpoint& stored, const std::string& record) {
  return std::count(stored.records().begin(), stored.records().end(), record) > 0;
}

void ForgetRecord(StoredTouchpoint& stored, const std::string& record) {
  auto& records = *stored.mutable_records();
  records.erase(std::remove(records.begin(), records.end(), record), records.end());
}

StoredTouchpoint Made(const Sightings& sightings, const Sighting& sighting, std::string id) {
  StoredTouchpoint stored;
  v1::Touchpoint& touchpoint = *stored.mutable_touchpoint();
  touchpoint.set_id(std::move(id));
  touchpoint.set_association_id(sighting.with.association_id);
  touchpoint.set_department_id(sightings.department_id);
  touchpoint.set_channel(v1::CONTACT_CHANNEL_MEETING);
  touchpoint.set_meeting_key(sighting.meeting_key);
  return stored;
}

// Whether another calendar tells it by a stronger sign.
bool IsStrongerElsewhere(const StoredTouchpoint& stored,
                         const Sightings& sightings,
                         const Sighting& sighting) {
  const int others = stored.records_size() - (TellsOf(stored, sightings.record) ? 1 : 0);
  return others > 0 && stored.touchpoint().basis() < sighting.with.basis;
}

// Brings `stored` up to what is told; a person's word stands.
void Tell(const Sightings& sightings, const Sighting& sighting, StoredTouchpoint& stored) {
  v1::Touchpoint& touchpoint = *stored.mutable_touchpoint();
  const bool stronger = IsStrongerElsewhere(stored, sightings, sighting);
  touchpoint.set_date(sighting.date);
  touchpoint.clear_source_gone_time();
  if (!TellsOf(stored, sightings.record)) stored.add_records(sightings.record);
  if (stronger) return;
  touchpoint.set_basis(sighting.with.basis);
  const bool decided = stored.review() == StoredTouchpoint::REVIEW_CONFIRMED ||
                       stored.review() == StoredTouchpoint::REVIEW_DISMISSED;
  if (!decided) {
    stored.set_review(sighting.with.in_review ? StoredTouchpoint::REVIEW_OPEN
                                              : StoredTouchpoint::REVIEW_UNSPECIFIED);
  }
}

absl::Status LookAtTold(const storage::Snapshot& snapshot,
                        const Sightings& sightings,
                        std::set<std::string>& told,
                        Work& work) {
  for (const Sighting& sighting : sightings.meetings) {
    std::string id = MeetingTouchpointId(sighting.meeting_key, sightings.department_id,
                                         sighting.with.association_id);
    if (!told.insert(id).second) continue;
    BB_ASSIGN_OR_RETURN(auto before, FindTouchpoint(snapshot, id));
    StoredTouchpoint stored = before ? *before : Made(sightings, sighting, std::move(id));
    Tell(sightings, sighting, stored);
    if (!before) {
      ++work.counts.added;
      if (sighting.with.in_review) ++work.counts.in_review;
    } else if (stored.SerializeAsString() == before->SerializeAsString()) {
      continue;
    } else if (before->touchpoint().date() != stored.touchpoint().date() ||
               before->touchpoint().basis() != stored.touchpoint().basis()) {
      ++work.counts.changed;
    }
    work.put.push_back(std::move(stored));
  }
  return absl::OkStatus();
}

absl::StatusOr<Work> LookAt(const storage::Snapshot& snapshot,
                            const Sightings& sightings,
                            const std::string& today) {
  Work work;
  const std::set<std::string> cancelled(sightings.cancelled.begin(), sightings.cancelled.end());
  std::set<std::string> told;
  BB_RETURN_IF_ERROR(LookAtTold(snapshot, sightings, told, work));
  BB_ASSIGN_OR_RETURN(auto known, TouchpointsOfRecord(snapshot, sightings.record));
  for (StoredTouchpoint& stored : known) {
    const v1::Touchpoint& touchpoint = stored.touchpoint();
    if (told.contains(touchpoint.id())) continue;
    const bool off = sightings.opted_out || cancelled.contains(touchpoint.meeting_key());
    if (!off && touchpoint.date() < today) continue;
    ForgetRecord(stored, sightings.record);
    if (stored.records().empty()) {
      work.remove.push_back(touchpoint.id());
      ++work.counts.removed;
    } else {
      work.put.push_back(std::move(stored));
    }
  }
  return work;
}

absl::StatusOr<SightingCounts> Do(storage::Transaction& transaction, Work work) {
  for (StoredTouchpoint& stored : work.put) {
    BB_RETURN_IF_ERROR(StoreTouchpoint(transaction, stored));
  }
  for (const std::string& id : work.remove) {
    BB_RETURN_IF_ERROR(RemoveTouchpoint(transaction, id));
  }
  return work.counts;
}

}  // namespace

absl::StatusOr<SightingCounts> WouldSee(const storage::Snapshot& snapshot,
                                        const Sightings& sightings,
                                        base::Instant now) {
  BB_ASSIGN_OR_RETURN(const Work work, LookAt(snapshot, sightings, base::DanishDayOf(now)));
  return work.counts;
}

absl::StatusOr<SightingCounts> See(storage::Transaction& transaction, const Sightings& sightings) {
  const std::string today = base::DanishDayOf(transaction.now());
  BB_ASSIGN_OR_RETURN(Work work, LookAt(transaction, sightings, today));
  return Do(transaction, std::move(work));
}

namespace {

absl::StatusOr<Work> LookAtLost(const storage::Snapshot& snapshot,
                                const std::string& record,
                                base::Instant now) {
  const std::string today = base::DanishDayOf(now);
  Work work;
  BB_ASSIGN_OR_RETURN(auto known, TouchpointsOfRecord(snapshot, record));
  for (StoredTouchpoint& stored : known) {
    ForgetRecord(stored, record);
    const bool told_elsewhere = !stored.records().empty();
    const bool held = stored.touchpoint().date() < today;
    const bool wanted = stored.review() != StoredTouchpoint::REVIEW_DISMISSED;
    if (told_elsewhere || (held && wanted)) {
      if (!told_elsewhere) {
        *stored.mutable_touchpoint()->mutable_source_gone_time() = base::ToTimestamp(now);
      }
      work.put.push_back(std::move(stored));
    } else {
      work.remove.push_back(stored.touchpoint().id());
      ++work.counts.removed;
    }
  }
  return work;
}

}  // namespace

absl::StatusOr<SightingCounts> WouldLoseSight(const storage::Snapshot& snapshot,
                                              const std::string& record,
                                              base::Instant now) {
  BB_ASSIGN_OR_RETURN(const Work work, LookAtLost(snapshot, record, now));
  return work.counts;
}

absl::StatusOr<SightingCounts> LoseSight(storage::Transaction& transaction,
                                         const std::string& record) {
  BB_ASSIGN_OR_RETURN(Work work, LookAtLost(transaction, record, transaction.now()));
  return Do(transaction, std::move(work));
}

namespace {

absl::StatusOr<std::vector<std::string>> GuessesOf(const storage::Snapshot& snapshot,
                                                   const std::string& department_id) {
  BB_ASSIGN_OR_RETURN(
      const auto all,
      TouchpointsAt(snapshot, storage::Index::kTouchpointByDepartment, department_id));
  std::vector<std::string> ids;
  for (const StoredTouchpoint& stored : all) {
    const auto basis = stored.touchpoint().basis();
    const bool guessed =
        basis == v1::Touchpoint::BASIS_ADDRESS || basis == v1::Touchpoint::BASIS_DOMAIN;
    if (guessed && stored.review() != StoredTouchpoint::REVIEW_CONFIRMED) {
      ids.push_back(stored.touchpoint().id());
    }
  }
  return ids;
}

}  // namespace

absl::StatusOr<std::uint64_t> ForgetGuesses(storage::Transaction& transaction,
                                            const std::string& department_id) {
  BB_ASSIGN_OR_RETURN(const auto ids, GuessesOf(transaction, department_id));
  for (const std::string& id : ids) BB_RETURN_IF_ERROR(RemoveTouchpoint(transaction, id));
  return ids.size();
}

absl::StatusOr<bool> AnyGuesses(const storage::Snapshot& snapshot,
                                const std::string& department_id) {
  BB_ASSIGN_OR_RETURN(const auto ids, GuessesOf(snapshot, department_id));
  return !ids.empty();
}

}  // namespace brobygger::contact
