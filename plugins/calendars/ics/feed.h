#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "plugins/calendars/ics/config.h"
#include "plugins/calendars/ics/text_source.h"

namespace brobygger::ics {

// A calendar that is published at a URL. Follows at most five redirects: to the same origin
// (RFC 6454) with the login, to https elsewhere without it, else not at all. Certificates are
// checked. Keeps references to what it is made of.
class Feed {
 public:
  Feed(const Config& config, const std::string& password) : config_(config), password_(password) {}

  // `known_etag` may be empty.
  absl::StatusOr<FetchedText> Fetch(const std::string& known_etag, Beat beat) const;

 private:
  const Config& config_;
  const std::string& password_;
};

}  // namespace brobygger::ics
