#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "plugins/calendars/caldav/config.h"
#include "plugins/calendars/caldav/dav.h"

namespace brobygger::caldav {

// The calendars for events that the user has, as canonical paths: /.well-known/caldav, or else the
// configured address, leads to the user's principal, that to its homes, and those to calendars
// (RFC 6764 section 6). Sorted. An error where a server does not offer it is no trouble for
// calendars whose paths are known.
absl::StatusOr<std::vector<std::string>> DiscoverCalendars(Dav& dav);

// Whether this calendar can be read, and written to if it is to be. Errors name it by `name`, the
// one in the configuration.
absl::Status CheckCalendar(Dav& dav, const std::string& name, const CalendarConfig& calendar);

// A path for people to read: parts with an "@" in them, which may be somebody's address, are left
// out, but for the user's own name.
std::string PathForPeople(const std::string& path, const std::string& user);

}  // namespace brobygger::caldav
