#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/caldav/config.h"
#include "plugins/calendars/caldav/cursor.h"
#include "plugins/calendars/caldav/discovery.h"
#include "plugins/calendars/caldav/multistatus.h"
#include "plugins/calendars/caldav/url.h"

namespace brobygger::caldav {
namespace {

const Url kBase = {"https://cal.example", "/fritid/moder/"};

absl::StatusOr<Multistatus> Parse(const std::string& body) {
  return ParseMultistatus(body, kBase, {.what = "'møder'"});
}

std::optional<Fault> FaultIn(const std::string& body) { return FaultOf(Parse(body).status()); }

std::string Response(const std::string& href, const std::string& inner) {
  return absl::StrCat("<D:response><D:href>", href, "</D:href>", inner, "</D:response>");
}

std::string Dav(const std::string& inner) {
  return absl::StrCat(R"(<?xml version="1.0"?><D:multistatus xmlns:D="DAV:">)", inner,
                      "</D:multistatus>");
}

constexpr char kGone[] = "<D:status>HTTP/1.1 404 Not Found</D:status>";

TEST_CASE("5: an item has one path, however it is spelled", "[caldav]") {
  const std::string canonical = "/fritid/moder/a%20b@c.ics";
  for (const char* const spelling :
       {"https://cal.example/fritid/moder/a%20b@c.ics",
        "HTTPS://CAL.example:443/fritid/moder/a b@c.ics", "/fritid/moder/a b@c.ics",
        "/fritid/moder/a%20b%40c.ics", "/fritid/./x/../moder//a%20b@c.ics",
        "  /fritid/moder/a%20b@c.ics\n", "a%20b@c.ics", "//cal.example/fritid/moder/a%20b@c.ics"}) {
    CAPTURE(spelling);
    const auto url = Resolve(kBase, spelling);
    REQUIRE(url);
    CHECK(url->path == canonical);
    CHECK(url->origin == kBase.origin);
  }
  CHECK(Resolve(kBase, "/a%2Fb")->path == "/a%2Fb");
  CHECK(Resolve(kBase, "/%c3%a6")->path == "/%C3%A6");
  CHECK(Resolve(kBase, "/æ")->path == "/%C3%A6");
  CHECK(Resolve(kBase, "/100%")->path == "/100%25");
  CHECK_FALSE(Resolve(kBase, "/a%00b"));
  CHECK_FALSE(Resolve(kBase, "/a%0Ab"));
  CHECK_FALSE(Resolve(kBase, ""));
}

TEST_CASE("1: another scheme, host or port is another origin", "[caldav]") {
  for (const char* const other : {"http://cal.example/", "https://cal.example:8443/",
                                  "https://cal.example.evil.example/", "//other.example/x"}) {
    CAPTURE(other);
    const auto url = Resolve(kBase, other);
    CHECK((url && url->origin != kBase.origin));
  }
  // A user name before the host would make "cal.example" look like the host.
  CHECK_FALSE(ParseUrl("https://cal.example@other.example/"));
  CHECK_FALSE(ParseUrl("https://"));
  CHECK_FALSE(ParseUrl("ftp://cal.example/"));
  CHECK_FALSE(ParseUrl("https://cal.example:99999/"));
  CHECK(IsLoopback(*ParseUrl("http://127.0.0.1:5232/")));
  CHECK_FALSE(IsLoopback(*ParseUrl("http://127.0.0.1.evil.example/")));
}

TEST_CASE("4: namespaces count, and not their prefixes", "[caldav]") {
  const std::string bodies[] = {
      R"(<multistatus xmlns="DAV:"><response><href>/fritid/moder/a.ics</href><propstat><prop>
         <getetag>"1"</getetag><C:calendar-data xmlns:C="urn:ietf:params:xml:ns:caldav">X</C:calendar-data></prop>
         <status>HTTP/1.1 200 OK</status></propstat></response><sync-token>t1</sync-token></multistatus>)",
      R"(<D:multistatus xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:response>
         <D:href>/fritid/moder/a.ics</D:href><D:propstat><D:prop><D:getetag>"1"</D:getetag>
         <C:calendar-data>X</C:calendar-data></D:prop><D:status>HTTP/1.1 200 OK</D:status></D:propstat>
         </D:response><D:sync-token>t1</D:sync-token></D:multistatus>)",
      R"(<ns0:multistatus xmlns:ns0="DAV:"><ns0:response><ns0:href>/fritid/moder/a.ics</ns0:href>
         <ns0:propstat><ns0:prop><ns0:getetag>W/"1"</ns0:getetag>
         <calendar-data xmlns="urn:ietf:params:xml:ns:caldav"><![CDATA[X]]></calendar-data></ns0:prop>
         <ns0:status>HTTP/1.1 200 OK</ns0:status></ns0:propstat></ns0:response>
         <ns0:sync-token> t1 </ns0:sync-token></ns0:multistatus>)"};
  for (const std::string& body : bodies) {
    CAPTURE(body);
    const auto parsed = Parse(body);
    REQUIRE(parsed.ok());
    REQUIRE(parsed->found.size() == 1);
    CHECK(parsed->found[0].path == "/fritid/moder/a.ics");
    CHECK(parsed->found[0].etag == "\"1\"");
    CHECK(parsed->found[0].calendar_data == "X");
    CHECK(parsed->sync_token == "t1");
  }
  // The right names in the wrong namespaces are others' words.
  CHECK(FaultIn("<multistatus><response/></multistatus>") == Fault::kUnexpected);
  CHECK(FaultIn(R"(<D:multistatus xmlns:D="urn:other"/>)") == Fault::kUnexpected);
}

