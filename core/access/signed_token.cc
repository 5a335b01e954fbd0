#include "core/access/signed_token.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/access/base64url.h"
#include "core/access/signature.h"
#include "core/access/token_json.h"
#include "core/access/token_refusal.h"
#include "core/base/status_macros.h"

namespace brobygger::access {
namespace {

using nlohmann::json;
using Refusal = TokenRefusal;

absl::StatusOr<std::string> HeaderText(const json& header, const char* name) {
  const auto found = header.find(name);
  if (found == header.end() || !found->is_string()) return RefuseToken(Refusal::kHeaderValue);
  return found->get<std::string>();
}

absl::StatusOr<TokenHeader> ReadHeader(std::string_view part) {
  constexpr std::array<std::string_view, 3> kKnown = {"alg", "typ", "kid"};
  BB_ASSIGN_OR_RETURN(const std::string text, DecodePart(part));
  BB_ASSIGN_OR_RETURN(const json object, ParseTokenObject(text));
  for (const auto& member : object.items()) {
    if (std::find(kKnown.begin(), kKnown.end(), member.key()) == kKnown.end()) {
      return RefuseToken(Refusal::kHeaderMember);
    }
  }
  TokenHeader header;
  BB_ASSIGN_OR_RETURN(header.algorithm, HeaderText(object, "alg"));
  if (object.contains("typ")) {
    BB_ASSIGN_OR_RETURN(header.type, HeaderText(object, "typ"));
  }
  BB_ASSIGN_OR_RETURN(header.key_id, HeaderText(object, "kid"));
  return header;
}

}  // namespace

absl::StatusOr<std::string> DecodePart(std::string_view part) {
  auto bytes = FromBase64Url(part);
  if (!bytes.has_value()) return RefuseToken(Refusal::kNotBase64Url);
  return *std::move(bytes);
}

absl::StatusOr<SignedToken> SplitToken(std::string_view text, std::size_t most_bytes) {
  if (text.size() > most_bytes) return RefuseToken(Refusal::kTooLong);
  if (std::count(text.begin(), text.end(), '.') != 2) return RefuseToken(Refusal::kNotThreeParts);
  const std::size_t first = text.find('.');
  const std::size_t second = text.rfind('.');
  BB_ASSIGN_OR_RETURN(TokenHeader header, ReadHeader(text.substr(0, first)));
  return SignedToken{std::move(header), text.substr(first + 1, second - first - 1),
                     text.substr(second + 1), text.substr(0, second)};
}

absl::Status CheckSignature(const SignedToken& token, const KeySet& keys) {
  const auto found = keys.keys.find(token.header.key_id);
  if (found == keys.keys.end()) return RefuseToken(Refusal::kUnknownKey);
  const PublicKey& key = found->second;
  if (token.header.algorithm != NameOf(key.algorithm)) {
    return RefuseToken(Refusal::kWrongAlgorithm);
  }
  BB_ASSIGN_OR_RETURN(const std::string signature, DecodePart(token.signature));
  return IsSignedBy(key, token.signed_text, signature) ? absl::OkStatus()
                                                       : RefuseToken(Refusal::kWrongSignature);
}

}  // namespace brobygger::access
