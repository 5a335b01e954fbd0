#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/calendars/caldav/http.h"
#include "plugins/calendars/caldav/multistatus.h"

namespace brobygger::caldav {

// A client of one WebDAV and CalDAV server (RFC 4918, RFC 4791). Follows redirects itself: it keeps
// the method, takes at most five steps, and never leaves the origin that the password is for.
// Belongs to one thread.
class Dav {
 public:
  // All requests go to the origin of `root`.
  Dav(HttpSettings settings, Url root);

  const Url& root() const { return root_; }
  Http& http() { return http_; }

  // Sends one request to a canonical path. An answer is a success here whatever its status, but
  // for redirects. `at`, if given, gets the path that answered.
  struct Exchange {
    std::string method;
    std::string path;
    std::vector<std::string> headers = {};
    std::string body = {};
  };
  absl::StatusOr<HttpResponse> Ask(const Exchange& exchange,
                                   const Place& place,
                                   Sent* sent = nullptr,
                                   Url* at = nullptr);

  // PROPFIND (RFC 4918 section 9.1) for `properties`, the inner XML of DAV:prop with the prefixes
  // D and C. Anything but a 207 is an error.
  absl::StatusOr<Multistatus> Propfind(const std::string& path,
                                       int depth,
                                       const std::string& properties,
                                       const Place& place);

  // REPORT (RFC 3253 section 3.6) with this body. Anything but a 207 is an error.
  absl::StatusOr<Multistatus> Report(const std::string& path,
                                     const std::string& body,
                                     const Place& place);

 private:
  absl::StatusOr<Multistatus> AskForMany(const Exchange& exchange, const Place& place);

  const Url root_;
  Http http_;
};

// A sync-collection (RFC 6578 section 3.2) from `token`, or of everything if it is "".
std::string SyncBody(const std::string& token);

// A calendar-multiget (RFC 4791 section 7.9) of these canonical paths.
std::string MultigetBody(const std::vector<std::string>& paths);

// The namespaces that bodies need.
inline constexpr char kNamespaces[] = R"(xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav")";

}  // namespace brobygger::caldav
