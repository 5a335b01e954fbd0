#include "core/sync/applications.h"

#include <optional>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/grants/ingest.h"
#include "core/grants/owner.h"
#include "core/sync/claims.h"
#include "core/sync/intake.h"
#include "core/sync/rejects.h"

namespace brobygger::sync {
namespace {

using grant::v1::GrantApplication;
using grants::Ingested;
using storage::Kind;

constexpr int kAtOnce = 500;

// A claim with what it tells.
struct Told {
  GrantApplication application;
  std::uint64_t hash = 0;
};

absl::StatusOr<std::optional<Told>> TellClaim(const ApplicationContext& context,
                                              const storage::Snapshot& snapshot,
                                              const std::string& key) {
  BB_ASSIGN_OR_RETURN(const auto claim, Load<v1::Claim>(snapshot, Kind::kClaim, key));
  if (!claim) return std::optional<Told>();
  Told told;
  BB_ASSIGN_OR_RETURN(told.application, context.mapping.Tell(claim->told()));
  told.application.set_run_id(claim->run_id());
  told.hash = claim->told_hash();
  return std::optional<Told>(std::move(told));
}

// One pass over a batch of what waits, within one write.
class Batch {
 public:
  Batch(const ApplicationContext& context, storage::Transaction& transaction)
      : context_(context), transaction_(transaction) {}

  v1::ApplicationCounts counts;

