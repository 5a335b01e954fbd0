#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include "core/storage/store.h"
#include "core/sync/keys.h"

namespace brobygger::sync {

// What the hub knows of a record before it is read again.
struct KnownRecord {
  std::uint64_t agreed_hash = 0;
  bool linked = false;
  bool live = false;
  bool seen = false;            // in this read
  std::uint64_t seen_hash = 0;  // as it was told then; 0: nothing was
  char pending = 0;             // what it waits for: see intake.h; 0 is nothing
};

// Every linked or waiting record of a stream, by external id, and what a read has
// learned of each. One pass over the small records, so that an unchanged source costs
// no look-ups. Belongs to one thread.
class KnownRecords {
 public:
  bool loaded() const { return loaded_; }
  absl::Status Load(const storage::Snapshot& snapshot, const StreamKey& stream);

  // To be changed; RollBack() takes it back. Valid until the next call.
  KnownRecord& Change(const std::string& external_id);

  bool Knows(const std::string& external_id) const { return records_.contains(external_id); }

  // Whether this read has shown the record, and whether it has told something else of
  // it before.
  bool Seen(const std::string& external_id) const;
  bool ToldOtherwise(const std::string& external_id, std::uint64_t hash) const;

  absl::flat_hash_map<std::string, KnownRecord>& all() { return records_; }

  // What was learned until now is committed.
  void Commit() { before_.clear(); }
  // What was learned since then was not, and comes again.
  void RollBack();

 private:
  bool loaded_ = false;
  absl::flat_hash_map<std::string, KnownRecord> records_;
  std::vector<std::pair<std::string, KnownRecord>> before_;
};

}  // namespace brobygger::sync
