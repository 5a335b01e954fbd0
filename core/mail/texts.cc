#include "core/mail/texts.h"

#include <map>
#include <vector>

#include <absl/strings/str_split.h>

namespace brobygger::mail {
namespace {

struct Words {
  std::string da;
  std::string en;
};

std::map<std::string, Words> ReadTexts() {
  std::map<std::string, Words> texts;
  for (const auto line : absl::StrSplit(std::string(kMailTextsCsv), '\n', absl::SkipWhitespace())) {
    const std::vector<std::string> cells = absl::StrSplit(line, '|');
    texts[cells.at(0)] = {cells.at(1), cells.at(2)};
  }
  return texts;
}

}  // namespace

std::string Text(const std::string& key, const std::string& language) {
  static const auto kTexts = ReadTexts();
  const auto found = kTexts.find(key);
  if (found == kTexts.end()) return "";
  return language == "da" ? found->second.da : found->second.en;
}

}  // namespace brobygger::mail
