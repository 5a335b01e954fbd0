#include "core/sync/plan_writer.h"

#include <utility>

#include "brobygger/sync/v1/operation.pb.h"

#include "core/base/status_macros.h"
#include "core/sync/claims.h"
#include "core/sync/home.h"
#include "core/sync/plan.h"
#include "core/sync/rejects.h"

namespace brobygger::sync {
namespace {

using storage::Kind;
using v1::Plan;
using v1::PlannedAction;

constexpr int kActionsInPart = 500;
constexpr int kPartsUnderWay = 4;

absl::Status RemoveParts(storage::Transaction& transaction, const std::string& plan_id) {
  std::vector<std::string> parts;
  BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kPlanPart, plan_id + "/",
                             [&](const std::string& key, const std::string& /*bytes*/) {
                               parts.push_back(key);
                               return absl::OkStatus();
                             }));
  for (const auto& key : parts) BB_RETURN_IF_ERROR(transaction.Remove(Kind::kPlanPart, key));
  return absl::OkStatus();
}

std::string Finished(EVP_MD_CTX* digest) {
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  EVP_DigestFinal_ex(digest, reinterpret_cast<unsigned char*>(bytes.data()), &size);
  bytes.resize(size);
  return bytes;
}

}  // namespace

PlanWriter::PlanWriter(
    storage::Store& store, const base::Clock& clock, StreamKey stream, Plan plan, bool unattended)
    : store_(store),
      clock_(clock),
      stream_(std::move(stream)),
      plan_(std::move(plan)),
      unattended_(unattended),
      digest_(EVP_MD_CTX_new()),
      window_(store, "sync", kPartsUnderWay) {
  EVP_DigestInit_ex(digest_, EVP_sha256(), nullptr);
}

PlanWriter::~PlanWriter() { EVP_MD_CTX_free(digest_); }

absl::Status PlanWriter::Add(PlannedAction action, const std::string& about) {
  Count(action);
  const std::string bytes = action.SerializeAsString();
  EVP_DigestUpdate(digest_, bytes.data(), bytes.size());
  if (!about.empty() && !in_part_.insert(about).second) {
    later_[about].push_back(std::move(action));
    return absl::OkStatus();
  }
  *part_.add_actions() = std::move(action);
  return part_.actions_size() < kActionsInPart ? absl::OkStatus() : FlushPart();
}

absl::Status PlanWriter::Settle(const std::string& external_id) {
  settled_.push_back(stream_.For(external_id));
  return FlushIfMany();
}

absl::Status PlanWriter::SettleDirty(const std::string& association_id) {
  settled_dirty_.push_back(stream_.For(association_id));
  return FlushIfMany();
}

absl::Status PlanWriter::PutOff(const std::string& association_id, base::Instant until) {
  v1::DirtyMark mark;
  *mark.mutable_not_before_time() = base::ToTimestamp(until);
  put_off_.emplace_back(stream_.For(association_id), mark.SerializeAsString());
  return FlushIfMany();
}

absl::Status PlanWriter::Reject(v1::RejectedRecord rejected) {
  plan_.set_rejected_count(plan_.rejected_count() + 1);
  const std::string external_id = rejected.external_id();
  rejected_.push_back(std::move(rejected));
  return Settle(external_id);
}

absl::Status PlanWriter::FlushIfMany() {
  const std::size_t waiting = settled_.size() + settled_dirty_.size() + put_off_.size();
  return waiting < kActionsInPart ? absl::OkStatus() : FlushPart();
}

void PlanWriter::Count(const PlannedAction& action) {
  for (const auto& change : action.changes()) {
    if (change.conflict()) plan_.set_conflict_count(plan_.conflict_count() + 1);
    if (change.overrules()) plan_.set_overruled_count(plan_.overruled_count() + 1);
  }
  for (const auto& change : action.source_changes()) {
    if (change.overrules()) plan_.set_overruled_count(plan_.overruled_count() + 1);
  }
  if (action.link_reason() == kInDoubt) plan_.set_question_count(plan_.question_count() + 1);
  if (action.link_reason() == kByMatch) plan_.set_match_count(plan_.match_count() + 1);
  const bool writes = !action.source_changes().empty();
  if (action.kind() == PlannedAction::KIND_SOURCE_CREATE) {
    return plan_.set_source_create_count(plan_.source_create_count() + 1);
  }
  if (writes) plan_.set_source_update_count(plan_.source_update_count() + 1);
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
    case PlannedAction::KIND_SOURCE_UPDATE:
    case PlannedAction::KIND_UNLINK:  // of a record that has vanished, and is counted with those
      return;
    default:
      return plan_.set_link_count(plan_.link_count() + 1);
  }
}

