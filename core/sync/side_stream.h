#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/claims.h"
#include "core/sync/intake.h"
#include "core/sync/keys.h"
#include "core/sync/rejects.h"

namespace brobygger::sync {

// What a connection tells beside associations, or instead of them: grant applications,
// meetings. It is read into claims as associations are, but the source decides all of
// it, so there is nothing to merge, and nothing is written back.
//
// `Records` is what is done with them, and what came of it. It is a value: of a write that
// fails, nothing is counted.
//
//   counts                  with set_gone_count() and set_rejected_count()
//   kKeepsClaims            whether what was told is kept once it is applied
//   bool Plan(transaction, claim)            whether applying it would change anything; counts it
//   Status Apply(transaction, claim)
//   string GroupOf(claim)                    part of the stream that is guarded by itself, or ""
//   Status Gone(transaction, external_id)    the source no longer has it
//   bool PlanHidden(transaction, external_id)  as Plan(), of what the connection no longer shows
//   Status Hidden(transaction, external_id)

// All must outlive the calls.
struct SideContext {
  storage::Store& store;
  StreamKey stream;
  std::string run_id;
};

// One pass over a batch of what waits, within one write.
template <typename Records>
class SideBatch {
 public:
  SideBatch(const SideContext& context, storage::Transaction& transaction, Records before)
      : records(std::move(before)), context_(context), transaction_(transaction) {}

  Records records;

  // Takes from what waits the records that there is nothing to do about.
  absl::Status Plan(const std::string& key, const std::string& what) {
    if (what == kPendingHidden) return PlanHidden(key);
    if (what != kPendingTold) {
      CountGone();
      return absl::OkStatus();
    }
    const absl::Status done = PlanTold(key);
    return done.ok() ? done : Reject(key, done);
  }

  absl::Status Apply(const std::string& key, const std::string& what, bool with_gone) {
    if (what != kPendingTold) return ApplyAbsent(key, what == kPendingHidden, with_gone);
    const absl::Status done = ApplyTold(key);
    return done.ok() ? done : Reject(key, done);
  }

  // How many more records are live now.
  std::int64_t live_change() const { return live_change_; }

 private:
  absl::Status PlanHidden(const std::string& key) {
    BB_ASSIGN_OR_RETURN(const bool changes,
                        records.PlanHidden(transaction_, ExternalIdOf(context_.stream, key)));
    return changes ? absl::OkStatus() : ApplyAbsent(key, true, false);
  }

  absl::Status PlanTold(const std::string& key) {
    BB_ASSIGN_OR_RETURN(const auto claim,
                        Load<v1::Claim>(transaction_, storage::Kind::kClaim, key));
    if (!claim) return Settle(key);
    BB_ASSIGN_OR_RETURN(const bool changes, records.Plan(transaction_, *claim));
    return changes ? absl::OkStatus() : Link(key, *claim);
  }

  absl::Status ApplyTold(const std::string& key) {
    BB_ASSIGN_OR_RETURN(const auto claim,
                        Load<v1::Claim>(transaction_, storage::Kind::kClaim, key));
    if (!claim) return Settle(key);
    BB_RETURN_IF_ERROR(records.Apply(transaction_, *claim));
    BB_RETURN_IF_ERROR(
        NoLongerAside(transaction_, context_.stream, ExternalIdOf(context_.stream, key)));
    return Link(key, *claim);
  }

  // What another scope merely hides is not gone: it is not counted, and waits for nobody.
  absl::Status ApplyAbsent(const std::string& key, bool hidden, bool with_gone) {
    if (!hidden && !with_gone) return absl::OkStatus();
    const std::string id = ExternalIdOf(context_.stream, key);
    BB_RETURN_IF_ERROR(hidden ? records.Hidden(transaction_, id) : records.Gone(transaction_, id));
    if (!hidden) CountGone();
    BB_ASSIGN_OR_RETURN(auto link, Load<v1::Link>(transaction_, storage::Kind::kLink, key));
    BB_RETURN_IF_ERROR(ForgetClaim(key));
    if (link && link->state() == v1::Link::STATE_LIVE) {
      --live_change_;
      link->set_state(hidden ? v1::Link::STATE_OUT_OF_SCOPE : v1::Link::STATE_TOMBSTONE);
      *link->mutable_since_time() = base::ToTimestamp(transaction_.now());
      BB_RETURN_IF_ERROR(transaction_.Put(storage::Kind::kLink, key, link->SerializeAsString()));
    }
    return Settle(key);
  }

  // The hub has what the source says. Such a link names no association and stands in
  // no index: whose the record is, is looked up when somebody asks.
  absl::Status Link(const std::string& key, const v1::Claim& claim) {
    BB_ASSIGN_OR_RETURN(const auto before, Load<v1::Link>(transaction_, storage::Kind::kLink, key));
    if (!before || before->state() != v1::Link::STATE_LIVE) ++live_change_;
    v1::Link link;
    link.set_state(v1::Link::STATE_LIVE);
    link.set_agreed_hash(claim.told_hash());
    link.set_group(Records::GroupOf(claim));
    *link.mutable_since_time() = base::ToTimestamp(transaction_.now());
    BB_RETURN_IF_ERROR(transaction_.Put(storage::Kind::kLink, key, link.SerializeAsString()));
    BB_RETURN_IF_ERROR(ForgetClaim(key));
    return Settle(key);
  }

