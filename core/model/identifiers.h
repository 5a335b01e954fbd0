#pragma once

#include <string>
#include <string_view>

#include <absl/status/statusor.h>

namespace brobygger::model {

inline constexpr char kSchemeCvr[] = "DK-CVR";

// The eight digits of a CVR number written with spaces, hyphens, dots or a
// leading "DK". IDENTIFIER_INVALID unless the sum with the weights 2 7 6 5 4 3 2
// 1 is divisible by 11 (the Danish Business Authority's check).
absl::StatusOr<std::string> NormalizeCvr(std::string_view text);

// The normal form of an identifier of any scheme that proto Identifier names.
// IDENTIFIER_INVALID for other schemes and for values that are not of the
// scheme's form; CPR_REFUSED where the value looks like a CPR number.
absl::StatusOr<std::string> NormalizeIdentifier(const std::string& scheme, std::string_view value);

// Whether the text holds something that looks like a CPR number: a valid date
// ddmmyy and four digits, with or without a hyphen or a space between, not part
// of a longer number. Digits of every script count, and so do the dashes and
// spaces of every kind. A number after "+" is a telephone number.
bool LooksLikeCpr(std::string_view text);

}  // namespace brobygger::model
