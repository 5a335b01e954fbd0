#pragma once

#include <functional>
#include <memory>

#include <absl/status/statusor.h>

#include "brobygger/feed/v1/feed_service.pb.h"

#include "core/storage/store.h"

namespace brobygger::feed {

class Follower;

// Wakes those who wait for the next change. Each follower reads the changes
// itself, at its own pace, so a slow one delays nobody, and none skips a change.
// Safe to use from many threads.
class Feed {
 public:
  // Listens to the store's commits, as its one listener: make the feed before the
  // first write. The store must outlive the feed and its followers.
  explicit Feed(storage::Store& store);
  ~Feed();

  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  // A follower of the changes after `after`. `wake` is called after each commit
  // that follows, on the store's thread; it must be short and must not call the
  // follower. No call of `wake` begins, or is under way, once the follower is
  // destroyed; so it must not be destroyed inside `wake`, nor under a lock that
  // `wake` takes. Ask for a batch once at the start, without waiting to be woken.
  //
  // `view_of` gives what the follower reads instead of the feed's own store: the same store as
  // somebody sees it. It must keep every promise of Store::ChangesAfter().
  using ViewOf = std::function<std::unique_ptr<const storage::Store>(storage::Store&)>;
  std::unique_ptr<Follower> Follow(storage::Revision after,
                                   std::function<void()> wake,
                                   const ViewOf& view_of = nullptr);

  // The newest revision that has been committed since the feed began to listen.
  storage::Revision newest() const;

 private:
  friend class Follower;
  class Listener;
  class Listeners;

  storage::Store& store_;
  // Shared with the store's listener and the followers, either of which may
  // outlive the feed.
  std::shared_ptr<Listeners> listeners_;
};

// One reader's place among the changes. Belongs to one thread at a time.
class Follower {
 public:
  ~Follower();

  Follower(const Follower&) = delete;
  Follower& operator=(const Follower&) = delete;

  // The next changes, oldest first, and moves on past them: about `limit`, or
  // fewer where they are large, but a revision's changes always come together.
  // Without changes `through_revision` is the newest revision there is.
  // REVISION_UNKNOWN if the follower asked to start after a revision that is not
  // made yet.
  absl::StatusOr<v1::FollowChangesResponse> NextBatch(int limit, bool include_records);

  // Every change up to this revision has been given.
  storage::Revision revision() const { return revision_; }

 private:
  friend class Feed;
  Follower(const storage::Store& store,
           std::unique_ptr<const storage::Store> view,
           storage::Revision after,
           std::shared_ptr<Feed::Listeners> listeners,
           std::shared_ptr<Feed::Listener> listener);

  const std::unique_ptr<const storage::Store> view_;  // or null
  const storage::Store& store_;
  storage::Revision revision_;
  const std::shared_ptr<Feed::Listeners> listeners_;
  const std::shared_ptr<Feed::Listener> listener_;
};

}  // namespace brobygger::feed
