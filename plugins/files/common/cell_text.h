#pragma once

#include <string>
#include <string_view>

namespace brobygger::files {

// A number as a workbook stores it ("1.2345678E7") in the 15 digits that Excel shows, without a
// power of ten where that is short. The text itself if it is no number.
std::string NumberText(std::string_view stored);

// The number as the day it means, "1998-05-01", with a time of day as "1998-05-01T13:00:00", and
// one below 1 as a time alone, "13:00:00". `since_1904`: the workbook counts from there. The
// number's own text where there is no such day (Excel counts 29 February 1900, which never was).
std::string DateText(std::string_view stored, bool since_1904);

}  // namespace brobygger::files
