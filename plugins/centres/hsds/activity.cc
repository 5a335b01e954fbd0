#include "plugins/centres/hsds/activity.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "plugins/common/digest.h"

namespace brobygger::hsds {
namespace {

// The registry takes no longer ones; a text is told whole or not at all.
constexpr std::size_t kMostDescriptionSigns = 2000;
constexpr std::size_t kMostPlaceSigns = 200;
constexpr std::size_t kMostLanguageBytes = 35;
constexpr std::size_t kUuidDigits = 32;

std::size_t SignsIn(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) != 0x80;
  }));
}

bool Has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

// "TH,FR" as it may stand in a rule: days with at most a number before each. "" if it is not.
std::vector<std::string> Days(const std::string& text) {
  constexpr std::array<std::string_view, 7> kDays = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
  std::vector<std::string> days;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    std::string day = absl::AsciiStrToUpper(text.substr(at, end - at));
    absl::StripAsciiWhitespace(&day);
    const std::size_t name = std::min(day.find_first_not_of("+-0123456789"), day.size());
    const bool known = std::find(kDays.begin(), kDays.end(), day.substr(name)) != kDays.end();
    if (!known || name > 3) return {};
    days.push_back(std::move(day));
    at = end + 1;
  }
  return days;
}

std::string MonthDays(const std::string& text) {
  const bool plain = !text.empty() && text.size() <= 100 &&
                     text.find_first_not_of("-0123456789,") == std::string::npos;
  return plain ? absl::StrCat(";BYMONTHDAY=", text) : "";
}

// A rule without its days, and the days.
struct Rule {
  std::string base;
  std::vector<std::string> days;
};

Rule RuleOf(const json& schedule) {
  const std::string freq = absl::AsciiStrToUpper(TextAt(schedule, "freq"));
  if (freq != "DAILY" && freq != "WEEKLY" && freq != "MONTHLY" && freq != "YEARLY") return {};
  Rule rule;
  rule.base = absl::StrCat("FREQ=", freq);
  const long long interval = NumberAt(schedule, "interval").value_or(1);
  if (interval < 1 || interval > 999) return {};
  if (interval > 1) absl::StrAppend(&rule.base, ";INTERVAL=", interval);
  absl::StrAppend(&rule.base, MonthDays(TextAt(schedule, "bymonthday")));
  if (const std::string days = TextAt(schedule, "byday"); !days.empty()) {
    rule.days = Days(days);
    if (rule.days.empty()) return {};
  }
  return rule;
}

// HSDS's words for how a service is going, in the registry's.
std::string StatusOf(const std::string& word) {
  static const std::map<std::string, std::string> kWords = {
      {"active", "ACTIVITY_STATUS_ACTIVE"},
      {"inactive", "ACTIVITY_STATUS_PAUSED"},
      {"temporarily closed", "ACTIVITY_STATUS_PAUSED"},
      {"defunct", "ACTIVITY_STATUS_ENDED"}};
  const auto known = kWords.find(word);
  return known == kWords.end() ? "" : known->second;
}

json AgeBands(const json& service) {
  struct Band {
    const char* name;
    long long from;
    long long to;
  };
  constexpr Band kBands[] = {{"AGE_BAND_0_12", 0, 12},
                             {"AGE_BAND_13_18", 13, 18},
                             {"AGE_BAND_19_24", 19, 24},
                             {"AGE_BAND_25_64", 25, 64},
                             {"AGE_BAND_65_PLUS", 65, 150}};
  json bands = json::array();
  const auto least = NumberAt(service, "minimum_age");
  const auto most = NumberAt(service, "maximum_age");
  if (!least && !most) return bands;
  for (const Band& band : kBands) {
    if (band.to >= least.value_or(0) && band.from <= most.value_or(150)) bands.push_back(band.name);
  }
  return bands;
}

