#include "core/contact/case_work.h"

#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/contact/data.h"
#include "core/model/names.h"

namespace brobygger::contact {
namespace {

std::vector<std::string> FoldedWords() {
  std::vector<std::string> words;
  const std::vector<std::string> lines =
      absl::StrSplit(std::string(kCaseWorkWords), '\n', absl::SkipWhitespace());
  for (const std::string& line : lines) {
    words.push_back(absl::StrCat(" ", model::FoldName(line)));
  }
  return words;
}

bool SoundsLikeCaseWork(const std::string& official_name) {
  static const std::vector<std::string> kWords = FoldedWords();
  const std::string name = absl::StrCat(" ", model::FoldName(official_name));
  for (const std::string& word : kWords) {
    if (absl::StrContains(name, word)) return true;
  }
  return false;
}

}  // namespace

bool DoesCaseWork(const registry::v1::Department& department) {
  switch (department.case_work()) {
    case registry::v1::Department::CASE_WORK_YES:
      return true;
    case registry::v1::Department::CASE_WORK_NO:
      return false;
    default:
      return SoundsLikeCaseWork(department.official_name());
  }
}

}  // namespace brobygger::contact
