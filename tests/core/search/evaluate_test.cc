#include "core/search/evaluate.h"

#include "tests/core/search/library.h"

namespace brobygger::search {
namespace {

// A town of four, each in a segment of its own.
View Town() {
  Association cafe = Named("cafe", "Lektiecaféen Nordbyen");
  SetPurpose(cafe, "Hjælp til lektier for alle børn");
  cafe.add_language_codes("ar");
  auto& homework = AddActivity(cafe, "Lektiecafé");
  homework.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
  homework.add_themes(registry::v1::THEME_SCHOOL_AND_HOMEWORK);
  homework.add_audiences(registry::v1::AUDIENCE_CHILDREN);
  homework.set_capacity(20);
  auto& football = AddActivity(cafe, "Fodbold");
  football.set_recurrence_rule("FREQ=WEEKLY;BYDAY=MO");
  football.add_themes(registry::v1::THEME_LEISURE_OUTSIDE_THE_ACT);

  Association women = Named("women", "Kurdisk Kvindeforening");
  SetPurpose(women, "Samvær og hjælp til nye i byen");
  women.add_language_codes("kmr");
  women.add_other_names()->set_text("Jinên Kurd");
  women.set_municipality_code("0621");

  Association newroz = Named("newroz", "Newroz");
  SetPurpose(newroz, "Kultur og lektier");

  Association sports = Named("sports", "Nordby Idræt");
  sports.mutable_visibility_consent()->set_volunteer_centres(true);
  sports.set_status(registry::v1::ASSOCIATION_STATUS_ACTIVE);
  sports.add_addresses()->set_postal_district("Havnen");
  return ViewOf({cafe, women, newroz, sports}, /*apart=*/true);
}

// "culture:3 integration:2".
std::string CountsOf(const Facet& facet) {
  std::string text;
  for (const FacetCount& each : facet.counts) {
    text += (text.empty() ? "" : " ") + each.value + ":" + std::to_string(each.count);
  }
  return text;
}

std::vector<Reason> ReasonsOf(const View& view, const std::string& text) {
  const Query query = Parsed(text);
  const Answer answer = Evaluate(view, {.query = query});
  REQUIRE_FALSE(answer.hits.empty());
  return answer.hits[0].reasons;
}

}  // namespace

TEST_CASE("what is asked must all hold, and the name counts most", "[search]") {
  const View town = Town();
  CHECK(Find(town, "lektie") == Ids{"cafe", "newroz"});
  CHECK(Find(town, "lektier kultur") == Ids{"newroz"});
  CHECK(Find(town, "name:lektie") == Ids{"cafe"});
  CHECK(Find(town, "hjælp -kurdisk") == Ids{"cafe"});
  CHECK(Find(town, "\"hjælp til lektier\"") == Ids{"cafe"});
  CHECK(Find(town, "\"lektier til hjælp\"").empty());
  CHECK(Find(town, "nord*") == Ids{"cafe", "sports"});
  CHECK(Find(town, "fodbolds") == Ids{"cafe"});
}

TEST_CASE("a homework cafe on Thursdays in Arabic is found by one question", "[search]") {
  const View town = Town();
  CHECK(Find(town, "lektiecafé nordbyen language:ar weekday:thursday") == Ids{"cafe"});
  CHECK(Find(town, "lektiecafé language:ar weekday:tuesday").empty());
  CHECK(Find(town, "lektiecafé language:so").empty());
}

TEST_CASE("filters on activities hold for one and the same", "[search]") {
  const View town = Town();
  CHECK(Find(town, "weekday:monday theme:leisure-outside-the-act") == Ids{"cafe"});
  CHECK(Find(town, "weekday:monday theme:school-and-homework").empty());
  CHECK(Find(town, "capacity:20 weekday:thursday") == Ids{"cafe"});
  CHECK(Find(town, "capacity:20 weekday:monday").empty());
  CHECK(Find(town, "capacity:21").empty());
  CHECK(Find(town, "audience:children,youth") == Ids{"cafe"});
}

TEST_CASE("words of activities and areas hold for the activity for which the filters do",
          "[search]") {
  Association house = Named("house", "Beboerhuset");
  auto& homework = AddActivity(house, "Lektiehjælp");
  (*homework.mutable_description()->mutable_by_language())["da"] = "Hjælp til de små";
  homework.set_recurrence_rule("FREQ=WEEKLY;BYDAY=MO");
  homework.set_place("Sydbyen");
  homework.add_language_codes("da");
  AddActivity(house, "Fodbold").set_status(registry::v1::ACTIVITY_STATUS_ENDED);
  auto& food = AddActivity(house, "Madklub");
  food.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
  food.set_place("Nordbyen");
  food.add_language_codes("so");
  const View town = ViewOf({house});
  const std::string homework_on_mondays =
      "activity:lektiehjælp area:sydbyen weekday:monday language:da";
  CHECK(Find(town, homework_on_mondays) == Ids{"house"});
  CHECK(Find(town, "activity:\"hjælp til de\" weekday:monday") == Ids{"house"});
  CHECK(Find(town, "activity:madk* language:so") == Ids{"house"});
  CHECK(Find(town, "activity:madklub,lektiehjælp weekday:thursday") == Ids{"house"});
  CHECK(Find(town, "activity:madklub activity:klub area:nordbyen") == Ids{"house"});
  for (const char* text :
       {"activity:lektiehjælp area:nordbyen weekday:torsdag language:so",
        "activity:lektiehjælp weekday:thursday", "activity:\"hjælp til de\" weekday:thursday",
        "area:sydbyen language:so", "activity:lektiehjælp area:nordbyen",
        "activity:madklub activity:lektiehjælp"}) {
    INFO(text);
    CHECK(Find(town, text).empty());
  }
  // Two areas alone are asked of the association, as is what must not be.
  CHECK(Find(town, "area:sydbyen area:nordbyen") == Ids{"house"});
  CHECK(Find(town, "weekday:thursday -activity:lektiehjælp").empty());
  // Where it is all in all, each of its activities is.
  house.set_coverage_area("Vestbyen");
  CHECK(Find(ViewOf({house}), "activity:lektiehjælp area:vestbyen weekday:monday") == Ids{"house"});
  // Merged, it is the same.
  SegmentBuilder builder;
  builder.AddFrom(*town.parts[0].segment, 0);
  PartList parts(10);
  parts.Add(builder.Finish());
  View merged = ViewOf(parts);
  CHECK(Find(merged, homework_on_mondays) == Ids{"house"});
  CHECK(Find(merged, "activity:lektiehjælp weekday:thursday").empty());
}

TEST_CASE("a language finds those that are part of it", "[search]") {
  const View town = Town();
  CHECK(Find(town, "language:ku") == Ids{"women"});
  CHECK(Find(town, "language:ar,kmr").size() == 2);
  CHECK(Find(town, "language:kk").empty());
  CHECK(Find(town, "-language:ar municipality:0615") == Ids{"newroz", "sports"});
}

TEST_CASE("a word that is nowhere stands for those that may be meant", "[search]") {
  const View town = Town();
  CHECK(Find(town, "nawroz") == Ids{"newroz"});
  CHECK(Find(town, "lektiekafeen")[0] == "cafe");
  CHECK(Find(town, "kvinde") == Ids{"women"});
  CHECK(Find(town, "kvindeforenning") == Ids{"women"});
  CHECK(Find(town, "zzzzzzzz").empty());
}

TEST_CASE("if nothing holds all, what holds most is told, and said", "[search]") {
  const View town = Town();
  const Query query = Parsed("lektier fodbold kultur");
  const Answer answer = Evaluate(town, {.query = query});
  CHECK(answer.relaxed);
  CHECK(IdsOf(answer) == Ids{"cafe", "newroz"});
  // A filter is never given up.
  CHECK(Find(town, "lektier kultur municipality:0621").empty());
}

TEST_CASE("a word that was asked for in a field is never given up", "[search]") {
  const View town = Town();
  CHECK(Find(town, "activity:skydning area:havnen").empty());
  CHECK(Find(town, "lektier activity:skydning").empty());
  CHECK(Find(town, "lektier zzzzzzzz activity:fodbold") == Ids{"cafe"});
  CHECK(Find(town, "lektier zzzzzzzz activity:skydning").empty());
  Query query = Parsed("lektier zzzzzzzz");
  CHECK(Evaluate(town, {.query = query}).relaxed);
  query.may_relax = false;
  const Answer answer = Evaluate(town, {.query = query});
  CHECK(answer.hits.empty());
  CHECK_FALSE(answer.relaxed);
}

TEST_CASE("a word that anybody's name may hold is not enough to be found by", "[search]") {
  const View town = ViewOf({Named("kurdish", "Kurdisk Forening"), Named("shooting", "Skytterne"),
                            Named("league", "Foreningen af 1987")});
  CHECK(Find(town, "forening") == Ids{"kurdish", "league"});
  CHECK(Find(town, "skytterne forening") == Ids{"shooting"});
  CHECK(Find(town, "zzzzzzzz forening").empty());
  CHECK(Find(town, "kurdisk zzzzzzzz forening") == Ids{"kurdish"});
}

TEST_CASE("each hit says why", "[search]") {
  const View town = Town();
  const auto exact = ReasonsOf(town, "lektiecaféen hjælp");
  REQUIRE(exact.size() == 2);
  CHECK(exact[0].field == Field::kName);
  CHECK(exact[0].how == How::kExact);
  CHECK(exact[0].asked == "lektiecaféen");
  CHECK(exact[1].field == Field::kPurpose);
  CHECK(ReasonsOf(town, "nawroz")[0].how == How::kSound);
  CHECK(ReasonsOf(town, "nawroz")[0].found == "newroz");
  CHECK(ReasonsOf(town, "kurdik")[0].how == How::kMistake);
  CHECK(ReasonsOf(town, "fodbolde")[0].how == How::kEnding);
  CHECK(ReasonsOf(town, "\"hjælp til nye\"")[0].how == How::kPhrase);
}

TEST_CASE("facets count all hits and not only the page", "[search]") {
  const View town = Town();
  const Query query = Parsed("");
  const Answer answer = Evaluate(
      town, {.query = query,
             .size = 1,
             .facets = {Field::kLanguage, Field::kMunicipality, Field::kWeekday, Field::kArea}});
  CHECK(answer.total == 4);
  CHECK(answer.more);
  REQUIRE(answer.facets.size() == 4);
  CHECK(answer.facets[0].counts.size() == 2);
  CHECK(answer.facets[1].counts[0].value == "Havnen");
  CHECK(answer.facets[2].counts[0].value == "0615");
  CHECK(answer.facets[2].counts[0].count == 3);
  CHECK(answer.facets[3].counts[0].value == "monday");
}

TEST_CASE("places are counted as they are asked for", "[search]") {
  std::vector<Association> rooms;
  for (const int places : {0, 4, 10, 29, 30, 31, 250}) {
    Association room = Named("r" + std::to_string(places), "Rum " + std::to_string(places));
    AddActivity(room, "Samling").set_capacity(places);
    // Not the largest, and over.
    AddActivity(room, "Møde").set_capacity(1);
    auto& over = AddActivity(room, "Fest");
    over.set_capacity(1000);
    over.set_status(registry::v1::ACTIVITY_STATUS_ENDED);
    rooms.push_back(std::move(room));
  }
  for (const bool apart : {false, true}) {
    const View view = ViewOf(rooms, apart);
    const Query all = Parsed("");
    const Answer answer = Evaluate(view, {.query = all, .facets = {Field::kCapacity}});
    REQUIRE(answer.facets.size() == 1);
    CHECK(answer.facets[0].field == Field::kCapacity);
    CHECK(CountsOf(answer.facets[0]) == "5:5 10:5 20:4 30:3 50:1 100:1 200:1");
    // Each value, asked for, finds as many as were counted; so does what stands between two.
    for (const FacetCount& each : answer.facets[0].counts) {
      CHECK(Find(view, "capacity:" + each.value).size() == each.count);
      CHECK(Find(view, "-capacity:" + each.value).size() == 7 - each.count);
    }
    CHECK(Find(view, "capacity:31") == Ids{"r250", "r31"});
    CHECK(Find(view, "-capacity:11").size() == 3);
    CHECK(Find(view, "capacity:1").size() == 7);
    CHECK(Find(view, "capacity:0").size() == 7);
    CHECK(Find(view, "capacity:251").empty());
    CHECK(Find(view, "capacity:300,30").size() == 3);
  }
}

// Of few hits among many each is looked at, rather than each value.
TEST_CASE("few hits among many are counted alike", "[search]") {
  std::vector<Association> many;
  for (int i = 0; i < 300; ++i) {
    many.push_back(Named("m" + std::to_string(i), "Forening " + std::to_string(i)));
    AddActivity(many.back(), "Møde").set_capacity(200);
  }
  // The first by name is not the first that came.
  Association one = Named("one", "Alle ved lektierne");
  AddActivity(one, "Lektiecafé").set_capacity(20);
  many.push_back(std::move(one));
  const View view = ViewOf(many);
  const Query query = Parsed("lektierne");
  const Answer answer =
      Evaluate(view, {.query = query, .facets = {Field::kCapacity, Field::kActivity}});
  REQUIRE(answer.facets.size() == 2);
  CHECK(CountsOf(answer.facets[0]) == "5:1 10:1 20:1");
  CHECK(CountsOf(answer.facets[1]) == "Lektiecafé:1");
}

TEST_CASE("activities are counted by their titles, however they are written", "[search]") {
  Association first = Named("first", "Den første");
  AddActivity(first, "Lektiecafé");
  AddActivity(first, "LEKTIECAFE");
  AddActivity(first, "Fælles spisning");
  Association second = Named("second", "Den anden");
  AddActivity(second, "lektiecafé!");
  Association third = Named("third", "Den tredje");
  AddActivity(third, "Lektiecafé");
  AddActivity(third, "Fodbold").set_status(registry::v1::ACTIVITY_STATUS_ENDED);
  for (const bool apart : {false, true}) {
    const View view = ViewOf({first, second, third}, apart);
    const Query all = Parsed("");
    const Answer answer = Evaluate(view, {.query = all, .facets = {Field::kActivity}});
    REQUIRE(answer.facets.size() == 1);
    CHECK(CountsOf(answer.facets[0]) == "Lektiecafé:3 Fælles spisning:1");
    CHECK(Find(view, "activity:\"Lektiecafé\"").size() == 3);
  }
}

TEST_CASE("whom the caller may not know of is not counted either", "[search]") {
  const View town = Town();
  const Query query = Parsed("");
  const Reach shown{.all = false, .shown_to_centres = true};
  const Answer answer = Evaluate(town, {.query = query, .reach = shown, .facets = kFacetFields});
  CHECK(IdsOf(answer) == Ids{"sports"});
  CHECK(answer.total == 1);
  for (const Facet& facet : answer.facets) {
    INFO(WordOf(facet.field));
    // It has no activity, and speaks no language that is told.
    const bool told = facet.field == Field::kMunicipality || facet.field == Field::kArea ||
                      facet.field == Field::kStatus;
    CHECK(facet.counts.size() == (told ? 1 : 0));
  }
}

TEST_CASE("hits can be those among some alone", "[search]") {
  const View town = Town();
  const Query query = Parsed("lektier");
  const std::vector<std::string> among = {"newroz", "sports", "nobody"};
  const Answer some =
      Evaluate(town, {.query = query, .facets = {Field::kMunicipality}, .among = &among});
  CHECK(IdsOf(some) == Ids{"newroz"});
  CHECK(some.total == 1);
  CHECK(some.facets[0].counts[0].count == 1);
  // None is no reason to look for less than was asked.
  const std::vector<std::string> nobody;
  const Query two = Parsed("lektier kultur");
  const Answer none = Evaluate(town, {.query = two, .among = &nobody});
  CHECK(none.total == 0);
  CHECK_FALSE(none.relaxed);
}

TEST_CASE("what the caller may not see does not change what a word stands for", "[search]") {
  // Somebody who may not see purposes must not learn that a word stands in one: without it, a
  // name that is close is taken for it, and so it is with it.
  Association near = Named("near", "Kastanie");
  Association far = Named("far", "Ganske Andet");
  const QueryOptions names{.allowed = {Field::kName}};
  const View without = ViewOf({near, far});
  SetPurpose(far, "kaltanie");
  const View with = ViewOf({near, far});
  CHECK(Find(without, "kaltanie", names) == Ids{"near"});
  CHECK(Find(with, "kaltanie", names) == Ids{"near"});
  CHECK(Find(with, "kaltanie") == Ids{"far"});
}

TEST_CASE("a spent budget gives a partial answer and no error", "[search]") {
  std::vector<Association> many;
  for (int i = 0; i < 300; ++i) {
    many.push_back(Named("a" + std::to_string(i), "Forening " + std::to_string(i)));
  }
  const View view = ViewOf(many);
  const Query query = Parsed("forening");
  CHECK_FALSE(Evaluate(view, {.query = query}).partial);
  CHECK(Evaluate(view, {.query = query, .budget = 2}).partial);
}

}  // namespace brobygger::search
