#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_set.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/sqlite/connection.h"
#include "core/storage/store.h"

namespace brobygger::storage {

// What is known of the indexes without asking the file, so that the commonest answer,
// "nothing stands there, and nothing has moved", costs no statement. It may say "perhaps"
// where the file would say no, and never the other way round: the writer tells it before it
// commits, and nothing is forgotten until the next start. Thread-safe.
class IndexMemory {
 public:
  // Learns what the file has. Once, before anything else.
  absl::Status Load(Connection& connection);

  // A place of the index goes with `revision`; those of working state leave no trace and need
  // not be told.
  void Moves(Index index, Revision revision);
  // Whether a place may have stood at revision `at` and have gone since. Asked after the
  // places have been read.
  bool MovedSince(Index index, Revision at) const;

  void Places(Index index, const std::string& value);
  // False: no record stands, or ever stood since the start, at this value. Always true for
  // indexes in which nearly every value that anybody asks for is found.
  bool MayHold(Index index, const std::string& value) const;

 private:
  std::array<std::atomic<Revision>, 256> last_move_ = {};
  mutable absl::Mutex mutex_;
  // Digests of index and value: 8 bytes a place instead of 60. Two alike cost a look at the file.
  absl::flat_hash_set<std::uint64_t> placed_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::storage
