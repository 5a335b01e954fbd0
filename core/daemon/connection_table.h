#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/synchronization/mutex.h>
#include <sys/types.h>

#include "core/access/access.h"

namespace brobygger::daemon {

// Who is at the other end of which connection, for all sockets of a hub together: a descriptor's
// number is given to the next connection when one is closed, whatever socket that comes to.
// Thread-safe.
class ConnectionTable {
 public:
  // Before gRPC is given the descriptor.
  void Put(int descriptor, std::shared_ptr<const access::Caller> caller);

  // `peer` is what gRPC calls a connection, "fd:7", as long as any call on it lives; it closes the
  // descriptor later, so the number cannot mean somebody else meanwhile. Null: nobody we let in.
  std::shared_ptr<const access::Caller> At(const std::string& peer) const;

  // Whether there are fewer than `limit`.
  bool HasRoom(std::size_t limit);

 private:
  struct Connection {
    ino_t inode;  // tells whether the descriptor still is this connection
    std::shared_ptr<const access::Caller> caller;
  };

  mutable absl::Mutex mutex_;
  absl::flat_hash_map<int, Connection> connections_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::daemon
