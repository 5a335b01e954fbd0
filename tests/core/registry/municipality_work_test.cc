#include "core/registry/municipality_work.h"

#include <catch2/catch.hpp>

#include "core/base/id.h"
#include "tests/core/registry/registry_fixture.h"

namespace brobygger::registry {
namespace {

using base::ErrorMetadata;
using base::ReasonOf;
using storage::Transaction;
using v1::CoordinationGroup;
using v1::KleAssignment;
using v1::Policy;

constexpr char kNoDepartment[] = "00000000-0000-4000-8000-00000000ffff";

// A municipality with two departments, and one department elsewhere.
class Municipality : public RegistryFixture {
 public:
  Department NewDepartment(const std::string& name,
                           const std::string& code = "0615",
                           const std::string& parent = "") {
    Department wanted;
    wanted.set_municipality_code(code);
    wanted.set_official_name(name);
    wanted.set_parent_department_id(parent);
    const auto made =
        Write([&](Transaction& write) { return CreateDepartment(write, wanted, "operator"); });
    INFO(made.status());
    REQUIRE(made.ok());
    return *made;
  }

  absl::StatusOr<Department> Change(const Department& wanted,
                                    const std::vector<std::string>& paths) {
    google::protobuf::FieldMask mask;
    mask.mutable_paths()->Assign(paths.begin(), paths.end());
    return Write([&](Transaction& write) { return UpdateDepartment(write, wanted, mask); });
  }

  absl::StatusOr<KleAssignment> Assign(const std::string& department,
                                       const std::string& number,
                                       KleAssignment::Aspect aspect,
                                       const v1::ValidInterval& valid = {}) {
    KleAssignment wanted;
    wanted.set_department_id(department);
    wanted.set_kle_number(number);
    wanted.set_aspect(aspect);
    *wanted.mutable_valid() = valid;
    return Write([&](Transaction& write) { return AssignTask(write, wanted); });
  }

  std::vector<std::string> Tasks(const std::string& number, const std::string& department = "") {
    v1::ListTasksRequest request;
    request.set_municipality_code("0615");
    request.set_kle_number(number);
    request.set_department_id(department);
    const auto listed = ListTasks(*Latest(), request);
    INFO(listed.status());
    REQUIRE(listed.ok());
    std::vector<std::string> texts;
    for (const KleAssignment& each : listed->assignments()) {
      texts.push_back(each.kle_number() + " " + each.department_name());
    }
    return texts;
  }

  absl::StatusOr<Policy> Put(const Policy& wanted) {
    return Write([&](Transaction& write) { return PutPolicy(write, wanted); });
  }

  absl::StatusOr<CoordinationGroup> Put(const CoordinationGroup& wanted) {
    return Write([&](Transaction& write) { return PutCoordinationGroup(write, wanted); });
  }

