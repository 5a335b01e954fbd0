#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "plugins/centres/hsds/answer.h"
#include "plugins/centres/hsds/config.h"
#include "plugins/common/transfer.h"

namespace brobygger::hsds {

// Who waits for what the client does.
class Listener {
 public:
  virtual ~Listener() = default;
  // Not OK: nobody waits any more. Asked ten times a second.
  virtual absl::Status StillWanted() = 0;
  // Whether a wait of this time may be waited here, and not by the hub.
  virtual bool MayWait(std::chrono::seconds time) const = 0;
  // Told once a second while the server lets us wait.
  virtual absl::Status Waiting() = 0;
  // Told after every answer.
  virtual absl::Status Progress() = 0;
};

struct Credentials {
  std::string password;
  std::string api_key;
};

// Asks one HSDS server, one question at a time. Waits where it is asked to (429, 503 with
// Retry-After) if the listener lets it. Redirects are followed within the same server only.
// Belongs to one thread.
class Client {
 public:
  Client(const Config& config, const Credentials& credentials);

  // Must outlive the next calls.
  void set_listener(Listener& listener) { listener_ = &listener; }

  // The answer to GET `path` ("/organizations?page=1"), below the API's address.
  absl::StatusOr<json> Get(const std::string& path);

 private:
  absl::StatusOr<common::TransferAnswer> Ask(const std::string& path, const std::string& place);
  absl::Status Wait(std::chrono::seconds time);

  const std::string base_;
  std::vector<std::string> headers_;
  common::Transfer transfer_;
  Listener* listener_ = nullptr;
};

}  // namespace brobygger::hsds
