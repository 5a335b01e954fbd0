#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brobygger::caldav {

// Where something is: RFC 3986, as much of it as DAV needs. Plain values; pure functions.
struct Url {
  std::string origin;  // "https://cal.example:8443": lower case, without the scheme's own port
  std::string path;    // canonical, begins with "/"

  std::string Text() const { return origin + path; }
};

// Nothing if `text` is no absolute http or https URL, or holds a user name, a control character
// or a zero byte. Query and fragment are left out.
std::optional<Url> ParseUrl(std::string_view text);

// What `href` means in an answer from `base` (RFC 4918 section 8.3): an absolute URL, a path, or a
// relative one. It may lead to another origin, which is the caller's to refuse. Nothing if it
// cannot be read.
std::optional<Url> Resolve(const Url& base, std::string_view href);

// The one form of a path: "%20" and a raw blank, "%40" and "@", "a/../b" and "b" are the same item.
// "%2F" stays apart from "/". Nothing if it holds a control character.
std::optional<std::string> CanonicalPath(std::string_view path);

// Whether two canonical paths name the same collection, with or without the last "/".
bool SameCollection(std::string_view a, std::string_view b);

// The host without its port: "cal.example", "[::1]".
std::string HostOf(const Url& url);

// Whether it is this machine itself: only there may a password travel without TLS.
bool IsLoopback(const Url& url);

}  // namespace brobygger::caldav
