#include "plugins/calendars/ics/feed.h"

#include <catch2/catch.hpp>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/prefilter.h"
#include "plugins/calendars/ics/config.h"
#include "plugins/calendars/ics/cursor.h"
#include "tests/plugins/calendars/ics/small_server.h"
#include "tests/plugins/calendars/ics/untrusted_server.h"

namespace brobygger::ics {
namespace {

using sdk::Diagnostic;

constexpr char kPassword[] = "hemmeligt";

absl::Status NoBeat() { return absl::OkStatus(); }

absl::StatusOr<FetchedText> Fetch(const std::string& url, const std::string& etag = "") {
  const Config config{.url = url, .path = "", .calendar = "moder", .user = "brobygger"};
  return Feed(config, kPassword).Fetch(etag, NoBeat);
}

Diagnostic TroubleOf(const std::string& url) {
  const auto fetched = Fetch(url);
  REQUIRE_FALSE(fetched.ok());
  const Diagnostic trouble = sdk::DiagnosticOf(fetched.status());
  CHECK_FALSE(trouble.text().at("da").empty());
  CHECK_FALSE(trouble.text().at("en").empty());
  // The path of a published calendar is its key.
  CHECK(trouble.DebugString().find("noegle") == std::string::npos);
  return trouble;
}

bool Says(const std::string& request, const std::string& words) {
  return request.find(words) != std::string::npos;
}

TEST_CASE("a feed is fetched with its login, and its ETag is kept") {
  SmallServer server(
      [](const std::string&) { return Answer("200 OK", "ETag: \"e1\"\r\n", "TEXT"); });
  const auto fetched = Fetch(server.Url("/noegle.ics"));
  REQUIRE(fetched.ok());
  CHECK(fetched->text == "TEXT");
  CHECK(fetched->etag == "\"e1\"");
  CHECK_FALSE(fetched->unchanged);
  REQUIRE(server.requests().size() == 1);
  CHECK(Says(server.requests()[0], "Authorization: Basic "));
  CHECK_FALSE(Says(server.requests()[0], "If-None-Match"));
}

TEST_CASE("a feed that is as it was is not sent again") {
  SmallServer server([](const std::string& request) {
    const bool known = Says(request, "If-None-Match: \"e1\"\r\n");
    return known ? "HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
                 : Answer("200 OK", "", "TEXT");
  });
  const auto fetched = Fetch(server.Url("/noegle.ics"), "\"e1\"");
  REQUIRE(fetched.ok());
  CHECK(fetched->unchanged);
  const auto changed = Fetch(server.Url("/noegle.ics"), "\"e0\"");
  REQUIRE(changed.ok());
  CHECK(changed->text == "TEXT");
}

TEST_CASE("an answer of 304 to a question that did not ask for it is an error") {
  SmallServer server([](const std::string&) { return Answer("304 Not Modified", "", ""); });
  CHECK(TroubleOf(server.Url("/noegle.ics")).class_() == Diagnostic::CLASS_TRANSIENT);
}

TEST_CASE("each answer is told as what the hub must do") {
  const auto [status, kind, code] = GENERATE(table<std::string, Diagnostic::Class, std::string>({
      {"401 Unauthorized", Diagnostic::CLASS_AUTH, "calendars.ics.refused"},
      {"403 Forbidden", Diagnostic::CLASS_AUTH, "calendars.ics.refused"},
      {"404 Not Found", Diagnostic::CLASS_NOT_FOUND, "calendars.ics.not_found"},
      {"410 Gone", Diagnostic::CLASS_NOT_FOUND, "calendars.ics.not_found"},
      {"429 Too Many Requests", Diagnostic::CLASS_RATE_LIMITED, "calendars.ics.slow_down"},
      {"503 Service Unavailable", Diagnostic::CLASS_RATE_LIMITED, "calendars.ics.slow_down"},
      {"500 Internal Server Error", Diagnostic::CLASS_TRANSIENT, "calendars.ics.http"},
      {"204 No Content", Diagnostic::CLASS_TRANSIENT, "calendars.ics.http"},
  }));
  CAPTURE(status);
  SmallServer server([status = status](const std::string&) {
    return Answer(status, "Retry-After: 120\r\n", status.starts_with("204") ? "" : "no calendar");
  });
  const Diagnostic trouble = TroubleOf(server.Url("/noegle.ics"));
  CHECK(trouble.class_() == kind);
  CHECK(trouble.code() == code);
  CHECK(trouble.retry_after().seconds() == (kind == Diagnostic::CLASS_RATE_LIMITED ? 120 : 0));
}

TEST_CASE("a redirect within the origin is followed with the login") {
  SmallServer server([](const std::string& request) {
    return Says(request, "GET /ny.ics") ? Answer("200 OK", "", "TEXT")
                                        : Answer("302 Found", "Location: /ny.ics\r\n", "");
  });
  const auto fetched = Fetch(server.Url("/noegle.ics"));
  REQUIRE(fetched.ok());
  CHECK(fetched->text == "TEXT");
  REQUIRE(server.requests().size() == 2);
  CHECK(Says(server.requests()[1], "Authorization: Basic "));
}

TEST_CASE("a redirect to another origin without encryption is not followed") {
  SmallServer other([](const std::string&) { return Answer("200 OK", "", "TEXT"); });
  SmallServer server([&](const std::string&) {
    return Answer("301 Moved Permanently", "Location: " + other.Url("/noegle.ics") + "\r\n", "");
  });
  const Diagnostic trouble = TroubleOf(server.Url("/noegle.ics"));
  CHECK(trouble.class_() == Diagnostic::CLASS_CONFIG);
  CHECK(trouble.code() == "calendars.ics.redirect");
  CHECK(other.requests().empty());
}

TEST_CASE("a redirect to a file or another protocol is not followed") {
  const std::string target = GENERATE("file:///etc/hostname", "ftp://127.0.0.1/x", "");
  SmallServer server([&](const std::string&) {
    return Answer("302 Found", target.empty() ? "" : "Location: " + target + "\r\n", "");
  });
  CHECK(TroubleOf(server.Url("/noegle.ics")).code() == "calendars.ics.redirect");
}

TEST_CASE("a redirect to encryption elsewhere is followed, and asked for in TLS") {
  SmallServer other([](const std::string&) { return std::string(); });
  SmallServer server([&](const std::string&) {
    const std::string there = "https://127.0.0.1:" + std::to_string(other.port()) + "/noegle.ics";
    return Answer("307 Temporary Redirect", "Location: " + there + "\r\n", "");
  });
  CHECK(TroubleOf(server.Url("/noegle.ics")).class_() == Diagnostic::CLASS_TRANSIENT);
  REQUIRE(other.requests().size() == 1);
  CHECK(other.requests()[0][0] == '\x16');
}

TEST_CASE("redirects that go round and round end") {
  SmallServer server(
      [](const std::string&) { return Answer("302 Found", "Location: /x\r\n", ""); });
  CHECK(TroubleOf(server.Url("/noegle.ics")).code() == "calendars.ics.redirect");
  CHECK(server.requests().size() == 6);
}

TEST_CASE("an answer that breaks off is no calendar") {
  SmallServer server([](const std::string&) {
    return std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nBEGIN:VCALENDAR");
  });
  const Diagnostic trouble = TroubleOf(server.Url("/noegle.ics"));
  CHECK(trouble.class_() == Diagnostic::CLASS_TRANSIENT);
  CHECK(trouble.code() == "calendars.ics.broke_off");
}

TEST_CASE("an answer that is too large is given up on the way") {
  SmallServer server([](const std::string&) {
    return "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" +
           std::string(calendars::kMaxTextBytes + 1, 'x');
  });
  CHECK(TroubleOf(server.Url("/noegle.ics")).code() == "calendars.too_large");
}

TEST_CASE("a server that is not there is told as such") {
  std::string url;
  {
    SmallServer server([](const std::string&) { return std::string(); });
    url = server.Url("/noegle.ics");
  }
  CHECK(TroubleOf(url).code() == "calendars.ics.no_answer");
}

TEST_CASE("a server whose certificate nobody vouches for is told nothing") {
  UntrustedServer server;
  const Diagnostic trouble = TroubleOf(server.Url("/noegle.ics"));
  CHECK(trouble.class_() == Diagnostic::CLASS_CONFIG);
  CHECK(trouble.code() == "calendars.ics.certificate");
  CHECK_FALSE(server.trusted());
}

TEST_CASE("a configuration says what is wrong with it, by key") {
  const auto [json, path] = GENERATE(table<std::string, std::string>({
      {R"({"url": "https://x.example/a.ics"})", "calendar"},
      {R"({"calendar": "moder"})", "url"},
      {R"({"calendar": "moder", "url": "https://x.example/a", "path": "/a"})", "url"},
      {R"({"calendar": "moder", "url": "file:///etc/hostname"})", "url"},
      {R"({"calendar": "moder", "url": "x.ics"})", "url"},
      {R"({"calendar": "moder", "url": "https://a:b@x.example/a.ics"})", "url"},
      {R"({"calendar": "moder", "url": "http://x.example/a.ics", "user": "a"})", "url"},
      {R"({"calendar": "moder", "path": "a.ics"})", "path"},
      {R"({"calendar": 7, "path": "/a.ics"})", "calendar"},
  }));
  CAPTURE(json);
  const auto config = ParseConfig(json);
  REQUIRE_FALSE(config.ok());
  CHECK(sdk::DiagnosticOf(config.status()).class_() == Diagnostic::CLASS_CONFIG);
  CHECK(sdk::DiagnosticOf(config.status()).path() == path);
}

TEST_CASE("webcal is https, and plain http is read without a login") {
  CHECK(ParseConfig(R"({"calendar": "m", "url": "webcal://x.example/a.ics"})")->url ==
        "https://x.example/a.ics");
  CHECK(ParseConfig(R"({"calendar": "m", "url": "http://x.example/a.ics"})").ok());
}

TEST_CASE("a cursor comes back as it was, and another's is none") {
  const Cursor cursor{.form = "f", .text = "t", .sent = 7, .etag = "W/\"e\""};
  CHECK(Cursor::Parse(cursor.Serialize()).sent == 7U);
  CHECK(Cursor::Parse(cursor.Serialize()).etag == "W/\"e\"");
  CHECK_FALSE(Cursor::Parse("f\nt\nall\n").sent);
  const std::string bytes = GENERATE("", "f\nt", "f\nt\n-1\n", "f\nt\n7x\n", "f\nt\n7\ne\nx");
  CHECK(Cursor::Parse(bytes).form.empty());
}

}  // namespace
}  // namespace brobygger::ics
