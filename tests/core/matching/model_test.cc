#include "core/matching/model.h"

#include <string>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/matching/data.h"

namespace brobygger::matching {
namespace {

std::string ShippedText() { return std::string(data::kModel); }

std::string Why(const std::string& text) {
  const auto model = Model::Parse(text);
  if (model.ok()) return "";
  CHECK(base::ReasonOf(model.status()) == errors::v1::ERROR_REASON_MODEL_INVALID);
  return std::string(model.status().message());
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

TEST_CASE("the shipped model can be read and has a scorecard for associations", "[matching]") {
  REQUIRE(Model::Shipped() != nullptr);
  CHECK(Model::Shipped()->associations().key == "associations");
  CHECK(Model::Shipped()->digest().size() == 64);
}

TEST_CASE("a model that is cut short is refused with a sentence", "[matching]") {
  CHECK(Why(ShippedText().substr(0, ShippedText().size() / 2)).find("cut short") !=
        std::string::npos);
  CHECK(Why("").find("not JSON") != std::string::npos);
}

TEST_CASE("a model that somebody edited is refused", "[matching]") {
  const std::string edited = Replaced(ShippedText(), "\"base\": -", "\"base\": -1");
  CHECK(Why(edited).find("digest") != std::string::npos);
}

TEST_CASE("a model of another format is refused with both versions", "[matching]") {
  const std::string other =
      Replaced(ShippedText(), "\"format_version\": 1", "\"format_version\": 2");
  CHECK(Why(other).find("version 2, this program reads version 1") != std::string::npos);
}

TEST_CASE("a model that is written is read back the same", "[matching]") {
  const auto& shipped = *Model::Shipped();
  const std::string text = Model::Write("v", "made", shipped.scorecards());
  const auto read = Model::Parse(text);
  REQUIRE(read.ok());
  CHECK(Model::Write("v", "made", (*read)->scorecards()) == text);
}

}  // namespace
}  // namespace brobygger::matching
