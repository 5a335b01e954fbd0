#include "core/search/document.h"

#include "tests/core/search/library.h"

namespace brobygger::search {

TEST_CASE("the days of a recurrence rule are those it names", "[search]") {
  CHECK(WeekdaysOf("FREQ=WEEKLY;BYDAY=TH") == 0b0001000);
  CHECK(WeekdaysOf("RRULE:FREQ=MONTHLY;BYDAY=2MO,-1SU;COUNT=3") == 0b1000001);
  CHECK(WeekdaysOf("freq=weekly;byday=mo,fr") == 0b0010001);
  CHECK(WeekdaysOf("FREQ=DAILY") == 0b1111111);
  CHECK(WeekdaysOf("FREQ=WEEKLY") == 0);
  CHECK(WeekdaysOf("BYDAY=") == 0);
  CHECK(WeekdaysOf("BYDAY=X,,;;=") == 0);
  CHECK(WeekdaysOf("") == 0);
}

TEST_CASE("an activity that has ended is no answer to a filter", "[search]") {
  Association association = Named("a1", "Lektiecafeen");
  auto& activity = AddActivity(association, "Lektiehjælp");
  activity.set_recurrence_rule("FREQ=WEEKLY;BYDAY=TH");
  CHECK(ToDocument(association).facts.weekdays != 0);
  activity.set_status(registry::v1::ACTIVITY_STATUS_ENDED);
  CHECK(ToDocument(association).facts.weekdays == 0);
  CHECK(ToDocument(association).activities.empty());
}

TEST_CASE("what has ended is not found by its words", "[search]") {
  Association association = Named("a1", "Lektiecafeen");
  auto& activity = AddActivity(association, "Skydning");
  (*activity.mutable_description()->mutable_by_language())["da"] = "Salonriffel";
  activity.set_place("Skydebanen");
  auto& number = *association.add_identifiers();
  number.set_scheme("DK-CVR");
  number.set_value("99100060");
  for (const char* text : {"skydning", "salonriffel", "area:skydebanen", "number:99100060"}) {
    INFO(text);
    CHECK(Find(ViewOf({association}), text) == Ids{"a1"});
  }
  activity.set_status(registry::v1::ACTIVITY_STATUS_ENDED);
  number.mutable_valid()->set_to_date("2025-12-31");
  for (const char* text : {"skydning", "salonriffel", "area:skydebanen", "number:99100060"}) {
    INFO(text);
    CHECK(Find(ViewOf({association}), text).empty());
  }
}

TEST_CASE("no field that is not public is in a document's words", "[search]") {
  Association association = Named("a1", "Lektiecafeen");
  association.add_emails("hemmelig@example.org");
  association.mutable_visibility_consent()->set_evidence("hemmelig");
  association.add_work_groups()->set_title("hemmelig");
  auto& interest = *association.add_collaboration_interests();
  (*interest.mutable_motivation()->mutable_by_language())["da"] = "hemmelig";
  const View view = ViewOf({association});
  CHECK(Find(view, "hemmelig").empty());
}

}  // namespace brobygger::search
