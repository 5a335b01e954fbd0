#include <functional>
#include <string>

#include <catch2/catch.hpp>

#include "core/base/error.h"
#include "core/model/kle.h"
#include "core/model/validate.h"

namespace brobygger::model {
namespace {

using registry::v1::CoordinationGroup;
using registry::v1::Department;
using registry::v1::KleAssignment;
using registry::v1::Policy;

constexpr char kCulture[] = "00000000-0000-4000-8000-000000000001";
constexpr char kSocial[] = "00000000-0000-4000-8000-000000000002";

template <typename Record>
std::string FieldRefused(Record record) {
  return base::ErrorMetadata(NormalizeAndCheck(record), "field");
}

Policy Integration() {
  Policy policy;
  policy.set_municipality_code("0615");
  policy.set_kind(Policy::KIND_INTEGRATION);
  policy.set_existence(Policy::EXISTENCE_EXISTS);
  policy.set_title(" Sammen  om Fjordby ");
  return policy;
}

TEST_CASE("a KLE number has two, four or six digits in pairs") {
  for (const std::string number : {"18", "18.15", "18.15.05"}) {
    CAPTURE(number);
    CHECK(IsKleNumber(number));
  }
  for (const std::string text :
       {"", "1", "1.5", "18.", "18.1", "18.15.5", "18.15.055", "18-15", "18.15.05.01", "ab"}) {
    CAPTURE(text);
    CHECK_FALSE(IsKleNumber(text));
  }
}

TEST_CASE("titles of KLE numbers are known where we ship them, also those with a comma") {
  CHECK(KleTitle("18.15") == "Folkeoplysning");
  CHECK(KleTitle("18.15.30") == "Folkeoplysningsudvalget, sammensætning mv.");
  CHECK(KleTitle("99").empty());
}

TEST_CASE("a theme has a number, and a number the most special theme it is part of") {
  for (int i = 1; i < registry::v1::Theme_descriptor()->value_count(); ++i) {
    const auto theme = static_cast<registry::v1::Theme>(i);
    CHECK(IsKleNumber(KleNumberOf(theme)));
    CHECK(ThemeOfKle(std::string(KleNumberOf(theme))) == theme);
  }
  CHECK(KleNumberOf(registry::v1::THEME_UNSPECIFIED).empty());
  CHECK(ThemeOfKle("15.40.20") == registry::v1::THEME_RECEPTION);
  CHECK(ThemeOfKle("15.40.05") == registry::v1::THEME_INTEGRATION);
  CHECK(ThemeOfKle("15.05") == registry::v1::THEME_EMPLOYMENT);
  CHECK(ThemeOfKle("18") == registry::v1::THEME_UNSPECIFIED);
  CHECK(ThemeOfKle("150") == registry::v1::THEME_UNSPECIFIED);
  CHECK(ThemeOfKle("") == registry::v1::THEME_UNSPECIFIED);
}

TEST_CASE("the directory's words for a department are brought into normal form") {
  Department department;
  department.set_municipality_code("0615");
  department.set_official_name("Kultur");
  department.set_contact_phone("10 55 01 01");
  department.set_os2mo_id("00000000-0000-4000-8000-00000000000A");
  department.mutable_valid();
  (*department.mutable_value_statement()->mutable_by_language())["da"] = "  ";
  REQUIRE(NormalizeAndCheck(department).ok());
  CHECK(department.contact_phone() == "+4510550101");
  CHECK(department.os2mo_id() == "00000000-0000-4000-8000-00000000000a");
  CHECK_FALSE(department.has_valid());
  CHECK_FALSE(department.has_value_statement());

  department.set_os2mo_id("unit 7");
  CHECK(FieldRefused(department) == "os2mo_id");
  department.clear_os2mo_id();
  department.mutable_valid()->set_from_date("2026-13-01");
  CHECK(FieldRefused(department) == "valid.from_date");
  department.clear_valid();
  (*department.mutable_value_statement()->mutable_by_language())["da"] = "Ring til 010190-1234";
  CHECK(base::ReasonOf(NormalizeAndCheck(department)) == errors::v1::ERROR_REASON_CPR_REFUSED);
  const Place row{nullptr, "departments", 3};
  CHECK(base::ErrorMetadata(NormalizeAndCheckAt(row, department), "field") ==
        "departments[3].value_statement.da");
}

TEST_CASE("an assignment names a department, a number and an aspect") {
  KleAssignment assignment;
  CHECK(FieldRefused(assignment) == "department_id");
  assignment.set_department_id(kCulture);
  CHECK(FieldRefused(assignment) == "kle_number");
  assignment.set_kle_number(" 18.15.05 ");
  CHECK(FieldRefused(assignment) == "aspect");
  assignment.set_aspect(KleAssignment::ASPECT_INSIGHT);
  REQUIRE(NormalizeAndCheck(assignment).ok());
  CHECK(assignment.kle_number() == "18.15.05");
  assignment.mutable_valid()->set_from_date("2026-02-01");
  assignment.mutable_valid()->set_to_date("2026-01-01");
  CHECK(FieldRefused(assignment) == "valid.to_date");
}

TEST_CASE("a policy that is there has a title, one that is not needs none") {
  Policy policy = Integration();
  policy.add_goals("Flere i foreninger");
  policy.add_goals(" ");
  REQUIRE(NormalizeAndCheck(policy).ok());
  CHECK(policy.title() == "Sammen om Fjordby");
  CHECK(policy.goals_size() == 1);
  policy.clear_title();
  CHECK(FieldRefused(policy) == "title");
  policy.set_existence(Policy::EXISTENCE_NONE);
  CHECK(NormalizeAndCheck(policy).ok());
}

TEST_CASE("what is wrong with a policy is said by its field") {
  const auto refused = [](const std::function<void(Policy&)>& change) {
    Policy policy = Integration();
    change(policy);
    return FieldRefused(policy);
  };
  CHECK(refused([](Policy& policy) { policy.clear_kind(); }) == "kind");
  CHECK(refused([](Policy& policy) { policy.clear_existence(); }) == "existence");
  CHECK(refused([](Policy& policy) { policy.set_municipality_code("9999"); }) ==
        "municipality_code");
  CHECK(refused([](Policy& policy) { policy.set_url("ftp://fjordby.example"); }) == "url");
  CHECK(refused([](Policy& policy) { policy.set_title(std::string(201, 'x')); }) == "title");
  CHECK(refused([](Policy& policy) { policy.add_goals(std::string(501, 'x')); }) == "goals[0]");
  CHECK(refused([](Policy& policy) {
          for (int i = 0; i < 51; ++i) policy.add_goals("Mål " + std::to_string(i));
        }) == "goals");
}

TEST_CASE("a group of one department is no group, named twice or not") {
  CoordinationGroup group;
  group.set_municipality_code("0615");
  group.set_official_name("Tværgående arbejdsgruppe");
  group.add_department_ids(kCulture);
  group.add_department_ids(kCulture);
  CHECK(FieldRefused(group) == "department_ids");
  group.add_department_ids(kSocial);
  CHECK(NormalizeAndCheck(group).ok());
  group.set_purpose(std::string(501, 'x'));
  CHECK(FieldRefused(group) == "purpose");
}

}  // namespace
}  // namespace brobygger::model