  const Department culture = NewDepartment("Kultur og Fritid");
  const Department social = NewDepartment("Social og Sundhed");
  const Department elsewhere = NewDepartment("Kultur", "0751");
};

v1::ValidInterval Between(const std::string& from, const std::string& to) {
  v1::ValidInterval valid;
  valid.set_from_date(from);
  valid.set_to_date(to);
  return valid;
}

constexpr auto kResponsible = KleAssignment::ASPECT_RESPONSIBLE;
constexpr auto kInsight = KleAssignment::ASPECT_INSIGHT;

TEST_CASE_METHOD(Municipality, "an update replaces the fields it names and no others") {
  Department wanted = culture;
  wanted.set_official_name("Kultur, Fritid og Unge");
  wanted.set_contact_email("kultur@fjordby.example");
  wanted.set_case_work(Department::CASE_WORK_NO);
  const auto changed = Change(wanted, {"contact_email", "case_work"});
  REQUIRE(changed.ok());
  CHECK(changed->official_name() == culture.official_name());
  CHECK(changed->contact_email() == "kultur@fjordby.example");
  CHECK(changed->case_work() == Department::CASE_WORK_NO);
  CHECK(changed->etag() != culture.etag());
  CHECK(GetDepartment(*Latest(), culture.id())->contact_email() == "kultur@fjordby.example");
}

TEST_CASE_METHOD(Municipality, "an update that changes nothing makes no revision") {
  const auto before = Latest()->revision();
  const auto same = Change(culture, {"*"});
  REQUIRE(same.ok());
  CHECK(same->etag() == culture.etag());
  CHECK(Latest()->revision() == before);
}

TEST_CASE_METHOD(Municipality, "an update made from an older reading is turned away") {
  Department wanted = culture;
  wanted.set_contact_phone("10550101");
  REQUIRE(Change(wanted, {"contact_phone"}).ok());
  CHECK(ReasonOf(Change(wanted, {"contact_phone"}).status()) ==
        errors::v1::ERROR_REASON_ETAG_MISMATCH);
  wanted.set_id(kNoDepartment);
  CHECK(ReasonOf(Change(wanted, {"contact_phone"}).status()) ==
        errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
}

TEST_CASE_METHOD(Municipality, "a mask names fields that a department has and may change") {
  for (const std::string path : {"municipality_code", "id", "etag", "no_such_field", ""}) {
    CAPTURE(path);
    CHECK(ErrorMetadata(Change(culture, {path}).status(), "field") == "update_mask");
  }
  CHECK(ErrorMetadata(Change(culture, {}).status(), "field") == "update_mask");
  CHECK(ErrorMetadata(Change(culture, {"*", "official_name"}).status(), "field") == "update_mask");
}

TEST_CASE_METHOD(Municipality, "no department is part of itself, however far up") {
  const Department sports = NewDepartment("Idræt", "0615", culture.id());
  const Department halls = NewDepartment("Haller", "0615", sports.id());
  Department wanted = culture;
  for (const Department& parent : {culture, sports, halls}) {
    CAPTURE(parent.official_name());
    wanted.set_parent_department_id(parent.id());
    CHECK(ErrorMetadata(Change(wanted, {"parent_department_id"}).status(), "field") ==
          "parent_department_id");
  }
  wanted.set_parent_department_id(elsewhere.id());
  CHECK(ErrorMetadata(Change(wanted, {"parent_department_id"}).status(), "field") ==
        "parent_department_id");
  wanted.set_parent_department_id(social.id());
  CHECK(Change(wanted, {"parent_department_id"}).ok());
}

TEST_CASE_METHOD(Municipality, "two departments are not one unit of the directory") {
  Department wanted = culture;
  wanted.set_os2mo_id(kNoDepartment);
  REQUIRE(Change(wanted, {"os2mo_id"}).ok());
  wanted = social;
  wanted.set_os2mo_id(kNoDepartment);
  const auto refused = Change(wanted, {"os2mo_id"}).status();
  CHECK(ReasonOf(refused) == errors::v1::ERROR_REASON_ALREADY_EXISTS);
  CHECK(ErrorMetadata(refused, "department_id") == culture.id());
}

TEST_CASE_METHOD(Municipality, "one department is responsible for a number at a time") {
  REQUIRE(Assign(culture.id(), "18.15.05", kResponsible).ok());
  const auto taken = Assign(social.id(), "18.15.05", kResponsible).status();
  CHECK(ReasonOf(taken) == errors::v1::ERROR_REASON_TASK_TAKEN);
  CHECK(ErrorMetadata(taken, "department_id") == culture.id());
  CHECK(ErrorMetadata(taken, "kle_number") == "18.15.05");
  CHECK(Assign(social.id(), "18.15.05", kInsight).ok());
  CHECK(Assign(social.id(), "18.15", kResponsible).ok());
  CHECK(Assign(elsewhere.id(), "18.15.05", kResponsible).ok());
}

TEST_CASE_METHOD(Municipality, "a task passes on from one department to another on a day") {
  REQUIRE(Assign(culture.id(), "27.15", kResponsible, Between("", "2026-07-01")).ok());
  CHECK(ReasonOf(Assign(social.id(), "27.15", kResponsible, Between("2026-06-30", "")).status()) ==
        errors::v1::ERROR_REASON_TASK_TAKEN);
  CHECK(Assign(social.id(), "27.15", kResponsible, Between("2026-07-01", "")).ok());
  // The first cannot be made longer again.
  CHECK(ReasonOf(Assign(culture.id(), "27.15", kResponsible).status()) ==
        errors::v1::ERROR_REASON_TASK_TAKEN);
}

TEST_CASE_METHOD(Municipality, "the same assignment again is the same one") {
  const auto first = Assign(culture.id(), "18.15.05", kResponsible);
  REQUIRE(first.ok());
  CHECK(base::IsUuid(first->id()));
  CHECK(first->department_name() == "Kultur og Fritid");
  CHECK(first->kle_title() == "Frivilligt folkeoplysende foreningsarbejde / aktivitetstilskud");
  const auto before = Latest()->revision();
  CHECK(Assign(culture.id(), "18.15.05", kResponsible)->id() == first->id());
  CHECK(Latest()->revision() == before);
  CHECK(Assign(culture.id(), "18.15.05", kInsight)->id() != first->id());
  const auto later = Assign(culture.id(), "18.15.05", kResponsible, Between("2027-01-01", ""));
  CHECK(later->id() == first->id());
  CHECK(Tasks("18.15.05").size() == 2);
}

TEST_CASE_METHOD(Municipality, "tasks are listed by number, and a number finds those below it") {
  REQUIRE(Assign(social.id(), "27.15", kResponsible).ok());
  REQUIRE(Assign(social.id(), "18.15.05", kInsight).ok());
  REQUIRE(Assign(culture.id(), "18.15.05", kResponsible).ok());
  REQUIRE(Assign(culture.id(), "18", kResponsible).ok());
  REQUIRE(Assign(elsewhere.id(), "18", kResponsible).ok());
  CHECK(Tasks("") == std::vector<std::string>{"18 Kultur og Fritid", "18.15.05 Kultur og Fritid",
                                              "18.15.05 Social og Sundhed",
                                              "27.15 Social og Sundhed"});
  CHECK(Tasks("18.15") ==
        std::vector<std::string>{"18.15.05 Kultur og Fritid", "18.15.05 Social og Sundhed"});
  CHECK(Tasks("", social.id()) ==
        std::vector<std::string>{"18.15.05 Social og Sundhed", "27.15 Social og Sundhed"});
  CHECK(Tasks("", elsewhere.id()).empty());
  v1::ListTasksRequest request;
  CHECK(ReasonOf(ListTasks(*Latest(), request).status()) ==
        errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND);
  request.set_municipality_code("0615");
  request.set_kle_number("18.1");
  CHECK(ErrorMetadata(ListTasks(*Latest(), request).status(), "field") == "kle_number");
}

TEST_CASE_METHOD(Municipality, "a withdrawn task is free, and withdrawing it again does no harm") {
  const auto made = Assign(culture.id(), "18", kResponsible);
  const auto withdraw = [&](const std::string& id) {
    return Write([&](Transaction& write) { return WithdrawTask(write, id); });
  };
  CHECK(withdraw(made->id()).ok());
  CHECK(withdraw(made->id()).ok());
  CHECK(Assign(social.id(), "18", kResponsible).ok());
  CHECK(ErrorMetadata(withdraw(""), "field") == "assignment_id");
  CHECK(ReasonOf(Assign(kNoDepartment, "18", kInsight).status()) ==
        errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
}

TEST_CASE_METHOD(Municipality, "a policy is written, replaced as it was read, and taken away") {
  Policy wanted;
  wanted.set_municipality_code("0615");
  wanted.set_kind(Policy::KIND_VOLUNTEER);
  wanted.set_existence(Policy::EXISTENCE_IN_PREPARATION);
  const auto first = Put(wanted);
  REQUIRE(first.ok());
  Policy next = *first;
  next.set_existence(Policy::EXISTENCE_EXISTS);
  next.set_title("Frivilligpolitik");
  next.add_goals("Flere frivillige");
  REQUIRE(Put(next).ok());
  CHECK(ReasonOf(Put(next).status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  next.clear_etag();
  const auto before = Latest()->revision();
  CHECK(Put(next)->etag() == ListPolicies(*Latest(), "0615")->policies(0).etag());
  CHECK(Latest()->revision() == before);
  next.set_municipality_code("0751");
  CHECK(ErrorMetadata(Put(next).status(), "field") == "municipality_code");

  const auto remove = [&] {
    return Write([&](Transaction& write) { return DeletePolicy(write, first->id()); });
  };
  CHECK(remove().ok());
  CHECK(ReasonOf(remove()) == errors::v1::ERROR_REASON_POLICY_NOT_FOUND);
  CHECK(ReasonOf(Put(next).status()) == errors::v1::ERROR_REASON_POLICY_NOT_FOUND);
  CHECK(ListPolicies(*Latest(), "0615")->policies().empty());
  CHECK(ReasonOf(ListPolicies(*Latest(), "").status()) ==
        errors::v1::ERROR_REASON_MUNICIPALITY_NOT_FOUND);
}

TEST_CASE_METHOD(Municipality, "policies are listed by kind, then from when") {
  for (const std::string from : {"2026-01-01", "2020-01-01"}) {
    for (const auto kind : {Policy::KIND_VOLUNTEER, Policy::KIND_INTEGRATION}) {
      Policy policy;
      policy.set_municipality_code("0615");
      policy.set_kind(kind);
      policy.set_existence(Policy::EXISTENCE_NONE);
      policy.mutable_valid()->set_from_date(from);
      REQUIRE(Put(policy).ok());
    }
  }
  const auto listed = ListPolicies(*Latest(), "0615");
  REQUIRE(listed->policies_size() == 4);
  CHECK(listed->policies(0).kind() == Policy::KIND_INTEGRATION);
  CHECK(listed->policies(0).valid().from_date() == "2020-01-01");
  CHECK(listed->policies(3).kind() == Policy::KIND_VOLUNTEER);
  CHECK(listed->policies(3).valid().from_date() == "2026-01-01");
}

TEST_CASE_METHOD(Municipality, "a group holds departments of its own municipality") {
  CoordinationGroup wanted;
  wanted.set_municipality_code("0615");
  wanted.set_official_name("Foreningsgruppen");
  wanted.add_department_ids(culture.id());
  wanted.add_department_ids(elsewhere.id());
  CHECK(ErrorMetadata(Put(wanted).status(), "field") == "department_ids[1]");
  wanted.set_department_ids(1, kNoDepartment);
  CHECK(ReasonOf(Put(wanted).status()) == errors::v1::ERROR_REASON_DEPARTMENT_NOT_FOUND);
  wanted.set_department_ids(1, social.id());
  const auto made = Put(wanted);
  REQUIRE(made.ok());
  CHECK(made->department_names(1) == "Social og Sundhed");

  Department renamed = social;
  renamed.set_official_name("Velfærd");
  REQUIRE(Change(renamed, {"official_name"}).ok());
  const auto listed = ListCoordinationGroups(*Latest(), "0615");
  REQUIRE(listed->coordination_groups_size() == 1);
  CHECK(listed->coordination_groups(0).department_names(1) == "Velfærd");

  CoordinationGroup stale = *made;
  stale.set_etag("r1");
  CHECK(ReasonOf(Put(stale).status()) == errors::v1::ERROR_REASON_ETAG_MISMATCH);
  const auto remove = [&] {
    return Write([&](Transaction& write) { return DeleteCoordinationGroup(write, made->id()); });
  };
  CHECK(remove().ok());
  CHECK(ReasonOf(remove()) == errors::v1::ERROR_REASON_COORDINATION_GROUP_NOT_FOUND);
}

}  // namespace
}  // namespace brobygger::registry
