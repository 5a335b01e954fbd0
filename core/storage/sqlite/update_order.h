#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/storage/store.h"

namespace brobygger::storage {

// The index kAssociationByUpdate at the newest revision, in memory. Every write of
// an association moves its place, from somewhere in the middle to the end; in a
// table that costs a random page for each write, and the table of versions knows
// it all anyway. Thread-safe.
class UpdateOrder {
 public:
  // The record's place goes from revision `from` to `to`, at `now`; 0 is no place.
  void Move(const std::string& key, Revision from, Revision to, Revision now);

  struct Page {
    std::vector<IndexEntry> places;
    // Whether a record has moved since the revision asked for, so that its place
    // then is not here.
    bool moved;
  };
  // Places of records last written at or before `at`.
  Page Scan(const IndexRange& range, Revision at) const;

 private:
  using Place = std::pair<Revision, std::string>;
  struct Less {
    using is_transparent = void;
    bool operator()(const Place& left, const Place& right) const { return left < right; }
    bool operator()(const Place& left, const IndexEntry& right) const;
    bool operator()(const IndexEntry& left, const Place& right) const;
  };

  mutable absl::Mutex mutex_;
  std::set<Place, Less> places_ ABSL_GUARDED_BY(mutex_);
  Revision newest_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace brobygger::storage
