#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/store.h"

namespace brobygger::storage {

// The newest version of every versioned record, in memory: about 1 us a look-up.
// Thread-safe.
class NewestRecords {
 public:
  struct Newest {
    Revision revision;
    Bytes bytes;  // null: taken away
  };

  // With its places in indexes, as PackTerms() writes them.
  struct Record {
    Newest newest;
    std::string terms;
  };

  // None: there never was such a record.
  std::optional<Newest> Find(Kind kind, const std::string& key) const;
  std::optional<Record> FindWithTerms(Kind kind, const std::string& key) const;
  void Set(Kind kind, const std::string& key, Record record);

 private:
  static constexpr size_t kShards = 64;
  struct Shard {
    mutable absl::Mutex mutex;
    absl::flat_hash_map<std::string, Record> records ABSL_GUARDED_BY(mutex);
  };
  Shard& ShardOf(Kind kind, const std::string& key) const;

  // Versioned kinds are below 32.
  using Shards = std::array<std::array<Shard, kShards>, 32>;
  const std::unique_ptr<Shards> shards_ = std::make_unique<Shards>();
};

}  // namespace brobygger::storage
