#include "core/cli/words.h"

#include <catch2/catch.hpp>

namespace brobygger::cli {
namespace {

TEST_CASE("fields are shown in words") {
  CHECK(ShowField("status", "ACTIVE", "da") == "aktiv");
  CHECK(ShowField("status", "ACTIVE", "en") == "active");
  CHECK(ShowField("phones", R"(["+4510550101","+4510550102"])", "en") ==
        "+4510550101, +4510550102");
  CHECK(ShowField("addresses", R"([{"postal_code":"9998","street":"Havnegade 3"}])", "en") ==
        "Havnegade 3 9998");
  CHECK(ShowField("founded_date", "1984-01-31", "da") == "31-01-1984");
  CHECK(ShowField("founded_date", "1984-01-31", "en") == "1984-01-31");
  CHECK(ShowField("official_name", "[ikke json", "en") == "[ikke json");
}

TEST_CASE("a point in the registry's time is a revision, a date or an instant") {
  CHECK(ToAsOf("4711")->revision() == 4711);
  CHECK(ToAsOf("2026-11-23")->time().seconds() == 1795392000);
  CHECK(ToAsOf("2026-11-23T10:00:00Z")->time().seconds() == 1795428000);
  CHECK_FALSE(ToAsOf("")->has_time());
  CHECK(absl::IsInvalidArgument(ToAsOf("yesterday").status()));
}

TEST_CASE("lengths of time are typed and shown alike") {
  for (const std::string typed : {"90s", "10m", "6h", "1d"}) {
    CHECK(ShowDuration(*ToDuration(typed)) == typed);
  }
  CHECK(ShowDuration(*ToDuration("60m")) == "1h");
  for (const std::string typed : {"", "m", "10", "10 m", "-5m", "9999999s"}) {
    CAPTURE(typed);
    CHECK(absl::IsInvalidArgument(ToDuration(typed).status()));
  }
}

TEST_CASE("short names stand for the fields people name most") {
  CHECK(ToFieldPath("cvr") == "identifiers.DK-CVR");
  CHECK(ToFieldPath("name") == "official_name");
  CHECK(ToFieldPath("purpose.da") == "purpose.da");
}

TEST_CASE("a file that is not there is said by its name") {
  const auto text = ReadText("/no/such/file.toml");
  CHECK(std::string(text.status().message()).find("/no/such/file.toml") != std::string::npos);
}

}  // namespace
}  // namespace brobygger::cli
