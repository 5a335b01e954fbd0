#include "core/discovery/partner_criteria.h"

#include <absl/strings/match.h>

#include "core/base/error.h"
#include "tests/core/discovery/partner_town.h"

namespace brobygger::discovery {

TEST_CASE("the activity that holds the words is the one that fits", "[discovery]") {
  PartnerTown town;
  town.Change(town.cafe, [](auto& association) {
    auto& food = *association.add_activities();
    food.CopyFrom(association.activities(0));
    food.set_id("7c0c4f6e-0000-4000-8000-000000000002");
    food.set_title("Madklub");
    food.clear_description();
    food.set_place("Sydby");
    food.set_recurrence_rule("FREQ=WEEKLY;BYDAY=MO");
  });
  const auto fitting = [&](const FindPartnersRequest& request) {
    Names titles;
    const FindPartnersResponse found = town.Found(request);
    for (const Partner& partner : found.partners()) {
      for (const auto& activity : partner.activities()) {
        if (activity.fits()) titles.push_back(activity.title());
      }
    }
    return titles;
  };
  FindPartnersRequest request;
  auto& criteria = *request.mutable_criteria();
  criteria.add_activities("madklub");
  CHECK(fitting(request) == Names{"Madklub"});
  criteria.add_weekdays("torsdag");
  CHECK(town.NamesOf(request).empty());
  criteria.set_weekdays(0, "mandag");
  criteria.add_areas("sydby");
  CHECK(fitting(request) == Names{"Madklub"});
  criteria.set_activities(0, "lektiecafe");
  CHECK(town.NamesOf(request).empty());
}

TEST_CASE("values of one list are alternatives, and lists must all hold", "[discovery]") {
  PartnerTown town;
  FindPartnersRequest request;
  auto& criteria = *request.mutable_criteria();
  criteria.add_themes(registry::v1::THEME_CULTURE);
  CHECK(town.NamesOf(request).empty());
  criteria.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  CHECK(town.NamesOf(request) == Names{"Nordby Lektiehjaelp"});
  criteria.add_areas("sydby");
  CHECK(town.NamesOf(request).empty());
  criteria.add_areas("Nordby");
  CHECK(town.NamesOf(request) == Names{"Nordby Lektiehjaelp"});
  criteria.set_min_capacity(26);
  CHECK(town.NamesOf(request).empty());
}

TEST_CASE("what is asked of activity and area is never given up, and words only if it is said",
          "[discovery]") {
  PartnerTown town;
  FindPartnersRequest request;
  auto& criteria = *request.mutable_criteria();
  criteria.add_activities("skydning");
  criteria.add_areas("nordby");
  CHECK(town.NamesOf(request).empty());
  criteria.Clear();
  criteria.set_query("lektiecafe zzzzzz");
  CHECK(town.Found(request).relaxed());
  CHECK(town.NamesOf(request) == Names{"Nordby Lektiehjaelp"});
  request.set_all_must_hold(true);
  CHECK_FALSE(town.Found(request).relaxed());
  CHECK(town.NamesOf(request).empty());
}

TEST_CASE("a star finds beginnings, and where it could not it is refused", "[discovery]") {
  PartnerTown town;
  FindPartnersRequest request;
  request.mutable_criteria()->add_areas("biblio*");
  request.mutable_criteria()->add_activities("lekti*");
  CHECK(town.NamesOf(request) == Names{"Nordby Lektiehjaelp"});
  for (const char* area : {"*", "no*dby", "biblioteket i*", "**", "nordby**"}) {
    INFO(area);
    request.mutable_criteria()->set_areas(0, area);
    CHECK(base::ErrorMetadata(town.Ask(request).status(), "field") == "criteria.areas[0]");
  }
}

TEST_CASE("a value that there is not is refused with those there are", "[discovery]") {
  PartnerTown town;
  FindPartnersRequest request;
  request.mutable_criteria()->add_weekdays("torsdag");
  request.mutable_criteria()->add_weekdays("aldrig");
  const auto day = town.Ask(request);
  CHECK(base::ErrorMetadata(day.status(), "field") == "criteria.weekdays[1]");
  CHECK(base::ErrorMetadata(day.status(), "allowed").starts_with("monday,"));
  request.clear_criteria();
  request.mutable_criteria()->mutable_themes()->Add(99);
  const auto theme = town.Ask(request);
  CHECK(base::ErrorMetadata(theme.status(), "field") == "criteria.themes[0]");
  CHECK(absl::StrContains(base::ErrorMetadata(theme.status(), "allowed"), "culture"));
  request.clear_criteria();
  request.mutable_criteria()->set_updated_since_date("1900-01-01");
  CHECK(absl::StrContains(town.Ask(request).status().message(),
                          "criteria.updated_since_date[0] is not a day from 1970-01-01 to "));
  request.clear_criteria();
  request.mutable_criteria()->add_areas("🎉");
  CHECK(base::ErrorMetadata(town.Ask(request).status(), "field") == "criteria.areas[0]");
}

}  // namespace brobygger::discovery
