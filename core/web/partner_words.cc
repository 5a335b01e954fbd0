#include "core/web/partner_words.h"

#include <map>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <google/protobuf/util/time_util.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::web {
namespace {

using discovery::v1::Partner;
using discovery::v1::PartnerActivity;
using discovery::v1::PartnerCriteria;
using google::protobuf::EnumDescriptor;

constexpr int kMostPage = 500;
constexpr int kMostCapacity = 65'535;
constexpr std::string_view kUnspecified = "UNSPECIFIED";

// "THEME_SCHOOL_AND_HOMEWORK" is "school-and-homework", as in queries (core/search/README.md).
std::string WordOf(const EnumDescriptor& list, int number) {
  const auto* const value = list.FindValueByNumber(number);
  if (value == nullptr) return std::to_string(number);
  const std::size_t prefix = list.value(0)->name().size() - kUnspecified.size();
  std::string word = absl::AsciiStrToLower(value->name().substr(prefix));
  for (char& c : word) c = c == '_' ? '-' : c;
  return word;
}

absl::StatusOr<int> NumberOf(const EnumDescriptor& list,
                             const char* parameter,
                             const std::string& word) {
  std::vector<std::string> allowed;
  for (int i = 1; i < list.value_count(); ++i) {
    allowed.push_back(WordOf(list, list.value(i)->number()));
    if (allowed.back() == word) return list.value(i)->number();
  }
  const std::string words = absl::StrJoin(allowed, ", ");
  return base::MakeError(
      errors::v1::ERROR_REASON_FIELD_INVALID,
      absl::StrCat("'", word, "' is no value of the parameter '", parameter, "'; there is ", words),
      {{"field", parameter}, {"allowed", words}});
}

void Put(Json& object, const char* name, Json value) {
  if (!value.empty()) object[name] = std::move(value);
}

void PutText(Json& object, const char* name, const std::string& text) {
  if (!text.empty()) object[name] = text;
}

template <typename Texts>
Json TextsOf(const Texts& texts) {
  Json told = Json::array();
  for (const auto& text : texts) told.push_back(text);
  return told;
}

template <typename Values>
Json WordsOf(const EnumDescriptor* list, const Values& values) {
  Json told = Json::array();
  for (const int value : values) told.push_back(WordOf(*list, value));
  return told;
}

// A protobuf map has no order; the same record is to be the same text.
Json ByLanguage(const registry::v1::LocalizedText& text) {
  return std::map<std::string, std::string>(text.by_language().begin(), text.by_language().end());
}

Json ToActivityJson(const PartnerActivity& activity) {
  Json told = Json::object();
  PutText(told, "id", activity.id());
  PutText(told, "title", activity.title());
  Put(told, "description", ByLanguage(activity.description()));
  Put(told, "themes", WordsOf(registry::v1::Theme_descriptor(), activity.themes()));
  Put(told, "audiences", WordsOf(registry::v1::Audience_descriptor(), activity.audiences()));
  Put(told, "age_bands", WordsOf(registry::v1::AgeBand_descriptor(), activity.age_bands()));
  Put(told, "languages", TextsOf(activity.language_codes()));
  PutText(told, "recurrence_rule", activity.recurrence_rule());
  PutText(told, "place", activity.place());
  if (activity.has_price_oere()) told["price_oere"] = activity.price_oere();
  if (activity.has_open_to_public()) told["open_to_public"] = activity.open_to_public();
  if (activity.has_capacity()) told["capacity"] = activity.capacity();
  if (activity.status() != registry::v1::ACTIVITY_STATUS_UNSPECIFIED) {
    told["status"] = WordOf(*registry::v1::ActivityStatus_descriptor(), activity.status());
  }
  told["fits"] = activity.fits();
  return told;
}

Json OtherNamesOf(const Partner& partner) {
  Json names = Json::array();
  for (const auto& name : partner.other_names()) names.push_back(name.text());
  return names;
}

Json ActivitiesOf(const Partner& partner) {
  Json activities = Json::array();
  for (const auto& activity : partner.activities()) activities.push_back(ToActivityJson(activity));
  return activities;
}

Json IdentifiersOf(const Partner& partner) {
  Json identifiers = Json::array();
  for (const auto& each : partner.identifiers()) {
    identifiers.push_back({{"scheme", each.scheme()}, {"value", each.value()}});
  }
  return identifiers;
}

Json ContactOf(const Partner& partner) {
  Json contact = Json::object();
  Put(contact, "emails", TextsOf(partner.contact().emails()));
  Put(contact, "phones", TextsOf(partner.contact().phones()));
  Put(contact, "websites", TextsOf(partner.contact().websites()));
  return contact;
}

Json ReasonsOf(const Partner& partner) {
  Json reasons = Json::array();
  for (const auto& each : partner.reasons()) {
    Json reason = {{"field", each.field()},
                   {"how", WordOf(*search::v1::SearchHow_descriptor(), each.how())},
                   {"asked", each.asked()}};
    PutText(reason, "found", each.found());
    reasons.push_back(std::move(reason));
  }
  return reasons;
}

std::vector<ParameterRule> MakeRules(bool with_pages) {
  std::vector<ParameterRule> rules = {
      {"q", ParameterKind::kText, "Words, \"phrases\", prefix*, field:value, -not."},
      {"theme", ParameterKind::kTexts, "What an activity should be about."},
      {"audience", ParameterKind::kTexts, "Whom it should be for."},
      {"language", ParameterKind::kTexts, "BCP 47; \"ar\" also finds \"ar-IQ\"."},
      {"area", ParameterKind::kTexts, "Area (kvarter) or postal district, in words."},
      {"activity", ParameterKind::kTexts, "What it should do, in words."},
      {"weekday", ParameterKind::kTexts, "\"thursday\" or \"torsdag\"."},
      {"capacity", ParameterKind::kNumber, "How many must be able to take part.", 1, kMostCapacity},
      {"updated_since", ParameterKind::kDay, "Changed on this day or later."},
      {"municipality", ParameterKind::kTexts, "Home, by municipality code."}};
  if (with_pages) {
    rules.push_back({"page_size", ParameterKind::kNumber, "How many; usually 50.", 1, kMostPage});
    rules.push_back({"page_token", ParameterKind::kText, "next_page_token of the page before."});
  }
  return rules;
}

}  // namespace

