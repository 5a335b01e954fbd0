#include "core/cli/pool_fields.h"

#include <algorithm>
#include <limits>
#include <map>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <fmt/format.h>

#include "core/base/status_macros.h"
#include "core/cli/pool_words.h"

namespace brobygger::cli {
namespace {

using grant::v1::Pool;
using grant::v1::PoolCriterion;

constexpr int kOrePerKrone = 100;
constexpr std::size_t kGroup = 3;

absl::StatusOr<std::string> One(const Given& given) {
  if (given.values.size() == 1) return given.values.front();
  return given.Wrong("is one value, not a list.");
}

// "50000", or "50.000" as Danes write it.
absl::StatusOr<std::int64_t> Ore(const Given& given) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  std::string digits = text;
  for (std::size_t at = text.find('.'); at != std::string::npos; at = text.find('.', at + 1)) {
    const std::size_t next = std::min(text.find('.', at + 1), text.size());
    if (next - at - 1 != kGroup) return given.Wrong("must be whole kroner, as in 50000.");
    digits = absl::StrReplaceAll(text, {{".", ""}});
  }
  std::int64_t kroner = 0;
  const bool plain =
      !digits.empty() && std::all_of(digits.begin(), digits.end(), absl::ascii_isdigit);
  const std::int64_t most = std::numeric_limits<std::int64_t>::max() / kOrePerKrone;
  if (!plain || !absl::SimpleAtoi(digits, &kroner) || kroner > most) {
    return given.Wrong("must be whole kroner, as in 50000.");
  }
  return kroner * kOrePerKrone;
}

absl::Status SetNumbers(const Given& given,
                        const google::protobuf::EnumDescriptor& enumeration,
                        const std::string& prefix,
                        google::protobuf::RepeatedField<int>& numbers) {
  for (const std::string& typed : given.values) {
    const auto number = EnumOf(enumeration, prefix, typed);
    if (!number.ok()) return given.Wrong(std::string(number.status().message()));
    numbers.Add(*number);
  }
  return absl::OkStatus();
}

absl::Status SetMunicipality(const Given& given, PoolRow& row) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  const bool code = !text.empty() && std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
  if (!code && text != "national") {
    return given.Wrong("must be a municipality's code, as in 0615, or national.");
  }
  row.pool.set_municipality_code(code ? text : "");
  return absl::OkStatus();
}

absl::Status SetDeadlines(const Given& given, PoolRow& row) {
  for (const std::string& value : given.values) {
    if (value == "all-year") {
      row.pool.set_all_year(true);
    } else {
      row.pool.add_deadline_dates(value);
    }
  }
  return absl::OkStatus();
}

absl::Status SetKind(const Given& given, PoolRow& row) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  const auto kind = EnumOf(*grant::v1::GrantKind_descriptor(), "GRANT_KIND_", text);
  if (!kind.ok()) return given.Wrong(std::string(kind.status().message()));
  row.pool.set_kind(static_cast<grant::v1::GrantKind>(*kind));
  return absl::OkStatus();
}

absl::Status SetState(const Given& given, PoolRow& row) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  const auto state = EnumOf(*grant::v1::PoolState_descriptor(), "POOL_STATE_", text);
  if (!state.ok()) return given.Wrong(std::string(state.status().message()));
  row.pool.set_state(static_cast<grant::v1::PoolState>(*state));
  return absl::OkStatus();
}

absl::Status SetThemes(const Given& given, PoolRow& row) {
  return SetNumbers(given, *registry::v1::Theme_descriptor(), "THEME_", *row.pool.mutable_themes());
}

absl::Status SetSmallest(const Given& given, PoolRow& row) {
  BB_ASSIGN_OR_RETURN(const std::int64_t ore, Ore(given));
  row.pool.set_smallest_ore(ore);
  return absl::OkStatus();
}

