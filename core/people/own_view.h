#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/people/v1/own_view.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"

namespace brobygger::people {

// What is recorded about an association, and who said it, but for persons: of those only how
// many. Its own record, contacts, events, applications, requests for corrections, collaborations,
// resource checks, courses, networks and premises; costs a look at each. Of a course only what is
// its own, whoever asks. ASSOCIATION_NOT_FOUND. Thread-safe.
absl::StatusOr<v1::GetOwnViewResponse> GetOwnView(const storage::Store& store,
                                                  const base::Clock& clock,
                                                  const std::string& association_id);

}  // namespace brobygger::people
