#include "core/search/fields.h"

#include <array>

namespace brobygger::search {
namespace {

constexpr std::array<const char*, kFields> kWords = {
    "name",    "other-name", "purpose",  "activity", "area",         "number",
    "address", "theme",      "audience", "language", "municipality", "status",
    "weekday", "capacity",   "updated",  "known-by"};

}  // namespace

const char* WordOf(Field field) { return kWords[static_cast<std::size_t>(field)]; }

std::optional<Field> FieldOf(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i) {
    if (word == kWords[i]) return static_cast<Field>(i);
  }
  return std::nullopt;
}

std::vector<std::string> WordsOf(FieldSet fields) {
  std::vector<std::string> words;
  for (int i = 0; i < kFields; ++i) {
    const auto field = static_cast<Field>(i);
    if (fields.Has(field)) words.emplace_back(WordOf(field));
  }
  return words;
}

}  // namespace brobygger::search
