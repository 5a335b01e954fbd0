#include "core/advice/advice_file.h"

#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "core/base/status_macros.h"

namespace brobygger::advice {
namespace {

using google::protobuf::EnumDescriptor;

constexpr std::size_t kParts = 6;

absl::Status Wrong(std::size_t line, const std::string& what) {
  return absl::FailedPreconditionError(absl::StrCat("line ", line, ": ", what));
}

// The value with this word, as in "first-contact"; 0 if there is none.
int ValueOf(const EnumDescriptor& values, const std::string& prefix, const std::string& word) {
  const std::string key = absl::AsciiStrToUpper(absl::StrReplaceAll(word, {{"-", "_"}}));
  const auto* value = values.FindValueByName(prefix + key);
  return value == nullptr ? 0 : value->number();
}

absl::StatusOr<v1::AdviceItem> ItemOf(const std::vector<std::string>& parts, std::size_t line) {
  if (parts.size() != kParts) return Wrong(line, "is not id|kind|side|triggers|Danish|English");
  v1::AdviceItem item;
  item.set_id(parts[0]);
  item.set_kind(
      static_cast<v1::AdviceKind>(ValueOf(*v1::AdviceKind_descriptor(), "ADVICE_KIND_", parts[1])));
  if (item.kind() == v1::ADVICE_KIND_UNSPECIFIED) {
    return Wrong(line, "the kind is none of do, avoid and aware");
  }
  item.set_side(static_cast<v1::CollaborationSide>(
      ValueOf(*v1::CollaborationSide_descriptor(), "COLLABORATION_SIDE_", parts[2])));
  if (item.side() != v1::COLLABORATION_SIDE_MUNICIPALITY &&
      item.side() != v1::COLLABORATION_SIDE_ASSOCIATION) {
    return Wrong(line, "the side is neither municipality nor association");
  }
  for (const absl::string_view each : absl::StrSplit(parts[3], ',')) {
    const std::string word(each);
    const int trigger = ValueOf(*v1::AdviceTrigger_descriptor(), "ADVICE_TRIGGER_", word);
    if (trigger == 0) return Wrong(line, absl::StrCat("'", word, "' is no trigger"));
    item.add_triggers(static_cast<v1::AdviceTrigger>(trigger));
  }
  item.set_text_da(parts[4]);
  item.set_text_en(parts[5]);
  if (item.id().empty() || item.text_da().empty() || item.text_en().empty()) {
    return Wrong(line, "a part is empty");
  }
  return item;
}

}  // namespace

absl::StatusOr<std::vector<v1::AdviceItem>> ParseAdvice(std::string_view file) {
  std::vector<v1::AdviceItem> items;
  std::set<std::string> ids;
  std::size_t number = 0;
  const absl::string_view text(file.data(), file.size());
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (line.empty() || line[0] == '#' || absl::StartsWith(line, "version|")) continue;
    const std::vector<std::string> parts = absl::StrSplit(line, '|');
    BB_ASSIGN_OR_RETURN(auto item, ItemOf(parts, number));
    if (!ids.insert(item.id()).second) return Wrong(number, "the id is there already");
    items.push_back(std::move(item));
  }
  return items;
}

const std::vector<v1::AdviceItem>& ShippedAdvice() {
  static const auto* const kItems = [] {
    auto items = ParseAdvice(kAdviceCsv);
    return new std::vector<v1::AdviceItem>(items.ok() ? *std::move(items)
                                                      : std::vector<v1::AdviceItem>());
  }();
  return *kItems;
}

}  // namespace brobygger::advice
