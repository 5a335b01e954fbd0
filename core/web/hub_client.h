#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/event/v1/event_service.pb.h"

namespace brobygger::web {

// The hub at the other end of its Unix socket, called without waiting. It may be absent,
// and come and go; the log says so once each time.
//
// Thread-safe. Every call ends within 5 s, and `done` runs on one of gRPC's threads.
class HubClient {
 public:
  using FeedDone = std::function<void(absl::StatusOr<event::v1::GetFeedResponse>)>;

  // `address` as gRPC takes it: "unix:/run/brobygger/hub.sock".
  explicit HubClient(const std::string& address);
  // Waits for the calls under way, and for what they call back.
  ~HubClient();
  HubClient(const HubClient&) = delete;
  HubClient& operator=(const HubClient&) = delete;

  // The events of the feed with this secret. NOT_FOUND if there is none; other errors
  // have the hub's code, and no text that could hold the secret.
  void GetFeed(const std::string& secret, const std::string& etag, FeedDone done);

  // Whether the hub serves calls (grpc.health.v1).
  void Check(std::function<void(bool)> done);

 private:
  struct Stubs;

  void Enter();
  void Leave();
  void NoteReached(bool reached);

  const std::unique_ptr<Stubs> stubs_;
  absl::Mutex mutex_;
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  bool reached_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace brobygger::web
