#include "core/sync/plan.h"

#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/drafts.h"
#include "core/registry/members.h"
#include "core/sync/claims.h"
#include "core/sync/follow.h"
#include "core/sync/guard.h"
#include "core/sync/outbound.h"
#include "core/sync/plan_writer.h"
#include "core/sync/rejects.h"
#include "core/sync/runs.h"
#include "core/sync/subject.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Plan;
using v1::PlannedAction;

constexpr int kToldAtOnce = 500;
constexpr std::chrono::minutes kWhileInDoubt(10);

class Planner {
 public:
  Planner(const PlanContext& context,
          const IntakeResult& intake,
          std::shared_ptr<const storage::Snapshot> snapshot,
          v1::StreamState state)
      : context_(context),
        stream_(context.decisions.stream),
        intake_(intake),
        snapshot_(std::move(snapshot)),
        state_(std::move(state)),
        writer_(context.store, context.clock, stream_, NewPlan(), context.unattended),
        drafts_(context.decisions.identity) {}

  absl::StatusOr<Plan> Run(const ProgressSink& progress, const supervisor::CancelToken& cancel) {
    if (!context_.outbound_only) {
      BB_RETURN_IF_ERROR(PlanTold(progress, cancel));
      BB_RETURN_IF_ERROR(PlanAbsent(cancel));
    }
    BB_RETURN_IF_ERROR(PlanDirty(cancel));
    BB_RETURN_IF_ERROR(writer_.Drain());
    BB_RETURN_IF_ERROR(Guard());
    return writer_.Finish();
  }

 private:
  Plan NewPlan() const {
    Plan plan;
    const base::Instant now = context_.clock.Now();
    plan.set_id(base::MakeUuid());
    plan.set_connection_id(stream_.connection_id);
    plan.set_made_revision(snapshot_->revision());
    *plan.mutable_create_time() = base::ToTimestamp(now);
    *plan.mutable_expire_time() = base::ToTimestamp(now + std::chrono::hours(24));
    plan.set_first_sync(!state_.ever_applied());
    plan.set_run_id(context_.run_id);
    plan.set_rejected_count(intake_.rejected);
    plan.set_outbound(context_.outbound_only);
    AddCounts(context_.beside, plan);
    return plan;
  }

  absl::Status PlanTold(const ProgressSink& progress, const supervisor::CancelToken& cancel) {
    const auto plan = [&](const std::string& key, const std::string& what) -> absl::Status {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      if (what != kPendingTold) {
        absent_.emplace_back(ExternalIdOf(stream_, key), what == kPendingHidden);
        return absl::OkStatus();
      }
      if (++done_ % kToldAtOnce == 0 && progress) Report(progress);
      waiting_.push_back(key);
      return waiting_.size() < kToldAtOnce ? absl::OkStatus() : PlanWaiting();
    };
    BB_RETURN_IF_ERROR(ForEach(*snapshot_, Kind::kPending, stream_.prefix(), plan));
    BB_RETURN_IF_ERROR(PlanWaiting());
    return PlanWaiting();
  }

  // Another thread works out what the records that wait tell, while this one plans
  // those it was given the last time.
  absl::Status PlanWaiting() {
    const std::vector<std::string> keys = std::exchange(being_told_, std::exchange(waiting_, {}));
    if (told_.valid()) context_.decisions.ahead->Use(told_.get());
    told_ = std::async(std::launch::async, [this, next = being_told_] {
      return TellClaims(*snapshot_, context_.decisions.mapping, next);
    });
    for (const std::string& key : keys) {
      BB_RETURN_IF_ERROR(PlanOneTold(ExternalIdOf(stream_, key)));
    }
    return absl::OkStatus();
  }

  absl::Status PlanOneTold(const std::string& external_id) {
    BB_ASSIGN_OR_RETURN(const bool busy, WriteUnderWay(external_id));
    if (busy) return absl::OkStatus();
    auto decision = DecideTold(context_.decisions, *snapshot_, external_id);
    if (!decision.ok()) return Reject(external_id, decision.status());
    if (decision->nothing) return writer_.Settle(external_id);
    const bool live = decision->link && decision->link->state() == v1::Link::STATE_LIVE;
    std::string about = decision->action.association_id();
    if (!decision->association) {
      BB_ASSIGN_OR_RETURN(about, JoinEarlierOfThisPlan(*decision));
      const PlannedAction& action = decision->action;
      if (action.kind() == PlannedAction::KIND_CREATE) names_[external_id] = action.official_name();
    }
    if (live && decision->action.kind() != PlannedAction::KIND_LINK) ++guard_.changed;
    CountBlanks(*decision, live);
    return writer_.Add(std::move(decision->action), about);
  }

