#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <absl/status/status.h>

#include "core/web/http.h"

namespace brobygger::web {

// What a caller's system is told of an error: RFC 9457, with the hub's own sentence as "detail",
// and beside it "reason" and "facts", as the hub told them (core/base/error.h). The status says
// what to do about it:
//
//   400 the request is wrong, 401 no key or not a good one (with WWW-Authenticate), 403 the key
//   may not do that, 404 there is no such thing, 409 begin again with the first page, 429 too
//   much of it and 503 the hub cannot just now (both with Retry-After, in seconds), 500 else.
//
// `status` must not be OK. Pure.
Response ToProblem(const absl::Status& status);

// A field of the hub's request and the parameter that it came of: {"weekdays", "weekday"}.
using ParameterName = std::pair<std::string_view, std::string_view>;

// The same error with the parameter in place of the field of PartnerCriteria that the hub names, in
// its sentence and in the fact "field", and of the fields that may be asked instead in the fact
// "allowed"; the error itself where it names none of `names`.
absl::Status NamingParameters(const absl::Status& status, std::span<const ParameterName> names);

// 404, naming the addresses that there are.
Response NoSuchPath(const std::string& allowed);

// 414.
Response QueryTooLong(std::size_t most_bytes);

}  // namespace brobygger::web
