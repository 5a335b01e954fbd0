#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <google/protobuf/field_mask.pb.h>

#include "brobygger/collab/v1/collaboration_calls.pb.h"
#include "brobygger/collab/v1/collaboration_service.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// Who acts: an employee or the operator, or an association for itself.
struct Actor {
  std::string name;                 // as it stands in the history: "user:..."
  std::string association_id = {};  // empty: not an association
  bool is_association() const { return !association_id.empty(); }
};

// Whom a collaboration is shown to decides the store that is given (core/scope): what is not the
// caller's is not there. Common errors: COLLABORATION_NOT_FOUND, FIELD_INVALID, CPR_REFUSED;
// NOT_ALLOWED for what an association may not do for itself.

// With the parties' names; associations are led to where they were merged, and two that turned out
// to be one are one party.
absl::StatusOr<v1::Collaboration> Shown(const storage::Snapshot& snapshot,
                                        v1::Collaboration collaboration);

// An idea with its first parties. An association that proposes one becomes a party.
// DEPARTMENT_NOT_FOUND, ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Collaboration> CreateCollaboration(storage::Transaction& transaction,
                                                      const v1::CreateCollaborationRequest& wanted,
                                                      const Actor& actor);

// ETAG_MISMATCH.
absl::StatusOr<v1::Collaboration> UpdateCollaboration(storage::Transaction& transaction,
                                                      const v1::Collaboration& wanted,
                                                      const google::protobuf::FieldMask& mask,
                                                      const Actor& actor);

// ETAG_MISMATCH, COLLABORATION_MOVE_INVALID, COLLABORATION_NOT_READY.
absl::StatusOr<v1::Collaboration> MoveCollaboration(storage::Transaction& transaction,
                                                    const v1::MoveCollaborationRequest& wanted,
                                                    const Actor& actor);

// DEPARTMENT_NOT_FOUND, ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Collaboration> AddParty(storage::Transaction& transaction,
                                           const v1::AddPartyRequest& wanted,
                                           const Actor& actor);

// Who has left already stays so.
absl::StatusOr<v1::Collaboration> RemoveParty(storage::Transaction& transaction,
                                              const v1::RemovePartyRequest& wanted,
                                              const Actor& actor);

// An association may change tasks of its own side.
absl::StatusOr<v1::Collaboration> SetTask(storage::Transaction& transaction,
                                          const v1::SetTaskRequest& wanted,
                                          const Actor& actor);

absl::StatusOr<v1::Collaboration> AddMilestone(storage::Transaction& transaction,
                                               const v1::AddMilestoneRequest& wanted,
                                               const Actor& actor);

// COLLABORATION_NOT_READY unless it is being evaluated, or closed.
absl::StatusOr<v1::Collaboration> RecordOutcome(storage::Transaction& transaction,
                                                const v1::RecordOutcomeRequest& wanted,
                                                const Actor& actor);

// Those that the association, or what was merged into it, takes part in or did; with "" all. Costs
// follow their number.
absl::StatusOr<std::vector<v1::Collaboration>> CollaborationsOf(const storage::Snapshot& snapshot,
                                                                const std::string& association_id);

// With its newest round as `actor` may see it, and where it may go.
absl::StatusOr<v1::GetCollaborationResponse> GetCollaboration(const storage::Snapshot& snapshot,
                                                              const std::string& typed,
                                                              base::Instant now,
                                                              const Actor& actor);

// What was agreed, as `actor` may see it. ALIGNMENT_NOT_FOUND.
absl::StatusOr<v1::GetAgreementResponse> GetAgreement(const storage::Snapshot& snapshot,
                                                      const v1::GetAgreementRequest& request,
                                                      const Actor& actor);

// PAGE_TOKEN_INVALID.
absl::StatusOr<v1::ListCollaborationsResponse> ListCollaborations(
    const storage::Snapshot& snapshot, const v1::ListCollaborationsRequest& request);

}  // namespace brobygger::collab
