#pragma once

#include <deque>
#include <map>
#include <string>

#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/http.h"
#include "plugins/calendars/graph/listener.h"
#include "plugins/calendars/graph/token.h"

namespace brobygger::graph {

// What a request is about.
struct Subject {
  Place place;
  std::string mailbox;  // whose limits it counts against
};

// Asks Microsoft Graph, one request at a time, so never more than the four that a mailbox allows.
// A token that was refused is renewed once a request. What Graph asks to wait for (429, or 5xx with
// Retry-After) is waited for as far as the listener allows, else told as kBusy. Belongs to one
// thread.
class Client {
 public:
  Client(const Config& config, std::string client_secret, Clock clock);

  // Until the next call; it must outlive the requests.
  void set_listener(Listener& listener) { listener_ = &listener; }

  // The answer to GET `path`, which begins "/users/", as ParseAnswer reduces it.
  absl::StatusOr<nlohmann::json> Get(const std::string& path, const Subject& subject);

  // The same of a link that Graph gave. kOtherHost if it does not lead to Graph: no token goes
  // anywhere else.
  absl::StatusOr<nlohmann::json> Follow(const std::string& link, const Subject& subject);

 private:
  absl::StatusOr<nlohmann::json> Ask(const std::string& url, const Subject& subject);
  absl::StatusOr<HttpResponse> AskOnce(const std::string& url, const Subject& subject);
  absl::Status WaitForRoom(const Subject& subject);
  absl::Status WaitFor(std::chrono::seconds time, const Place& place);

  const std::string base_;  // "https://graph.microsoft.com/v1.0"
  const Clock clock_;
  Http http_;
  Token token_;
  Listener* listener_ = nullptr;
  // When each mailbox was asked, within the time that its limit counts.
  std::map<std::string, std::deque<std::chrono::steady_clock::time_point>> asked_;
};

}  // namespace brobygger::graph
