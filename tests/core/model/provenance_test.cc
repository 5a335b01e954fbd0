#include "core/model/provenance.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "core/model/fields.h"

namespace brobygger::model {
namespace {

using Paths = std::vector<std::string>;

Provenance Source(const std::string& connection, const std::string& external_id = "1") {
  Provenance who;
  who.set_connection_id(connection);
  who.set_external_id(external_id);
  who.set_actor("plugin:" + connection);
  return who;
}

Provenance Person(const std::string& actor) {
  Provenance who;
  who.set_actor(actor);
  return who;
}

Paths PathsOf(const Association& association, const Provenance& who) {
  const Provenance* statement = FindStatement(association, who);
  if (statement == nullptr) return {};
  return {statement->paths().begin(), statement->paths().end()};
}

std::string OtherValue(const Association& association,
                       const Provenance& who,
                       const std::string& path) {
  const Provenance* statement = FindStatement(association, who);
  if (statement == nullptr || !statement->other_values().contains(path)) return "none";
  return statement->other_values().at(path);
}

Association Told() {
  Association association;
  association.set_official_name("Fjordby Dans");
  association.set_coverage_area("Fjordby");
  RecordStatement(association, Source("grants"), {"official_name", "coverage_area"});
  RecordStatement(association, Source("centre"), {"official_name"});
  return association;
}

TEST_CASE("a source stands behind the paths it told") {
  const Association association = Told();
  REQUIRE(association.provenance_size() == 2);
  CHECK(PathsOf(association, Source("grants")) == Paths{"coverage_area", "official_name"});
  CHECK(SourcesOf(association, "official_name").size() == 2);
  CHECK(SourcesOf(association, "coverage_area").size() == 1);
  CHECK(SourcesOf(association, "phones").empty());
}

TEST_CASE("a second statement of the same source extends the first") {
  Association association = Told();
  Provenance who = Source("grants");
  who.set_run_id("run2");
  RecordStatement(association, who, {"phones", "coverage_area"});
  REQUIRE(association.provenance_size() == 2);
  CHECK(PathsOf(association, who) == Paths{"coverage_area", "official_name", "phones"});
  CHECK(FindStatement(association, who)->run_id() == "run2");
}

TEST_CASE("two records of one connection are two sources") {
  Association association = Told();
  RecordStatement(association, Source("grants", "2"), {"official_name"});
  CHECK(association.provenance_size() == 3);
}

TEST_CASE("an edit turns what the sources said into other values") {
  const Association before = Told();
  Association after = before;
  after.set_official_name("Fjordby Folkedans");
  SettleStatements(before, after);
  RecordStatement(after, Person("operator"), ChangedPaths(before, after));

  CHECK(PathsOf(after, Person("operator")) == Paths{"official_name"});
  CHECK(PathsOf(after, Source("grants")) == Paths{"coverage_area"});
  CHECK(OtherValue(after, Source("grants"), "official_name") == "Fjordby Dans");
  CHECK(OtherValue(after, Source("centre"), "official_name") == "Fjordby Dans");
  CHECK(SourcesOf(after, "official_name").size() == 1);
}

TEST_CASE("a source whose other value becomes the record's stands behind it again") {
  const Association before = Told();
  Association edited = before;
  edited.set_official_name("Fjordby Folkedans");
  SettleStatements(before, edited);
  Association back = edited;
  back.set_official_name("Fjordby Dans");
  SettleStatements(edited, back);
  CHECK(back.SerializeAsString() == before.SerializeAsString());
}

TEST_CASE("formatting alone takes no path from a source") {
  const Association before = Told();
  Association after = before;
  after.set_official_name("Fjordby  Dans");
  SettleStatements(before, after);
  CHECK(PathsOf(after, Source("centre")) == Paths{"official_name"});
}

TEST_CASE("a source may say something else than the record holds") {
  Association association = Told();
  RecordOtherValue(association, Source("centre"), "official_name", "FD");
  CHECK(PathsOf(association, Source("centre")).empty());
  CHECK(OtherValue(association, Source("centre"), "official_name") == "FD");
  RecordStatement(association, Source("centre"), {"official_name"});
  CHECK(OtherValue(association, Source("centre"), "official_name") == "none");
}

TEST_CASE("a retracted statement that says nothing more is dropped") {
  Association association = Told();
  RetractStatement(association, Source("centre"), {"official_name"});
  CHECK(association.provenance_size() == 1);
  RetractStatement(association, Source("grants"), {"official_name"});
  CHECK(PathsOf(association, Source("grants")) == Paths{"coverage_area"});
}

TEST_CASE("forgetting a source tells what nobody stands behind any more") {
  Association association = Told();
  CHECK(ForgetSource(association, Source("grants")) == Paths{"coverage_area"});
  CHECK(association.provenance_size() == 1);
  CHECK(ForgetSource(association, Source("grants", "9")) == Paths{"coverage_area"});
}

TEST_CASE("after any edits each source agrees exactly where its value is the record's") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const Paths paths = {"official_name", "coverage_area", "purpose.da", "founded_date"};
  const std::vector<std::string> values = {"", "1", "2", "3"};
  for (int round = 0; round < 100; ++round) {
    Association association;
    std::map<std::string, std::map<std::string, std::string>> said;
    for (int step = 0; step < 12; ++step) {
      const std::string source = "s" + std::to_string(random() % 3);
      const std::string& path = paths[random() % paths.size()];
      const std::string& value = values[random() % values.size()];
      const Association before = association;
      REQUIRE(SetFieldText(association, path, value).ok());
      SettleStatements(before, association);
      RecordStatement(association, Source(source), {path});
      said[source][path] = value;
    }
    for (const auto& [source, told] : said) {
      for (const auto& [path, value] : told) {
        CAPTURE(round, source, path);
        const auto agreed = PathsOf(association, Source(source));
        const bool stands = std::find(agreed.begin(), agreed.end(), path) != agreed.end();
        CHECK(stands == (FieldText(association, path).value_or("?") == value));
        if (!stands) CHECK(OtherValue(association, Source(source), path) == value);
      }
    }
  }
}

}  // namespace
}  // namespace brobygger::model