  void CountBlanks(const Decision& decision, bool live) {
    const int blanks = decision.merge.blanked + decision.merge.source_blanked;
    if (live && blanks > 0) ++guard_.blanked;
    writer_.plan().set_blank_count(writer_.plan().blank_count() + blanks);
  }

  // Nothing is decided about a record while a write of ours to it is not known to be
  // over.
  absl::StatusOr<bool> WriteUnderWay(const std::string& external_id) const {
    if (!context_.decisions.mapping.writes()) return false;
    BB_ASSIGN_OR_RETURN(const auto link,
                        Load<v1::Link>(*snapshot_, Kind::kLink, stream_.For(external_id)));
    if (!link) return false;
    BB_ASSIGN_OR_RETURN(
        const storage::Bytes open,
        snapshot_->Find(Kind::kOperation, OperationKey(stream_, link->association_id())));
    return open != nullptr;
  }

  // What somebody else changed in the registry and the source does not have.
  absl::Status PlanDirty(const supervisor::CancelToken& cancel) {
    if (!context_.decisions.mapping.writes()) return absl::OkStatus();
    const auto plan = [&](const std::string& key, const std::string& bytes) -> absl::Status {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      const std::string id = ExternalIdOf(stream_, key);
      BB_ASSIGN_OR_RETURN(const bool due,
                          IsDue(*snapshot_, stream_, id, bytes, context_.clock.Now()));
      return due ? PlanOneDirty(id) : absl::OkStatus();
    };
    return ForEach(*snapshot_, Kind::kDirty, stream_.prefix(), plan);
  }

  absl::Status PlanOneDirty(const std::string& association_id) {
    BB_ASSIGN_OR_RETURN(const auto records, LiveRecordsOf(stream_, *snapshot_, association_id));
    if (records.empty()) return PlanMissing(association_id);
    bool done = true;
    for (const std::string& external_id : records) {
      BB_ASSIGN_OR_RETURN(const bool has_all, PlanDirtyRecord(external_id));
      done = done && has_all;
    }
    return done ? writer_.SettleDirty(association_id) : absl::OkStatus();
  }

