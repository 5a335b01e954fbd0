#include "core/daemon/connection_table.h"

#include <charconv>
#include <utility>

#include <sys/stat.h>

namespace brobygger::daemon {
namespace {

ino_t InodeOf(int descriptor) {
  struct stat info {};
  return fstat(descriptor, &info) == 0 ? info.st_ino : 0;
}

}  // namespace

void ConnectionTable::Put(int descriptor, std::shared_ptr<const access::Caller> caller) {
  const absl::MutexLock lock(&mutex_);
  connections_[descriptor] = {InodeOf(descriptor), std::move(caller)};
}

std::shared_ptr<const access::Caller> ConnectionTable::At(const std::string& peer) const {
  constexpr std::size_t kPrefix = 3;
  if (peer.compare(0, kPrefix, "fd:") != 0) return nullptr;
  int descriptor = -1;
  std::from_chars(peer.data() + kPrefix, peer.data() + peer.size(), descriptor);
  const absl::ReaderMutexLock lock(&mutex_);
  const auto found = connections_.find(descriptor);
  return found == connections_.end() ? nullptr : found->second.caller;
}

bool ConnectionTable::HasRoom(std::size_t limit) {
  const absl::MutexLock lock(&mutex_);
  if (connections_.size() < limit) return true;
  // gRPC does not tell when it closes one; the descriptor does.
  absl::erase_if(connections_,
                 [](const auto& entry) { return InodeOf(entry.first) != entry.second.inode; });
  return connections_.size() < limit;
}

}  // namespace brobygger::daemon
