#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/access/policy.h"
#include "core/base/clock.h"

namespace brobygger::daemon {

// The policy that holds now: the file is read again when it changes, at the earliest two seconds
// after the last look. With a mistake in it the hub keeps the policy it has, and the log says
// line and reason. Thread-safe.
class PolicyKeeper {
 public:
  // With "" the shipped one, for good. FAILED_PRECONDITION with line and reason if the file cannot
  // be read: a hub does not start with a policy that nobody understands.
  static absl::StatusOr<std::unique_ptr<PolicyKeeper>> Open(const std::string& path,
                                                            const base::Clock& clock);

  std::shared_ptr<const access::Policy> Current();

 private:
  PolicyKeeper(std::string path, const base::Clock& clock, access::Policy policy);
  void LookAgain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string path_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  std::shared_ptr<const access::Policy> policy_ ABSL_GUARDED_BY(mutex_);
  base::Instant looked_ ABSL_GUARDED_BY(mutex_);
  std::filesystem::file_time_type written_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::daemon
