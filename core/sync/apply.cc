#include "core/sync/apply.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <absl/synchronization/mutex.h>

#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/outbound_sender.h"
#include "core/sync/plan.h"
#include "core/sync/record_applier.h"
#include "core/sync/rejects.h"
#include "core/sync/told_ahead.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::PlannedAction;

constexpr int kAppliedPartsUnderWay = 2;

class Applier {
 public:
  Applier(const ApplyContext& context, bool any_aside, KnownWrites known)
      : context_(context),
        stream_(context.decisions.stream),
        records_(context, any_aside, std::move(known)),
        window_(context.store, context.actor, kAppliedPartsUnderWay) {
    if (!context.decisions.mapping.writes()) return;
    sender_.emplace(
        context.store, context.actor, stream_, context.writer,
        [this](storage::Transaction& transaction, const auto& sent, const auto& results) {
          absl::MutexLock lock(&mutex_);
          return records_.TakeOutcomes(transaction, sent, results);
        });
  }

  absl::StatusOr<ApplyResult> Run(const v1::Plan& plan,
                                  const ProgressSink& progress,
                                  const supervisor::CancelToken& cancel) {
    BB_ASSIGN_OR_RETURN(const auto snapshot, context_.store.Latest());
    BB_RETURN_IF_ERROR(SeeWhetherAlone(plan));
    const std::uint64_t total = plan.create_count() + plan.update_count() + plan.delete_count() +
                                plan.link_count() + plan.source_create_count() +
                                plan.source_update_count();
    std::uint64_t done = 0;
    std::uint32_t parts = 0;
    const auto apply = [&](v1::PlanPart part) -> absl::Status {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      done += part.actions_size();
      if (progress) Report(progress, done, std::max(done, total));
      if (sender_) BB_RETURN_IF_ERROR(sender_->AwaitRoom());
      return Submit(*snapshot, std::move(part), ++parts == plan.part_count());
    };
    BB_RETURN_IF_ERROR(ForEachPart(*snapshot, plan, apply));
    BB_RETURN_IF_ERROR(window_.Drain());
    if (sender_) BB_RETURN_IF_ERROR(sender_->Drain());
    absl::MutexLock lock(&mutex_);
    return records_.result();
  }

 private:
  // Of the claims that the part is about.
  std::vector<std::string> KeysOf(const v1::PlanPart& part) const {
    std::vector<std::string> keys;
    for (const PlannedAction& action : part.actions()) {
      const bool told = !IsAbsent(action) && action.kind() != PlannedAction::KIND_SOURCE_CREATE;
      if (told) keys.push_back(stream_.For(action.external_id()));
    }
    return keys;
  }

  absl::Status Submit(const storage::Snapshot& snapshot, v1::PlanPart part, bool last) {
    // Told here while the store's thread applies the part before.
    const auto told = std::make_shared<ToldClaims>(
        TellClaims(snapshot, context_.decisions.mapping, KeysOf(part)));
    const auto intents = std::make_shared<std::vector<v1::Operation>>();
    return window_.Submit(
        [this, told, intents, last, part = std::move(part)](storage::Transaction& transaction) {
          context_.decisions.ahead->Use(std::move(*told));
          BB_RETURN_IF_ERROR(ApplyPart(transaction, part, *intents));
          return last ? MarkApplied(transaction) : absl::OkStatus();
        },
        // What is sent must be on the disk first.
        [this, intents] {
          if (sender_) sender_->Queue(std::move(*intents));
        });
  }

  // Runs on the store's thread.
  absl::Status ApplyPart(storage::Transaction& transaction,
                         const v1::PlanPart& part,
                         std::vector<v1::Operation>& intents) {
    absl::MutexLock lock(&mutex_);
    if (transaction.revision() != next_revision_) next_revision_ = 0;
    for (const PlannedAction& action : part.actions()) {
      BB_RETURN_IF_ERROR(records_.Apply(transaction, action, next_revision_ != 0));
    }
    if (next_revision_ != 0) ++next_revision_;
    intents = records_.TakeIntents();
    return records_.Close(transaction);
  }

  // Only now: until every record that was told has found its association, the hub must
  // make none at the source by itself, since it may be there already.
  absl::Status MarkApplied(storage::Transaction& transaction) const {
    BB_ASSIGN_OR_RETURN(auto state,
                        Load<v1::StreamState>(transaction, Kind::kStreamState, stream_.prefix()));
    if (!state || state->ever_applied()) return absl::OkStatus();
    state->set_ever_applied(true);
    return transaction.Put(Kind::kStreamState, stream_.prefix(), state->SerializeAsString());
  }

  // Nothing in the registry has changed since the plan: then what the plan found to
  // be new is new, as long as nobody else writes between this run's parts.
  absl::Status SeeWhetherAlone(const v1::Plan& plan) {
    BB_ASSIGN_OR_RETURN(const auto changes, context_.store.ChangesAfter(plan.made_revision(), 1));
    BB_ASSIGN_OR_RETURN(const auto latest, context_.store.Latest());
    absl::MutexLock lock(&mutex_);
    next_revision_ = changes.empty() ? latest->revision() + 1 : 0;
    return absl::OkStatus();
  }

  static void Report(const ProgressSink& progress, std::uint64_t done, std::uint64_t total) {
    v1::Progress now;
    now.set_phase(v1::Progress::PHASE_APPLYING);
    now.set_done(done);
    now.set_total(total);
    progress(now);
  }

  const ApplyContext& context_;
  const StreamKey& stream_;
  absl::Mutex mutex_;
  RecordApplier records_ ABSL_GUARDED_BY(mutex_);
  // Of this run's next part, while nobody else has written; else 0.
  storage::Revision next_revision_ ABSL_GUARDED_BY(mutex_) = 0;
  // Both wait for bodies that use what is above them, and the window's hand the sender their
  // writes.
  std::optional<OutboundSender> sender_;
  WriteWindow window_;
};

}  // namespace

absl::StatusOr<ApplyResult> ApplyParts(const ApplyContext& context,
                                       const v1::Plan& plan,
                                       const ProgressSink& progress,
                                       const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, context.store.Latest());
  BB_ASSIGN_OR_RETURN(const bool any_aside, AnyAside(*snapshot, context.decisions.stream));
  BB_ASSIGN_OR_RETURN(auto known, FindKnownWrites(*snapshot, context.decisions.stream));
  return Applier(context, any_aside, std::move(known)).Run(plan, progress, cancel);
}

}  // namespace brobygger::sync
