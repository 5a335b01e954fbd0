#include <catch2/catch.hpp>

#include "plugins/calendars/graph/answer.h"
#include "tests/plugins/calendars/graph/fake_graph.h"

namespace brobygger::graph {
namespace {

// Every property that Graph has for an event and that is not needed, each with a word that stands
// nowhere else. The stand-in sends them whatever $select says.
Json EveryProperty() {
  const char* const kTexts[] = {"subject",
                                "bodyPreview",
                                "webLink",
                                "onlineMeetingUrl",
                                "changeKey",
                                "originalStartTimeZone",
                                "originalEndTimeZone",
                                "transactionId",
                                "importance",
                                "showAs",
                                "createdDateTime",
                                "lastModifiedDateTime",
                                "@odata.type",
                                "uid",
                                "occurrenceId",
                                "somethingNew"};
  Json more;
  for (const char* name : kTexts) more[name] = std::string("ZQ-") + name;
  more["body"] = {{"contentType", "html"}, {"content", "ZQ-body zq@zq.example"}};
  more["location"] = {{"displayName", "ZQ-place"},
                      {"address", {{"street", "ZQ-street"}, {"city", "ZQ-city"}}},
                      {"locationEmailAddress", "zq-room@zq.example"}};
  more["locations"] = {{{"displayName", "ZQ-places"}, {"uniqueId", "ZQ-unique"}}};
  more["attachments"] = {{{"name", "ZQ-file.pdf"}, {"id", "ZQ-attachment"}}};
  more["onlineMeeting"] = {{"joinUrl", "https://zq.example/ZQ-join"}};
  more["recurrence"] = {{"range", {{"recurrenceTimeZone", "ZQ-zone"}}}};
  more["responseStatus"] = {{"response", "ZQ-response"}, {"time", "ZQ-time"}};
  more["extensions"] = {{{"id", "ZQ-extension"}, {"value", {{{"id", "ZQ-deep"}}}}}};
  more["calendar"] = {{"name", "ZQ-calendar"}, {"owner", {{"address", "zq-owner@zq.example"}}}};
  return more;
}

void Plant(Json& event) {
  event["more"] = EveryProperty();
  event["categories"] = {"ZQ-category", "Brobygger:F7"};
  event["organizer"] = "zq-organizer@zq.example";
  event["attendees"] = {{"zq-guest@zq.example", "ZQ-answer"}};
}

bool HoldsWord(const std::string& text) {
  // Digests are hex, so neither word can stand there by chance.
  return text.find("ZQ") != std::string::npos || text.find("zq") != std::string::npos ||
         text.find("example") != std::string::npos;
}

TEST_CASE("no word of a calendar leaves it, whatever property it stood in") {
  FakeGraph graph;
  graph.events() = {{"ZQ-e1", Single("ZQ-uid-1@zq.example", "2026-07-01")},
                    {"ZQ-s1", Series("ZQ-uid-2", {"2026-07-02", "2026-07-09"})},
                    {"ZQ-p1", Single("ZQ-uid-3", "2026-07-03")},
                    {"ZQ-b1", {{"uid", "ZQ-uid-4"}}}};
  for (auto& [id, event] : graph.events().items()) Plant(event);
  graph.events()["ZQ-p1"]["sensitivity"] = "private";
  graph.Tell();
  FakeHub hub(graph);
  Outcome outcome = hub.Snapshot();
  REQUIRE(outcome.status.ok());
  CHECK(outcome.records.size() == 3);
  CHECK(outcome.errors.size() == 1);
  std::string told = outcome.bytes;
  // Where delta goes on is Graph's own link, with the mailbox that stands in the configuration.
  Json cursor = Json::parse(hub.cursor);
  cursor["calendars"]["møder"].erase("link");
  CHECK_FALSE(HoldsWord(cursor.dump()));
  for (std::size_t at = 0; (at = told.find(hub.cursor)) != std::string::npos;) {
    told.erase(at, hub.cursor.size());
  }
  CHECK_FALSE(HoldsWord(told));
  for (const auto& record : outcome.records) {
    for (const auto& [name, value] : record.fields()) {
      CHECK(std::set<std::string>{"calendar", "opted_out", "parts", "remarks"}.count(name) == 1);
    }
  }
}

TEST_CASE("what is not on the list does not come through the parser, at any depth") {
  const Json row = {{"id", "1"},
                    {"more", EveryProperty()},
                    {"location", {{"emailAddress", {{"address", "zq"}}}}}};
  const auto answer = ParseAnswer(Json({{"value", {row}}, {"subject", "ZQ"}}).dump(), {});
  REQUIRE(answer.ok());
  CHECK(*answer == Json({{"value", {{{"id", "1"}}}}}));
}

TEST_CASE("what is nested deeper than any answer is left out, and costs nothing") {
  std::string deep;
  for (int level = 0; level < 100'000; ++level) deep += R"({"value":[)";
  for (int level = 0; level < 100'000; ++level) deep += "]}";
  const auto answer = ParseAnswer(deep, {});
  REQUIRE(answer.ok());
  CHECK(answer->dump().size() < 100);
}

TEST_CASE("only the fields that were asked for are told") {
  FakeGraph graph;
  graph.events()["e1"] = Single("uid-1", "2026-07-01");
  graph.Tell();
  FakeHub hub(graph);
  hub.selected = {"calendar"};
  const Outcome outcome = hub.Delta();
  REQUIRE(outcome.records.size() == 1);
  CHECK(outcome.records[0].fields().size() == 1);
}

}  // namespace
}  // namespace brobygger::graph
