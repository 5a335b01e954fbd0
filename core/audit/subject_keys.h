// Whom the log is about, without saying it: each subject has a key of its own, and the
// log holds HMACs under it. Whoever destroys the key destroys what the records point to,
// and the records stay as they are.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/audit/disk_thread.h"
#include "core/audit/file.h"
#include "core/audit/key_file.h"
#include "core/audit/subject_slots.h"
#include "core/audit/tail_file.h"
#include "core/base/clock.h"

namespace brobygger::audit {

// Thread-safe. The owner of the folder is whoever has the AuditLog in it.
class SubjectKeys {
 public:
  struct Options {
    std::string folder;  // made if it is not there
    // Both must outlive the object.
    const base::Clock* clock = &base::SystemClock();
    const Disk* disk = &RealDisk();
  };

  // Reads the keys, and erases again what the ledger `<folder>/erasures` says was
  // erased: so a restored file of keys brings nobody back.
  static absl::StatusOr<std::unique_ptr<SubjectKeys>> Open(const Options& options);
  ~SubjectKeys();
  SubjectKeys(const SubjectKeys&) = delete;
  SubjectKeys& operator=(const SubjectKeys&) = delete;

  // The subject's digest for Entry.subject_digests: 32 bytes. A subject that is met for
  // the first time, or after it was erased, gets a new key, which is on disk when this
  // returns. AUDIT_UNAVAILABLE: it could not be put there before the deadline. Known
  // subjects cost no disk access.
  absl::StatusOr<std::string> Digest(const std::string& subject_id, Deadline deadline);
  // The same for many, in their order, with one flush for all that are new.
  absl::StatusOr<std::vector<std::string>> Digests(const std::vector<std::string>& subject_ids,
                                                   Deadline deadline);

  // For look-ups: makes no key. None: never met, or erased.
  std::optional<std::string> Find(const std::string& subject_id) const;

  // Destroys the subject's key: first a line in the ledger, then zeros over the key.
  // Records about the subject stay and point nowhere. OK also if it was never met.
  // AUDIT_UNAVAILABLE: not before the deadline; if the ledger has it, the next Open()
  // does the rest, and so does the same call.
  absl::Status Erase(const std::string& subject_id, Deadline deadline);

  // Erases whoever a ledger from elsewhere says was erased, and copies its lines into
  // this one; returns how many keys went. For a restore of an old folder: a key that is
  // younger than the erasure stays. DATA_LOSS: a line cannot be read; nothing is done.
  absl::StatusOr<std::uint64_t> ApplyLedger(const std::string& path, Deadline deadline);

  // Subjects with a key.
  std::uint64_t count() const;

 private:
  struct State;
  explicit SubjectKeys(std::shared_ptr<State> state) : state_(std::move(state)) {}

  const std::shared_ptr<State> state_;
  // Last, so that it ends first.
  DiskThread disk_thread_;
};

}  // namespace brobygger::audit
