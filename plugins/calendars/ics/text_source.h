#pragma once

#include <string>

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include "plugins/calendars/ics/config.h"

namespace brobygger::ics {

// What the calendar's text was when it was looked at.
struct FetchedText {
  std::string text;
  std::string etag;        // What the server calls this state (RFC 9110, 8.8.3); may be empty.
  bool unchanged = false;  // The server says that `known_etag` still holds: there is no text.
};

// Called about once a second while it waits; an error ends the wait and is returned.
using Beat = absl::FunctionRef<absl::Status()>;

// Fetches the calendar from its URL or reads its file; at most 64 MiB. Blocks, 5 minutes at
// most. Errors are Diagnostics that say who must do what.
absl::StatusOr<FetchedText> FetchText(const Config& config,
                                      const std::string& password,
                                      const std::string& known_etag,
                                      Beat beat);

}  // namespace brobygger::ics