// Digits of a key could look like a person's number, which the hub refuses: a UUID may hold ten
// of them. One that could is told as a UUID of letters made of its digest.
std::string IdOf(const json& service) {
  std::string id = TextAt(service, "id");
  const auto digits = std::count_if(id.begin(), id.end(), absl::ascii_isdigit);
  std::size_t run = 0;
  std::size_t longest = 0;
  for (const char sign : id) {
    run = absl::ascii_isdigit(static_cast<unsigned char>(sign)) || sign == '-' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  if (digits < 10 || longest < 10) return id.size() <= 100 ? id : "";
  std::string letters;
  for (const char sign : common::Sha256(id).substr(0, kUuidDigits)) {
    const std::size_t at = letters.size();
    if (at == 8 || at == 13 || at == 18 || at == 23) letters += '-';
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(sign));
    letters += static_cast<char>('a' + (digit ? sign - '0' : sign - 'a') % 6);
  }
  return letters;
}

std::string PlaceOf(const json& service) {
  for (const json& at : ListAt(service, "service_at_locations")) {
    std::string name = TextAt(ObjectAt(at, "location"), "name");
    if (!name.empty() && SignsIn(name) <= kMostPlaceSigns) return name;
  }
  return "";
}

json SchedulesOf(const json& service) {
  json all = ListAt(service, "schedules");
  for (const json& at : ListAt(service, "service_at_locations")) {
    if (!all.empty()) break;
    for (const json& schedule : ListAt(at, "schedules")) all.push_back(schedule);
  }
  return all;
}

void PutText(json& activity, const char* name, std::string text) {
  if (!text.empty()) activity[name] = std::move(text);
}

void PutAgeBands(const json& service, json& activity) {
  // From the least to the most; terms can leave ages out between.
  if (activity.contains("age_bands")) return;
  if (json bands = AgeBands(service); !bands.empty()) activity["age_bands"] = std::move(bands);
}

// An empty object for a service without key or title.
json ToActivity(const json& service, const std::string& language, const Terms& terms) {
  const std::string id = IdOf(service);
  const std::string title = TextAt(service, "name");
  if (id.empty() || title.empty()) return json::object();
  json activity = {{"id", id}, {"title", title}};
  const std::string description = TextAt(service, "description");
  if (!description.empty() && SignsIn(description) <= kMostDescriptionSigns) {
    activity["description"]["by_language"][language] = description;
  }
  std::vector<std::string> codes;
  AddLanguages(ListAt(service, "languages"), codes);
  if (!codes.empty()) activity["language_codes"] = codes;
  PutText(activity, "recurrence_rule", RecurrenceOf(SchedulesOf(service)));
  PutText(activity, "place", PlaceOf(service));
  AddTerms(service, terms, activity);
  PutAgeBands(service, activity);
  PutText(activity, "status", StatusOf(TextAt(service, "status")));
  return activity;
}

}  // namespace

std::string RecurrenceOf(const json& schedules) {
  Rule all;
  for (const json& schedule : schedules) {
    const Rule rule = RuleOf(schedule);
    if (rule.base.empty()) continue;
    const bool other = !all.base.empty() && (all.base != rule.base || rule.days.empty());
    // Two ways at once are more than one rule can say.
    if (other) return "";
    all.base = rule.base;
    for (const std::string& day : rule.days) {
      if (!Has(all.days, day)) all.days.push_back(day);
    }
  }
  return absl::StrCat(all.base, all.days.empty() ? "" : ";BYDAY=", absl::StrJoin(all.days, ","));
}

void AddLanguages(const json& languages, std::vector<std::string>& codes) {
  for (const json& language : languages) {
    std::string code = TextAt(language, "code");
    if (code.empty() || code.size() > kMostLanguageBytes || Has(codes, code)) continue;
    codes.push_back(std::move(code));
  }
}

std::string ActivitiesText(const std::vector<json>& services,
                           const std::string& language,
                           const Terms& terms) {
  json activities = json::array();
  for (const json& service : services) {
    json activity = ToActivity(service, language, terms);
    if (!activity.empty()) activities.push_back(std::move(activity));
  }
  return activities.empty() ? "" : activities.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace brobygger::hsds
