#include "plugins/centres/hsds/terms.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

namespace brobygger::hsds {
namespace {

// The registry's lists. A plugin has no generated code of the registry's; a test holds the two
// against each other.
constexpr std::array<const char*, 27> kNames = {"THEME_INTEGRATION",
                                                "THEME_ADULT_EDUCATION_AND_LEISURE",
                                                "THEME_LEISURE_OUTSIDE_THE_ACT",
                                                "THEME_VOLUNTARY_SOCIAL_WORK",
                                                "THEME_HEALTH_AND_PREVENTION",
                                                "THEME_EMPLOYMENT",
                                                "THEME_HOUSING_AREA",
                                                "THEME_CULTURE",
                                                "THEME_LIBRARY",
                                                "THEME_SCHOOL_AND_HOMEWORK",
                                                "THEME_RECEPTION",
                                                "AUDIENCE_CHILDREN",
                                                "AUDIENCE_YOUTH",
                                                "AUDIENCE_FAMILIES",
                                                "AUDIENCE_WOMEN",
                                                "AUDIENCE_MEN",
                                                "AUDIENCE_OLDER_PEOPLE",
                                                "AUDIENCE_NEWLY_ARRIVED_REFUGEES",
                                                "AUDIENCE_IMMIGRANTS",
                                                "AUDIENCE_LANGUAGE_COMMUNITY",
                                                "AUDIENCE_NEIGHBOURHOOD",
                                                "AUDIENCE_EVERYONE",
                                                "AGE_BAND_0_12",
                                                "AGE_BAND_13_18",
                                                "AGE_BAND_19_24",
                                                "AGE_BAND_25_64",
                                                "AGE_BAND_65_PLUS"};

std::optional<TermValue> ValueNamed(const std::string& name) {
  const bool known = std::find(kNames.begin(), kNames.end(), name) != kNames.end();
  if (!known) return std::nullopt;
  if (absl::StartsWith(name, "THEME_")) return TermValue{"themes", name};
  if (absl::StartsWith(name, "AUDIENCE_")) return TermValue{"audiences", name};
  return TermValue{"age_bands", name};
}

std::optional<TermValue> ValueOf(const json& term, const Terms& terms) {
  for (const char* key : {"code", "id", "name"}) {
    const std::string text = TextAt(term, key);
    if (const auto named = terms.find(text); !text.empty() && named != terms.end()) {
      return named->second;
    }
  }
  return ValueNamed(TextAt(term, "code"));
}

}  // namespace

std::optional<TermValue> ToTermValue(const std::string& word) {
  std::string name = absl::AsciiStrToUpper(word);
  const std::size_t colon = name.find(':');
  if (colon == std::string::npos) return std::nullopt;
  std::replace(name.begin(), name.end(), '-', '_');
  name[colon] = '_';
  return ValueNamed(name);
}

void AddTerms(const json& service, const Terms& terms, json& activity) {
  for (const json& attribute : ListAt(service, "attributes")) {
    const auto value = ValueOf(ObjectAt(attribute, "taxonomy_term"), terms);
    if (!value) continue;
    json& list = activity[value->list];
    if (std::find(list.begin(), list.end(), value->name) == list.end()) {
      list.push_back(value->name);
    }
  }
}

}  // namespace brobygger::hsds
