#include "core/grants/ingest.h"

#include <optional>
#include <utility>

#include "core/base/clock.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/grants/application_id.h"
#include "core/grants/kept.h"
#include "core/registry/records.h"

namespace brobygger::grants {
namespace {

// Whoever was refused within this time can still use an answer.
constexpr int kFreshDays = 90;
constexpr int kDaysToFollowUp = 14;

// Whether storing `next` would change nothing but etag, run and time.
bool SaysTheSame(const GrantApplication& stored, GrantApplication next) {
  next.set_etag(stored.etag());
  next.set_run_id(stored.run_id());
  *next.mutable_update_time() = stored.update_time();
  return registry::ToBytes(next) == registry::ToBytes(stored);
}

// A first reading brings the refusals of many years; nobody follows those up now.
bool IsFresh(const storage::Transaction& transaction,
             const std::optional<GrantApplication>& before,
             const GrantApplication& now) {
  if (before) return before->state() != grant::v1::GRANT_STATE_REFUSED;
  return !now.decided_date().empty() &&
         now.decided_date() >= base::DayOf(transaction.now(), -kFreshDays);
}

// Nobody has to do it any more.
absl::Status DropFollowUp(storage::Transaction& transaction, const std::string& application_id) {
  BB_ASSIGN_OR_RETURN(auto follow_up, FindFollowUp(transaction, application_id));
  if (!follow_up || follow_up->state() != FollowUp::STATE_OPEN) return absl::OkStatus();
  follow_up->set_state(FollowUp::STATE_DROPPED);
  return StoreFollowUp(transaction, *follow_up);
}

absl::Status FollowRefusal(storage::Transaction& transaction,
                           const std::optional<GrantApplication>& before,
                           const GrantApplication& now) {
  const bool refused = now.state() == grant::v1::GRANT_STATE_REFUSED;
  if (!refused) return DropFollowUp(transaction, now.id());
  BB_ASSIGN_OR_RETURN(const auto follow_up, FindFollowUp(transaction, now.id()));
  const bool wanted = !follow_up || follow_up->state() == FollowUp::STATE_DROPPED;
  if (!wanted || !IsFresh(transaction, before, now)) return absl::OkStatus();
  FollowUp made;
  made.set_application_id(now.id());
  made.set_reason(FollowUp::REASON_REFUSED);
  made.set_state(FollowUp::STATE_OPEN);
  made.set_due_date(base::DayOf(transaction.now(), kDaysToFollowUp));
  *made.mutable_create_time() = base::ToTimestamp(transaction.now());
  return StoreFollowUp(transaction, made);
}

// An application that came in, and what the hub had of it.
struct Arrival {
  Ingested what = Ingested::kNew;
  std::optional<GrantApplication> before;
};

// Brings `told` into the form in which it is stored.
absl::StatusOr<Arrival> Receive(const storage::Snapshot& snapshot, GrantApplication& told) {
  BB_RETURN_IF_ERROR(NormalizeAndCheck(told));
  told.set_id(ApplicationId(told.connection_id(), told.external_id()));
  Arrival arrival;
  BB_ASSIGN_OR_RETURN(arrival.before, FindApplication(snapshot, told.id()));
  if (!arrival.before) return arrival;
  *told.mutable_create_time() = arrival.before->create_time();
  told.set_assigned_association_id(arrival.before->assigned_association_id());
  told.set_assigned_by(arrival.before->assigned_by());
  arrival.what = SaysTheSame(*arrival.before, told) ? Ingested::kSame : Ingested::kChanged;
  return arrival;
}

}  // namespace

absl::StatusOr<Ingested> WouldIngest(const storage::Snapshot& snapshot, GrantApplication told) {
  BB_ASSIGN_OR_RETURN(const Arrival arrival, Receive(snapshot, told));
  return arrival.what;
}

absl::StatusOr<Ingested> IngestApplication(storage::Transaction& transaction,
                                           GrantApplication& told) {
  BB_ASSIGN_OR_RETURN(const Arrival arrival, Receive(transaction, told));
  if (arrival.what == Ingested::kSame) return arrival.what;
  BB_RETURN_IF_ERROR(StoreApplication(transaction, told));
  BB_RETURN_IF_ERROR(FollowRefusal(transaction, arrival.before, told));
  return arrival.what;
}

absl::Status IngestGone(storage::Transaction& transaction,
                        const std::string& connection_id,
                        const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(auto application,
                      FindApplication(transaction, ApplicationId(connection_id, external_id)));
  if (!application || application->has_gone_time()) return absl::OkStatus();
  *application->mutable_gone_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(DropFollowUp(transaction, application->id()));
  return StoreApplication(transaction, *application);
}

}  // namespace brobygger::grants
