#pragma once

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/discovery/who_knows.h"

namespace brobygger::discovery {

// Questions over all of a municipality, for its own employees: others are refused (NOT_ALLOWED),
// since what is missing in an answer tells, too. Each looks at every association there.
absl::StatusOr<v1::ListBlankSpotsResponse> ListBlankSpots(const Asker& asker,
                                                          const v1::ListBlankSpotsRequest& request);

absl::StatusOr<v1::ListOnePersonDependenciesResponse> ListOnePersonDependencies(
    const Asker& asker, const v1::ListOnePersonDependenciesRequest& request);

// With an association it looks at that one alone.
absl::StatusOr<v1::GetInitiativeBalanceResponse> GetInitiativeBalance(
    const Asker& asker, const v1::GetInitiativeBalanceRequest& request);

// How few know an association. Pure.
struct Blankness {
  int departments = 0;  // of its municipality, that have met it
  int last = 0;         // day of the newest contact; 0: there was none
  bool planned = false;
  const PairContacts* newest = nullptr;  // of the department that met it last

  bool nobody() const { return departments == 0; }
  bool one_department() const { return departments == 1; }
  bool silent(int today) const;
};
Blankness BlanknessOf(const std::vector<PairContacts>& pairs, int today);

// NOT_ALLOWED unless the caller works for the municipality, or runs the hub.
absl::Status CheckAtHome(const access::Caller& caller, const std::string& municipality_code);

}  // namespace brobygger::discovery
