#include "core/sync/mapping.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/sync/record_hash.h"
#include "core/sync/record_text.h"

namespace brobygger::sync {
namespace {

using errors::v1::ERROR_REASON_CONNECTION_INVALID;
using errors::v1::ERROR_REASON_CPR_REFUSED;
using errors::v1::ERROR_REASON_FIELD_INVALID;
using errors::v1::ERROR_REASON_IDENTIFIER_INVALID;

void Map(v1::Connection& connection, const std::string& source, const std::string& target) {
  auto& mapping = *connection.add_mappings();
  mapping.set_source_field(source);
  mapping.set_target(target);
}

v1::Connection Flat() {
  v1::Connection connection;
  connection.set_default_municipality_code("0615");
  Map(connection, "navn", "official_name");
  Map(connection, "cvr", "cvr");
  Map(connection, "tlf", "phone");
  Map(connection, "tlf2", "phone");
  Map(connection, "vej", "address.street");
  Map(connection, "postnr", "address.postal_code");
  Map(connection, "formaal", "purpose.da");
  Map(connection, "status", "status");
  auto& words = *connection.mutable_mappings(7)->mutable_values();
  words["aktiv"] = "ACTIVE";
  return connection;
}

plugin::v1::Record Row(const std::map<std::string, std::string>& fields) {
  plugin::v1::Record record;
  record.set_external_id("1");
  for (const auto& [name, text] : fields) {
    if (text.empty()) {
      (*record.mutable_fields())[name].mutable_empty();
    } else {
      (*record.mutable_fields())[name].set_text(text);
    }
  }
  return record;
}

absl::StatusOr<ToldFields> Told(const Mapping& mapping, const plugin::v1::Record& record) {
  const auto told = mapping.Tell(record);
  return told.ok() ? told->Fields() : told.status();
}

TEST_CASE("a flat row becomes fields in the registry's own form") {
  const auto mapping = *Mapping::Make(Flat());
  const auto told = Told(mapping, Row({{"navn", " Fjordens  Kulturforening "},
                                       {"cvr", "DK 99 00 00 07"},
                                       {"tlf", "12 34 56 78"},
                                       {"tlf2", ""},
                                       {"vej", "Havnegade"},
                                       {"postnr", "8700"},
                                       {"formaal", "At samle folk"},
                                       {"status", "aktiv"}}));
  INFO(told.status());
  REQUIRE(told.ok());
  CHECK(told->at("official_name") == "Fjordens Kulturforening");
  CHECK(told->at("identifiers.DK-CVR") == "99000007");
  CHECK(told->at("phones") == R"(["+4512345678"])");
  CHECK(told->at("purpose.da") == "At samle folk");
  CHECK(told->at("status") == "ACTIVE");
  CHECK(told->at("municipality_code") == "0615");
  CHECK(told->at("addresses").find("Havnegade") != std::string::npos);
}

TEST_CASE("a missing field is not told, an empty one is told to be empty") {
  const auto mapping = *Mapping::Make(Flat());
  const auto told = Told(mapping, Row({{"navn", "Kulturforeningen"}, {"formaal", ""}}));
  REQUIRE(told.ok());
  CHECK(told->count("status") == 0);
  CHECK(told->at("purpose.da").empty());
}

TEST_CASE("a source holds as many entries of a list as the record tells fields for") {
  const auto mapping = *Mapping::Make(Flat());
  v1::Claim claim;
  *claim.mutable_told() = Row({{"navn", "Fjorden"}, {"tlf", "11111111"}, {"tlf2", ""}});
  CHECK(mapping.SlotsIn(claim) == Slots{{"phones", 2}});
  claim.mutable_told()->mutable_fields()->erase("tlf2");
  CHECK(mapping.SlotsIn(claim) == Slots{{"phones", 1}});
  // One that tells a list can hold all of it, also once it has told that it is empty.
  auto& list = *(*claim.mutable_told()->mutable_fields())["tlf"].mutable_list();
  list.add_items()->set_text("11111111");
  CHECK(mapping.SlotsIn(claim).empty());
  *claim.mutable_agreed() = claim.told();
  (*claim.mutable_told()->mutable_fields())["tlf"].mutable_empty();
  CHECK(mapping.SlotsIn(claim).empty());
}

TEST_CASE("a word that is not in the table refuses the field, not the record") {
  const auto mapping = *Mapping::Make(Flat());
  const auto told = Told(mapping, Row({{"navn", "Kulturforeningen"}, {"status", "slumrer"}}));
  REQUIRE(told.ok());
  CHECK(told->count("status") == 0);
}

TEST_CASE("a record that breaks a rule is refused with the field") {
  const auto mapping = *Mapping::Make(Flat());
  CHECK(base::ReasonOf(mapping.Tell(Row({{"navn", ""}})).status()) == ERROR_REASON_FIELD_INVALID);
  CHECK(base::ReasonOf(mapping.Tell(Row({{"navn", "K"}, {"cvr", "99000008"}})).status()) ==
        ERROR_REASON_IDENTIFIER_INVALID);
}

TEST_CASE("text that looks like a CPR number is refused wherever it stands") {
  auto row = Row({{"navn", "K"}, {"bem", "formand 010190-1234"}});
  CHECK(base::ReasonOf(RefuseCpr(row)) == ERROR_REASON_CPR_REFUSED);
  auto nested = Row({{"navn", "K"}});
  (*nested.mutable_fields())["liste"].mutable_list()->add_items()->set_text("0101901234");
  CHECK(base::ReasonOf(RefuseCpr(nested)) == ERROR_REASON_CPR_REFUSED);
  auto grouped = Row({{"navn", "K"}});
  auto& parts = *(*grouped.mutable_fields())["kontakt"].mutable_group()->mutable_fields();
  parts["note"].set_text("010190 1234");
  CHECK(base::ReasonOf(RefuseCpr(grouped)) == ERROR_REASON_CPR_REFUSED);
  auto keyed = Row({{"navn", "K"}});
  keyed.set_external_id("010190-1234");
  CHECK(base::ReasonOf(RefuseCpr(keyed)) == ERROR_REASON_CPR_REFUSED);
}

TEST_CASE("a mapping that cannot work is refused when it is made") {
  auto no_name = Flat();
  no_name.mutable_mappings()->DeleteSubrange(0, 1);
  CHECK(base::ReasonOf(Mapping::Make(no_name).status()) == ERROR_REASON_CONNECTION_INVALID);
  auto unknown = Flat();
  Map(unknown, "x", "favourite_colour");
  CHECK(base::ReasonOf(Mapping::Make(unknown).status()) == ERROR_REASON_CONNECTION_INVALID);
  auto twice = Flat();
  Map(twice, "x", "official_name");
  CHECK(base::ReasonOf(Mapping::Make(twice).status()) == ERROR_REASON_CONNECTION_INVALID);
}

TEST_CASE("fields that nobody asked for are dropped") {
  const auto mapping = *Mapping::Make(Flat());
  auto row = Row({{"navn", "K"}, {"formand", "nobody"}});
  mapping.KeepWanted(row);
  CHECK(row.fields().count("formand") == 0);
  CHECK(row.fields().count("navn") == 1);
}

TEST_CASE("the hash of a record follows what it says and nothing else") {
  auto row = Row({{"navn", "K"}, {"cvr", "99000007"}});
  const auto hash = RecordHash(row);
  row.set_etag("7");
  row.mutable_changed_at()->set_seconds(5);
  CHECK(RecordHash(row) == hash);
  (*row.mutable_fields())["cvr"].mutable_empty();
  CHECK(RecordHash(row) != hash);
}

}  // namespace
}  // namespace brobygger::sync
