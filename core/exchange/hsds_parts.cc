#include "core/exchange/hsds_parts.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "core/exchange/hsds_terms.h"
#include "core/exchange/nested_id.h"
#include "core/exchange/texts.h"
#include "core/model/identifiers.h"
#include "core/model/places.h"
#include "core/model/recurrence.h"

namespace brobygger::exchange {
namespace {

using registry::v1::Activity;
using registry::v1::Address;
using registry::v1::Association;

Json AttributeOf(const std::string& owner, const HsdsTerm& term) {
  const Json told = ToHsdsTerm(term);
  return {{"id", NestedId(owner, absl::StrCat("attribute/", told.at("code").get<std::string>()))},
          {"link_type", term.taxonomy},
          {"link_entity", "service"},
          {"taxonomy_term", told}};
}

// Of an address of which only the postal district is known there is nothing that HSDS would take
// for one; the district is then the location's name.
bool IsDistrictAlone(const Address& address) {
  return address.street().empty() && address.postal_code().empty();
}

}  // namespace

std::string TextIn(const registry::v1::LocalizedText& text, const std::string& language) {
  for (const std::string& wanted : {language, std::string("da"), std::string("en")}) {
    const auto found = text.by_language().find(wanted);
    if (found != text.by_language().end() && !found->second.empty()) return found->second;
  }
  // A protobuf map has no order; the same record is to be the same text.
  const std::map<std::string, std::string> others(text.by_language().begin(),
                                                  text.by_language().end());
  return others.empty() ? "" : others.begin()->second;
}

std::string CvrOf(const Association& association) {
  for (const auto& each : association.identifiers()) {
    if (each.scheme() == model::kSchemeCvr && each.valid().to_date().empty()) return each.value();
  }
  return "";
}

std::string LastConfirmed(const Association& association) {
  std::string last;
  for (const auto& each : association.confirmations()) last = std::max(last, each.date());
  return last;
}

std::string PriceOf(const Activity& activity, const std::string& language) {
  if (!activity.has_price_oere()) return "";
  const std::int64_t oere = activity.price_oere();
  if (oere == 0) return Text("free", language);
  const std::string rest = oere % 100 == 0 ? "" : absl::StrCat(",", oere / 10 % 10, oere % 10);
  return absl::StrCat(oere / 100, rest, " kr.");
}

std::string StreetLine(const Address& address) {
  std::string line = address.street();
  if (!address.house_number().empty()) absl::StrAppend(&line, " ", address.house_number());
  if (!address.floor_and_door().empty()) absl::StrAppend(&line, ", ", address.floor_and_door());
  return line;
}

Json HsdsPhones(const Association& association) {
  Json phones = Json::array();
  for (int i = 0; i < association.phones_size(); ++i) {
    phones.push_back({{"id", NestedId(association.id(), absl::StrCat("phone/", i))},
                      {"number", association.phones(i)},
                      {"type", "voice"}});
  }
  return phones;
}

Json HsdsIdentifiers(const Association& association) {
  Json identifiers = Json::array();
  for (const auto& each : association.identifiers()) {
    const std::string place = absl::StrCat("identifier/", each.scheme(), "/", each.value());
    identifiers.push_back({{"id", NestedId(association.id(), place)},
                           {"organization_id", association.id()},
                           {"identifier_scheme", each.scheme()},
                           {"identifier_type", each.scheme()},
                           {"identifier", each.value()}});
  }
  return identifiers;
}

Json HsdsLocations(const Association& association) {
  Json locations = Json::array();
  for (int i = 0; i < association.addresses_size(); ++i) {
    const Address& address = association.addresses(i);
    const std::string id = NestedId(association.id(), absl::StrCat("location/", i));
    Json location = {{"id", id},
                     {"location_type", "physical"},
                     {"organization_id", association.id()},
                     {"name", association.official_name()}};
    if (IsDistrictAlone(address)) {
      location["name"] = address.postal_district();
      locations.push_back(std::move(location));
      continue;
    }
    const std::string municipality = address.municipality_code().empty()
                                         ? association.municipality_code()
                                         : address.municipality_code();
    Json place = {{"id", NestedId(id, "address")},
                  {"location_id", id},
                  {"address_1", StreetLine(address)},
                  {"city", address.postal_district()},
                  {"state_province", model::MunicipalityName(municipality)},
                  {"postal_code", address.postal_code()},
                  {"country", "DK"},
                  {"address_type", "physical"}};
    location["addresses"] = Json::array({std::move(place)});
    locations.push_back(std::move(location));
  }
  return locations;
}

Json HsdsLanguages(const std::string& owner,
                   const google::protobuf::RepeatedPtrField<std::string>& codes) {
  Json languages = Json::array();
  for (const std::string& code : codes) {
    languages.push_back({{"id", NestedId(owner, absl::StrCat("language/", code))}, {"code", code}});
  }
  return languages;
}

Json HsdsAttributes(const std::string& owner, const Activity& activity) {
  Json attributes = Json::array();
  const auto add = [&](const char* taxonomy, const auto* list, const auto& values) {
    for (const int value : values)
      attributes.push_back(AttributeOf(owner, {taxonomy, list, value}));
  };
  add("theme", registry::v1::Theme_descriptor(), activity.themes());
  add("audience", registry::v1::Audience_descriptor(), activity.audiences());
  add("age_band", registry::v1::AgeBand_descriptor(), activity.age_bands());
  return attributes;
}

Json HsdsSchedules(const std::string& owner, const Activity& activity) {
  if (activity.recurrence_rule().empty()) return Json::array();
  Json schedule = {{"id", NestedId(owner, "schedule")}, {"service_id", owner}};
  const auto parts = model::RecurrenceParts(activity.recurrence_rule());
  const auto part = [&](const char* name) {
    const auto found = parts.find(name);
    return found == parts.end() ? std::string() : found->second;
  };
  const std::string frequency = part("FREQ");
  if (frequency == "WEEKLY" || frequency == "MONTHLY") {
    schedule["freq"] = frequency;
    if (!part("BYDAY").empty()) schedule["byday"] = part("BYDAY");
    if (!part("BYMONTHDAY").empty()) schedule["bymonthday"] = part("BYMONTHDAY");
    int number = 0;
    if (absl::SimpleAtoi(part("INTERVAL"), &number)) schedule["interval"] = number;
    if (absl::SimpleAtoi(part("COUNT"), &number)) schedule["count"] = number;
  }
  schedule["description"] = activity.recurrence_rule();
  return Json::array({std::move(schedule)});
}

}  // namespace brobygger::exchange
