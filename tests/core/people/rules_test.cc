#include "core/people/rules.h"

#include <functional>

#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

constexpr char kToday[] = "2024-05-01";
constexpr char kAssociation[] = "00000000-0000-4000-8000-000000000001";
constexpr char kDepartment[] = "00000000-0000-4000-8000-000000000002";

v1::Person Treasurer() {
  v1::Person person;
  person.set_display_name("Zarathea Blåregnskov");
  v1::PersonRole& role = *person.add_roles();
  role.set_association_id(kAssociation);
  role.set_function(v1::PERSON_FUNCTION_TREASURER);
  role.mutable_valid()->set_to_date("2025-03-31");
  role.set_basis(v1::RECORDING_BASIS_ARTICLE_6_1_E);
  role.set_basis_date(kToday);
  role.set_expires_date("2026-03-31");
  return person;
}

// Where the broken rule is, or "".
std::string Broken(v1::Person person, bool reveals = false) {
  const auto may_reveal = [&](const std::string&) { return reveals; };
  const absl::Status status =
      NormalizeAndCheck({.today = kToday, .may_reveal = may_reveal}, person);
  if (status.ok()) return "";
  const std::string text(status.message().data(), status.message().size());
  CHECK(text.find("Zarathea") == std::string::npos);
  return text.substr(0, text.find(' '));
}

std::string BrokenWith(const std::function<void(v1::Person&, v1::PersonRole&)>& change) {
  v1::Person person = Treasurer();
  change(person, *person.mutable_roles(0));
  return Broken(person);
}

TEST_CASE("a treasurer with basis, term and expiry is in order") {
  CHECK(Broken(Treasurer()).empty());
}

TEST_CASE("a role that may reveal something needs a basis in article 9") {
  v1::Person person = Treasurer();
  CHECK(Broken(person, true) == "person.roles[0].sensitive_basis");
  person.mutable_roles(0)->set_sensitive_basis(v1::SENSITIVE_BASIS_ARTICLE_9_2_E);
  CHECK(Broken(person, true).empty());
}

TEST_CASE("a seat on the board expires at most twelve months after its term") {
  CHECK(BrokenWith([](auto&, auto& role) { role.set_expires_date("2026-04-01"); }) ==
        "person.roles[0].expires_date");
  CHECK(BrokenWith([](auto&, auto& role) { role.clear_valid(); }) ==
        "person.roles[0].valid.to_date");
}

TEST_CASE("a consent holds for at most twenty-four months, of a seat too") {
  const auto with_consent = [](const std::string& expires) {
    return BrokenWith([&](auto&, auto& role) {
      role.set_basis(v1::RECORDING_BASIS_CONSENT);
      role.mutable_valid()->set_to_date("2027-05-01");
      role.set_expires_date(expires);
    });
  };
  CHECK(with_consent("2026-05-01").empty());
  CHECK(with_consent("2026-05-02") == "person.roles[0].expires_date");
}

TEST_CASE("nothing is recorded without end, without basis, or from the future") {
  CHECK(BrokenWith([](auto&, auto& role) { role.clear_expires_date(); }) ==
        "person.roles[0].expires_date");
  CHECK(BrokenWith([](auto&, auto& role) { role.set_expires_date(kToday); }) ==
        "person.roles[0].expires_date");
  CHECK(BrokenWith([](auto&, auto& role) { role.clear_basis(); }) == "person.roles[0].basis");
  CHECK(BrokenWith([](auto&, auto& role) { role.clear_basis_date(); }) ==
        "person.roles[0].basis_date");
  CHECK(BrokenWith([](auto&, auto& role) { role.set_basis_date("2024-05-02"); }) ==
        "person.roles[0].basis_date");
  CHECK(BrokenWith([](auto& person, auto&) { person.clear_roles(); }) == "person.roles");
  CHECK(BrokenWith([](auto&, auto& role) { role.clear_function(); }) == "person.roles[0].function");
}

TEST_CASE("a role is an association's or a department's, as its function is") {
  CHECK(BrokenWith([](auto&, auto& role) { role.clear_association_id(); }) ==
        "person.roles[0].association_id");
  CHECK(BrokenWith([](auto&, auto& role) { role.set_department_id(kDepartment); }) ==
        "person.roles[0].association_id");
  const auto of_department = [](v1::PersonFunction function) {
    return BrokenWith([&](auto&, auto& role) {
      role.clear_association_id();
      role.clear_valid();
      role.set_department_id(kDepartment);
      role.set_function(function);
    });
  };
  CHECK(of_department(v1::PERSON_FUNCTION_EMPLOYEE).empty());
  CHECK(of_department(v1::PERSON_FUNCTION_CHAIR) == "person.roles[0].function");
  CHECK(BrokenWith([](auto&, auto& role) { role.set_function(v1::PERSON_FUNCTION_EMPLOYEE); }) ==
        "person.roles[0].function");
}

TEST_CASE("texts are kept short, and free of what they must not tell") {
  CHECK(BrokenWith([](auto&, auto& role) { role.set_evidence(std::string(201, 'x')); }) ==
        "person.roles[0].evidence");
  CHECK(BrokenWith([](auto&, auto& role) { role.set_evidence("er muslim"); }) ==
        "person.roles[0].evidence");
  CHECK(BrokenWith([](auto& person, auto&) { person.set_display_name(std::string(201, 'x')); }) ==
        "person.display_name");
  CHECK(BrokenWith([](auto& person, auto&) { person.set_email("no address"); }) == "person.email");
  CHECK(BrokenWith([](auto& person, auto&) { person.clear_display_name(); }) == "person");
}

TEST_CASE("months are counted by the calendar") {
  CHECK(MonthsAfter("2024-01-31", 1) == "2024-02-29");
  CHECK(MonthsAfter("2024-05-01", 24) == "2026-05-01");
  CHECK(MonthsAfter("2024-12-15", 12) == "2025-12-15");
}

}  // namespace
}  // namespace brobygger::people
