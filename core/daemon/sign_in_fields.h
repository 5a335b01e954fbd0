#pragma once

#include <cstddef>
#include <string>

#include <absl/status/status.h>

#include "brobygger/access/v1/sign_in_service.pb.h"

#include "core/base/clock.h"

namespace brobygger::daemon {

// NOT_SIGNED_IN with the `why` of sign_in_service.proto.
absl::Status NotSignedIn(const char* why, const std::string& text);

// FIELD_INVALID.
absl::Status WrongSignInField(const char* field, const std::string& wanted);

// FIELD_INVALID unless `value` has so many letters, digits and - . _ ~ (RFC 3986 section 2.3).
// Pure.
absl::Status CheckUnreserved(const char* field,
                             const std::string& value,
                             std::size_t least,
                             std::size_t most);

// FIELD_INVALID unless `value` is 1 to `most` printable ASCII characters without spaces. Pure.
absl::Status CheckOpaque(const char* field, const std::string& value, std::size_t most);

// Sets when an access token ends.
void SetExpireTime(base::Instant expires_at, access::v1::SignIn& sign_in);

}  // namespace brobygger::daemon
