#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/network_calls.pb.h"
#include "brobygger/collab/v1/network_service.pb.h"

#include "core/base/clock.h"
#include "core/collab/collaborations.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// A network is seen by its convenor, its members and the municipalities of both (core/scope).
// Employees write it down. An association that calls it together writes its title, aim, meetings
// and page; a member may leave. Who becomes a member is for employees, since which associations
// there are is not for another association to hear. Each gives the network as it is then, as
// `actor` may see it. Common errors: NETWORK_NOT_FOUND, FIELD_INVALID, CPR_REFUSED, ETAG_MISMATCH;
// NOT_ALLOWED for what an association may not do.

// An association that makes one calls it together. DEPARTMENT_NOT_FOUND, ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Network> CreateNetwork(storage::Transaction& transaction,
                                          const v1::CreateNetworkRequest& wanted,
                                          const Actor& actor);

// DEPARTMENT_NOT_FOUND, ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Network> UpdateNetwork(storage::Transaction& transaction,
                                          const v1::UpdateNetworkRequest& wanted,
                                          const Actor& actor);

// ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Network> AddNetworkMember(storage::Transaction& transaction,
                                             const v1::AddNetworkMemberRequest& wanted,
                                             const Actor& actor);

// Who has left already stays so. Whoever calls it together cannot leave before somebody else does.
absl::StatusOr<v1::Network> RemoveNetworkMember(storage::Transaction& transaction,
                                                const v1::RemoveNetworkMemberRequest& wanted,
                                                const Actor& actor);

absl::StatusOr<v1::Network> SetNetworkMeeting(storage::Transaction& transaction,
                                              const v1::SetNetworkMeetingRequest& wanted,
                                              const Actor& actor);

absl::StatusOr<v1::Network> PublishNetwork(storage::Transaction& transaction,
                                           const v1::PublishNetworkRequest& wanted,
                                           const Actor& actor);

absl::StatusOr<v1::Network> GetNetwork(const storage::Snapshot& snapshot,
                                       const std::string& typed,
                                       const Actor& actor);

// PAGE_TOKEN_INVALID.
absl::StatusOr<v1::ListNetworksResponse> ListNetworks(const storage::Snapshot& snapshot,
                                                      const v1::ListNetworksRequest& request,
                                                      const Actor& actor);

// What everybody may read. NETWORK_NOT_FOUND while it is not published.
absl::StatusOr<v1::GetNetworkPageResponse> GetNetworkPage(const storage::Snapshot& snapshot,
                                                          const v1::GetNetworkPageRequest& request,
                                                          base::Instant now);

// Whom the municipality may write to, and who is left out and why: an association agrees to be
// contacted (`visibility_consent.contact`), or it is not written to, and one that is
// `advertising_protected` never is. `municipality_code` is the caller's, or "" for the operator:
// of an association elsewhere the store shows mailboxes only where it agreed to that.
absl::StatusOr<v1::GetNetworkMailingListResponse> GetNetworkMailingList(
    const storage::Snapshot& snapshot,
    const std::string& typed,
    const std::string& municipality_code,
    const Actor& actor);

}  // namespace brobygger::collab
