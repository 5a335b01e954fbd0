#include "core/sync/apply.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <absl/synchronization/mutex.h>

#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/plan.h"
#include "core/sync/record_applier.h"
#include "core/sync/rejects.h"
#include "core/sync/told_ahead.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::PlannedAction;

constexpr int kPartsUnderWay = 2;

class Applier {
 public:
  explicit Applier(const ApplyContext& context, bool any_aside)
      : context_(context),
        stream_(context.decisions.stream),
        records_(context, any_aside),
        window_(context.store, context.actor, kPartsUnderWay) {}

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
      BB_RETURN_IF_ERROR(Submit(*snapshot, std::move(part), ++parts == plan.part_count()));
      if (!context_.decisions.mapping.writes()) return absl::OkStatus();
      // What is sent must be on the disk first.
      BB_RETURN_IF_ERROR(window_.Drain());
      return Send();
    };
    BB_RETURN_IF_ERROR(ForEachPart(*snapshot, plan, apply));
    BB_RETURN_IF_ERROR(window_.Drain());
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
    return window_.Submit(
        [this, told, last, part = std::move(part)](storage::Transaction& transaction) {
          context_.decisions.ahead->Use(std::move(*told));
          BB_RETURN_IF_ERROR(ApplyPart(transaction, part));
          return last ? MarkApplied(transaction) : absl::OkStatus();
        });
  }

  // Runs on the store's thread.
  absl::Status ApplyPart(storage::Transaction& transaction, const v1::PlanPart& part) {
    absl::MutexLock lock(&mutex_);
    if (transaction.revision() != next_revision_) next_revision_ = 0;
    for (const PlannedAction& action : part.actions()) {
      BB_RETURN_IF_ERROR(records_.Apply(transaction, action, next_revision_ != 0));
    }
    if (next_revision_ != 0) ++next_revision_;
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

  // Sends what the part has written down, and writes down what became of it.
  absl::Status Send() {
    std::vector<v1::Operation> intents;
    {
      absl::MutexLock lock(&mutex_);
      intents = records_.TakeIntents();
    }
    if (intents.empty()) return absl::OkStatus();
    std::vector<plugin::v1::Operation> sent;
    sent.reserve(intents.size());
    for (const v1::Operation& intent : intents) sent.push_back(intent.sent());
    auto results = context_.writer.Write(sent);
    if (!results.ok()) return Unsent(intents, results.status());
    return window_.Submit([this, intents = std::move(intents),
                           results = *std::move(results)](storage::Transaction& transaction) {
      absl::MutexLock lock(&mutex_);
      return records_.TakeOutcomes(transaction, intents, results);
    });
  }

  // The plugin could not be started: nothing was sent, and all of it waits on.
  absl::Status Unsent(const std::vector<v1::Operation>& intents, const absl::Status& why) {
    const absl::Status submitted =
        window_.Submit([this, intents](storage::Transaction& transaction) {
          for (const v1::Operation& intent : intents) {
            BB_RETURN_IF_ERROR(transaction.Remove(
                Kind::kOperation, OperationKey(stream_, intent.sent().foreign_id())));
            BB_RETURN_IF_ERROR(MarkDirty(transaction, stream_, intent.association_id()));
          }
          return absl::OkStatus();
        });
    BB_RETURN_IF_ERROR(submitted);
    BB_RETURN_IF_ERROR(window_.Drain());
    return why;
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
  WriteWindow window_;  // last: it waits for bodies that use all of the above
};

}  // namespace

absl::StatusOr<ApplyResult> ApplyParts(const ApplyContext& context,
                                       const v1::Plan& plan,
                                       const ProgressSink& progress,
                                       const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, context.store.Latest());
  BB_ASSIGN_OR_RETURN(const bool any_aside, AnyAside(*snapshot, context.decisions.stream));
  return Applier(context, any_aside).Run(plan, progress, cancel);
}

}  // namespace brobygger::sync
