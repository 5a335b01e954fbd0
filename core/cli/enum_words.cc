#include "core/cli/enum_words.h"

#include <algorithm>

#include "core/cli/words.h"
#include "core/model/labels.h"

namespace brobygger::cli {

std::vector<std::string> EnumWords(const google::protobuf::EnumDescriptor& enumeration,
                                   const std::string& prefix) {
  std::vector<std::string> words;
  for (int i = 1; i < enumeration.value_count(); ++i) {
    std::string word = ShowEnum(enumeration.value(i)->name(), prefix);
    std::replace(word.begin(), word.end(), ' ', '-');
    words.push_back(std::move(word));
  }
  return words;
}

int EnumNumber(const std::vector<std::string>& words, const std::string& word) {
  const auto found = std::find(words.begin(), words.end(), word);
  return found == words.end() ? 0 : static_cast<int>(found - words.begin()) + 1;
}

std::string EnumText(const google::protobuf::EnumDescriptor& enumeration,
                     int number,
                     const std::string& language) {
  const auto* value = enumeration.FindValueByNumber(number);
  if (number == 0 || value == nullptr) return "";
  return std::string(model::Label(enumeration.full_name(), value->name(), language));
}

}  // namespace brobygger::cli
