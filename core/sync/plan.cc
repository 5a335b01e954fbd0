#include "core/sync/plan.h"

#include <chrono>
#include <future>
#include <map>
#include <utility>
#include <vector>

#include <openssl/evp.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/drafts.h"
#include "core/registry/members.h"
#include "core/sync/claims.h"
#include "core/sync/guard.h"
#include "core/sync/rejects.h"
#include "core/sync/runs.h"
#include "core/sync/write_window.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Plan;
using v1::PlannedAction;

constexpr int kActionsInPart = 500;
constexpr int kPartsUnderWay = 4;

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_, EVP_sha256(), nullptr); }
  ~Digest() { EVP_MD_CTX_free(context_); }
  Digest(const Digest&) = delete;
  Digest& operator=(const Digest&) = delete;

  void Add(const std::string& bytes) { EVP_DigestUpdate(context_, bytes.data(), bytes.size()); }
  std::string Finish() {
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    EVP_DigestFinal_ex(context_, reinterpret_cast<unsigned char*>(digest.data()), &size);
    digest.resize(size);
    return digest;
  }

 private:
  EVP_MD_CTX* context_;
};

class Planner {
 public:
  Planner(const PlanContext& context, const IntakeResult& intake)
      : context_(context),
        stream_(context.decisions.stream),
        intake_(intake),
        window_(context.store, "sync", kPartsUnderWay),
        drafts_(context.decisions.identity) {}

  absl::StatusOr<Plan> Run(const ProgressSink& progress, const supervisor::CancelToken& cancel) {
    BB_RETURN_IF_ERROR(Begin());
    BB_RETURN_IF_ERROR(PlanTold(progress, cancel));
    BB_RETURN_IF_ERROR(PlanAbsent(cancel));
    BB_RETURN_IF_ERROR(FlushPart());
    BB_RETURN_IF_ERROR(window_.Drain());
    BB_RETURN_IF_ERROR(Close());
    return plan_;
  }

 private:
  absl::Status Begin() {
    BB_ASSIGN_OR_RETURN(snapshot_, context_.store.Latest());
    BB_ASSIGN_OR_RETURN(auto state,
                        Load<v1::StreamState>(*snapshot_, Kind::kStreamState, stream_.prefix()));
    if (state) state_ = *std::move(state);
    const base::Instant now = context_.clock.Now();
    plan_.set_id(base::MakeUuid());
    plan_.set_connection_id(stream_.connection_id);
    plan_.set_made_revision(snapshot_->revision());
    *plan_.mutable_create_time() = base::ToTimestamp(now);
    *plan_.mutable_expire_time() = base::ToTimestamp(now + std::chrono::hours(24));
    plan_.set_first_sync(!state_.ever_applied());
    plan_.set_run_id(context_.run_id);
    plan_.set_rejected_count(intake_.rejected);
    return absl::OkStatus();
  }

