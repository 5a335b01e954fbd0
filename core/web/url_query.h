#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

namespace brobygger::web {

// The longest query that is read, as it was sent.
inline constexpr std::size_t kMostQueryBytes = 4096;

struct UrlParameter {
  std::string name;
  std::string value;
};

// The parameters of a query (what follows the "?"), in order, as HTML forms and the usual
// libraries write them: "&" between, "+" or %20 for a space, everything else percent-encoded.
// Strict, since two readers of one query must not understand two things: FIELD_INVALID (facts
// "field" = "query", "position" in bytes from 1) for a percent sign without two hexadecimal
// digits, an octet that may not stand in a query (RFC 3986, section 3.4), text that is not
// UTF-8 or holds control characters, a parameter without a name, and more than 64 parameters.
// Pure.
absl::StatusOr<std::vector<UrlParameter>> ParseUrlQuery(std::string_view query);

}  // namespace brobygger::web
