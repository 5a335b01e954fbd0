#include "core/exchange/texts.h"

#include <vector>

#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "core/base/text_table.h"
#include "core/model/recurrence.h"

namespace brobygger::exchange {

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
