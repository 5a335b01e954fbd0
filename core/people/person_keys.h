#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/audit/file.h"
#include "core/audit/key_file.h"
#include "core/audit/subject_slots.h"
#include "core/base/clock.h"
#include "core/people/seal.h"

namespace brobygger::people {

// The key of each person, in a file of its own beside the store: fixed places that are
// overwritten with zeros, and found by a keyed digest of the person's id. What lies in a place
// opens nothing by itself: a person's key is made of it and of the master key, which lies in
// another file. Thread-safe.
class PersonKeys {
 public:
  struct Options {
    std::string path;             // of the file of keys; made if it is not there
    std::string master_key_path;  // made if it is not there; nobody else may read it
    // Both must outlive the object.
    const base::Clock* clock = &base::SystemClock();
    const audit::Disk* disk = &audit::RealDisk();
  };

  // SECRET_UNREADABLE: the master key. STORAGE_CORRUPT: the file of keys is damaged.
  static absl::StatusOr<std::unique_ptr<PersonKeys>> Open(const Options& options);
  ~PersonKeys();
  PersonKeys(const PersonKeys&) = delete;
  PersonKeys& operator=(const PersonKeys&) = delete;

  // New keys for persons who have none, in their order, on disk with one flush.
  absl::StatusOr<std::vector<SealKey>> Make(const std::vector<std::string>& person_ids);

  // None: there never was one, or it was destroyed.
  std::optional<SealKey> Find(const std::string& person_id) const;

  // Returns when zeros lie over the key; OK if there is none.
  absl::Status Destroy(const std::string& person_id);

  // What tells texts apart without telling them: HMAC-SHA256 under a part of the master key, as
  // 64 hexadecimal digits. The same for as long as the master key is.
  std::string Digest(std::string_view text) const;

  // How many persons have a key.
  std::size_t count() const;

 private:
  struct Place {
    std::uint64_t number;
    audit::Key key;
  };

  PersonKeys(const Options& options,
             const audit::Key& master,
             std::unique_ptr<audit::SubjectSlots> slots);

  SealKey SealKeyOf(const audit::Key& key, const std::string& person_id) const;
  audit::Key TagOf(const std::string& person_id) const;

  const base::Clock& clock_;
  // One master key, three uses that must not answer for each other.
  audit::Key sealing_;
  audit::Key tagging_;
  audit::Key digesting_;
  mutable absl::Mutex mutex_;
  const std::unique_ptr<audit::SubjectSlots> slots_ ABSL_PT_GUARDED_BY(mutex_);
  absl::flat_hash_map<audit::Key, Place> places_ ABSL_GUARDED_BY(mutex_);  // by tag
};

}  // namespace brobygger::people
