// What the identity commands say, in Danish and English: data/identity_texts.csv.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "brobygger/identity/v1/decision.pb.h"

namespace brobygger::cli {

// The file: "key|Danish|English" lines. Built into the program.
extern const std::string_view kIdentityTextsCsv;

// The text with this key; "" if there is none.
std::string IdentityText(const std::string& key, const std::string& language);

// The text with its gaps filled, as fmt does. What fills them does not fit: the
// text as it is.
template <typename... Values>
std::string FillText(const std::string& key, const std::string& language, const Values&... values) {
  const std::string text = IdentityText(key, language);
  try {
    return fmt::vformat(text, fmt::make_format_args(values...));
  } catch (const fmt::format_error&) {
    return text;
  }
}

std::string VerdictText(identity::v1::Verdict verdict, const std::string& language);
std::string KindText(identity::v1::Decision::Kind kind, const std::string& language);

// "93 %".
std::string ShowProbability(double probability);

// "not-same" and so on, as typed; UNSPECIFIED for another word.
identity::v1::Decision::Kind ToDecisionKind(const std::string& typed);

}  // namespace brobygger::cli
