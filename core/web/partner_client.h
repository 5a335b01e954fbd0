#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/discovery/v1/partner_calls.pb.h"

#include "core/web/caller.h"
#include "core/web/hub_channel.h"

namespace brobygger::web {

// How long one call of the hub may take.
inline constexpr std::chrono::seconds kPartnerPatience(10);

// The hub's socket for callers who sign in (access.socket), asked in the name of whoever asks the
// door: their key and address go along, and nothing of our own, so that the hub decides, counts and
// writes down as if they had come to it themselves. Without waiting; `done` runs on one of gRPC's
// threads, with the hub's own error (reason and facts) where it refuses. Thread-safe.
class PartnerClient {
 public:
  template <typename Response>
  using Done = std::function<void(absl::StatusOr<Response>)>;
  using FoundDone = Done<discovery::v1::FindPartnersResponse>;
  using GotDone = Done<discovery::v1::GetPartnerResponse>;

  // `address` as gRPC takes it: "unix:/run/brobygger/people.sock".
  explicit PartnerClient(const std::string& address);
  // Waits for the calls under way, and for what they call back.
  ~PartnerClient();
  PartnerClient(const PartnerClient&) = delete;
  PartnerClient& operator=(const PartnerClient&) = delete;

  void Find(const Caller& caller,
            const discovery::v1::FindPartnersRequest& request,
            FoundDone done);
  void Get(const Caller& caller, const std::string& association_id, GotDone done);

 private:
  struct Stub;

  const std::unique_ptr<Stub> stub_;
  CallsUnderWay calls_;  // gone, and so waited for, before the stub
};

}  // namespace brobygger::web
