#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/graph/config.h"
#include "plugins/calendars/graph/cursor.h"
#include "plugins/calendars/graph/http.h"
#include "plugins/common/percent.h"

namespace brobygger::graph {
namespace {

using Json = nlohmann::json;

Json Good() {
  return {{"tenant", "fjordby.example"},
          {"client_id", "app-1"},
          {"calendars", {{"møder", {{"mailbox", "Fritid@fjordby.example"}}}}},
          {"must_be_refused_mailbox", "borgmester@fjordby.example"}};
}

TEST_CASE("a configuration leads to Microsoft unless it says otherwise") {
  const auto config = ParseConfig(Good().dump());
  REQUIRE(config.ok());
  CHECK(config->graph_url == "https://graph.microsoft.com");
  CHECK(config->login_url == "https://login.microsoftonline.com");
  CHECK(config->calendars.at("møder").mailbox == "fritid@fjordby.example");
}

TEST_CASE("only this machine itself can stand in for Microsoft") {
  const std::string key = GENERATE("graph_url", "login_url");
  Json json = Good();
  for (const char* good : {"http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:65535"}) {
    json[key] = good;
    CHECK(ParseConfig(json.dump()).ok());
  }
  for (const char* bad :
       {"https://graph.example", "http://127.0.0.1.example", "http://127.0.0.1:80@example.org",
        "http://localhost:80/v1.0", "http://10.0.0.1", "https://graph.microsoft.com.example", ""}) {
    CAPTURE(bad);
    json[key] = bad;
    const auto config = ParseConfig(json.dump());
    REQUIRE_FALSE(config.ok());
    CHECK(sdk::DiagnosticOf(config.status()).path() == key);
  }
}

TEST_CASE("a configuration says what is wrong with it, by its key") {
  const auto [patch, path] = GENERATE(table<std::string, std::string>({
      {R"({"tenant": null})", "tenant"},
      {R"({"tenant": "a/../b"})", "tenant"},
      {R"({"client_id": ""})", "client_id"},
      {R"({"calendars": {}})", "calendars"},
      {R"({"calendars": {"a/b": {"mailbox": "x@fjordby.example"}}})", "calendars"},
      {R"({"calendars": {"a": {"mailbox": "nobody"}}})", "calendars.a.mailbox"},
      {R"({"calendars": {"a": {"mailbox": "x@y/z"}}})", "calendars.a.mailbox"},
      {R"({"calendars": {"a": {"mailbox": "x@y", "calendar_id": 7}}})", "calendars.a.calendar_id"},
      {R"({"calendars": {"a": {"mailbox": "x@y"}, "b": {"mailbox": "X@y"}}})", "calendars.b"},
      {R"({"must_be_refused_mailbox": null})", "must_be_refused_mailbox"},
      {R"({"must_be_refused_mailbox": "fritid@fjordby.example"})", "must_be_refused_mailbox"},
      {R"({"unix_socket": "/run/x"})", "graph_url"},
  }));
  CAPTURE(patch);
  Json json = Good();
  const Json change = Json::parse(patch);
  for (const auto& [key, value] : change.items()) {
    json.erase(key);
    if (!value.is_null()) json[key] = value;
  }
  const auto config = ParseConfig(json.dump());
  REQUIRE_FALSE(config.ok());
  CHECK(sdk::DiagnosticOf(config.status()).class_() == sdk::Diagnostic::CLASS_CONFIG);
  CHECK(sdk::DiagnosticOf(config.status()).path() == path);
}

TEST_CASE("a cursor comes back as it was, and what is none is an empty one") {
  Cursor cursor{.what = "w", .week = absl::CivilDay(2026, 7, 6)};
  CalendarCursor& calendar = cursor.calendars["møder"];
  calendar.link = "https://graph.example/x?$deltatoken=y";
  calendar.due = true;
  calendar.begun = true;
  calendar.listed = absl::CivilDay(2026, 7, 8);
  calendar.told["0123456789abcdef"] = {.external_id = "0123456789abcdef0123456789abcdef",
                                       .state = 0xfedcba9876543210U,
                                       .last = absl::CivilDay(2026, 5, 4)};
  const std::string text = CursorText(cursor);
  const Cursor read = ParseCursor(text, Cursor::kVersion, "w");
  CHECK(read.week == cursor.week);
  const CalendarCursor& back = read.calendars.at("møder");
  CHECK(back.link == calendar.link);
  CHECK(back.due);
  CHECK(back.begun);
  CHECK(back.listed == calendar.listed);
  const Told& told = back.told.at("0123456789abcdef");
  CHECK(told.external_id == "0123456789abcdef0123456789abcdef");
  CHECK(told.state == 0xfedcba9876543210U);
  CHECK(told.last == absl::CivilDay(2026, 5, 4));

  CHECK(ParseCursor(text, 2, "w").calendars.empty());
  CHECK(ParseCursor(text, Cursor::kVersion, "other").calendars.empty());
  CHECK(ParseCursor(text.substr(0, text.size() / 2), Cursor::kVersion, "w").calendars.empty());
  std::string odd = text;
  odd[odd.find("0123456789")] = 'x';
  CHECK(ParseCursor(odd, Cursor::kVersion, "w").calendars.empty());
}

TEST_CASE("what stands in a path is encoded for it") {
  CHECK(common::UrlEncoded("A-z_0.~") == "A-z_0.~");
  CHECK(common::UrlEncoded("a@b/c?d=e&f+g ") == "a%40b%2Fc%3Fd%3De%26f%2Bg%20");
  CHECK(common::UrlEncoded("ø") == "%C3%B8");
}

}  // namespace
}  // namespace brobygger::graph