  // Whether the source's record has all that the registry has for it.
  absl::StatusOr<bool> PlanDirtyRecord(const std::string& external_id) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes waits,
                        snapshot_->Find(Kind::kPending, stream_.For(external_id)));
    if (waits != nullptr) return false;  // its news comes first, and both ways are planned then
    auto decision = DecideTold(context_.decisions, *snapshot_, external_id);
    if (!decision.ok()) {
      // One record that breaks a rule holds up no other.
      BB_RETURN_IF_ERROR(Reject(external_id, decision.status()));
      return true;
    }
    const bool no_news = decision->merge.source_changes.empty() && decision->twins.empty();
    if (no_news && !HasNewsKeptBack(*decision)) return true;
    ++guard_.changed;
    CountBlanks(*decision, true);
    BB_RETURN_IF_ERROR(writer_.Add(decision->action, decision->action.association_id()));
    return false;
  }

  absl::Status PlanMissing(const std::string& association_id) {
    BB_ASSIGN_OR_RETURN(const bool may_be_there, AnyWithoutHome());
    if (may_be_there) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(Decision missing,
                        DecideMissing(context_.decisions, *snapshot_, association_id));
    if (missing.in_doubt) {
      return writer_.PutOff(association_id, context_.clock.Now() + kWhileInDoubt);
    }
    return missing.nothing ? writer_.SettleDirty(association_id)
                           : writer_.Add(std::move(missing.action));
  }

  // Whether the record told something while the association was deleted, and that is over.
  static bool HasNewsKeptBack(const Decision& decision) {
    return decision.association && !decision.association->has_delete_time() && decision.link &&
           decision.link->agreed_hash() == 0;
  }

  // Whether this plan leaves records alone that have been told and have no association
  // yet: what seems to be missing at the source may be one of them.
  absl::StatusOr<bool> AnyWithoutHome() {
    if (!context_.outbound_only) return false;
    if (any_without_home_) return *any_without_home_;
    bool any = false;
    const auto look = [&](const std::string& key, const std::string& what) -> absl::Status {
      if (any || what != kPendingTold) return absl::OkStatus();
      BB_ASSIGN_OR_RETURN(const auto link, Load<v1::Link>(*snapshot_, Kind::kLink, key));
      any = !link || link->state() != v1::Link::STATE_LIVE;
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEach(*snapshot_, Kind::kPending, stream_.prefix(), look));
    any_without_home_ = any;
    return any;
  }

  // What is new to the registry may be what this plan makes already: by its CVR
  // number, or because the model says so. The first record makes the association,
  // and the others join it. Returns the record that makes it.
  absl::StatusOr<std::string> JoinEarlierOfThisPlan(Decision& decision) {
    const std::string& external_id = decision.action.external_id();
    const auto record = registry::RecordOf(decision.told.association, stream_.connection_id);
    const registry::Standing standing = drafts_.Resolve(record);
    const std::string earlier = MakerOf(decision, standing);
    const std::string maker = earlier.empty() ? external_id : earlier;
    drafts_.Add(maker, record);
    if (!earlier.empty()) BB_RETURN_IF_ERROR(Join(earlier, decision));
    return maker;
  }

  // The record of this plan whose association the new record means, or "". Says in
  // the action how it stands to the plan's other associations.
  std::string MakerOf(Decision& decision, const registry::Standing& standing) {
    PlannedAction& action = decision.action;
    const std::string cvr = CvrOf(decision.told.association);
    std::string maker;
    if (!cvr.empty() && action.link_reason() != kBranch) {
      const auto [earlier, first] = first_with_cvr_.try_emplace(cvr, action.external_id());
      if (!first) maker = earlier->second;
    }
    if (const registry::Candidate* apart = KeptApart(standing, maker); apart != nullptr) {
      SetStanding(IsBranchOrSister(apart->verdict) ? kBranch : kInDoubt, *apart, action);
      return "";
    }
    if (!maker.empty()) {
      action.set_link_reason(kByCvr);
      return maker;
    }
    if (standing.candidates.empty() || action.link_reason() == kBranch) return "";
    if (standing.verdict == registry::Verdict::kSame) {
      SetStanding(kByMatch, standing.candidates.front(), action);
      return standing.candidates.front().association_id;
    }
    if (standing.verdict == registry::Verdict::kAsk && action.link_reason() == kNew) {
      SetStanding(kInDoubt, standing.candidates.front(), action);
    }
    return "";
  }

  void SetStanding(const char* reason,
                   const registry::Candidate& candidate,
                   PlannedAction& action) const {
    action.set_link_reason(reason);
    action.set_match_score(candidate.score);
    if (action.link_reason() == kByMatch) return;
    const auto name = names_.find(candidate.association_id);
    if (name != names_.end()) action.set_other_official_name(name->second);
  }

  absl::Status Join(const std::string& maker_id, Decision& decision) {
    BB_ASSIGN_OR_RETURN(const Decision maker, DecideTold(context_.decisions, *snapshot_, maker_id));
    const registry::v1::Association& made = maker.told.association;
    BB_ASSIGN_OR_RETURN(decision.merge, MergeInto(context_.decisions, *snapshot_,
                                                  decision.action.external_id(), made));
    PlannedAction& action = decision.action;
    action.set_kind(decision.merge.ChangesRegistry() ? PlannedAction::KIND_UPDATE
                                                     : PlannedAction::KIND_LINK);
    action.set_official_name(made.official_name());
    KeepOtherName(decision.told.association, made, action);
    action.clear_other_association_id();
    action.clear_other_official_name();
    action.clear_changes();
    for (const auto& change : decision.merge.changes) *action.add_changes() = change;
    if (context_.decisions.waiting.twins.contains(action.external_id())) {
      *action.add_changes() = TwinQuestion(kIdWhenMade, {maker_id, action.external_id()});
    }
    return absl::OkStatus();
  }

  absl::Status PlanAbsent(const supervisor::CancelToken& cancel) {
    for (const auto& [external_id, hidden] : absent_) {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      BB_ASSIGN_OR_RETURN(Decision decision,
                          DecideAbsent(context_.decisions, *snapshot_, external_id, hidden));
      if (decision.nothing) {
        BB_RETURN_IF_ERROR(writer_.Settle(external_id));
        continue;
      }
      if (!hidden) writer_.plan().set_vanished_count(writer_.plan().vanished_count() + 1);
      // However often the source is read meanwhile, somebody is to see what a scope hides.
      guard_.scope_changed = guard_.scope_changed || hidden;
      BB_RETURN_IF_ERROR(writer_.Add(std::move(decision.action)));
    }
    return absl::OkStatus();
  }

  absl::Status Reject(const std::string& external_id, const absl::Status& why) {
    if (base::ReasonOf(why) == errors::v1::ERROR_REASON_UNSPECIFIED ||
        base::CodeOf(base::ReasonOf(why)) != absl::StatusCode::kInvalidArgument) {
      return why;
    }
    BB_ASSIGN_OR_RETURN(const std::string place, PlaceOf(*snapshot_, stream_.For(external_id)));
    return writer_.Reject(RejectedByHub(external_id, place, why));
  }

  absl::Status Guard() {
    Plan& plan = writer_.plan();
    guard_.live = state_.live_records();
    guard_.read = intake_.read;
    guard_.unchanged = intake_.unchanged;
    guard_.complete = intake_.complete;
    guard_.vanished = plan.vanished_count();
    guard_.scope_changed = guard_.scope_changed || intake_.scope_changed;
    guard_.live_applications = context_.beside.applications.live;
    guard_.gone_applications = plan.applications().gone_count();
    guard_.calendars = context_.beside.meetings.losses;
    guard_.canary_missing =
        !context_.canary_external_id.empty() && !intake_.unchanged && !intake_.canary_seen;
    BB_ASSIGN_OR_RETURN(guard_.vanished_in_week,
                        VanishedSince(*snapshot_, stream_.connection_id,
                                      context_.clock.Now() - std::chrono::hours(24 * 7)));
    const GuardVerdict judged = Judge(guard_);
    plan.set_verdict(judged.verdict);
    for (const std::string& reason : judged.reasons) plan.add_reasons(reason);
    return absl::OkStatus();
  }

  void Report(const ProgressSink& progress) const {
    v1::Progress now;
    now.set_phase(v1::Progress::PHASE_PLANNING);
    now.set_done(done_);
    progress(now);
  }

  const PlanContext& context_;
  const StreamKey& stream_;
  const IntakeResult& intake_;
  const std::shared_ptr<const storage::Snapshot> snapshot_;
  const v1::StreamState state_;
  PlanWriter writer_;
  GuardInput guard_;
  std::vector<std::pair<std::string, bool>> absent_;
  std::map<std::string, std::string> first_with_cvr_;
  registry::Drafts drafts_;
  // Of the associations this plan makes, by the record that makes each.
  std::map<std::string, std::string> names_;
  std::uint64_t done_ = 0;
  std::optional<bool> any_without_home_;
  std::vector<std::string> waiting_;
  std::vector<std::string> being_told_;
  std::future<ToldClaims> told_;  // last: it waits for the thread that uses the above
};

}  // namespace

absl::StatusOr<Plan> MakePlan(const PlanContext& context,
                              const IntakeResult& intake,
                              const ProgressSink& progress,
                              const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(auto snapshot, context.store.Latest());
  BB_ASSIGN_OR_RETURN(auto state, Load<v1::StreamState>(*snapshot, Kind::kStreamState,
                                                        context.decisions.stream.prefix()));
  Planner planner(context, intake, std::move(snapshot),
                  state ? *std::move(state) : v1::StreamState());
  return planner.Run(progress, cancel);
}

bool IsEmpty(const Plan& plan) {
  return plan.part_count() == 0 && !AnyWaiting(plan.applications()) && !AnyWaiting(plan.meetings());
}

absl::Status ForEachPart(const storage::Snapshot& snapshot,
                         const Plan& plan,
                         const std::function<absl::Status(v1::PlanPart)>& visit) {
  for (std::uint32_t number = 0; number < plan.part_count(); ++number) {
    BB_ASSIGN_OR_RETURN(
        auto part, Load<v1::PlanPart>(snapshot, Kind::kPlanPart, PlanPartKey(plan.id(), number)));
    if (part) BB_RETURN_IF_ERROR(visit(*std::move(part)));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
