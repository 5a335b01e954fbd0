#include "core/model/identifiers.h"

#include <algorithm>
#include <array>

#include <absl/strings/ascii.h>

#include "core/base/error.h"
#include "core/model/places.h"
#include "core/model/text.h"

namespace brobygger::model {
namespace {

constexpr std::string_view kOwnPrefix = "BB-";
constexpr std::size_t kLongestValue = 100;

// Systems whose numbers are taken as they are.
constexpr std::array<std::string_view, 8> kOpaqueSchemes = {
    "ACADRE", "CONVENTUS", "DK-CFR", "F2", "FRIVILLIGJOB", "GO", "OS2MO", "SBSYS"};

absl::Status Invalid(const std::string& scheme, const std::string& message) {
  return base::MakeError(
      errors::v1::ERROR_REASON_IDENTIFIER_INVALID, message,
      {{"field", scheme.empty() ? "identifiers" : "identifiers." + scheme}, {"scheme", scheme}});
}

// The digits of a number as people write it, or "" if it holds anything else.
std::string DigitsOf(std::string_view text) {
  const std::string line = NormalLine(text);
  std::string_view rest = line;
  std::string digits;
  while (!rest.empty()) {
    const auto digit = DigitAt(rest);
    if (digit.has_value()) {
      digits += static_cast<char>('0' + digit->value);
      rest.remove_prefix(digit->size);
    } else if (rest[0] == ' ' || rest[0] == '-' || rest[0] == '.') {
      rest.remove_prefix(1);
    } else {
      return "";
    }
  }
  return digits;
}

absl::StatusOr<std::string> NormalizeProductionUnit(std::string_view value) {
  std::string digits = DigitsOf(value);
  if (digits.size() != 10) {
    return Invalid("DK-P", "A P number (P-nummer) has ten digits; check it in CVR.");
  }
  // P numbers are dealt out from 1000000000 upwards and have not left "10".
  // Outside that, ten digits that begin with a date are somebody's CPR number.
  if (digits.compare(0, 2, "10") != 0 && LooksLikeCpr(digits)) {
    return base::MakeError(errors::v1::ERROR_REASON_CPR_REFUSED,
                           "The P number (P-nummer) looks like a CPR number, which is never "
                           "stored; give the production unit's number.",
                           {{"field", "identifiers.DK-P"}});
  }
  return digits;
}

absl::StatusOr<std::string> NormalizeOpaque(const std::string& scheme, std::string_view value) {
  std::string text = NormalLine(value);
  if (text.empty() || text.size() > kLongestValue || HasControlCharacter(text, false)) {
    return Invalid(scheme, "An identifier of scheme " + scheme +
                               " is 1-100 bytes of text on one line; correct its value.");
  }
  if (LooksLikeCpr(text)) {
    return base::MakeError(errors::v1::ERROR_REASON_CPR_REFUSED,
                           "The identifier of scheme " + scheme +
                               " looks like a CPR number, which is never stored; give the "
                               "association's own number.",
                           {{"field", "identifiers." + scheme}});
  }
  return text;
}

bool IsOwnScheme(const std::string& scheme) {
  return scheme.starts_with(kOwnPrefix) && IsMunicipalityCode(scheme.substr(kOwnPrefix.size()));
}

// The text of a scheme for a message: short and printable, whoever wrote it.
std::string Shown(const std::string& scheme) {
  std::string shown = scheme.substr(0, 20);
  const bool plain = std::all_of(shown.begin(), shown.end(),
                                 [](char c) { return absl::ascii_isalnum(c) || c == '-'; });
  return plain ? shown : "";
}

}  // namespace

absl::StatusOr<std::string> NormalizeCvr(std::string_view text) {
  constexpr std::array<int, 8> kWeights = {2, 7, 6, 5, 4, 3, 2, 1};
  std::string trimmed = NormalLine(text);
  if (absl::AsciiStrToLower(trimmed.substr(0, 2)) == "dk") trimmed.erase(0, 2);
  std::string digits = DigitsOf(trimmed);
  if (digits.size() != kWeights.size() || digits[0] == '0') {
    return Invalid(kSchemeCvr, "A CVR number has eight digits; correct it or leave it out.");
  }
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += kWeights[i] * (digits[i] - '0');
  if (sum % 11 != 0) {
    return Invalid(kSchemeCvr,
                   "The CVR number fails its check (modulus 11): a digit is wrong or two have "
                   "changed places; look the association up in CVR.");
  }
  return digits;
}

absl::StatusOr<std::string> NormalizeIdentifier(const std::string& scheme, std::string_view value) {
  if (!IsUtf8(value)) return Invalid(Shown(scheme), "The identifier's value is not UTF-8.");
  if (scheme == kSchemeCvr) return NormalizeCvr(value);
  if (scheme == "DK-P") return NormalizeProductionUnit(value);
  const bool opaque =
      std::find(kOpaqueSchemes.begin(), kOpaqueSchemes.end(), scheme) != kOpaqueSchemes.end();
  if (opaque || IsOwnScheme(scheme)) return NormalizeOpaque(scheme, value);
  return Invalid(Shown(scheme),
                 "Unknown identifier scheme \"" + Shown(scheme) +
                     "\"; use DK-CVR, DK-P, DK-CFR, CONVENTUS, SBSYS, ACADRE, GO, F2, "
                     "FRIVILLIGJOB, OS2MO or BB- and a municipality code.");
}

}  // namespace brobygger::model
