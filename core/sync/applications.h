#pragma once

#include <cstdint>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/connection.pb.h"

#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/application_mapping.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// Brings a source's grant applications in, beside its associations: read into claims
// as those are, planned and applied in the same run, after them. The source decides
// all of an application, so there is nothing to merge, and nothing is written to it.

// All must outlive the calls.
struct ApplicationContext {
  storage::Store& store;
  const ApplicationMapping& mapping;
  StreamKey stream;
  std::string run_id;
};

// What a plan has to say about the applications that wait.
struct WaitingApplications {
  v1::ApplicationCounts counts;
  std::uint64_t live = 0;  // known, and still at the source
};

// Looks at the applications that wait: those that say nothing new no longer wait, and
// those that cannot be used are kept aside.
absl::StatusOr<WaitingApplications> PlanApplications(const ApplicationContext& context,
                                                     const supervisor::CancelToken& cancel);

// Brings in what waits, 500 applications a commit; those that the source no longer has
// only if `with_gone`. What could not be used is counted and kept aside.
absl::StatusOr<v1::ApplicationCounts> ApplyApplications(const ApplicationContext& context,
                                                        bool with_gone,
                                                        const supervisor::CancelToken& cancel);

// Whether there is anything to bring in.
bool AnyWaiting(const v1::ApplicationCounts& counts);

}  // namespace brobygger::sync
