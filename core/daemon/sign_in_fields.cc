#include "core/daemon/sign_in_fields.h"

#include <algorithm>
#include <chrono>
#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"

namespace brobygger::daemon {

absl::Status NotSignedIn(const char* why, const std::string& text) {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, text, {{"why", why}});
}

absl::Status WrongSignInField(const char* field, const std::string& wanted) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         absl::StrCat(field, " must be ", wanted), {{"field", field}});
}

absl::Status CheckUnreserved(const char* field,
                             const std::string& value,
                             std::size_t least,
                             std::size_t most) {
  const bool fits = std::all_of(value.begin(), value.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._~").find(c) != std::string_view::npos;
  });
  if (fits && value.size() >= least && value.size() <= most) return absl::OkStatus();
  return WrongSignInField(field, absl::StrCat(least, " to ", most, " letters, digits and - . _ ~"));
}

absl::Status CheckOpaque(const char* field, const std::string& value, std::size_t most) {
  const bool fits =
      std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
  if (fits && !value.empty() && value.size() <= most) return absl::OkStatus();
  return WrongSignInField(field, absl::StrCat("1 to ", most, " printable characters"));
}

void SetExpireTime(base::Instant expires_at, access::v1::SignIn& sign_in) {
  const auto since = expires_at.time_since_epoch();
  const auto whole = std::chrono::floor<std::chrono::seconds>(since);
  constexpr int kNanosecondsEach = 1000;
  sign_in.mutable_expire_time()->set_seconds(whole.count());
  sign_in.mutable_expire_time()->set_nanos(static_cast<int>((since - whole).count()) *
                                           kNanosecondsEach);
}

}  // namespace brobygger::daemon
