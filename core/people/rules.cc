#include "core/people/rules.h"

#include <algorithm>
#include <chrono>

#include <absl/strings/str_cat.h>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/free_text.h"
#include "core/model/rules.h"

namespace brobygger::people {
namespace {

using model::BrokenRule;
using model::Place;

constexpr int kMostRoles = 20;
constexpr std::size_t kLongestName = 200;
constexpr std::size_t kLongestEvidence = 200;
constexpr std::size_t kLongestPath = 100;
constexpr std::size_t kLongestStatement = 500;
constexpr std::size_t kLongestWanted = 2000;  // as the longest field that it may be about

bool IsBoardSeat(v1::PersonFunction function) {
  return function >= v1::PERSON_FUNCTION_CHAIR && function <= v1::PERSON_FUNCTION_SUBSTITUTE;
}

// Whose the role is, and what it is there.
absl::Status CheckPlace(const Place& role_place, v1::PersonRole& role) {
  const Place association{&role_place, "association_id"};
  const Place function{&role_place, "function"};
  BB_RETURN_IF_ERROR(model::FixUuid(association, *role.mutable_association_id()));
  BB_RETURN_IF_ERROR(model::FixUuid({&role_place, "department_id"}, *role.mutable_department_id()));
  if (role.association_id().empty() == role.department_id().empty()) {
    return BrokenRule(association, "or department_id is required, and only one of them");
  }
  if (role.function() == v1::PERSON_FUNCTION_UNSPECIFIED) {
    return BrokenRule(function, "is required and is empty");
  }
  const bool of_department = !role.department_id().empty();
  if (of_department && IsBoardSeat(role.function())) {
    return BrokenRule(function, "is a seat on a board, which a department has not");
  }
  if (!of_department && role.function() == v1::PERSON_FUNCTION_EMPLOYEE) {
    return BrokenRule(function, "is a municipal employee, whom only a department has");
  }
  return absl::OkStatus();
}

// Why it may be recorded.
absl::Status CheckBasis(const Place& role_place, const RuleContext& context, v1::PersonRole& role) {
  const Place date{&role_place, "basis_date"};
  const Place evidence{&role_place, "evidence"};
  if (role.basis() == v1::RECORDING_BASIS_UNSPECIFIED) {
    return BrokenRule({&role_place, "basis"}, "is required and is empty");
  }
  const bool reveals = !role.association_id().empty() && context.may_reveal(role.association_id());
  if (reveals && role.sensitive_basis() == v1::SENSITIVE_BASIS_UNSPECIFIED) {
    return BrokenRule({&role_place, "sensitive_basis"},
                      "is required, since the association is a minority association or nobody has "
                      "said that it is none");
  }
  BB_RETURN_IF_ERROR(model::FixDate(date, *role.mutable_basis_date()));
  if (role.basis_date().empty()) return BrokenRule(date, "is required and is empty");
  if (role.basis_date() > context.today) return BrokenRule(date, "is in the future");
  BB_RETURN_IF_ERROR(model::FixLine(evidence, {context.needs_evidence ? 1U : 0U, kLongestEvidence},
                                    *role.mutable_evidence()));
  return model::RefuseSensitiveAbout(evidence, role.evidence());
}

// The last day on which the role may expire.
std::string LatestExpiry(const v1::PersonRole& role) {
  const std::string by_basis = MonthsAfter(role.basis_date(), kMonthsOfBasis);
  if (!IsBoardSeat(role.function())) return by_basis;
  const std::string by_term = MonthsAfter(role.valid().to_date(), kMonthsAfterTerm);
  // A seat outlives its approval, but never a consent.
  return role.basis() == v1::RECORDING_BASIS_CONSENT ? std::min(by_basis, by_term) : by_term;
}

absl::Status CheckDays(const Place& role_place, const RuleContext& context, v1::PersonRole& role) {
  const Place valid{&role_place, "valid"};
  const Place expires{&role_place, "expires_date"};
  BB_RETURN_IF_ERROR(model::FixInterval(valid, *role.mutable_valid()));
  if (IsBoardSeat(role.function()) && role.valid().to_date().empty()) {
    return BrokenRule({&valid, "to_date"}, "is required of a seat on a board: the end of its term");
  }
  BB_RETURN_IF_ERROR(model::FixDate(expires, *role.mutable_expires_date()));
  if (role.expires_date().empty()) return BrokenRule(expires, "is required and is empty");
  if (HasExpired(role, context.today)) return BrokenRule(expires, "is not in the future");
  const std::string latest = LatestExpiry(role);
  if (role.expires_date() > latest) {
    return BrokenRule(expires, absl::StrCat("is too late; ", latest, " at the latest"), latest);
  }
  return absl::OkStatus();
}

absl::Status CheckRole(const Place& place, const RuleContext& context, v1::PersonRole& role) {
  BB_RETURN_IF_ERROR(CheckPlace(place, role));
  BB_RETURN_IF_ERROR(CheckBasis(place, context, role));
  return CheckDays(place, context, role);
}

}  // namespace

std::string MonthsAfter(const std::string& date, int months) {
  using std::chrono::sys_days;
  using std::chrono::year_month_day;
  using std::chrono::year_month_day_last;
  const year_month_day day(sys_days(std::chrono::days(base::DayNumber(date))));
  const std::chrono::year_month month =
      std::chrono::year_month(day.year(), day.month()) + std::chrono::months(months);
  const year_month_day_last last(month.year(), std::chrono::month_day_last(month.month()));
  const year_month_day moved(month.year(), month.month(), std::min(day.day(), last.day()));
  return base::DayText(static_cast<int>(sys_days(moved).time_since_epoch().count()));
}

absl::Status PersonNotFound(const std::string& id) {
  return base::MakeError(errors::v1::ERROR_REASON_PERSON_NOT_FOUND,
                         "there is no such person, or none you may see",
                         {{"person_id", base::IsUuid(id) ? id : ""}});
}

bool HasExpired(const v1::PersonRole& role, const std::string& today) {
  return role.expires_date() <= today;
}

void DropExpired(const std::string& today, v1::Person& person) {
  auto& roles = *person.mutable_roles();
  roles.erase(std::remove_if(roles.begin(), roles.end(),
                             [&](const auto& role) { return HasExpired(role, today); }),
              roles.end());
}

absl::Status NormalizeAndCheck(const RuleContext& context, v1::Person& person) {
  const Place root{nullptr, "person"};
  const Place roles{&root, "roles"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(person, root));
  BB_RETURN_IF_ERROR(
      model::FixLine({&root, "display_name"}, {0, kLongestName}, *person.mutable_display_name()));
  BB_RETURN_IF_ERROR(model::FixEmail({&root, "email"}, *person.mutable_email()));
  BB_RETURN_IF_ERROR(model::FixPhone({&root, "phone"}, *person.mutable_phone()));
  if (person.display_name().empty() && person.email().empty() && person.phone().empty()) {
    return BrokenRule(root, "has neither a name nor a way to reach it");
  }
  if (person.roles().empty()) return BrokenRule(roles, "is required and is empty");
  BB_RETURN_IF_ERROR(model::CheckRange(roles, person.roles_size(), 1, kMostRoles));
  for (int i = 0; i < person.roles_size(); ++i) {
    BB_RETURN_IF_ERROR(CheckRole({&root, "roles", i}, context, *person.mutable_roles(i)));
  }
  return absl::OkStatus();
}

absl::Status NormalizeAndCheck(const std::string& today, v1::Correction& correction) {
  const Place root{nullptr, "correction"};
  const Place date{&root, "date"};
  const Place statement{&root, "statement"};
  BB_RETURN_IF_ERROR(model::CheckEverywhere(correction, root));
  BB_RETURN_IF_ERROR(
      model::FixLine({&root, "field_path"}, {1, kLongestPath}, *correction.mutable_field_path()));
  BB_RETURN_IF_ERROR(
      model::FixText(statement, {1, kLongestStatement}, *correction.mutable_statement()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(statement, correction.statement()));
  const Place wanted{&root, "wanted_value"};
  BB_RETURN_IF_ERROR(
      model::FixText(wanted, {0, kLongestWanted}, *correction.mutable_wanted_value()));
  BB_RETURN_IF_ERROR(model::RefuseSensitiveWords(wanted, correction.wanted_value()));
  BB_RETURN_IF_ERROR(model::FixDate(date, *correction.mutable_date()));
  if (correction.date().empty()) return BrokenRule(date, "is required and is empty");
  if (correction.date() > today) return BrokenRule(date, "is in the future");
  return absl::OkStatus();
}

}  // namespace brobygger::people
