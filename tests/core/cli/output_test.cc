#include "core/cli/output.h"

#include <catch2/catch.hpp>
#include <yaml-cpp/yaml.h>

namespace brobygger::cli {
namespace {

TEST_CASE("CSV quotes what RFC 4180 wants quoted and nothing else") {
  CHECK(CsvField("plain", false) == "plain");
  CHECK(CsvField("a,b", false) == "\"a,b\"");
  CHECK(CsvField("say \"hi\"", false) == "\"say \"\"hi\"\"\"");
  CHECK(CsvField("two\nlines", false) == "\"two\nlines\"");
}

TEST_CASE("formulas are disarmed only when asked") {
  CHECK(CsvField("=HYPERLINK(1)", false) == "=HYPERLINK(1)");
  CHECK(CsvField("=HYPERLINK(1)", true) == "'=HYPERLINK(1)");
  CHECK(CsvField("+4510550101", true) == "'+4510550101");
  CHECK(CsvField("@sum,1", true) == "\"'@sum,1\"");
  CHECK(CsvField("a=b", true) == "a=b");
}

TEST_CASE("YAML keeps every text a text") {
  for (const std::string text : {"0615", "no", "null", "2026-11-23", "1e3", "", "~", "- item",
                                 "two\nlines", "key: value", "'quoted'", "Æblegården", "#4"}) {
    CAPTURE(text);
    std::string json = "{\"value\":\"";
    for (const char letter : text)
      json += letter == '\n' ? std::string("\\n") : std::string(1, letter);
    const std::string yaml = JsonToYaml(json + "\"}");
    CAPTURE(yaml);

    const YAML::Node node = YAML::Load(yaml)["value"];

    CHECK(node.as<std::string>() == text);
    // "!" is what a quoted scalar is tagged with: nothing guesses at it.
    const bool plain = node.Tag() != "!";
    CHECK((!plain || (text != "0615" && text != "no" && text != "null" && text != "2026-11-23")));
  }
}

TEST_CASE("YAML keeps the order and the empty lists of the JSON") {
  CHECK(JsonToYaml(R"({"b":1,"a":[],"c":{"x":true},"d":["u","v"]})") ==
        "b: 1\na: []\nc:\n  x: true\nd:\n  - u\n  - v\n");
}

}  // namespace
}  // namespace brobygger::cli