absl::Status SetLargest(const Given& given, PoolRow& row) {
  BB_ASSIGN_OR_RETURN(const std::int64_t ore, Ore(given));
  row.pool.set_largest_ore(ore);
  return absl::OkStatus();
}

absl::Status SetDepartment(const Given& given, PoolRow& row) {
  BB_ASSIGN_OR_RETURN(row.department, One(given));
  return absl::OkStatus();
}

// "text.da": the language is what comes after the dot.
absl::Status SetText(const Given& given, registry::v1::LocalizedText& text) {
  BB_ASSIGN_OR_RETURN((*text.mutable_by_language())[given.key.substr(given.key.find('.') + 1)],
                      One(given));
  return absl::OkStatus();
}

using Setter = absl::Status (*)(const Given&, PoolRow&);

const std::map<std::string, Setter>& Setters() {
  static const std::map<std::string, Setter> kSetters = {
      {"municipality", SetMunicipality},
      {"department", SetDepartment},
      {"kind", SetKind},
      {"themes", SetThemes},
      {"deadlines", SetDeadlines},
      {"from_kr", SetSmallest},
      {"to_kr", SetLargest},
      {"state", SetState},
  };
  return kSetters;
}

// Keys that hold a text, and the field it goes into.
const std::map<std::string, std::string>& TextFields() {
  static const std::map<std::string, std::string> kFields = {
      {"key", "key"}, {"title", "title"}, {"law", "law"}, {"kle", "kle_number"}, {"link", "url"}};
  return kFields;
}

std::string KnownKeys() {
  std::vector<std::string> keys = {"criterion (in CSV: criteria)", "text.da", "text.en"};
  for (const auto& [key, setter] : Setters()) keys.push_back(key);
  for (const auto& [key, field] : TextFields()) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return absl::StrJoin(keys, ", ");
}

const std::map<std::string, grant::v1::PoolFact>& Facts() {
  static const std::map<std::string, grant::v1::PoolFact> kFacts = {
      {"cvr", grant::v1::POOL_FACT_CVR},
      {"nemkonto", grant::v1::POOL_FACT_NEMKONTO},
      {"open_to_all", grant::v1::POOL_FACT_OPEN_TO_ALL},
      {"not_for_profit", grant::v1::POOL_FACT_NOT_FOR_PROFIT},
      {"association", grant::v1::POOL_FACT_ASSOCIATION},
      {"agreed_collaboration", grant::v1::POOL_FACT_AGREED_COLLABORATION}};
  return kFacts;
}

const std::map<std::string, grant::v1::PoolMeasure>& Measures() {
  static const std::map<std::string, grant::v1::PoolMeasure> kMeasures = {
      {"least_age_years", grant::v1::POOL_MEASURE_AGE_YEARS},
      {"least_members", grant::v1::POOL_MEASURE_MEMBERS},
      {"least_paying_members", grant::v1::POOL_MEASURE_PAYING_MEMBERS},
      {"least_under_25_percent", grant::v1::POOL_MEASURE_UNDER_25_PERCENT},
      {"least_volunteers", grant::v1::POOL_MEASURE_VOLUNTEERS}};
  return kMeasures;
}

std::string KnownRules() {
  std::vector<std::string> keys = {"approval",  "ask",  "statutes", "themes",
                                   "audiences", "ages", "text",     "municipalities"};
  for (const auto& [key, fact] : Facts()) keys.push_back(key);
  for (const auto& [key, measure] : Measures()) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return absl::StrJoin(keys, ", ");
}

absl::Status SetFact(const Given& given, grant::v1::PoolFact fact, PoolCriterion& criterion) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  if (text != "true") return given.Wrong("is either true or left out.");
  criterion.set_fact(fact);
  return absl::OkStatus();
}

absl::Status SetMeasure(const Given& given,
                        grant::v1::PoolMeasure measure,
                        PoolCriterion& criterion) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  int amount = 0;
  if (!absl::SimpleAtoi(text, &amount)) return given.Wrong("must be a whole number.");
  criterion.mutable_least()->set_measure(measure);
  criterion.mutable_least()->set_amount(amount);
  return absl::OkStatus();
}