const std::vector<ParameterRule>& PartnerRules() {
  static const std::vector<ParameterRule> kRules = MakeRules(true);
  return kRules;
}

const std::vector<ParameterRule>& PartnerFilterRules() {
  static const std::vector<ParameterRule> kRules = MakeRules(false);
  return kRules;
}

absl::StatusOr<PartnerCriteria> ToCriteria(const Parameters& parameters) {
  PartnerCriteria criteria;
  criteria.set_query(parameters.Text("q"));
  for (const auto& word : parameters.Texts("theme")) {
    BB_ASSIGN_OR_RETURN(const int theme,
                        NumberOf(*registry::v1::Theme_descriptor(), "theme", word));
    criteria.add_themes(static_cast<registry::v1::Theme>(theme));
  }
  for (const auto& word : parameters.Texts("audience")) {
    BB_ASSIGN_OR_RETURN(const int audience,
                        NumberOf(*registry::v1::Audience_descriptor(), "audience", word));
    criteria.add_audiences(static_cast<registry::v1::Audience>(audience));
  }
  for (auto& text : parameters.Texts("language")) criteria.add_language_codes(text);
  for (auto& text : parameters.Texts("area")) criteria.add_areas(text);
  for (auto& text : parameters.Texts("activity")) criteria.add_activities(text);
  for (auto& text : parameters.Texts("weekday")) criteria.add_weekdays(text);
  for (auto& text : parameters.Texts("municipality")) criteria.add_municipality_codes(text);
  criteria.set_min_capacity(parameters.Number("capacity", 0));
  criteria.set_updated_since_date(parameters.Text("updated_since"));
  return criteria;
}

Json ToPartnerJson(const Partner& partner) {
  Json told = {{"id", partner.association_id()}, {"name", partner.official_name()}};
  Put(told, "other_names", OtherNamesOf(partner));
  PutText(told, "municipality", partner.municipality_code());
  if (partner.status() != registry::v1::ASSOCIATION_STATUS_UNSPECIFIED) {
    told["status"] = WordOf(*registry::v1::AssociationStatus_descriptor(), partner.status());
  }
  Put(told, "purpose", ByLanguage(partner.purpose()));
  PutText(told, "area", partner.area());
  Put(told, "postal_districts", TextsOf(partner.postal_districts()));
  Put(told, "places", TextsOf(partner.places()));
  Put(told, "themes", WordsOf(registry::v1::Theme_descriptor(), partner.themes()));
  Put(told, "audiences", WordsOf(registry::v1::Audience_descriptor(), partner.audiences()));
  Put(told, "languages", TextsOf(partner.language_codes()));
  Put(told, "activities", ActivitiesOf(partner));
  if (partner.has_capacity()) told["capacity"] = partner.capacity();
  PutText(told, "last_confirmed", partner.last_confirmed_date());
  if (partner.has_update_time()) {
    told["updated"] = google::protobuf::util::TimeUtil::ToString(partner.update_time());
  }
  Put(told, "identifiers", IdentifiersOf(partner));
  Put(told, "contact", ContactOf(partner));
  Put(told, "reasons", ReasonsOf(partner));
  return told;
}

Json ToPartnersJson(const discovery::v1::FindPartnersResponse& page) {
  Json partners = Json::array();
  for (const Partner& partner : page.partners()) partners.push_back(ToPartnerJson(partner));
  Json told = {{"partners", std::move(partners)}};
  if (page.has_total_count()) told["total"] = page.total_count();
  PutText(told, "next_page_token", page.next_page_token());
  if (page.relaxed()) told["relaxed"] = true;
  if (page.partial()) told["partial"] = true;
  if (page.catching_up()) told["catching_up"] = true;
  return told;
}

}  // namespace brobygger::web
