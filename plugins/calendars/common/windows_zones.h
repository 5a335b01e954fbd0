#pragma once

#include <string_view>

namespace brobygger::calendars {

// The IANA name for a time zone's name in Windows, which Outlook writes into calendars
// ("Romance Standard Time" is Europe/Copenhagen in Denmark); "" if it is none.
std::string_view IanaNameOf(std::string_view windows_name);

}  // namespace brobygger::calendars
