#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/calendars/caldav/trouble.h"
#include "plugins/calendars/caldav/url.h"

namespace brobygger::caldav {

// Whom we talk with, and how long we listen.
struct HttpSettings {
  std::string user;
  std::string password;
  std::string ca_file = {};      // "": the machine's own authorities
  std::string unix_socket = {};  // "": TCP; else the way to every host is this relay's socket
  std::chrono::milliseconds timeout = std::chrono::seconds(60);  // for one request and its answer
};

struct HttpRequest {
  std::string method;
  Url url;
  std::vector<std::string> headers = {};  // "Depth: 1"
  std::string body = {};
};

struct HttpResponse {
  long status = 0;
  std::string location = {};
  std::string etag = {};  // quotes included, without a "W/"
  std::optional<std::chrono::seconds> retry_after = {};
  std::string body = {};
};

// Whether the server may have got a request that failed.
struct Sent {
  bool maybe = false;
};

// One HTTP request after the other, over one connection as long as it lasts. TLS is verified,
// proxies of the environment are not used, redirects are not followed. Answers are bounded: 16 MB,
// the settings' time in all, and 100 bytes a second over 15 s. Belongs to one thread.
class Http {
 public:
  // Asked ten times a second: true ends the request with CANCELLED.
  using Stopped = std::function<bool()>;

  explicit Http(HttpSettings settings);
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  void set_stopped(Stopped stopped) { stopped_ = std::move(stopped); }
  // The most that the next requests may take; never more than the settings' time.
  void set_patience(std::chrono::milliseconds patience) { patience_ = patience; }

  // Any status is a success here. `place` is for the words; `sent`, if given, tells whether a
  // failed request may have been done.
  absl::StatusOr<HttpResponse> Perform(const HttpRequest& request,
                                       const Place& place,
                                       Sent* sent = nullptr);

 private:
  struct Handle;

  const HttpSettings settings_;
  Stopped stopped_;
  std::optional<std::chrono::milliseconds> patience_;
  std::unique_ptr<Handle> handle_;
};

}  // namespace brobygger::caldav
