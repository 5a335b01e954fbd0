#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/audit/audit_log.h"
#include "core/audit/subject_keys.h"
#include "core/base/clock.h"
#include "core/daemon/refusal_digest.h"
#include "core/rpc/auditor.h"

namespace brobygger::daemon {

// Puts calls into the hub's audit log. Thread-safe.
class AuditTrail final : public rpc::Auditor {
 public:
  struct Settings {
    std::string folder;          // of the log
    std::string outside_folder;  // for a second copy of the checkpoints; empty: none
    const base::Clock* clock = &base::SystemClock();
    // Revision of the policy that decides now.
    std::function<std::uint64_t()> policy_revision;
  };

  // Writes down what was counted and not written yet.
  ~AuditTrail() override;

  // What keeps the log from being opened, in words for who starts the hub.
  static absl::StatusOr<std::unique_ptr<AuditTrail>> Open(Settings settings);

  void Record(rpc::AuditedCall call,
              std::chrono::steady_clock::time_point deadline,
              Done done) override;
  void RecordRefused(rpc::AuditedCall call) override;

  // Destroys what leads from a person to the records about them. AUDIT_UNAVAILABLE.
  absl::Status Forget(const std::string& person_id);

  // Every record about a person, the oldest first, as a JSON array, whose last element says
  // "damaged" if part of the log cannot be read or was changed: whoever asks for what is known
  // of them may see who looked, when and what for (CJEU C-579/21).
  absl::StatusOr<std::string> LookUpsOf(const std::string& person_id) const;

  const audit::AuditLog& log() const { return *log_; }
  audit::SubjectKeys& subjects() { return *subjects_; }

 private:
  void Append(const rpc::AuditedCall& call);
  void WriteCounted();

  AuditTrail(Settings settings,
             std::unique_ptr<audit::AuditLog> log,
             std::unique_ptr<audit::SubjectKeys> subjects);

  absl::StatusOr<audit::v1::Entry> ToEntry(const rpc::AuditedCall& call, audit::Deadline deadline);

  const Settings settings_;
  const std::unique_ptr<audit::AuditLog> log_;
  const std::unique_ptr<audit::SubjectKeys> subjects_;
  RefusalDigest refusals_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread counted_writer_;  // last: it begins when all else is there
};

}  // namespace brobygger::daemon
