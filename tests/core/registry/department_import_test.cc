#include <catch2/catch.hpp>

#include "core/registry/municipality_work.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

using base::ErrorMetadata;
using base::ReasonOf;
using storage::Transaction;
using v1::ImportDepartmentsRequest;
using v1::ImportDepartmentsResponse;

std::string UnitId(int number) {
  return "00000000-0000-4000-8000-0000000000" + std::to_string(10 + number);
}

// A municipality whose directory a test writes row by row.
class DirectoryFixture : public RegistryFixture {
 public:
  Department& AddUnit(int number, const std::string& name, int parent = 0) {
    Department& unit = *directory.add_departments();
    unit.set_os2mo_id(UnitId(number));
    unit.set_official_name(name);
    if (parent != 0) unit.set_parent_department_id(UnitId(parent));
    return unit;
  }

  absl::StatusOr<ImportDepartmentsResponse> Import() {
    directory.set_municipality_code("0615");
    return Write([&](Transaction& write) { return ImportDepartments(write, directory); });
  }

  std::string FieldRefused() { return ErrorMetadata(Import().status(), "field"); }

  // The department that the hub has for a unit.
  Department Found(int number) {
    const auto all = ListDepartments(*store, v1::ListDepartmentsRequest());
    for (const Department& department : all->departments()) {
      if (department.os2mo_id() == UnitId(number)) return department;
    }
    FAIL("the hub does not know unit " << number);
    return {};
  }

  ImportDepartmentsRequest directory;
};

TEST_CASE_METHOD(DirectoryFixture, "a directory is taken over, children before parents or not") {
  AddUnit(3, "Haller", 2);
  AddUnit(1, "Kultur og Fritid").mutable_valid()->set_from_date("2020-01-01");
  AddUnit(2, "Idræt", 1);
  const auto made = Import();
  INFO(made.status());
  REQUIRE(made.ok());
  CHECK(made->created_count() == 3);
  CHECK(Found(3).parent_department_id() == Found(2).id());
  CHECK(Found(2).parent_department_id() == Found(1).id());
  CHECK(Found(1).parent_department_id().empty());
  CHECK(Found(1).valid().from_date() == "2020-01-01");

  const auto before = Latest()->revision();
  const auto again = Import();
  CHECK(again->unchanged_count() == 3);
  CHECK(again->created_count() + again->updated_count() == 0);
  CHECK(Latest()->revision() == before);
}

TEST_CASE_METHOD(DirectoryFixture, "what the directory does not tell stays as a person wrote it") {
  AddUnit(1, "Kultur");
  REQUIRE(Import().ok());
  Department wanted = Found(1);
  wanted.set_contact_email("kultur@fjordby.example");
  wanted.set_case_work(Department::CASE_WORK_NO);
  (*wanted.mutable_value_statement()->mutable_by_language())["da"] = "Foreninger kender folk.";
  google::protobuf::FieldMask all;
  all.add_paths("*");
  const auto changed =
      Write([&](Transaction& write) { return UpdateDepartment(write, wanted, all); });
  REQUIRE(changed.ok());

  directory.mutable_departments(0)->set_official_name("Kultur og Fritid");
  directory.mutable_departments(0)->set_contact_phone("10550101");
  CHECK(Import()->updated_count() == 1);
  const Department now = Found(1);
  CHECK(now.id() == wanted.id());
  CHECK(now.official_name() == "Kultur og Fritid");
  CHECK(now.contact_phone() == "+4510550101");
  CHECK(now.contact_email() == "kultur@fjordby.example");
  CHECK(now.case_work() == Department::CASE_WORK_NO);
  CHECK(now.value_statement().by_language().at("da") == "Foreninger kender folk.");
}

TEST_CASE_METHOD(DirectoryFixture, "a unit that has gone from the directory is told and left") {
  AddUnit(1, "Kultur");
  AddUnit(2, "Social");
  REQUIRE(Import().ok());
  Department by_hand;
  by_hand.set_municipality_code("0615");
  by_hand.set_official_name("Frivilligcenter");
  REQUIRE(
      Write([&](Transaction& write) { return CreateDepartment(write, by_hand, "operator"); }).ok());
  directory.mutable_departments()->RemoveLast();
  const auto answer = Import();
  REQUIRE(answer->missing_department_ids_size() == 1);
  CHECK(answer->missing_department_ids(0) == Found(2).id());
}

TEST_CASE_METHOD(DirectoryFixture, "a parent may be a unit that only the hub knows") {
  AddUnit(1, "Kultur");
  REQUIRE(Import().ok());
  directory.clear_departments();
  AddUnit(2, "Idræt", 1);
  REQUIRE(Import().ok());
  CHECK(Found(2).parent_department_id() == Found(1).id());
}

TEST_CASE_METHOD(DirectoryFixture, "one wrong row refuses the whole directory and is named") {
  CHECK(FieldRefused() == "departments");
  AddUnit(1, "Kultur");
  SECTION("without a name") {
    AddUnit(2, " ");
    CHECK(FieldRefused() == "departments[1].official_name");
  }
  SECTION("without the directory's id") {
    AddUnit(2, "Social").clear_os2mo_id();
    CHECK(FieldRefused() == "departments[1].os2mo_id");
  }
  SECTION("with an id that stands above") {
    AddUnit(1, "Social");
    CHECK(FieldRefused() == "departments[1].os2mo_id");
  }
  SECTION("under a unit that nobody knows") {
    AddUnit(2, "Social", 9);
    CHECK(FieldRefused() == "departments[1].parent_department_id");
  }
  SECTION("in a circle") {
    AddUnit(2, "Social", 3);
    AddUnit(3, "Sundhed", 2);
    CHECK(FieldRefused() == "departments[1].parent_department_id");
  }
  SECTION("with a CPR number in its name") {
    AddUnit(2, "Sag 010190-1234");
    CHECK(ReasonOf(Import().status()) == errors::v1::ERROR_REASON_CPR_REFUSED);
    CHECK(FieldRefused() == "departments[1].official_name");
  }
  CHECK(Latest()->revision() == 0);
}

TEST_CASE_METHOD(DirectoryFixture, "a circle through a unit that is not listed is seen, too") {
  AddUnit(1, "Kultur");
  AddUnit(2, "Idræt", 1);
  REQUIRE(Import().ok());
  directory.clear_departments();
  AddUnit(1, "Kultur", 2);
  CHECK(FieldRefused() == "departments[0].parent_department_id");
}

TEST_CASE_METHOD(DirectoryFixture, "a unit of another municipality is not taken over") {
  AddUnit(1, "Kultur");
  REQUIRE(Import().ok());
  directory.set_municipality_code("0751");
  const auto refused =
      Write([&](Transaction& write) { return ImportDepartments(write, directory); });
  CHECK(ErrorMetadata(refused.status(), "field") == "departments[0].os2mo_id");
  directory.set_municipality_code("9999");
  CHECK(ReasonOf(Write([&](Transaction& write) {
                   return ImportDepartments(write, directory);
                 }).status()) == errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND);
}

TEST_CASE_METHOD(DirectoryFixture, "a directory has at most 5,000 units") {
  for (int i = 0; i < 5001; ++i) AddUnit(1, "Kultur");
  CHECK(FieldRefused() == "departments");
  CHECK(ErrorMetadata(Import().status(), "limit") == "5000");
}

}  // namespace
}  // namespace brobygger::registry
