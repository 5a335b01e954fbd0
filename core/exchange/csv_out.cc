#include "core/exchange/csv_out.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <set>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/time_util.h>

#include "core/exchange/hsds_parts.h"
#include "core/exchange/texts.h"
#include "core/model/labels.h"

namespace brobygger::exchange {
namespace {

using registry::v1::Activity;
using registry::v1::Association;

constexpr char kMark[] = "\xEF\xBB\xBF";

struct Column {
  const char* heading;  // a key of texts.csv
  std::function<std::string(const Association&)> text;
};

template <typename Values>
std::string Listed(const Values& values) {
  return absl::StrJoin(values, ", ");
}

std::string LabelOf(const google::protobuf::EnumDescriptor* list, int number) {
  const auto* const value = list->FindValueByNumber(number);
  if (value == nullptr || number == 0) return "";
  return std::string(model::Label(list->full_name(), value->name(), "da"));
}

// What the activities say, each once and in order.
template <typename Add>
std::string FromActivities(const Association& association, const Add& add) {
  std::vector<std::string> texts;
  for (const Activity& activity : association.activities()) add(activity, texts);
  std::erase(texts, "");
  std::set<std::string> seen;
  std::erase_if(texts, [&](const std::string& text) { return !seen.insert(text).second; });
  return Listed(texts);
}

template <typename Values>
std::string Labels(const Association& association,
                   const google::protobuf::EnumDescriptor* list,
                   const Values& values_of) {
  return FromActivities(association, [&](const Activity& activity, auto& texts) {
    for (const int value : values_of(activity)) texts.push_back(LabelOf(list, value));
  });
}

// How many can take part in the largest of its activities.
std::string LargestCapacity(const Association& association) {
  int most = 0;
  for (const Activity& activity : association.activities()) {
    most = std::max(most, activity.capacity());
  }
  return most == 0 ? "" : absl::StrCat(most);
}

const std::vector<Column>& Columns() {
  namespace v1 = registry::v1;
  static const std::vector<Column> kColumns = {
      {"column_id", [](const Association& each) { return each.id(); }},
      {"column_name", [](const Association& each) { return each.official_name(); }},
      {"column_other_names",
       [](const Association& each) {
         return absl::StrJoin(each.other_names(), ", ", [](std::string* out, const auto& name) {
           absl::StrAppend(out, name.text());
         });
       }},
      {"column_cvr", CvrOf},
      {"column_status",
       [](const Association& each) {
         return LabelOf(v1::AssociationStatus_descriptor(), each.status());
       }},
      {"column_municipality", [](const Association& each) { return each.municipality_code(); }},
      {"column_area", [](const Association& each) { return each.coverage_area(); }},
      {"column_purpose", [](const Association& each) { return TextIn(each.purpose(), "da"); }},
      {"column_activities",
       [](const Association& each) {
         return FromActivities(each, [](const Activity& activity, auto& texts) {
           texts.push_back(activity.title());
         });
       }},
      {"column_themes",
       [](const Association& each) {
         return Labels(each, v1::Theme_descriptor(),
                       [](const Activity& activity) { return activity.themes(); });
       }},
      {"column_audiences",
       [](const Association& each) {
         return Labels(each, v1::Audience_descriptor(),
                       [](const Activity& activity) { return activity.audiences(); });
       }},
      {"column_languages", [](const Association& each) { return Listed(each.language_codes()); }},
      {"column_weekdays",
       [](const Association& each) {
         return FromActivities(each, [](const Activity& activity, auto& texts) {
           texts.push_back(WeekdaysText(activity.recurrence_rule(), "da"));
         });
       }},
      {"column_places",
       [](const Association& each) {
         return FromActivities(each, [](const Activity& activity, auto& texts) {
           texts.push_back(activity.place());
         });
       }},
      {"column_capacity", LargestCapacity},
      {"column_address",
       [](const Association& each) {
         return each.addresses().empty() ? "" : StreetLine(each.addresses(0));
       }},
      {"column_postal_code",
       [](const Association& each) {
         return each.addresses().empty() ? "" : each.addresses(0).postal_code();
       }},
      {"column_postal_district",
       [](const Association& each) {
         return each.addresses().empty() ? "" : each.addresses(0).postal_district();
       }},
      {"column_phones", [](const Association& each) { return Listed(each.phones()); }},
      {"column_emails", [](const Association& each) { return Listed(each.emails()); }},
      {"column_websites", [](const Association& each) { return Listed(each.websites()); }},
      {"column_confirmed", LastConfirmed},
      {"column_updated", [](const Association& each) {
         constexpr std::size_t kDay = 10;  // of "2026-11-27T04:43:55Z"
         if (!each.has_update_time()) return std::string();
         return google::protobuf::util::TimeUtil::ToString(each.update_time()).substr(0, kDay);
       }}};
  return kColumns;
}

// Office programs run what begins like a formula (CWE-1236). A telephone number does, too, and is
// none: "+" and digits alone stay as they are.
std::string Harmless(std::string text) {
  if (text.empty()) return text;
  const bool number =
      text[0] == '+' && text.find_first_not_of("0123456789 ,+", 1) == std::string::npos;
  constexpr std::array<char, 6> kBegins = {'=', '+', '-', '@', '\t', '\r'};
  const bool formula = std::find(kBegins.begin(), kBegins.end(), text[0]) != kBegins.end();
  return formula && !number ? "'" + text : text;
}

std::string Quoted(const std::string& text) {
  if (text.find_first_of(";\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace

std::string AssociationsAsCsv(std::size_t count,
                              const std::function<Association(std::size_t index)>& make) {
  std::vector<const Column*> unsaid;
  for (const Column& column : Columns()) unsaid.push_back(&column);
  for (std::size_t i = 0; i < count && !unsaid.empty(); ++i) {
    const Association association = make(i);
    std::erase_if(unsaid, [&](const Column* column) { return !column->text(association).empty(); });
  }
  std::vector<const Column*> columns;
  for (const Column& column : Columns()) {
    const bool said = std::find(unsaid.begin(), unsaid.end(), &column) == unsaid.end();
    if (said) columns.push_back(&column);
  }
  std::string csv = kMark;
  const auto line = [&](const auto& cell) {
    csv += absl::StrJoin(columns, ";", [&](std::string* out, const Column* column) {
      absl::StrAppend(out, Quoted(cell(*column)));
    });
    csv += "\r\n";
  };
  line([](const Column& column) { return Text(column.heading, "da"); });
  for (std::size_t i = 0; i < count; ++i) {
    const Association association = make(i);
    line([&](const Column& column) { return Harmless(column.text(association)); });
  }
  return csv;
}

std::string AssociationsAsCsv(const std::vector<Association>& associations) {
  return AssociationsAsCsv(associations.size(),
                           [&](std::size_t index) { return associations[index]; });
}

}  // namespace brobygger::exchange