absl::Status PlanWriter::FlushPart() {
  if (part_.actions().empty() && settled_.empty() && settled_dirty_.empty() && put_off_.empty()) {
    return absl::OkStatus();
  }
  std::string key;
  if (!part_.actions().empty()) {
    key = PlanPartKey(plan_.id(), plan_.part_count());
    plan_.set_part_count(plan_.part_count() + 1);
  }
  auto body = [key, bytes = part_.SerializeAsString(), settled = std::exchange(settled_, {}),
               settled_dirty = std::exchange(settled_dirty_, {}),
               put_off = std::exchange(put_off_, {}), rejected = std::exchange(rejected_, {}),
               stream = stream_, run_id = plan_.run_id()](storage::Transaction& transaction) {
    if (!key.empty()) BB_RETURN_IF_ERROR(transaction.Put(Kind::kPlanPart, key, bytes));
    for (const auto& one : rejected) {
      BB_RETURN_IF_ERROR(KeepAside(transaction, stream, run_id, one, false));
    }
    for (const auto& one : settled) BB_RETURN_IF_ERROR(transaction.Remove(Kind::kPending, one));
    for (const auto& one : settled_dirty) {
      BB_RETURN_IF_ERROR(transaction.Remove(Kind::kDirty, one));
      // What the source refused is there after all, or nobody wants it there any more.
      BB_RETURN_IF_ERROR(transaction.Remove(Kind::kDeadLetter, one));
    }
    for (const auto& [place, mark] : put_off) {
      BB_RETURN_IF_ERROR(transaction.Put(Kind::kDirty, place, mark));
    }
    return absl::OkStatus();
  };
  part_.Clear();
  in_part_.clear();
  return window_.Submit(std::move(body));
}

absl::Status PlanWriter::Drain() {
  BB_RETURN_IF_ERROR(FlushPart());
  while (!later_.empty()) {
    for (auto& [about, actions] : later_) {
      *part_.add_actions() = std::move(actions.front());
      actions.pop_front();
      if (part_.actions_size() >= kActionsInPart) BB_RETURN_IF_ERROR(FlushPart());
    }
    BB_RETURN_IF_ERROR(FlushPart());
    std::erase_if(later_, [](const auto& one) { return one.second.empty(); });
  }
  BB_RETURN_IF_ERROR(window_.Drain());
  plan_.set_digest(Finished(digest_));
  return absl::OkStatus();
}

absl::StatusOr<Plan> PlanWriter::Finish() {
  BB_RETURN_IF_ERROR(
      store_.Write("sync", [this](storage::Transaction& transaction) { return Store(transaction); })
          .status());
  return plan_;
}

absl::Status PlanWriter::Store(storage::Transaction& transaction) {
  BB_ASSIGN_OR_RETURN(auto state,
                      Load<v1::StreamState>(transaction, Kind::kStreamState, stream_.prefix()));
  v1::StreamState next = state ? *std::move(state) : v1::StreamState();
  BB_ASSIGN_OR_RETURN(auto before, Load<Plan>(transaction, Kind::kPlan, next.newest_plan_id()));
  const bool waits =
      before && !before->has_used_time() && !IsEmpty(*before) &&
      (before->has_reject_time() || base::ToInstant(before->expire_time()) > clock_.Now());
  if (plan_.outbound() && waits) {
    return transaction.Put(Kind::kPlan, plan_.id(), plan_.SerializeAsString());
  }
  if (before && SaysTheSame(*before)) {
    BB_RETURN_IF_ERROR(RemoveParts(transaction, plan_.id()));
    const std::string run_id = plan_.run_id();
    plan_ = *std::move(before);
    plan_.set_run_id(run_id);
    // Nothing has to go to the disk: a connection that is read every few seconds mostly
    // finds nothing.
    if (IsEmpty(plan_)) return absl::OkStatus();
  } else if (before) {
    const bool no = before->has_reject_time() || before->after_rejection();
    plan_.set_after_rejection(no && !before->has_used_time());
    BB_RETURN_IF_ERROR(RemoveParts(transaction, before->id()));
  }
  next.set_newest_plan_id(plan_.id());
  BB_RETURN_IF_ERROR(
      transaction.Put(Kind::kStreamState, stream_.prefix(), next.SerializeAsString()));
  return transaction.Put(Kind::kPlan, plan_.id(), plan_.SerializeAsString());
}

bool PlanWriter::SaysTheSame(const Plan& before) const {
  const bool holds =
      before.has_reject_time() ? unattended_ : base::ToInstant(before.expire_time()) > clock_.Now();
  return holds && !before.has_used_time() && before.digest() == plan_.digest() &&
         before.verdict() == plan_.verdict() &&
         before.applications().SerializeAsString() == plan_.applications().SerializeAsString() &&
         before.meetings().SerializeAsString() == plan_.meetings().SerializeAsString();
}

}  // namespace brobygger::sync
