#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/calendars/caldav/trouble.h"
#include "plugins/calendars/caldav/url.h"

namespace brobygger::caldav {

// What an answer says of one item or collection.
struct Found {
  std::string path;  // canonical, at the server that was asked
  int status = 200;  // of the item; properties that it lacks are just not here
  std::string etag = {};
  std::string calendar_data = {};
  bool has_data = false;
  bool is_calendar = false;    // resourcetype has CALDAV:calendar
  bool is_collection = false;  // resourcetype has DAV:collection
  bool takes_events = true;    // supported-calendar-component-set has VEVENT, or is not told
  bool may_write = true;       // current-user-privilege-set allows it, or is not told
  std::string principal = {};  // current-user-principal, as an href
  std::vector<std::string> homes = {};  // calendar-home-set, as hrefs
};

// A 207 answer (RFC 4918 section 13).
struct Multistatus {
  std::string path;          // canonical, of what was asked, where redirects led to
  std::vector<Found> found;  // by path, each once: the last word counts
  std::string sync_token;    // RFC 6578; "" if none
  bool more = false;         // 507 for the collection itself: there are further pages
};

// Reads the body of an answer from `base`. Namespaces are resolved, whatever their prefixes.
// Refused, each with its Fault: web pages, a DOCTYPE, what is no whole XML, nesting deeper than
// 64, more than 200,000 items, and an href at another server. Thread-safe.
absl::StatusOr<Multistatus> ParseMultistatus(std::string_view body,
                                             const Url& base,
                                             const Place& place);

// Text as it may stand in XML.
std::string XmlText(std::string_view text);

}  // namespace brobygger::caldav
