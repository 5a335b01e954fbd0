#include "core/cli/municipality_words.h"

#include <catch2/catch.hpp>

#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;
using registry::v1::KleAssignment;
using registry::v1::Policy;

std::string ValueOf(const std::string& key,
                    const std::vector<Column>& columns,
                    const std::vector<Cell>& cells) {
  REQUIRE(columns.size() == cells.size());
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].key == key) return cells[i].value;
  }
  return "no such column";
}

TEST_CASE("people write and read the last day, the record holds the day after") {
  registry::v1::ValidInterval valid;
  REQUIRE(ChangeValid("2026-01-01", "31-12-2026", valid).ok());
  CHECK(valid.to_date() == "2027-01-01");
  CHECK(ShowValid(valid, "en") == "2026-01-01 - 2026-12-31");
  CHECK(ShowValid(valid, "da") == "01-01-2026 - 31-12-2026");
  REQUIRE(ChangeValid("-", "", valid).ok());
  CHECK(ShowValid(valid, "en") == "- 2026-12-31");
  REQUIRE(ChangeValid("2026-01-01", "-", valid).ok());
  CHECK(ShowValid(valid, "en") == "2026-01-01 -");
  CHECK(ShowValid({}, "en").empty());
  CHECK(absl::IsInvalidArgument(ChangeValid("31-02-2026", "", valid)));
  CHECK(absl::IsInvalidArgument(ChangeValid("", "tomorrow", valid)));
}

TEST_CASE("a department is closed from the day after its last") {
  Department department;
  CHECK_FALSE(IsClosed(department, "2026-11-23"));
  department.mutable_valid()->set_to_date("2026-11-23");
  CHECK_FALSE(IsClosed(department, "2026-11-22"));
  CHECK(IsClosed(department, "2026-11-23"));
}

TEST_CASE("a department shows why it wants to work with associations, in the reader's language") {
  Department department;
  department.set_case_work(Department::CASE_WORK_YES);
  department.set_contact_phone("+4510550101");
  auto& texts = *department.mutable_value_statement()->mutable_by_language();
  texts["da"] = "Foreninger kender folk";
  texts["en"] = "Associations know people";
  const auto shown = [&](const std::string& key, const std::string& language) {
    return ValueOf(key, DepartmentColumns(), DepartmentCells(department, language));
  };
  CHECK(shown("value_statement", "da") == "Foreninger kender folk");
  CHECK(shown("value_statement", "en") == "Associations know people");
  texts.erase("en");
  CHECK(shown("value_statement", "en") == "Foreninger kender folk");
  CHECK(shown("contact_phone", "da") == "+4510550101");
  CHECK(shown("case_work", "da") == "sagsbehandling");
  department.clear_case_work();
  CHECK(shown("case_work", "da").empty());
}

TEST_CASE("tasks and policies are shown in Danish words") {
  KleAssignment assignment;
  assignment.set_kle_number("18.15");
  assignment.set_aspect(KleAssignment::ASPECT_EXECUTING);
  CHECK(ValueOf("aspect", TaskColumns(), TaskCells(assignment, "da")) == "udførende");
  CHECK(ValueOf("aspect", TaskColumns(), TaskCells(assignment, "en")) == "executing");
  Policy policy;
  policy.set_kind(Policy::KIND_CIVIL_SOCIETY);
  policy.set_existence(Policy::EXISTENCE_IN_PREPARATION);
  policy.add_goals("Flere frivillige");
  policy.add_goals("Flere mødesteder");
  const auto cells = PolicyCells(policy, "da");
  CHECK(ValueOf("kind", PolicyColumns(), cells) == "civilsamfundsstrategi");
  CHECK(ValueOf("existence", PolicyColumns(), cells) == "under udarbejdelse");
  CHECK(ValueOf("goals", PolicyColumns(), cells) == "Flere frivillige; Flere mødesteder");
}

TEST_CASE("a group is shown with the names of its departments") {
  registry::v1::CoordinationGroup group;
  group.add_department_names("Kultur");
  group.add_department_names("Social");
  CHECK(ValueOf("departments", GroupColumns(), GroupCells(group)) == "Kultur, Social");
}

TEST_CASE("what can be typed for an enum is every value but the unspecified one") {
  const auto words = EnumWords(*Policy::Existence_descriptor(), "EXISTENCE_");
  CHECK(words == std::vector<std::string>{"exists", "none", "in-preparation"});
  CHECK(EnumNumber(words, "in-preparation") == Policy::EXISTENCE_IN_PREPARATION);
  CHECK(EnumNumber(words, "perhaps") == 0);
  CHECK(CaseWorkWords() == std::vector<std::string>{"yes", "no"});
}

}  // namespace
}  // namespace brobygger::cli
