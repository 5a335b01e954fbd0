#include "core/cli/pool_file.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "tests/support/temp_folder.h"

namespace brobygger::cli {
namespace {

std::string Mistake(const std::string& text) {
  return std::string(ParsePools(text, "puljer.toml").status().message());
}

absl::StatusOr<PoolFile> ReadAs(const std::string& name, const std::string& text) {
  const support::TempFolder folder;
  const std::string path = (folder.path() / name).string();
  std::ofstream(path) << text;
  return ReadPoolFile(path);
}

}  // namespace

TEST_CASE("a TOML file says all that there is to say of a fund", "[cli]") {
  const auto file = ParsePools(R"(
[[pool]]
key = "fritid"
municipality = "0615"
title = "Fritidspuljen"
department = "Kultur og Fritid"
law = "Folkeoplysningsloven"
kle = "18.15.05"
kind = "activity"
themes = ["culture", "folkeoplysning og fritid"]
deadlines = [2027-03-15, "2027-09-15"]
from_kr = 1000
to_kr = "50.000"
text.da = "Til fritiden"
link = "https://fjordby.example/"
state = "open"
[[pool.criterion]]
cvr = true
[[pool.criterion]]
least_members = 10
text.da = "Ti medlemmer"
[[pool.criterion]]
themes = ["culture"]
audiences = ["youth"]
ages = ["19-24"]
[[pool.criterion]]
statutes = ["formål"]
[[pool.criterion]]
approval = "folkeoplysningsloven"
[[pool.criterion]]
municipalities = ["0615"]
[[pool.criterion]]
ask = "Har I en plan?"

[[pool]]
key = "land"
municipality = "national"
title = "Landspuljen"
deadlines = "all-year"
)",
                               "puljer.toml");
  INFO(file.status());
  REQUIRE(file.ok());
  REQUIRE(file->rows.size() == 2);
  const PoolRow& row = file->rows[0];
  CHECK(row.line == 2);
  CHECK(row.department == "Kultur og Fritid");
  CHECK(row.pool.smallest_ore() == 100'000);
  CHECK(row.pool.largest_ore() == 5'000'000);
  CHECK(row.pool.themes_size() == 2);
  CHECK(row.pool.deadline_dates(0) == "2027-03-15");
  CHECK(row.pool.kind() == grant::v1::GRANT_KIND_ACTIVITY);
  REQUIRE(row.pool.criteria_size() == 7);
  CHECK(row.pool.criteria(0).fact() == grant::v1::POOL_FACT_CVR);
  CHECK(row.pool.criteria(1).least().amount() == 10);
  CHECK(row.pool.criteria(1).text().by_language().at("da") == "Ti medlemmer");
  CHECK(row.pool.criteria(2).activities().age_bands(0) == registry::v1::AGE_BAND_19_24);
  CHECK(row.pool.criteria(3).statutes().items(0) == "formål");
  CHECK(row.pool.criteria(6).fact() == grant::v1::POOL_FACT_ASK);
  CHECK(file->rows[1].pool.municipality_code().empty());
  CHECK(file->rows[1].pool.all_year());
}

TEST_CASE("a mistake in a TOML file is told by its line and key", "[cli]") {
  CHECK(Mistake("[[pool]]\nkey = \"a\"\ntitel = \"b\"\n")
            .starts_with("puljer.toml:3: titel: there is no such key"));
  CHECK(Mistake("[[pool]]\nfrom_kr = \"1.5\"\n") ==
        "puljer.toml:2: from_kr: must be whole kroner, as in 50000.");
  CHECK(Mistake("[[pool]]\nmunicipality = \"Horsens\"\n")
            .starts_with("puljer.toml:2: municipality: must be"));
  CHECK(Mistake("[[pool]]\nthemes = [\"dans\"]\n")
            .starts_with("puljer.toml:2: themes: 'dans' is none of: integration"));
  CHECK(Mistake("[[pool]]\n[[pool.criterion]]\nalder = 3\n")
            .starts_with("puljer.toml:3: alder: there is no such criterion"));
  CHECK(
      Mistake("[[pool]]\n[[pool.criterion]]\ncvr = true\nleast_members = 3\n") ==
      "puljer.toml:4: least_members: a criterion looks at one thing; write another one for this.");
  CHECK(Mistake("[[pool]]\n[[pool.criterion]]\ncvr = false\n") ==
        "puljer.toml:3: cvr: is either true or left out.");
  CHECK(Mistake("key = \"a\"\n") ==
        "puljer.toml:1: key: there is nothing but [[pool]] at the outermost level.");
  CHECK(Mistake("[[pool]]\nkey = \n").starts_with("puljer.toml:2: "));
}

TEST_CASE("a CSV file holds a line a fund, with headings in Danish or as in TOML", "[cli]") {
  const auto file = ReadAs("puljer.csv",
                           "key;titel;kommune;frister;til_kr;krav\n"
                           "a;Pulje A;0615;2027-03-15, 2027-09-15;50.000;\"cvr; least_members=10; "
                           "themes=culture|integration\"\n"
                           "\n"
                           "b;Pulje B;national;all-year;;\n");
  INFO(file.status());
  REQUIRE(file.ok());
  REQUIRE(file->rows.size() == 2);
  const auto& pool = file->rows[0].pool;
  CHECK(pool.deadline_dates_size() == 2);
  CHECK(pool.largest_ore() == 5'000'000);
  REQUIRE(pool.criteria_size() == 3);
  CHECK(pool.criteria(2).activities().themes_size() == 2);
  CHECK(file->rows[1].line == 4);
  CHECK(file->rows[1].pool.all_year());
  const auto wrong = ReadAs("puljer.csv", "key;krav\na;alder=3\n");
  CHECK(std::string(wrong.status().message()).find("puljer.csv:2: alder: there is no such") !=
        std::string::npos);
  CHECK_FALSE(ReadAs("puljer.xlsx", "").ok());
  CHECK_FALSE(ReadAs("puljer.toml", "").ok());
}

TEST_CASE("what the hub refuses is told by the fund's line in the file", "[cli]") {
  const auto file = ParsePools("[[pool]]\nkey = \"a\"\n\n[[pool]]\nkey = \"b\"\n", "puljer.toml");
  REQUIRE(file.ok());
  const absl::Status refused = base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                                               "pools[1].deadline_dates[0] is no day.",
                                               {{"field", "pools[1].deadline_dates[0]"}});
  const absl::Status said = AtPoolLine(*file, refused);
  CHECK(said.message() == "puljer.toml:4: deadline_dates[0] is no day.");
  CHECK(base::ReasonOf(said) == errors::v1::ERROR_REASON_FIELD_INVALID);
  const absl::Status other = base::MakeError(errors::v1::ERROR_REASON_STOPPING, "stopping");
  CHECK(AtPoolLine(*file, other) == other);
}

}  // namespace brobygger::cli