  absl::Status ForgetClaim(const std::string& key) {
    if constexpr (Records::kKeepsClaims) return absl::OkStatus();
    return transaction_.Remove(storage::Kind::kClaim, key);
  }

  absl::Status Settle(const std::string& key) {
    return transaction_.Remove(storage::Kind::kPending, key);
  }

  // A record that breaks a rule is kept aside; any other trouble stops the run.
  absl::Status Reject(const std::string& key, const absl::Status& why) {
    if (base::CodeOf(base::ReasonOf(why)) != absl::StatusCode::kInvalidArgument) return why;
    records.counts.set_rejected_count(records.counts.rejected_count() + 1);
    BB_ASSIGN_OR_RETURN(const std::string place, PlaceOf(transaction_, key));
    BB_RETURN_IF_ERROR(KeepAside(transaction_, context_.stream, context_.run_id,
                                 RejectedByHub(ExternalIdOf(context_.stream, key), place, why),
                                 false));
    return Settle(key);
  }

  void CountGone() { records.counts.set_gone_count(records.counts.gone_count() + 1); }

  const SideContext& context_;
  storage::Transaction& transaction_;
  std::int64_t live_change_ = 0;
};

// Calls `one` for each of these, within one write; `records` counts it.
template <typename Records, typename One>
absl::Status OneBatch(const SideContext& context,
                      const std::vector<storage::Entry>& waiting,
                      const One& one,
                      Records& records) {
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    SideBatch<Records> batch(context, transaction, records);
    for (const storage::Entry& entry : waiting) {
      BB_RETURN_IF_ERROR(one(batch, entry.key, *entry.bytes));
    }
    BB_RETURN_IF_ERROR(CountLive(transaction, context.stream, batch.live_change()));
    records = std::move(batch.records);
    return absl::OkStatus();
  };
  return context.store.Write("sync", body).status();
}

// Calls `one` with a batch, the key and what it waits for, for all that waits; 500 records a
// commit. CANCELLED.
template <typename Records, typename One>
absl::StatusOr<Records> ForEachWaiting(const SideContext& context,
                                       const supervisor::CancelToken& cancel,
                                       Records records,
                                       const One& one) {
  storage::KeyRange range{.prefix = context.stream.prefix(), .after = "", .limit = 500};
  while (true) {
    if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
    BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
    BB_ASSIGN_OR_RETURN(const auto waiting, latest->Scan(storage::Kind::kPending, range));
    if (waiting.empty()) return records;
    BB_RETURN_IF_ERROR(OneBatch(context, waiting, one, records));
    range.after = waiting.back().key;
  }
}

// Looks at what waits: what says nothing new no longer waits, and what cannot be used is kept
// aside.
template <typename Records>
absl::StatusOr<Records> PlanWaiting(const SideContext& context,
                                    const supervisor::CancelToken& cancel,
                                    Records records) {
  return ForEachWaiting(context, cancel, std::move(records),
                        [](auto& batch, const std::string& key, const std::string& what) {
                          return batch.Plan(key, what);
                        });
}

// Brings in what waits; what the source no longer has only if `with_gone`.
template <typename Records>
absl::StatusOr<Records> ApplyWaiting(const SideContext& context,
                                     bool with_gone,
                                     const supervisor::CancelToken& cancel,
                                     Records records) {
  return ForEachWaiting(context, cancel, std::move(records),
                        [=](auto& batch, const std::string& key, const std::string& what) {
                          return batch.Apply(key, what, with_gone);
                        });
}

// How many of what waits the source no longer has.
inline absl::StatusOr<std::uint64_t> VanishedRecords(const SideContext& context) {
  std::uint64_t vanished = 0;
  storage::KeyRange range{.prefix = context.stream.prefix(), .after = "", .limit = 1000};
  BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
  while (true) {
    BB_ASSIGN_OR_RETURN(const auto waiting, latest->Scan(storage::Kind::kPending, range));
    if (waiting.empty()) return vanished;
    for (const storage::Entry& entry : waiting) vanished += *entry.bytes == kPendingVanished;
    range.after = waiting.back().key;
  }
}

// How many of the stream's records are known, and still at the source.
inline absl::StatusOr<std::uint64_t> LiveRecords(const SideContext& context) {
  BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
  BB_ASSIGN_OR_RETURN(const auto state, Load<v1::StreamState>(*latest, storage::Kind::kStreamState,
                                                              context.stream.prefix()));
  return state ? state->live_records() : 0;
}

}  // namespace brobygger::sync
