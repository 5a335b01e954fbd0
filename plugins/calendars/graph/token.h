#pragma once

#include <chrono>
#include <functional>
#include <string>

#include <absl/status/statusor.h>

#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/http.h"

namespace brobygger::graph {

// The time that passes; a test sets it by hand.
using Clock = std::function<std::chrono::steady_clock::time_point()>;

// The application's access to Graph: OAuth 2.0 client credentials (RFC 6749, 4.4). Belongs to one
// thread.
class Token {
 public:
  // `http` must outlive it.
  Token(const Config& config, std::string client_secret, Http& http, Clock clock);

  // One that holds for a while yet: five minutes, or half its life if that is less. Asks the login
  // if need be. Errors: kWrongSecret, kWrongApp, kBusy and those of Http.
  absl::StatusOr<std::string> Get(const Http::Stopped& stopped);

  // Graph refused it: the next Get asks for another.
  void Forget() { text_.clear(); }

 private:
  absl::Status Take(const HttpResponse& response);

  const std::string url_;
  const std::string form_;
  Http& http_;
  const Clock clock_;
  std::string text_;
  std::chrono::steady_clock::time_point renew_at_;
};

}  // namespace brobygger::graph
