#pragma once

#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/clock.h"
#include "core/contact/address_book.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/applications.h"
#include "core/sync/engine.h"
#include "core/sync/mapping.h"
#include "core/sync/meetings.h"
#include "core/sync/secrets.h"

namespace brobygger::sync {

// What waits beside the associations.
struct WaitingBeside {
  WaitingApplications applications = {};
  WaitingMeetings meetings = {};
};

// Where to read it.
struct ReadBeside {
  const v1::Connection& connection;
  const Mapping& mapping;
  const ProgressSink& progress;
  const supervisor::CancelToken& cancel;
};

// Reads what a connection has beside associations, or instead of them, and brings it in.
// Safe to use from many threads, but one connection's calls must not overlap.
class SideStreams {
 public:
  // All references must outlive it.
  SideStreams(storage::Store& store,
              supervisor::Supervisor& supervisor,
              const base::Clock& clock,
              const SecretResolver& secrets);

  // `run` tells how it went.
  absl::StatusOr<WaitingBeside> Read(const ReadBeside& wanted, v1::Run& run) const;

  // What waits, as `plan` judged it; what the source no longer has only if `with_gone`.
  absl::Status BringIn(const v1::Connection& connection,
                       const v1::Plan& plan,
                       bool with_gone,
                       const supervisor::CancelToken& cancel,
                       v1::Run& run) const;

 private:
  absl::StatusOr<WaitingApplications> ReadApplications(const ReadBeside& wanted,
                                                       v1::Run& run) const;
  absl::Status ForgetCaseWork(const storage::Snapshot& snapshot,
                              const v1::Connection& connection,
                              v1::Run& run) const;
  absl::StatusOr<WaitingMeetings> ReadMeetings(const ReadBeside& wanted, v1::Run& run) const;
  absl::StatusOr<std::shared_ptr<const contact::AddressBook>> Book(
      const storage::Snapshot& snapshot) const;

  storage::Store& store_;
  supervisor::Supervisor& supervisor_;
  const base::Clock& clock_;
  const SecretResolver& secrets_;
  // Made at the first use, since a hub without calendars has no key.
  mutable absl::Mutex mutex_;
  mutable std::unique_ptr<contact::AddressBooks> books_ ABSL_GUARDED_BY(mutex_);
};

// Tells a plan what waits beside the associations.
void AddCounts(const WaitingBeside& waiting, v1::Plan& plan);

}  // namespace brobygger::sync
