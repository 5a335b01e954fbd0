#include "core/report/programmes.h"

#include "core/registry/joining.h"
#include "tests/core/report/programme_town.h"

namespace brobygger::report {
namespace {

std::string FieldOf(const absl::Status& status) { return base::ErrorMetadata(status, "field"); }

}  // namespace

TEST_CASE("a programme is kept under its short name, and replaced by who read it", "[report]") {
  ProgrammeTown town;
  const auto made = town.Put(Bro());
  REQUIRE(made.ok());
  CHECK_FALSE(made->etag().empty());
  v1::Programme changed = *made;
  changed.set_title("Bro mellem tre byer");
  const auto again = town.Put(changed);
  REQUIRE(again.ok());
  CHECK(again->etag() != made->etag());
  CHECK(again->create_time().seconds() == made->create_time().seconds());
  const auto late = town.Put(changed);
  CHECK(base::ReasonOf(late.status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  const auto latest = town.store->Latest();
  CHECK(GetProgramme(**latest, "bro")->title() == "Bro mellem tre byer");
  CHECK(ListProgrammes(**latest)->size() == 1);
}

TEST_CASE("the same again writes nothing", "[report]") {
  ProgrammeTown town;
  REQUIRE(town.Put(Bro()).ok());
  const auto before = (*town.store->Latest())->revision();
  REQUIRE(town.Put(Bro()).ok());
  CHECK((*town.store->Latest())->revision() == before);
}

TEST_CASE("a programme with a fault is refused by the field", "[report]") {
  ProgrammeTown town;
  const auto refused = [&](auto change) {
    v1::Programme programme = Bro();
    change(programme);
    const auto put = town.Put(programme);
    CHECK(base::ReasonOf(put.status()) == errors::v1::ERROR_REASON_FIELD_INVALID);
    return FieldOf(put.status());
  };
  CHECK(refused([](auto& each) { each.set_short_name("Kem 2"); }) == "short_name");
  CHECK(refused([](auto& each) { each.clear_title(); }) == "title");
  CHECK(refused([](auto& each) { each.clear_start_date(); }) == "start_date");
  CHECK(refused([](auto& each) { each.set_end_date("2014-04-30"); }) == "end_date");
  CHECK(refused([](auto& each) { each.set_end_date("30-04-2017"); }) == "end_date");
  CHECK(refused([](auto& each) { each.clear_municipality_codes(); }) == "municipality_codes");
  CHECK(refused([](auto& each) { each.add_municipality_codes("9999"); }) ==
        "municipality_codes[2]");
  CHECK(refused([](auto& each) { each.set_national_estimate("500+"); }) == "national_source");
  CHECK(refused([](auto& each) { each.add_targets()->set_value(4); }) == "targets[0].figure");
  CHECK(refused([](auto& each) {
          each.add_targets()->set_figure(v1::REPORT_FIGURE_YEARS);
          each.add_targets()->set_figure(v1::REPORT_FIGURE_YEARS);
        }) == "targets[1]");
}

TEST_CASE("a programme names associations that there are", "[report]") {
  ProgrammeTown town;
  v1::Programme programme = Bro();
  programme.add_association_ids("nobody");
  CHECK(base::ReasonOf(town.Put(programme).status()) ==
        errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND);
  const auto latest = town.store->Latest();
  CHECK(base::ReasonOf(GetProgramme(**latest, "bro").status()) ==
        errors::v1::ERROR_REASON_PROGRAMME_NOT_FOUND);
}

}  // namespace brobygger::report
