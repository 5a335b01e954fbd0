// The rules of what a municipality says of itself: departments, tasks, policies, groups.
#include <string>

#include "core/model/kle.h"
#include "core/model/rules.h"
#include "core/model/text.h"
#include "core/model/validate.h"

namespace brobygger::model {
namespace {

constexpr int kMostGoals = 50;
constexpr std::size_t kLongestTitle = 200;
constexpr std::size_t kLongestGoal = 500;
constexpr std::size_t kLongestPurpose = 500;
constexpr std::size_t kLongestValueStatement = 2000;

absl::Status Required(const Place& place) {
  return BrokenRule(place, "is required and is not set");
}

absl::Status FixHome(const Place& place, std::string& code) {
  BB_RETURN_IF_ERROR(FixMunicipality(place, code));
  return code.empty() ? BrokenRule(place, "is required and is empty") : absl::OkStatus();
}

absl::Status FixRequiredUuid(const Place& place, std::string& id) {
  BB_RETURN_IF_ERROR(FixUuid(place, id));
  return id.empty() ? BrokenRule(place, "is required and is empty") : absl::OkStatus();
}

// An interval that says nothing is none, so that equal records have equal bytes.
template <typename Record>
absl::Status FixValid(const Place& place, Record& record) {
  if (!record.has_valid()) return absl::OkStatus();
  BB_RETURN_IF_ERROR(FixInterval(place, *record.mutable_valid()));
  if (record.valid().ByteSizeLong() == 0) record.clear_valid();
  return absl::OkStatus();
}

absl::Status FixGoals(google::protobuf::RepeatedPtrField<std::string>& goals) {
  const Place place{nullptr, "goals"};
  if (goals.size() > kMostGoals) {
    const std::string limit = std::to_string(kMostGoals);
    return BrokenRule(
        place, "holds " + std::to_string(goals.size()) + " goals; the limit is " + limit, limit);
  }
  const auto fix = [](const Place& at, std::string& goal) {
    return FixText(at, {0, kLongestGoal}, goal);
  };
  return FixTexts(place, fix, goals);
}

}  // namespace

absl::Status NormalizeAndCheckAt(const Place& place, registry::v1::Department& department) {
  const Place* const at = place.name[0] == '\0' ? nullptr : &place;
  BB_RETURN_IF_ERROR(CheckEverywhere(department, place));
  BB_RETURN_IF_ERROR(FixHome({at, "municipality_code"}, *department.mutable_municipality_code()));
  BB_RETURN_IF_ERROR(FixLine({at, "official_name"}, {1, 200}, *department.mutable_official_name()));
  BB_RETURN_IF_ERROR(
      FixUuid({at, "parent_department_id"}, *department.mutable_parent_department_id()));
  BB_RETURN_IF_ERROR(FixEmail({at, "contact_email"}, *department.mutable_contact_email()));
  BB_RETURN_IF_ERROR(FixPhone({at, "contact_phone"}, *department.mutable_contact_phone()));
  BB_RETURN_IF_ERROR(FixUuid({at, "os2mo_id"}, *department.mutable_os2mo_id()));
  BB_RETURN_IF_ERROR(FixValid({at, "valid"}, department));
  if (!department.has_value_statement()) return absl::OkStatus();
  BB_RETURN_IF_ERROR(FixLocalized({at, "value_statement"}, kLongestValueStatement,
                                  *department.mutable_value_statement()));
  if (department.value_statement().by_language().empty()) department.clear_value_statement();
  return absl::OkStatus();
}

absl::Status NormalizeAndCheck(registry::v1::Department& department) {
  return NormalizeAndCheckAt({}, department);
}

absl::Status NormalizeAndCheck(registry::v1::KleAssignment& assignment) {
  const Place number{nullptr, "kle_number"};
  BB_RETURN_IF_ERROR(CheckEverywhere(assignment, {}));
  BB_RETURN_IF_ERROR(
      FixRequiredUuid({nullptr, "department_id"}, *assignment.mutable_department_id()));
  *assignment.mutable_kle_number() = NormalLine(assignment.kle_number());
  if (!IsKleNumber(assignment.kle_number())) {
    return BrokenRule(number, "is not a KLE number such as \"18\", \"18.15\" or \"18.15.05\"");
  }
  if (assignment.aspect() == registry::v1::KleAssignment::ASPECT_UNSPECIFIED) {
    return Required({nullptr, "aspect"});
  }
  return FixValid({nullptr, "valid"}, assignment);
}

absl::Status NormalizeAndCheck(registry::v1::Policy& policy) {
  using registry::v1::Policy;
  const Place title{nullptr, "title"};
  BB_RETURN_IF_ERROR(CheckEverywhere(policy, {}));
  BB_RETURN_IF_ERROR(FixHome({nullptr, "municipality_code"}, *policy.mutable_municipality_code()));
  if (policy.kind() == Policy::KIND_UNSPECIFIED) return Required({nullptr, "kind"});
  if (policy.existence() == Policy::EXISTENCE_UNSPECIFIED) return Required({nullptr, "existence"});
  BB_RETURN_IF_ERROR(FixLine(title, {0, kLongestTitle}, *policy.mutable_title()));
  if (policy.title().empty() && policy.existence() == Policy::EXISTENCE_EXISTS) {
    return BrokenRule(title, "is required where there is a policy, and is empty");
  }
  BB_RETURN_IF_ERROR(FixUrl({nullptr, "url"}, *policy.mutable_url()));
  BB_RETURN_IF_ERROR(FixValid({nullptr, "valid"}, policy));
  return FixGoals(*policy.mutable_goals());
}

absl::Status NormalizeAndCheck(registry::v1::CoordinationGroup& group) {
  const Place departments{nullptr, "department_ids"};
  BB_RETURN_IF_ERROR(CheckEverywhere(group, {}));
  BB_RETURN_IF_ERROR(FixHome({nullptr, "municipality_code"}, *group.mutable_municipality_code()));
  BB_RETURN_IF_ERROR(FixLine({nullptr, "official_name"}, {1, 200}, *group.mutable_official_name()));
  BB_RETURN_IF_ERROR(FixText({nullptr, "purpose"}, {0, kLongestPurpose}, *group.mutable_purpose()));
  BB_RETURN_IF_ERROR(FixTexts(departments, FixUuid, *group.mutable_department_ids()));
  if (group.department_ids_size() >= 2) return absl::OkStatus();
  return BrokenRule(departments, "must name at least two departments");
}

}  // namespace brobygger::model