  // Takes from what waits the applications that there is nothing to do about.
  absl::Status Plan(const std::string& key, const std::string& what) {
    if (what != kPendingTold) {
      if (what == kPendingVanished) counts.set_gone_count(counts.gone_count() + 1);
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

  // How many more applications are live now.
  std::int64_t live_change() const { return live_change_; }

 private:
  absl::Status PlanTold(const std::string& key) {
    BB_ASSIGN_OR_RETURN(auto told, TellClaim(context_, transaction_, key));
    if (!told) return Settle(key);
    BB_ASSIGN_OR_RETURN(const Ingested would,
                        grants::WouldIngest(transaction_, std::move(told->application)));
    if (would == Ingested::kSame) return Link(key, told->hash);
    Count(would);
    return absl::OkStatus();
  }

  absl::Status ApplyTold(const std::string& key) {
    BB_ASSIGN_OR_RETURN(auto told, TellClaim(context_, transaction_, key));
    if (!told) return Settle(key);
    GrantApplication application = std::move(told->application);
    BB_ASSIGN_OR_RETURN(const Ingested done, grants::IngestApplication(transaction_, application));
    Count(done);
    if (done != Ingested::kSame) {
      BB_RETURN_IF_ERROR(grants::SetOwner(transaction_, application));
      const bool nobodys = application.association_id().empty();
      counts.set_unresolved_count(counts.unresolved_count() + (nobodys ? 1 : 0));
    }
    BB_RETURN_IF_ERROR(
        NoLongerAside(transaction_, context_.stream, ExternalIdOf(context_.stream, key)));
    return Link(key, told->hash);
  }

  // What another scope merely hides is not gone.
  absl::Status ApplyAbsent(const std::string& key, bool hidden, bool with_gone) {
    if (!hidden && !with_gone) return absl::OkStatus();
    if (!hidden) {
      BB_RETURN_IF_ERROR(grants::IngestGone(transaction_, context_.stream.connection_id,
                                            ExternalIdOf(context_.stream, key)));
      counts.set_gone_count(counts.gone_count() + 1);
    }
    BB_ASSIGN_OR_RETURN(auto link, Load<v1::Link>(transaction_, Kind::kLink, key));
    if (link && link->state() == v1::Link::STATE_LIVE) {
      --live_change_;
      link->set_state(hidden ? v1::Link::STATE_OUT_OF_SCOPE : v1::Link::STATE_TOMBSTONE);
      *link->mutable_since_time() = base::ToTimestamp(transaction_.now());
      BB_RETURN_IF_ERROR(transaction_.Put(Kind::kLink, key, link->SerializeAsString()));
    }
    return Settle(key);
  }

  // The hub has what the source says. Such a link names no association and stands in
  // no index: whose the application is, is looked up when somebody asks.
  absl::Status Link(const std::string& key, std::uint64_t hash) {
    BB_ASSIGN_OR_RETURN(const auto before, Load<v1::Link>(transaction_, Kind::kLink, key));
    if (!before || before->state() != v1::Link::STATE_LIVE) ++live_change_;
    v1::Link link;
    link.set_state(v1::Link::STATE_LIVE);
    link.set_agreed_hash(hash);
    *link.mutable_since_time() = base::ToTimestamp(transaction_.now());
    BB_RETURN_IF_ERROR(transaction_.Put(Kind::kLink, key, link.SerializeAsString()));
    return Settle(key);
  }

  absl::Status Settle(const std::string& key) { return transaction_.Remove(Kind::kPending, key); }

  // An application that breaks a rule is kept aside; any other trouble stops the run.
  absl::Status Reject(const std::string& key, const absl::Status& why) {
    if (base::CodeOf(base::ReasonOf(why)) != absl::StatusCode::kInvalidArgument) return why;
    counts.set_rejected_count(counts.rejected_count() + 1);
    BB_ASSIGN_OR_RETURN(const std::string place, PlaceOf(transaction_, key));
    BB_RETURN_IF_ERROR(KeepAside(transaction_, context_.stream, context_.run_id,
                                 RejectedByHub(ExternalIdOf(context_.stream, key), place, why),
                                 false));
    return Settle(key);
  }

  void Count(Ingested done) {
    if (done == Ingested::kNew) counts.set_new_count(counts.new_count() + 1);
    if (done == Ingested::kChanged) counts.set_changed_count(counts.changed_count() + 1);
  }

  const ApplicationContext& context_;
  storage::Transaction& transaction_;
  std::int64_t live_change_ = 0;
};

using Entries = std::vector<storage::Entry>;

// Calls `one` for each entry, within one write.
template <typename One>
absl::Status OneBatch(const ApplicationContext& context,
                      const Entries& waiting,
                      const One& one,
                      v1::ApplicationCounts& counts) {
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    Batch batch(context, transaction);
    batch.counts = counts;
    for (const storage::Entry& entry : waiting) {
      BB_RETURN_IF_ERROR(one(batch, entry.key, *entry.bytes));
    }
    BB_RETURN_IF_ERROR(CountLive(transaction, context.stream, batch.live_change()));
    counts = std::move(batch.counts);
    return absl::OkStatus();
  };
  return context.store.Write("sync", body).status();
}

// Calls `one` for everything that waits, a batch of it in each write.
template <typename One>
absl::StatusOr<v1::ApplicationCounts> ForEachWaiting(const ApplicationContext& context,
                                                     const supervisor::CancelToken& cancel,
                                                     const One& one) {
  v1::ApplicationCounts counts;
  storage::KeyRange range{.prefix = context.stream.prefix(), .after = "", .limit = kAtOnce};
  while (true) {
    if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
    BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
    BB_ASSIGN_OR_RETURN(const Entries waiting, latest->Scan(Kind::kPending, range));
    if (waiting.empty()) return counts;
    BB_RETURN_IF_ERROR(OneBatch(context, waiting, one, counts));
    range.after = waiting.back().key;
  }
}

}  // namespace

absl::StatusOr<WaitingApplications> PlanApplications(const ApplicationContext& context,
                                                     const supervisor::CancelToken& cancel) {
  const auto plan = [](Batch& batch, const std::string& key, const std::string& what) {
    return batch.Plan(key, what);
  };
  WaitingApplications waiting;
  BB_ASSIGN_OR_RETURN(waiting.counts, ForEachWaiting(context, cancel, plan));
  BB_ASSIGN_OR_RETURN(const auto latest, context.store.Latest());
  BB_ASSIGN_OR_RETURN(const auto state,
                      Load<v1::StreamState>(*latest, Kind::kStreamState, context.stream.prefix()));
  if (state) waiting.live = state->live_records();
  return waiting;
}

absl::StatusOr<v1::ApplicationCounts> ApplyApplications(const ApplicationContext& context,
                                                        bool with_gone,
                                                        const supervisor::CancelToken& cancel) {
  return ForEachWaiting(context, cancel,
                        [&](Batch& batch, const std::string& key, const std::string& what) {
                          return batch.Apply(key, what, with_gone);
                        });
}

bool AnyWaiting(const v1::ApplicationCounts& counts) {
  return counts.new_count() + counts.changed_count() + counts.gone_count() > 0;
}

}  // namespace brobygger::sync
