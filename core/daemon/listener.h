#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include <absl/status/statusor.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "core/access/access.h"
#include "core/daemon/connection_table.h"
#include "core/daemon/descriptor.h"
#include "core/daemon/rate_limit.h"
#include "core/rpc/door.h"

namespace brobygger::daemon {

struct ListenerOptions {
  std::string path;
  std::string group;    // its members may call, besides root and our own user
  int connections = 0;  // 0: half of the descriptors the process may have
  // Its members may call what everybody may, and nothing else, whatever other group they are
  // in: a process that strangers speak to cannot leave a group. Where all are strangers, what they
  // hand on of client certificates is not looked at.
  std::string door_group = {};
  // Whoever comes here is a stranger until a call says who makes it: what a proxy hands on.
  bool strangers = false;
};

// The Unix socket that callers connect to. We accept by ourselves and hand the
// connection to gRPC, for two reasons: gRPC 1.51's own listener never accepts
// again once descriptors have run out, and it does not tell who connects.
//
// Connections beyond the limit, and of users who may not call, are closed at
// once; the log says so, at most once a second.
class Listener final : public rpc::Callers {
 public:
  // Takes ownership of the descriptor of a connection.
  using HandOver = std::function<void(int descriptor)>;

  // Binds the socket (mode 0660); callers can connect and wait from now on. A
  // socket that a dead hub left is taken over; one that answers is not. `connections` is
  // shared by all listeners whose connections one server gets.
  static absl::StatusOr<std::unique_ptr<Listener>> Open(
      ListenerOptions options,
      std::shared_ptr<ConnectionTable> connections = std::make_shared<ConnectionTable>());
  // Stop().
  ~Listener() override;

  // Begins to let callers in. Once.
  void Start(HandOver hand_over);

  // Lets nobody else in and takes the socket away. Connections stay.
  void Stop();

  std::shared_ptr<const access::Caller> CallerAt(const std::string& peer) const override {
    return connections_->At(peer);
  }

 private:
  Listener(ListenerOptions options,
           std::shared_ptr<ConnectionTable> connections,
           Descriptor socket,
           Descriptor lock);

  void Run();
  void AcceptOne();
  void LetIn(Descriptor connection);
  bool MayConnect(const ucred& peer, int descriptor);
  bool IsDoor(const ucred& peer, int descriptor) const;
  std::shared_ptr<const access::Caller> CallerBehind(const ucred& peer, int descriptor) const;
  void ShedOne();
  bool Sleep(int milliseconds);

  const ListenerOptions options_;
  const std::size_t limit_;
  const std::shared_ptr<const access::Caller> operator_;
  const std::shared_ptr<const access::Caller> door_;
  const std::shared_ptr<const access::Caller> stranger_;
  const std::shared_ptr<const access::Caller> stranger_at_door_;
  const std::shared_ptr<ConnectionTable> connections_;
  Descriptor socket_;
  Descriptor lock_;
  Descriptor wake_;
  // Given up to accept, and close, a connection when no descriptor is left.
  Descriptor reserve_;
  HandOver hand_over_;
  RateLimit refused_log_;
  RateLimit full_log_;
  std::jthread thread_;
};

}  // namespace brobygger::daemon
