#include "core/storage/sqlite/newest_records.h"

#include <utility>

#include <absl/hash/hash.h>

namespace brobygger::storage {

NewestRecords::Shard& NewestRecords::ShardOf(Kind kind, const std::string& key) const {
  // The map within takes the low bits of the same hash; the shard takes others.
  const size_t hash = absl::Hash<std::string>()(key);
  return (*shards_)[static_cast<size_t>(kind)][(hash >> 40) % kShards];
}

std::optional<NewestRecords::Newest> NewestRecords::Find(Kind kind, const std::string& key) const {
  const Shard& shard = ShardOf(kind, key);
  absl::ReaderMutexLock lock(&shard.mutex);
  const auto found = shard.records.find(key);
  if (found == shard.records.end()) return std::nullopt;
  return found->second.newest;
}

std::optional<NewestRecords::Record> NewestRecords::FindWithTerms(Kind kind,
                                                                  const std::string& key) const {
  const Shard& shard = ShardOf(kind, key);
  absl::ReaderMutexLock lock(&shard.mutex);
  const auto found = shard.records.find(key);
  if (found == shard.records.end()) return std::nullopt;
  return found->second;
}

void NewestRecords::Set(Kind kind, const std::string& key, Record record) {
  Shard& shard = ShardOf(kind, key);
  absl::MutexLock lock(&shard.mutex);
  shard.records.insert_or_assign(key, std::move(record));
}

}  // namespace brobygger::storage
