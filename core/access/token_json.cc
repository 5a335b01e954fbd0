#include "core/access/token_json.h"

#include <utility>

#include "core/access/strict_json.h"
#include "core/access/token_refusal.h"

namespace brobygger::access {
namespace {

constexpr std::size_t kMostDepth = 8;

}  // namespace

absl::StatusOr<nlohmann::json> ParseTokenObject(std::string_view text) {
  StrictJson parsed = ParseStrictJson(text, kMostDepth);
  switch (parsed.fault) {
    case JsonFault::kNone:
      break;
    case JsonFault::kNotJson:
      return RefuseToken(TokenRefusal::kNotJson);
    case JsonFault::kTooDeep:
      return RefuseToken(TokenRefusal::kTooDeep);
    case JsonFault::kDuplicateName:
      return RefuseToken(TokenRefusal::kDuplicateName);
  }
  if (!parsed.value.is_object()) return RefuseToken(TokenRefusal::kNotJson);
  return std::move(parsed.value);
}

}  // namespace brobygger::access
