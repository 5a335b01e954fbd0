#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/event/v1/event_service.pb.h"

#include "core/web/hub_channel.h"

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

  const std::unique_ptr<Stubs> stubs_;
  CallsUnderWay calls_;  // gone, and so waited for, before the stubs
};

}  // namespace brobygger::web
