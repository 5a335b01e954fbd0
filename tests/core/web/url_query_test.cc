// One query is understood in one way, or not at all.
#include "core/web/url_query.h"

#include <absl/strings/str_cat.h>
#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/web/parameters.h"

namespace brobygger::web {
namespace {

std::string Read(std::string_view query) {
  const auto parameters = ParseUrlQuery(query);
  if (!parameters.ok()) return "at " + base::ErrorMetadata(parameters.status(), "position");
  std::string text;
  for (const auto& [name, value] : *parameters) absl::StrAppend(&text, name, "=", value, ";");
  return text;
}

TEST_CASE("a query is read as forms and the usual libraries write it") {
  CHECK(Read("") == "");
  CHECK(Read("a=b") == "a=b;");
  CHECK(Read("a=b&a=c&d") == "a=b;a=c;d=;");
  CHECK(Read("&&a=b&") == "a=b;");
  CHECK(Read("q=lektie+caf%C3%A9%20og%2Bmad") == "q=lektie café og+mad;");
  CHECK(Read("q=a=b") == "q=a=b;");
  CHECK(Read("%71=%31%2c2") == "q=1,2;");
  CHECK(Read("q=\"") == "at 3");
}

TEST_CASE("what two readers could read differently is refused, with its place") {
  CHECK(Read("a=%") == "at 3");
  CHECK(Read("a=%4") == "at 3");
  CHECK(Read("a=%4g") == "at 3");
  CHECK(Read("a=%%41") == "at 3");
  CHECK(Read("a=b&c=\xC3\xA9") == "at 7");
  CHECK(Read("a=b&c=%C3") == "at 5");    // half a character
  CHECK(Read("a=%C0%AF") == "at 1");     // "/" in two octets
  CHECK(Read("a=%ED%A0%80") == "at 1");  // half a surrogate pair
  CHECK(Read("a=b%00c") == "at 1");
  CHECK(Read("a=b%0D%0Ac") == "at 1");
  CHECK(Read("a%1b=c") == "at 1");
  CHECK(Read("=b") == "at 1");
  CHECK(Read("a=<b>") == "at 3");
  std::string many;
  for (int i = 0; i < 64; ++i) many += "a=b&";
  CHECK(ParseUrlQuery(many)->size() == 64);
  CHECK(Read(many + "a=b") == "at 257");
}

std::string Asked(std::string_view query) {
  static const std::vector<ParameterRule> kRules = {{"text", ParameterKind::kText, ""},
                                                    {"texts", ParameterKind::kTexts, ""},
                                                    {"number", ParameterKind::kNumber, "", 1, 500},
                                                    {"flag", ParameterKind::kFlag, ""},
                                                    {"at", ParameterKind::kInstant, ""},
                                                    {"day", ParameterKind::kDay, ""},
                                                    {"id", ParameterKind::kId, ""},
                                                    {"format", ParameterKind::kJson, ""}};
  const auto asked = Parameters::Read(query, kRules);
  if (!asked.ok()) {
    return base::ErrorMetadata(asked.status(), "field") + "?" +
           base::ErrorMetadata(asked.status(), "parameter");
  }
  std::string texts;
  for (const auto& text : asked->Texts("texts")) absl::StrAppend(&texts, text, ";");
  return absl::StrCat(asked->Text("text"), "|", texts, "|", asked->Number("number", 7), "|",
                      asked->Flag("flag", false), "|", absl::ToUnixSeconds(asked->Instant("at")));
}

TEST_CASE("parameters keep their rules or are named") {
  const std::string long_ago = std::to_string(absl::ToUnixSeconds(absl::InfinitePast()));
  CHECK(Asked("") == "||7|0|" + long_ago);
  CHECK(Asked("text=a,b&texts=a,+b&texts=c%2C,d&number=500&flag=true&at=2026-11-23") ==
        "a,b|a;b;c;d;|500|1|1795392000");
  CHECK(Asked("at=2026-11-23T01:00:00%2B01:00") == "||7|0|1795392000");
  CHECK(Asked("text=&number=&flag=") == "||7|0|" + long_ago);
  CHECK(Asked("id=0B6F3F0E-8a1c-4a57-9d0f-7f1d2f6c1a01&format=json&day=2026-02-28") ==
        "||7|0|" + long_ago);
  for (const char* wrong : {"number=0", "number=501", "number=-1", "number=1.5", "number=x",
                            "number=%2B5", "number=99999999999999999999", "number=1&number=1"}) {
    CAPTURE(wrong);
    CHECK(Asked(wrong) == "number?");
  }
  for (const char* wrong : {"flag=1", "flag=TRUE"}) CHECK(Asked(wrong) == "flag?");
  for (const char* wrong : {"at=yesterday", "at=infinite-future", "at=2026-02-30",
                            "at=2026-11-23T01:00:00+01:00", "at=2026-11-23T25:00:00Z"}) {
    CAPTURE(wrong);
    CHECK(Asked(wrong) == "at?");
  }
  for (const char* wrong : {"day=2026-02-29", "day=2026-2-1", "day=20260201", "day=2026-02-01Z"}) {
    CAPTURE(wrong);
    CHECK(Asked(wrong) == "day?");
  }
  CHECK(Asked("id=7") == "id?");
  CHECK(Asked("format=xml") == "format?");
  CHECK(Asked("Text=a") == "?Text");
  CHECK(Asked("text=a&other=b") == "?other");
}

}  // namespace
}  // namespace brobygger::web
