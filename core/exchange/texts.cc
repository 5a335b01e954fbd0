#include "core/exchange/texts.h"

#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "core/base/text_table.h"
#include "core/model/recurrence.h"

namespace brobygger::exchange {
namespace {

constexpr std::size_t kWidth = 78;

// Columns of a line, counted as code points: it is in Latin letters mostly.
std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
  return columns;
}

}  // namespace

void AddWrapped(const std::string& text, std::string& out) {
  std::string line(1, ' ');
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (Columns(line) + 1 + Columns({word.data(), word.size()}) > kWidth && line.size() > 1) {
      absl::StrAppend(&out, line, "\n");
      line.assign(1, ' ');
    }
    absl::StrAppend(&line, " ", word);
  }
  absl::StrAppend(&out, line, "\n");
}

const std::string& Text(const std::string& key, const std::string& language) {
  static const base::TextTable kTable(kTextsCsv);
  return kTable.Get(key, language);
}

std::string WeekdaysText(const std::string& recurrence_rule, const std::string& language) {
  auto parts = model::RecurrenceParts(recurrence_rule);
  const bool every_week = parts["INTERVAL"].empty() || parts["INTERVAL"] == "1";
  if (parts["FREQ"] != "WEEKLY" || !every_week) return "";
  std::vector<std::string> days;
  for (const absl::string_view day : absl::StrSplit(parts["BYDAY"], ',')) {
    days.push_back(Text(std::string(day), language));
  }
  std::erase(days, "");
  return absl::StrJoin(days, ", ");
}

}  // namespace brobygger::exchange