// What is to be asked, in Danish; "true" where text.da and the like say it.
absl::Status SetAsk(const Given& given, PoolCriterion& criterion) {
  BB_ASSIGN_OR_RETURN(const std::string text, One(given));
  criterion.set_fact(grant::v1::POOL_FACT_ASK);
  if (text != "true") (*criterion.mutable_text()->mutable_by_language())["da"] = text;
  return absl::OkStatus();
}

absl::Status SetActivities(const Given& given, PoolCriterion& criterion) {
  auto& activities = *criterion.mutable_activities();
  if (given.key == "themes") {
    return SetNumbers(given, *registry::v1::Theme_descriptor(), "THEME_",
                      *activities.mutable_themes());
  }
  if (given.key == "audiences") {
    return SetNumbers(given, *registry::v1::Audience_descriptor(), "AUDIENCE_",
                      *activities.mutable_audiences());
  }
  return SetNumbers(given, *registry::v1::AgeBand_descriptor(), "AGE_BAND_",
                    *activities.mutable_age_bands());
}

bool AreActivities(const std::string& key) {
  return key == "themes" || key == "audiences" || key == "ages";
}

absl::Status SetRule(const Given& given, PoolCriterion& criterion) {
  if (const auto fact = Facts().find(given.key); fact != Facts().end()) {
    return SetFact(given, fact->second, criterion);
  }
  if (const auto measure = Measures().find(given.key); measure != Measures().end()) {
    return SetMeasure(given, measure->second, criterion);
  }
  if (given.key == "ask") return SetAsk(given, criterion);
  if (AreActivities(given.key)) return SetActivities(given, criterion);
  if (given.key == "approval") {
    BB_ASSIGN_OR_RETURN(*criterion.mutable_approval_act(), One(given));
    return absl::OkStatus();
  }
  if (given.key == "statutes") {
    auto& items = *criterion.mutable_statutes()->mutable_items();
    const bool any = given.values == std::vector<std::string>{"true"};
    if (!any) items.Assign(given.values.begin(), given.values.end());
    return absl::OkStatus();
  }
  if (given.key == "municipalities") {
    criterion.mutable_municipalities()->mutable_municipality_codes()->Assign(given.values.begin(),
                                                                             given.values.end());
    return absl::OkStatus();
  }
  return given.Wrong("there is no such criterion; known: " + KnownRules() + ".");
}

}  // namespace

absl::Status Given::Wrong(const std::string& why) const {
  return absl::InvalidArgumentError(fmt::format("{}:{}: {}: {}", file, line, key, why));
}

absl::Status SetPoolField(const Given& given, PoolRow& row) {
  if (given.key.starts_with("text.")) return SetText(given, *row.pool.mutable_description());
  if (const auto text = TextFields().find(given.key); text != TextFields().end()) {
    BB_ASSIGN_OR_RETURN(const std::string value, One(given));
    const auto* field = Pool::descriptor()->FindFieldByName(text->second);
    Pool::GetReflection()->SetString(&row.pool, field, value);
    return absl::OkStatus();
  }
  const auto setter = Setters().find(given.key);
  if (setter != Setters().end()) return setter->second(given, row);
  return given.Wrong("there is no such key; known: " + KnownKeys() + ".");
}

absl::Status SetCriterionField(const Given& given, PoolCriterion& criterion) {
  if (given.key.starts_with("text.")) return SetText(given, *criterion.mutable_text());
  const auto before = criterion.rule_case();
  const bool more = before == PoolCriterion::kActivities && AreActivities(given.key);
  if (before != PoolCriterion::RULE_NOT_SET && !more) {
    return given.Wrong("a criterion looks at one thing; write another one for this.");
  }
  return SetRule(given, criterion);
}

}  // namespace brobygger::cli
