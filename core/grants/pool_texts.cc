#include "core/grants/pool_texts.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "core/base/text_table.h"
#include "core/grants/data.h"
#include "core/model/labels.h"

namespace brobygger::grants {
namespace {

constexpr const char* kLanguages[] = {"da", "en"};
constexpr std::size_t kIsoLength = 10;

std::string In(const LocalizedText& text, const std::string& language) {
  const auto found = text.by_language().find(language);
  return found == text.by_language().end() ? "" : found->second;
}

}  // namespace

LocalizedText Say(const std::string& key, const Values& values) {
  static const base::TextTable kTable(kPoolTextsCsv);
  LocalizedText said;
  for (const char* const language : kLanguages) {
    std::string text = kTable.Get(key, language);
    for (const auto& [name, value] : values) {
      text = absl::StrReplaceAll(text, {{absl::StrCat("{", name, "}"), In(value, language)}});
    }
    (*said.mutable_by_language())[language] = std::move(text);
  }
  return said;
}

LocalizedText Plain(const std::string& text) {
  LocalizedText same;
  for (const char* const language : kLanguages) (*same.mutable_by_language())[language] = text;
  return same;
}

LocalizedText Day(const std::string& iso) {
  LocalizedText day = Plain(iso);
  if (iso.size() == kIsoLength) {
    (*day.mutable_by_language())["da"] =
        absl::StrCat(iso.substr(8, 2), "-", iso.substr(5, 2), "-", iso.substr(0, 4));
  }
  return day;
}

void Append(const LocalizedText& more, LocalizedText& list) {
  for (const auto& [language, text] : more.by_language()) {
    std::string& so_far = (*list.mutable_by_language())[language];
    absl::StrAppend(&so_far, so_far.empty() ? "" : ", ", text);
  }
}

LocalizedText LabelOf(const google::protobuf::EnumDescriptor& enumeration, int number) {
  LocalizedText label;
  const auto* const value = enumeration.FindValueByNumber(number);
  if (value == nullptr) return label;
  for (const char* const language : kLanguages) {
    (*label.mutable_by_language())[language] =
        std::string(model::Label(enumeration.full_name(), value->name(), language));
  }
  return label;
}

}  // namespace brobygger::grants
