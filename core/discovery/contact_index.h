#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/contact/v1/touchpoint.pb.h"

#include "core/storage/listening_store.h"

namespace brobygger::discovery {

// A touchpoint, as little of it as an overview needs.
struct Contact {
  std::uint64_t id = 0;    // a digest of the touchpoint's id
  std::int32_t day = 0;    // days since 1970-01-01
  std::uint16_t role = 0;  // 0: not told; see ContactIndex::RoleOf()
  std::uint8_t channel = 0;
  std::uint8_t purpose = 0;
  std::uint8_t initiator = 0;
  bool written = false;  // a person wrote it, so it counts on its own day
};

// How many contacts a quarter had whose single ones are not kept any more.
struct QuarterCount {
  std::int32_t day = 0;  // the quarter's first
  std::uint32_t count = 0;
};

// Everything a department and an association had to do with each other.
struct PairContacts {
  std::string department_id;      // empty: of none that the registry knows; see written_name
  std::vector<Contact> contacts;  // in no order; none that is in review or dismissed
  std::vector<QuarterCount> quarters;
  // Of applications only: what their source calls the department, where the registry knows none.
  std::string written_name = {};
};

// All touchpoints in memory, so that a question over a whole municipality costs no look into the
// store: some 30 bytes each. It hears of every commit, is made anew at each start, and knows
// associations by the id they had then: whoever asks names the merged ones, too. Thread-safe.
class ContactIndex final : public storage::Listener {
 public:
  // Reads all that the snapshot has. Commits may be heard meanwhile. Once.
  absl::Status Load(const storage::Snapshot& snapshot);

  // False until Load() has ended well.
  bool loaded() const;

  // What departments had to do with these associations together, in no order.
  std::vector<PairContacts> Of(const std::vector<std::string>& association_ids) const;

  // "" for 0.
  std::string RoleOf(std::uint16_t role) const;

  // How many touchpoints it holds.
  std::size_t size() const;

  bool Hears(storage::Kind kind) const override;
  void Heard(storage::Kind kind,
             const std::string& key,
             const storage::Bytes& before,
             const storage::Bytes& after) override;

 private:
  using DepartmentNumber = std::uint16_t;
  struct Held {
    Contact contact;
    DepartmentNumber department = 0;
  };
  struct Counted {
    QuarterCount quarter;
    DepartmentNumber department = 0;
  };
  struct OfAssociation {
    std::vector<Held> contacts;
    std::vector<Counted> quarters;
  };
  struct Missed {
    storage::Kind kind;
    storage::Bytes before;
    storage::Bytes after;
  };
  // Gives each text a number, from 1.
  struct Names {
    std::uint16_t NumberOf(const std::string& text);
    std::vector<std::string> texts;
    absl::flat_hash_map<std::string, std::uint16_t> numbers;
  };

  void Take(storage::Kind kind, const storage::Bytes& before, const storage::Bytes& after)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Add(const contact::v1::StoredTouchpoint& stored) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Drop(const contact::v1::StoredTouchpoint& stored) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void SetCount(const contact::v1::TouchpointCount& count, bool there)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, OfAssociation> by_association_ ABSL_GUARDED_BY(mutex_);
  Names departments_ ABSL_GUARDED_BY(mutex_);
  Names roles_ ABSL_GUARDED_BY(mutex_);
  std::size_t size_ ABSL_GUARDED_BY(mutex_) = 0;
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  // What was heard before all was read; taken when it is.
  std::vector<Missed> missed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::discovery
