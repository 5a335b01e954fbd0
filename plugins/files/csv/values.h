#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brobygger::csv {

// dd-mm-yyyy, dd/mm/yyyy, dd.mm.yyyy (one-digit days and months too) or
// yyyy-mm-dd, as ISO 8601. Nothing if it is no date that exists.
std::optional<std::string> ToIsoDate(std::string_view text);

// A Danish number, "1.234,50", with a point instead: "1234.50". A lone point
// followed by three digits sets thousands apart. Nothing if it is no number.
std::optional<std::string> ToDecimal(std::string_view text);

// A whole Danish number, "1.234". Nothing if it is none or does not fit.
std::optional<long long> ToWhole(std::string_view text);

// ja/nej, true/false, sand/falsk, 1/0 and x, in any case. Nothing if it is none of these.
std::optional<bool> ToFlag(std::string_view text);

// Without white space (no-break space included) at the ends. UTF-8.
std::string_view Trim(std::string_view text);

}  // namespace brobygger::csv