  absl::Status PlanTold(const ProgressSink& progress, const supervisor::CancelToken& cancel) {
    const auto plan = [&](const std::string& key, const std::string& what) -> absl::Status {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      if (what != kPendingTold) {
        absent_.emplace_back(ExternalIdOf(stream_, key), what == kPendingHidden);
        return absl::OkStatus();
      }
      if (++done_ % kActionsInPart == 0 && progress) Report(progress);
      waiting_.push_back(key);
      return waiting_.size() < kActionsInPart ? absl::OkStatus() : PlanWaiting();
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
    auto decision = DecideTold(context_.decisions, *snapshot_, external_id);
    if (!decision.ok()) return Reject(external_id, decision.status());
    if (decision->nothing) return Settle(external_id);
    const bool live = decision->link && decision->link->state() == v1::Link::STATE_LIVE;
    if (!decision->association) {
      BB_RETURN_IF_ERROR(JoinEarlierOfThisPlan(*decision));
      const PlannedAction& action = decision->action;
      if (action.kind() == PlannedAction::KIND_CREATE) names_[external_id] = action.official_name();
    }
    if (live && decision->action.kind() != PlannedAction::KIND_LINK) ++guard_.changed;
    if (live && decision->merge.blanked > 0) ++guard_.blanked;
    plan_.set_blank_count(plan_.blank_count() + decision->merge.blanked);
    return Add(std::move(decision->action));
  }

  // What is new to the registry may be what this plan makes already: by its CVR
  // number, or because the model says so. The first record makes the association,
  // and the others join it.
  absl::Status JoinEarlierOfThisPlan(Decision& decision) {
    const std::string& external_id = decision.action.external_id();
    const auto record = registry::RecordOf(decision.told.association, stream_.connection_id);
    const registry::Standing standing = drafts_.Resolve(record);
    const std::string maker = MakerOf(decision, standing);
    drafts_.Add(maker.empty() ? external_id : maker, record);
    if (maker.empty()) return absl::OkStatus();
    return Join(maker, decision);
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
    for (const registry::Candidate& candidate : standing.candidates) {
      if (candidate.association_id != maker || !IsBranchOrSister(candidate.verdict)) continue;
      SetStanding(kBranch, candidate, action);
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
    action.clear_other_association_id();
    action.clear_other_official_name();
    action.clear_changes();
    for (const auto& change : decision.merge.changes) *action.add_changes() = change;
    return absl::OkStatus();
  }

  absl::Status PlanAbsent(const supervisor::CancelToken& cancel) {
    for (const auto& [external_id, hidden] : absent_) {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      BB_ASSIGN_OR_RETURN(Decision decision,
                          DecideAbsent(context_.decisions, *snapshot_, external_id, hidden));
      if (decision.nothing) {
        BB_RETURN_IF_ERROR(Settle(external_id));
        continue;
      }
      if (!hidden) plan_.set_vanished_count(plan_.vanished_count() + 1);
      BB_RETURN_IF_ERROR(Add(std::move(decision.action)));
    }
    return absl::OkStatus();
  }

  absl::Status Add(PlannedAction action) {
    Count(action);
    digest_.Add(action.SerializeAsString());
    *part_.add_actions() = std::move(action);
    return part_.actions_size() < kActionsInPart ? absl::OkStatus() : FlushPart();
  }

  void Count(const PlannedAction& action) {
    for (const auto& change : action.changes()) {
      if (change.conflict()) plan_.set_conflict_count(plan_.conflict_count() + 1);
    }
    if (action.link_reason() == kInDoubt) plan_.set_question_count(plan_.question_count() + 1);
    if (action.link_reason() == kByMatch) plan_.set_match_count(plan_.match_count() + 1);
    switch (action.kind()) {
      case PlannedAction::KIND_CREATE:
        return plan_.set_create_count(plan_.create_count() + 1);
      case PlannedAction::KIND_UPDATE:
        return plan_.set_update_count(plan_.update_count() + 1);
      case PlannedAction::KIND_DELETE:
        return plan_.set_delete_count(plan_.delete_count() + 1);
      case PlannedAction::KIND_CONFLICT:
        if (action.changes().empty()) plan_.set_conflict_count(plan_.conflict_count() + 1);
        return;
      default:
        return plan_.set_link_count(plan_.link_count() + 1);
    }
  }

  absl::Status Reject(const std::string& external_id, const absl::Status& why) {
    if (base::ReasonOf(why) == errors::v1::ERROR_REASON_UNSPECIFIED ||
        base::CodeOf(base::ReasonOf(why)) != absl::StatusCode::kInvalidArgument) {
      return why;
    }
    plan_.set_rejected_count(plan_.rejected_count() + 1);
    BB_ASSIGN_OR_RETURN(const std::string place, PlaceOf(*snapshot_, stream_.For(external_id)));
    rejected_.push_back(RejectedByHub(external_id, place, why));
    return Settle(external_id);
  }

  absl::Status Settle(const std::string& external_id) {
    settled_.push_back(stream_.For(external_id));
    return settled_.size() < kActionsInPart ? absl::OkStatus() : FlushPart();
  }

  absl::Status FlushPart() {
    if (part_.actions().empty() && settled_.empty()) return absl::OkStatus();
    std::string key;
    if (!part_.actions().empty()) {
      key = PlanPartKey(plan_.id(), plan_.part_count());
      plan_.set_part_count(plan_.part_count() + 1);
    }
    auto body = [key, bytes = part_.SerializeAsString(), settled = std::move(settled_),
                 rejected = std::move(rejected_), stream = stream_,
                 run_id = context_.run_id](storage::Transaction& transaction) {
      if (!key.empty()) BB_RETURN_IF_ERROR(transaction.Put(Kind::kPlanPart, key, bytes));
      for (const auto& one : rejected) {
        BB_RETURN_IF_ERROR(KeepAside(transaction, stream, run_id, one, false));
      }
      for (const auto& one : settled) {
        BB_RETURN_IF_ERROR(transaction.Remove(Kind::kPending, one));
      }
      return absl::OkStatus();
    };
    part_.Clear();
    settled_.clear();
    rejected_.clear();
    return window_.Submit(std::move(body));
  }

  absl::Status Close() {
    plan_.set_digest(digest_.Finish());
    guard_.live = state_.live_records();
    guard_.read = intake_.read;
    guard_.unchanged = intake_.unchanged;
    guard_.complete = intake_.complete;
    guard_.vanished = plan_.vanished_count();
    guard_.scope_changed = intake_.scope_changed;
    guard_.canary_missing =
        !context_.canary_external_id.empty() && !intake_.unchanged && !intake_.canary_seen;
    BB_ASSIGN_OR_RETURN(guard_.vanished_in_week,
                        VanishedSince(*snapshot_, stream_.connection_id,
                                      context_.clock.Now() - std::chrono::hours(24 * 7)));
    const GuardVerdict judged = Judge(guard_);
    plan_.set_verdict(judged.verdict);
    for (const std::string& reason : judged.reasons) plan_.add_reasons(reason);
    return context_.store
        .Write("sync", [this](storage::Transaction& transaction) { return StorePlan(transaction); })
        .status();
  }

  // The newest plan takes the place of the one before, whose parts can go. One
  // that says the same as a plan that waits for a person is that plan: a schedule
  // must not pull it away from under them.
  absl::Status StorePlan(storage::Transaction& transaction) {
    BB_ASSIGN_OR_RETURN(auto state,
                        Load<v1::StreamState>(transaction, Kind::kStreamState, stream_.prefix()));
    v1::StreamState next = state ? *std::move(state) : v1::StreamState();
    BB_ASSIGN_OR_RETURN(auto before, Load<Plan>(transaction, Kind::kPlan, next.newest_plan_id()));
    if (before && SaysTheSame(*before)) {
      BB_RETURN_IF_ERROR(RemoveParts(transaction, plan_.id()));
      plan_ = *std::move(before);
      plan_.set_run_id(context_.run_id);
    } else if (before) {
      BB_RETURN_IF_ERROR(RemoveParts(transaction, before->id()));
    }
    next.set_newest_plan_id(plan_.id());
    BB_RETURN_IF_ERROR(
        transaction.Put(Kind::kStreamState, stream_.prefix(), next.SerializeAsString()));
    return transaction.Put(Kind::kPlan, plan_.id(), plan_.SerializeAsString());
  }

  bool SaysTheSame(const Plan& before) const {
    return !before.has_used_time() && before.digest() == plan_.digest() &&
           before.verdict() == plan_.verdict() &&
           base::ToInstant(before.expire_time()) > context_.clock.Now();
  }

  static absl::Status RemoveParts(storage::Transaction& transaction, const std::string& plan_id) {
    std::vector<std::string> parts;
    BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kPlanPart, plan_id + "/",
                               [&](const std::string& key, const std::string& /*bytes*/) {
                                 parts.push_back(key);
                                 return absl::OkStatus();
                               }));
    for (const auto& key : parts) BB_RETURN_IF_ERROR(transaction.Remove(Kind::kPlanPart, key));
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
  WriteWindow window_;
  std::shared_ptr<const storage::Snapshot> snapshot_;
  v1::StreamState state_;
  Plan plan_;
  GuardInput guard_;
  Digest digest_;
  v1::PlanPart part_;
  std::vector<std::string> settled_;
  std::vector<v1::RejectedRecord> rejected_;
  std::vector<std::pair<std::string, bool>> absent_;
  std::map<std::string, std::string> first_with_cvr_;
  registry::Drafts drafts_;
  // Of the associations this plan makes, by the record that makes each.
  std::map<std::string, std::string> names_;
  std::uint64_t done_ = 0;
  std::vector<std::string> waiting_;
  std::vector<std::string> being_told_;
  std::future<ToldClaims> told_;  // last: it waits for the thread that uses the above
};

}  // namespace

absl::StatusOr<Plan> MakePlan(const PlanContext& context,
                              const IntakeResult& intake,
                              const ProgressSink& progress,
                              const supervisor::CancelToken& cancel) {
  return Planner(context, intake).Run(progress, cancel);
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
