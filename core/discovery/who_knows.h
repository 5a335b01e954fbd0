#pragma once

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/discovery_service.pb.h"

#include "core/discovery/overview.h"
#include "core/search/shelf.h"

namespace brobygger::discovery {

// What a call asks of, and for whom. All must outlive the call.
struct Asker {
  const storage::Store& store;
  const ContactIndex& index;
  const base::Clock& clock;
  const access::Caller& caller;
  // Where lists of associations are looked up while it is as new as the store; null: nowhere.
  const search::Shelf* shelf = nullptr;
};

// Who knows whom, at the caller's level: see the service's comments for limits and errors.
absl::StatusOr<v1::WhoKnowsResponse> WhoKnows(const Asker& whole,
                                              const v1::WhoKnowsRequest& request);

// The same as a table.
absl::StatusOr<v1::GetContactMatrixResponse> GetContactMatrix(
    const Asker& asker, const v1::GetContactMatrixRequest& request);

// An overview as of now. OVERLOADED until the index is loaded.
absl::StatusOr<Overview> OverviewFor(const Asker& asker);

}  // namespace brobygger::discovery
