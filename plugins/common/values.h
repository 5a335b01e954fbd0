#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "brobygger/plugin/v1/record.pb.h"

#include "plugins/common/columns.h"

namespace brobygger::common {

// How a source writes what is no text.
enum class Notation {
  kDanish,  // as people type it: 1.234,50 and 01-05-1998
  kPlain,   // as databases and workbooks do: 1234.5, 1e+3 and 1998-05-01, or a time on that day
};

// What `text` says as a value of `column`: told empty if it is blank, and without a kind if it is
// not of the column's type. UTF-8; white space at the ends does not count.
plugin::v1::Value ReadText(const Column& column, std::string_view text, Notation notation);

// The type as configurations name it: "date".
const char* TypeName(ValueType type);

// dd-mm-yyyy, dd/mm/yyyy, dd.mm.yyyy (one-digit days and months too) or
// yyyy-mm-dd, as ISO 8601. Nothing if it is no date that exists.
std::optional<std::string> ToIsoDate(std::string_view text);

// A Danish number, "1.234,50", with a point instead: "1234.50". A lone point
// followed by three digits sets thousands apart. Nothing if it is no number.
std::optional<std::string> ToDecimal(std::string_view text);

// A whole Danish number, "1.234". Nothing if it is none or does not fit.
std::optional<long long> ToWhole(std::string_view text);

// ja/nej, true/false, sand/falsk, t/f, 1/0 and x, in any case. Nothing if it is none of these.
std::optional<bool> ToFlag(std::string_view text);

// Without white space (no-break space included) at the ends. UTF-8.
std::string_view Trim(std::string_view text);

}  // namespace brobygger::common
