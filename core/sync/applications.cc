#include "core/sync/applications.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/grants/ingest.h"
#include "core/grants/owner.h"
#include "core/sync/side_stream.h"

namespace brobygger::sync {
namespace {

using grant::v1::GrantApplication;
using grants::Ingested;

// What is done with applications: see side_stream.h.
class ApplicationRecords {
 public:
  static constexpr bool kKeepsClaims = true;

  ApplicationRecords(const ApplicationMapping& mapping, const StreamKey& stream)
      : mapping_(&mapping), connection_id_(stream.connection_id) {}

  v1::ApplicationCounts counts;

  absl::StatusOr<bool> Plan(const storage::Snapshot& snapshot, const v1::Claim& claim) {
    BB_ASSIGN_OR_RETURN(GrantApplication told, Tell(claim));
    BB_ASSIGN_OR_RETURN(const Ingested would, grants::WouldIngest(snapshot, std::move(told)));
    Count(would);
    return would != Ingested::kSame;
  }

  absl::Status Apply(storage::Transaction& transaction, const v1::Claim& claim) {
    BB_ASSIGN_OR_RETURN(GrantApplication application, Tell(claim));
    BB_ASSIGN_OR_RETURN(const Ingested done, grants::IngestApplication(transaction, application));
    Count(done);
    if (done == Ingested::kSame) return absl::OkStatus();
    BB_RETURN_IF_ERROR(grants::SetOwner(transaction, application));
    const bool nobodys = application.association_id().empty();
    counts.set_unresolved_count(counts.unresolved_count() + (nobodys ? 1 : 0));
    return absl::OkStatus();
  }

  // Applications are guarded together.
  static std::string GroupOf(const v1::Claim& /*claim*/) { return ""; }

  absl::Status Gone(storage::Transaction& transaction, const std::string& external_id) const {
    return grants::IngestGone(transaction, connection_id_, external_id);
  }

  // It is at its source all the same.
  static absl::StatusOr<bool> PlanHidden(const storage::Transaction& /*transaction*/,
                                         const std::string& /*external_id*/) {
    return false;
  }
  static absl::Status Hidden(storage::Transaction& /*transaction*/,
                             const std::string& /*external_id*/) {
    return absl::OkStatus();
  }

 private:
  absl::StatusOr<GrantApplication> Tell(const v1::Claim& claim) const {
    BB_ASSIGN_OR_RETURN(GrantApplication application, mapping_->Tell(claim.told()));
    application.set_run_id(claim.run_id());
    return application;
  }

  void Count(Ingested done) {
    if (done == Ingested::kNew) counts.set_new_count(counts.new_count() + 1);
    if (done == Ingested::kChanged) counts.set_changed_count(counts.changed_count() + 1);
  }

  const ApplicationMapping* mapping_;
  std::string connection_id_;
};

}  // namespace

absl::StatusOr<WaitingApplications> PlanApplications(const ApplicationContext& context,
                                                     const supervisor::CancelToken& cancel) {
  const SideContext side{context.store, context.stream, context.run_id};
  BB_ASSIGN_OR_RETURN(
      const auto planned,
      PlanWaiting(side, cancel, ApplicationRecords(context.mapping, context.stream)));
  WaitingApplications waiting{.counts = planned.counts};
  BB_ASSIGN_OR_RETURN(waiting.live, LiveRecords(side));
  return waiting;
}

absl::StatusOr<v1::ApplicationCounts> ApplyApplications(const ApplicationContext& context,
                                                        bool with_gone,
                                                        const supervisor::CancelToken& cancel) {
  const SideContext side{context.store, context.stream, context.run_id};
  BB_ASSIGN_OR_RETURN(
      const auto applied,
      ApplyWaiting(side, with_gone, cancel, ApplicationRecords(context.mapping, context.stream)));
  return applied.counts;
}

bool AnyWaiting(const v1::ApplicationCounts& counts) {
  return counts.new_count() + counts.changed_count() + counts.gone_count() > 0;
}

}  // namespace brobygger::sync
