#include "core/sync/application_mapping.h"

#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::sync {
namespace {

using errors::v1::ERROR_REASON_CONNECTION_INVALID;
using errors::v1::ERROR_REASON_FIELD_INVALID;

v1::Connection ConnectionWith(const std::vector<std::pair<std::string, std::string>>& mappings) {
  v1::Connection connection;
  connection.set_id("tilskud");
  connection.set_department_id("11111111-1111-4111-8111-111111111111");
  for (const auto& [source, target] : mappings) {
    auto& mapping = *connection.mutable_applications()->add_mappings();
    mapping.set_source_field(source);
    mapping.set_target(target);
  }
  return connection;
}

TEST_CASE("a source's application is told in the hub's words") {
  auto connection = ConnectionWith({{"ansoeger", "applicant.external_id"},
                                    {"navn", "applicant.written_name"},
                                    {"formaal", "title"},
                                    {"beloeb", "applied"},
                                    {"bevilget_oere", "awarded_ore"},
                                    {"status", "state"},
                                    {"fra", "period.from_date"}});
  auto& values = *connection.mutable_applications()->mutable_mappings(5)->mutable_values();
  values["bevilget"] = "GRANTED";
  const auto mapping = ApplicationMapping::Make(connection);
  REQUIRE(mapping.ok());
  plugin::v1::Record record;
  record.set_external_id("5001");
  auto& fields = *record.mutable_fields();
  fields["ansoeger"].set_number(1001);
  fields["navn"].set_text("Kulturforeningen");
  fields["formaal"].set_text("Folkedans");
  fields["beloeb"].set_decimal("12500.50");
  fields["bevilget_oere"].set_number(800000);
  fields["status"].set_text("bevilget");
  fields["fra"].set_date("2026-08-01");
  const auto told = mapping->Tell(record);
  INFO(told.status());
  REQUIRE(told.ok());
  CHECK(told->connection_id() == "tilskud");
  CHECK(told->external_id() == "5001");
  CHECK(told->applicant().external_id() == "1001");
  CHECK(told->applicant().stream() == "associations");
  CHECK(told->applicant().written_name() == "Kulturforeningen");
  CHECK(told->title() == "Folkedans");
  CHECK(told->applied_ore() == 1'250'050);
  CHECK(told->awarded_ore() == 800'000);
  CHECK_FALSE(told->has_disbursed_ore());
  CHECK(told->state() == grant::v1::GRANT_STATE_GRANTED);
  CHECK(told->period().from_date() == "2026-08-01");
  CHECK(told->department_id() == connection.department_id());

  SECTION("a word that is not listed leaves its field untold, not the application") {
    fields["status"].set_text("henlagt");
    const auto other = mapping->Tell(record);
    REQUIRE(other.ok());
    CHECK(other->state() == grant::v1::GRANT_STATE_UNSPECIFIED);
  }
  SECTION("what is told to be empty is not nothing, but unknown") {
    fields["beloeb"].mutable_empty();
    CHECK_FALSE(mapping->Tell(record)->has_applied_ore());
  }
  SECTION("an amount that is none sets the application aside") {
    fields["beloeb"].set_text("ca. 5000");
    const auto wrong = mapping->Tell(record);
    CHECK(base::ReasonOf(wrong.status()) == ERROR_REASON_FIELD_INVALID);
    CHECK(base::ErrorMetadata(wrong.status(), "field") == "applied");
  }
}

TEST_CASE("a state is told by its word, and a wrong one says which there are") {
  const auto mapping = ApplicationMapping::Make(
      ConnectionWith({{"status", "state"}, {"cvr", "applicant.written_cvr"}}));
  REQUIRE(mapping.ok());
  plugin::v1::Record record;
  (*record.mutable_fields())["status"].set_text("REFUSED");
  CHECK(mapping->Tell(record)->state() == grant::v1::GRANT_STATE_REFUSED);
  (*record.mutable_fields())["status"].set_text("afslag");
  const auto wrong = mapping->Tell(record);
  CHECK(base::ReasonOf(wrong.status()) == ERROR_REASON_FIELD_INVALID);
  CHECK(std::string(wrong.status().message()).find("RECEIVED, INCOMPLETE") != std::string::npos);
}

TEST_CASE("a mapping that cannot be used is refused with its target") {
  const auto reason = [](const v1::Connection& connection) {
    return base::ReasonOf(ApplicationMapping::Make(connection).status());
  };
  auto good = ConnectionWith({{"navn", "applicant.written_name"}, {"formaal", "title"}});
  CHECK(reason(good) == errors::v1::ERROR_REASON_UNSPECIFIED);
  SECTION("an unknown target") {
    CHECK(reason(ConnectionWith({{"navn", "applicant.name"}})) == ERROR_REASON_CONNECTION_INVALID);
  }
  SECTION("one amount by two targets") {
    CHECK(reason(ConnectionWith(
              {{"navn", "applicant.written_name"}, {"kr", "applied"}, {"oere", "applied_ore"}})) ==
          ERROR_REASON_CONNECTION_INVALID);
  }
  SECTION("a policy: nothing is written") {
    good.mutable_applications()->mutable_mappings(1)->set_policy(v1::FieldMapping::POLICY_SHARED);
    CHECK(reason(good) == ERROR_REASON_CONNECTION_INVALID);
  }
  SECTION("nobody who applies") {
    CHECK(reason(ConnectionWith({{"formaal", "title"}})) == ERROR_REASON_CONNECTION_INVALID);
  }
  SECTION("the associations' own stream") {
    good.mutable_applications()->set_stream("associations");
    CHECK(reason(good) == ERROR_REASON_CONNECTION_INVALID);
  }
}

TEST_CASE("kroner become whole oere, however the source writes them") {
  const auto ore = [](const std::string& text, bool number = false) {
    const auto amount = KronerToOre(text, number);
    return amount.ok() ? *amount : -1;
  };
  CHECK(ore("1234.50", true) == 123'450);
  CHECK(ore("1234.5", true) == 123'450);
  CHECK(ore("1234.500", true) == 123'450);
  CHECK(ore("1234", true) == 123'400);
  CHECK(ore("0", true) == 0);
  CHECK(ore("1234,50") == 123'450);
  CHECK(ore("1.234,50") == 123'450);
  CHECK(ore("1.234.567,89") == 123'456'789);
  CHECK(ore("1.234") == 123'400);
  CHECK(ore("1.234.567") == 123'456'700);
  CHECK(ore("1234.50") == 123'450);
  CHECK(ore("1234") == 123'400);
  for (const char* wrong : {"", "-1", "1,234.50", "12,", "1.23,4.5", "kr. 5", "1234.505", "1 234",
                            "99999999999999999999"}) {
    CAPTURE(wrong);
    CHECK(ore(wrong) == -1);
  }
}

}  // namespace
}  // namespace brobygger::sync
