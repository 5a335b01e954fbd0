#include "core/cli/said_by.h"

#include <catch2/catch.hpp>

namespace brobygger::cli {
namespace {

using registry::v1::Association;

// Two systems agree on the CVR number and differ about the name; a person at the
// hub set the status.
Association ToldByThree() {
  Association association;
  auto& grants = *association.add_provenance();
  grants.set_connection_id("tilskud");
  grants.add_paths("official_name");
  grants.add_paths("identifiers.DK-CVR");
  auto& centre = *association.add_provenance();
  centre.set_connection_id("frivilligcenter");
  centre.add_paths("identifiers.DK-CVR");
  (*centre.mutable_other_values())["official_name"] = "LAWAN";
  auto& person = *association.add_provenance();
  person.set_actor("operator");
  person.add_paths("status");
  return association;
}

SourceMarks Marks() {
  sync::v1::Connection grants;
  grants.set_id("tilskud");
  grants.set_title("Tilskudssystemet");
  sync::v1::Connection centre;
  centre.set_id("frivilligcenter");
  centre.set_title("Frivilligcenter Fjordby");
  return SourceMarks({centre, grants});
}

TEST_CASE("every field knows who stands behind it and who says something else") {
  const auto said = WhoSaidWhat(ToldByThree());

  CHECK(said.at("identifiers.DK-CVR").agreeing ==
        std::vector<std::string>{"frivilligcenter", "tilskud"});
  CHECK(said.at("official_name").agreeing == std::vector<std::string>{"tilskud"});
  REQUIRE(said.at("official_name").differing.size() == 1);
  CHECK(said.at("official_name").differing[0].second == "LAWAN");
}

TEST_CASE("marks tell agreement, difference and a person's own word apart") {
  const auto said = WhoSaidWhat(ToldByThree());
  SourceMarks marks = Marks();

  CHECK(marks.Of(said.at("identifiers.DK-CVR")) == "[FT]");
  CHECK(marks.Of(said.at("official_name")) == "[T≠F]");
  CHECK(marks.Of(said.at("status")) == "[@]");
  CHECK(marks.Of({}).empty());
}

TEST_CASE("the legend explains the marks that were used and no others") {
  const auto said = WhoSaidWhat(ToldByThree());
  SourceMarks marks = Marks();
  CHECK(marks.Legend().empty());

  marks.Of(said.at("official_name"));

  CHECK(marks.Legend() == "F Frivilligcenter Fjordby · T Tilskudssystemet");
}

TEST_CASE("two connections that begin alike get different letters") {
  sync::v1::Connection first;
  first.set_id("tilskud");
  sync::v1::Connection second;
  second.set_id("tt");
  SourceMarks marks({first, second});

  const std::string one = marks.Of({.agreeing = {"tilskud"}, .differing = {}});
  const std::string other = marks.Of({.agreeing = {"tt"}, .differing = {}});

  CHECK(one == "[T]");
  CHECK(other == "[(2)]");
}

TEST_CASE("a source whose connection is gone is still named") {
  SourceMarks marks = Marks();

  CHECK(marks.TitleOf("arkiv") == "arkiv");
  CHECK(marks.Of({.agreeing = {"arkiv"}, .differing = {}}) == "[A]");
}

TEST_CASE("programs get the sources in words") {
  const auto said = WhoSaidWhat(ToldByThree());

  CHECK(SaidByWords(said.at("official_name")) == "tilskud!frivilligcenter");
  CHECK(SaidByWords(said.at("identifiers.DK-CVR")) == "frivilligcenter+tilskud");
  CHECK(SaidByWords(said.at("status")) == "operator");
}

}  // namespace
}  // namespace brobygger::cli
