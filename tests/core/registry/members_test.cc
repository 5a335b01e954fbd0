#include "core/registry/members.h"

#include <catch2/catch.hpp>

#include "core/model/provenance.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

v1::Provenance Source(const std::string& connection, const std::string& external_id) {
  v1::Provenance who;
  who.set_connection_id(connection);
  who.set_external_id(external_id);
  return who;
}

TEST_CASE("each source is a record with the values that it tells") {
  Association association = Named("Kulturforeningen Fjorden");
  association.add_phones("+4510550101");
  AddIdentifier(association, "DK-CVR", "99000007");
  model::RecordStatement(association, Source("tilskud", "1"),
                         {"official_name", "identifiers.DK-CVR", "phones"});
  model::RecordOtherValue(association, Source("frivillig", "f7"), "official_name",
                          "Fjordens Kulturforening");
  model::RecordOtherValue(association, Source("frivillig", "f7"), "phones", R"(["+4510550777"])");

  const auto members = MembersOf(association);
  REQUIRE(members.size() == 2);
  CHECK(members[0].connection_id == "tilskud");
  CHECK(members[0].record.names == std::vector<std::string>{"Kulturforeningen Fjorden"});
  CHECK(members[0].record.cvr == "99000007");
  CHECK(members[1].external_id == "f7");
  CHECK(members[1].record.names == std::vector<std::string>{"Fjordens Kulturforening"});
  CHECK(members[1].record.phones == std::vector<std::string>{"+4510550777"});
  CHECK(members[1].record.cvr.empty());
}

TEST_CASE("an association that no source tells of is one record as it stands") {
  Association association = Named("Sprogcafeen");
  association.add_other_names()->set_text("Cafe Sprog");
  const auto members = MembersOf(association);
  REQUIRE(members.size() == 1);
  CHECK(members[0].record.names == std::vector<std::string>{"Sprogcafeen", "Cafe Sprog"});
  CHECK(members[0].record.municipality_code == "0615");
}

TEST_CASE("the other names go with every record, and a source without a name means the official") {
  Association association = Named("Sprogcafeen");
  association.add_other_names()->set_text("Cafe Sprog");
  association.add_emails("hej@sprog.example");
  model::RecordStatement(association, Source("a", "1"), {"official_name"});
  model::RecordStatement(association, Source("b", "2"), {"emails"});
  const auto members = MembersOf(association);
  REQUIRE(members.size() == 2);
  for (const Member& member : members) {
    CHECK(member.record.names == std::vector<std::string>{"Sprogcafeen", "Cafe Sprog"});
  }
  CHECK(members[1].record.emails == std::vector<std::string>{"hej@sprog.example"});
}

TEST_CASE("a thousand sources that say the same are one record") {
  Association association = Named("Sprogcafeen");
  for (int i = 0; i < 1000; ++i) {
    model::RecordStatement(association, Source("a", std::to_string(i)), {"official_name"});
  }
  CHECK(MembersOf(association).size() == 1);
}

TEST_CASE("whom an association is for and what it speaks are no part of a record") {
  Association association = Named("Sprogcafeen");
  association.add_language_codes("kmr");
  (*association.mutable_purpose()->mutable_by_language())["da"] = "For kurdiske kvinder";
  const auto with = RecordOf(association, "a");
  association.clear_language_codes();
  association.clear_purpose();
  const auto without = RecordOf(association, "a");
  CHECK(with.names == without.names);
  CHECK(with.contacts.empty());
  CHECK(with.parent.empty());
}

}  // namespace
}  // namespace brobygger::registry
