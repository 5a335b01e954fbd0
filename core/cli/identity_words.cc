#include "core/cli/identity_words.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include <absl/strings/str_split.h>

#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using identity::v1::Decision;
using identity::v1::Verdict;

struct Words {
  std::string da;
  std::string en;
};

std::map<std::string, Words> ReadTexts() {
  std::map<std::string, Words> texts;
  for (const auto line :
       absl::StrSplit(std::string(kIdentityTextsCsv), '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    texts[cells.at(0)] = {cells.at(1), cells.at(2)};
  }
  return texts;
}

constexpr std::array<std::pair<const char*, Decision::Kind>, 5> kKinds = {{
    {"same", Decision::KIND_SAME},
    {"not-same", Decision::KIND_NOT_SAME},
    {"unsure", Decision::KIND_UNSURE},
    {"branch-of", Decision::KIND_BRANCH_OF},
    {"successor-of", Decision::KIND_SUCCESSOR_OF},
}};

// "VERDICT_ASK" as the key "verdict_ask".
std::string KeyOf(const std::string& value_name, const std::string& prefix) {
  std::string word = ShowEnum(value_name, prefix);
  std::replace(word.begin(), word.end(), ' ', '_');
  return word;
}

}  // namespace

std::string IdentityText(const std::string& key, const std::string& language) {
  static const auto kTexts = ReadTexts();
  const auto found = kTexts.find(key);
  if (found == kTexts.end()) return "";
  return language == "da" ? found->second.da : found->second.en;
}

std::string VerdictText(Verdict verdict, const std::string& language) {
  const std::string word = KeyOf(identity::v1::Verdict_Name(verdict), "VERDICT_");
  return IdentityText("verdict_" + word, language);
}

std::string KindText(Decision::Kind kind, const std::string& language) {
  return IdentityText("kind_" + KeyOf(Decision::Kind_Name(kind), "KIND_"), language);
}

std::string ShowProbability(double probability) {
  if (probability > 0.9995) return "> 99.9 %";
  if (probability < 0.0005) return "< 0.1 %";
  const int digits = probability > 0.99 || probability < 0.01 ? 1 : 0;
  return fmt::format("{:.{}f} %", probability * 100, digits);
}

Decision::Kind ToDecisionKind(const std::string& typed) {
  const auto found = std::find_if(kKinds.begin(), kKinds.end(),
                                  [&](const auto& kind) { return kind.first == typed; });
  return found == kKinds.end() ? Decision::KIND_UNSPECIFIED : found->second;
}

}  // namespace brobygger::cli
