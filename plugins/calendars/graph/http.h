#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/calendars/graph/trouble.h"

namespace brobygger::graph {

struct HttpRequest {
  std::string url;
  std::vector<std::string> headers = {};  // "Prefer: ..."
  std::string form = {};                  // not empty: POST it, else GET
};

struct HttpResponse {
  long status = 0;
  // What Retry-After asks for (RFC 9110, 10.2.3), seconds or a date: a second to a day.
  std::optional<std::chrono::seconds> retry_after = {};
  std::string body = {};
};

// One HTTP request after the other, over one connection as long as it lasts. TLS is verified,
// proxies of the environment are not used, redirects are not followed. Answers are bounded: 16 MB,
// also unpacked, 60 s in all, and 100 bytes a second over 15 s. Belongs to one thread.
class Http {
 public:
  // Asked about every second, and more often while bytes come: true ends the request.
  using Stopped = std::function<bool()>;

  // `unix_socket`: the way to every host is that socket; "" is TCP.
  explicit Http(std::string unix_socket);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  // Any HTTP status is a success here; CANCELLED once `stopped`. `place` is for the words.
  absl::StatusOr<HttpResponse> Perform(const HttpRequest& request,
                                       const Place& place,
                                       const Stopped& stopped);

 private:
  struct Handle;

  const std::string unix_socket_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace brobygger::graph
