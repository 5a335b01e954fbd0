#include "core/access/token_refusal.h"

#include <array>
#include <cstddef>
#include <string>

#include <absl/strings/cord.h>

namespace brobygger::access {
namespace {

constexpr char kTokenTypeUrl[] = "brobygger/token-refusal";

// In the order of the enumeration.
constexpr std::array kTokenRefusals = {
    "None",       "TooLong",        "NotThreeParts",  "NotBase64Url", "NotJson",
    "TooDeep",    "DuplicateName",  "HeaderMember",   "HeaderValue",  "WrongType",
    "UnknownKey", "WrongAlgorithm", "WrongSignature", "WrongIssuer",  "WrongAudience",
    "WrongTime",  "Expired",        "NotYetValid",    "LivesTooLong", "WrongClaim"};
static_assert(kTokenRefusals.size() == static_cast<std::size_t>(TokenRefusal::kWrongClaim) + 1);

}  // namespace

const char* NameOf(TokenRefusal refusal) {
  return kTokenRefusals.at(static_cast<std::size_t>(refusal));
}

absl::Status RefuseToken(TokenRefusal refusal) {
  absl::Status status =
      absl::UnauthenticatedError("The access token was refused; sign in again to get a new one.");
  status.SetPayload(kTokenTypeUrl, absl::Cord(NameOf(refusal)));
  return status;
}

TokenRefusal RefusalOf(const absl::Status& status) {
  const auto payload = status.GetPayload(kTokenTypeUrl);
  if (!payload.has_value()) return TokenRefusal::kNone;
  const std::string name(*payload);
  for (std::size_t i = 0; i < kTokenRefusals.size(); ++i) {
    if (name == kTokenRefusals[i]) return static_cast<TokenRefusal>(i);
  }
  return TokenRefusal::kNone;
}

}  // namespace brobygger::access
