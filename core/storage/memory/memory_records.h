#pragma once

#include <functional>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/store.h"
#include "core/storage/write_set.h"

namespace brobygger::storage {

// Every version of every record, and the commits that made them. Thread-safe.
class MemoryRecords {
 public:
  Revision latest() const;
  base::Instant latest_time() const;

  Bytes Find(Kind kind, const std::string& key, Revision at) const;
  std::vector<Entry> Scan(Kind kind, const KeyRange& range, Revision at) const;
  std::vector<IndexEntry> ScanIndex(Index index, const IndexRange& range, Revision at) const;
  std::optional<std::vector<IndexTerm>> TermsOf(Kind kind, const std::string& key) const;

  Revision RevisionAt(base::Instant instant) const;
  std::vector<Change> ChangesAfter(Revision after, int limit) const;
  std::vector<Version> VersionsOf(Kind kind,
                                  const std::string& key,
                                  Revision before,
                                  int limit) const;

  // Adds one commit; everything in it becomes visible at once.
  Revision Commit(const WriteSet& writes, const std::string& actor);

 private:
  static constexpr Revision kOpen = std::numeric_limits<Revision>::max();
  struct Past {
    Revision revision;
    Bytes bytes;
  };
  struct Record {
    std::vector<Past> versions;  // oldest first; one if its kind is not versioned
    std::vector<IndexTerm> terms;
  };
  struct Span {
    Revision since;
    Revision until;
  };
  struct CommitInfo {
    base::Instant time;
    std::string actor;
  };

  Bytes FindLocked(Kind kind, const Record& record, Revision at) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CommitRecords(const WriteSet& writes, Revision revision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void CommitPlaces(const WriteSet& writes, Revision revision)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<WriteSet::RecordId, Record> records_ ABSL_GUARDED_BY(mutex_);
  std::map<TermPlace, std::vector<Span>> places_ ABSL_GUARDED_BY(mutex_);
  std::vector<Change> changes_ ABSL_GUARDED_BY(mutex_);
  std::vector<CommitInfo> commits_ ABSL_GUARDED_BY(mutex_);  // revision 1 first
};

}  // namespace brobygger::storage
