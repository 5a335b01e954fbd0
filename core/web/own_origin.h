#pragma once

#include <string>

#include "core/web/http.h"

namespace brobygger::web {

// Whether a request is meant for us and comes from our own page: what a session may be used for.
// Immutable, so thread-safe.
class OwnOrigin {
 public:
  // `public_url` is where browsers reach the page, "https://hub.fjordby.example"; "" if they reach
  // it as it listens, at `address` ("127.0.0.1:8480") or under another name of this machine.
  OwnOrigin(const std::string& public_url, const std::string& address, bool encrypts);

  // Whether the request names us as the host. Otherwise a name that somebody else owns may have
  // been pointed at this machine, and its pages would be ours ("DNS rebinding").
  bool IsOurs(const Request& request) const;

  // Whether a POST comes from our own page, by what only browsers say: Origin (RFC 6454) and
  // Sec-Fetch-Site. A POST that says neither comes from no page, and is refused.
  bool IsFromOurPage(const Request& request) const;

  // Where the browser that sent this request reaches us: "http://127.0.0.1:8480".
  std::string AddressFor(const Request& request) const;

  // Whether browsers reach us by https.
  bool encrypted() const { return scheme_ == "https://"; }

 private:
  std::string scheme_;
  std::string host_;  // "hub.fjordby.example"; "": any name of this machine
  std::string port_;  // ":8480" of those
};

}  // namespace brobygger::web