TEST_CASE("5: an item that comes twice in a page is one, and the last word counts", "[caldav]") {
  const auto parsed =
      Parse(Dav(Response("/fritid/moder/a%20b.ics", "") + Response("/fritid/moder/c.ics", kGone) +
                Response("https://cal.example/fritid/moder/a b.ics", kGone)));
  REQUIRE(parsed.ok());
  REQUIRE(parsed->found.size() == 2);
  CHECK(parsed->found[0].path == "/fritid/moder/a%20b.ics");
  CHECK(parsed->found[0].status == 404);
}

TEST_CASE("7: a 507 of the collection itself says that there is more", "[caldav]") {
  constexpr char kFull[] = "<D:status>HTTP/1.1 507 Insufficient Storage</D:status>";
  const auto parsed = Parse(Dav(Response("/fritid/moder", kFull)));
  REQUIRE(parsed.ok());
  CHECK(parsed->more);
  CHECK(parsed->found.empty());
  CHECK_FALSE(Parse(Dav(Response("/fritid/moder/a.ics", kFull)))->more);
}

TEST_CASE("properties that an item lacks are not taken for its own", "[caldav]") {
  const auto parsed = Parse(Dav(Response(
      "/fritid/moder/",
      "<D:propstat><D:prop><D:getetag>no</D:getetag></D:prop><D:status>HTTP/1.1 404 Not Found"
      "</D:status></D:propstat>")));
  REQUIRE(parsed.ok());
  CHECK(parsed->found[0].etag.empty());
  CHECK(parsed->found[0].may_write);
}

TEST_CASE("what is no answer of a calendar server is refused by name", "[caldav]") {
  CHECK(FaultIn("<!DOCTYPE html><html><body>Log ind</body></html>") == Fault::kHtml);
  CHECK(FaultIn("  <HTML><p>x") == Fault::kHtml);
  CHECK(FaultIn(R"(<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>)") ==
        Fault::kDoctype);
  const std::string whole = Dav(Response("/fritid/moder/a.ics", kGone));
  CHECK(FaultIn(whole.substr(0, whole.size() - 20)) == Fault::kNotXml);
  CHECK(FaultIn("") == Fault::kNotXml);
  CHECK(FaultIn("BEGIN:VCALENDAR") == Fault::kNotXml);
  std::string deep;
  for (int level = 0; level < 200'000; ++level) deep += "<a>";
  CHECK(FaultIn(deep) == Fault::kTooDeep);
  CHECK(FaultIn(Dav(Response("https://other.example/a.ics", ""))) == Fault::kOtherHost);
  CHECK(FaultIn(Dav(Response("/a%00.ics", ""))) == Fault::kNotXml);
}

TEST_CASE("6: how long to wait is read as seconds or as a date, and never for ever", "[caldav]") {
  using std::chrono::seconds;
  CHECK(ParseRetryAfter("120") == seconds(120));
  CHECK(ParseRetryAfter("0") == seconds(1));
  CHECK(ParseRetryAfter("99999999") == std::chrono::hours(24));
  CHECK(ParseRetryAfter("Sun, 06 Nov 1994 08:49:37 GMT") == seconds(1));
  CHECK_FALSE(ParseRetryAfter("soon"));
  CHECK_FALSE(ParseRetryAfter(""));
  const auto told = sdk::DiagnosticOf(FailureOf(429, std::nullopt, {}));
  CHECK(told.class_() == sdk::Diagnostic::CLASS_RATE_LIMITED);
  CHECK(told.retry_after().seconds() == 60);
  CHECK(FaultOf(FailureOf(503, std::nullopt, {})) == Fault::kServerFailed);
  CHECK(FaultOf(FailureOf(503, seconds(5), {})) == Fault::kBusy);
}

TEST_CASE("a cursor of something else, or none, is an empty one", "[caldav]") {
  Cursor cursor{.what = "w", .day = absl::CivilDay(2026, 11, 26)};
  cursor.calendars["møder"] = {"http://radicale/sync/1\n\"", true};
  cursor.calendars["tom"] = {};
  const std::string text = CursorText(cursor);
  const Cursor read = ParseCursor(text, Cursor::kVersion, "w");
  REQUIRE(read.calendars.size() == 1);
  CHECK(read.calendars.at("møder").token == "http://radicale/sync/1\n\"");
  CHECK(read.calendars.at("møder").begun);
  CHECK(read.day == cursor.day);
  CHECK(ParseCursor(text, Cursor::kVersion + 1, "w").calendars.empty());
  CHECK(ParseCursor(text, Cursor::kVersion, "other").calendars.empty());
  for (const char* const garbage :
       {"", "row:7", "[]", R"({"what":"w","day":"2026-11-26","calendars":{"a":{"token":1}}})",
        R"({"what":"w","day":"i går","calendars":{}})"}) {
    CHECK(ParseCursor(garbage, Cursor::kVersion, "w").calendars.empty());
  }
}

TEST_CASE("a configuration that would not do is refused with its key", "[caldav]") {
  const auto path_of = [](const std::string& json) {
    const auto config = ParseConfig(json);
    return config.ok() ? "" : sdk::DiagnosticOf(config.status()).path();
  };
  const std::string rest = R"("user":"u","calendars":{"a":{"path":"/u/a"}}})";
  CHECK(path_of(R"({"url":"https://c.example",)" + rest).empty());
  CHECK(path_of(R"({"url":"http://127.0.0.1:5232",)" + rest).empty());
  CHECK(path_of(R"({"url":"http://c.example",)" + rest) == "url");
  CHECK(path_of(R"({"url":"http://c.example","unix_socket":"/run/relay",)" + rest).empty());
  CHECK(path_of(R"({"url":"https://u:p@c.example",)" + rest) == "url");
  const std::string start = R"({"url":"https://c.example",)";
  CHECK(path_of(start + R"("user":"a:b","calendars":{"a":{"path":"/u/a"}}})") == "user");
  CHECK(path_of(start + R"("user":"u","calendars":{}})") == "calendars");
  CHECK(path_of(start + R"("user":"u","calendars":{"a":{}}})") == "calendars.a.path");
  CHECK(path_of(start + R"("user":"u","calendars":{"a/b":{"path":"/u/a"}}})") == "calendars");
  CHECK(path_of(start + R"("user":"u","calendars":{"a":{"path":"/u/a"},"b":{"path":"/u/a/"}}})") ==
        "calendars.b");
  CHECK(path_of(start + R"("user":"u","calendars":{"a":{"path":"/u/a","publish":1}}})") ==
        "calendars.a.publish");
}

TEST_CASE("paths are told to people without other people's addresses", "[caldav]") {
  CHECK(PathForPeople("/dav/u@c.example/moder/", "u@c.example") == "/dav/u@c.example/moder/");
  CHECK(PathForPeople("/dav/other@c.example/moder/", "u@c.example") == "/dav/.../moder/");
}

}  // namespace
}  // namespace brobygger::caldav
