#include "core/discovery/way.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/kle.h"
#include "core/model/rules.h"
#include "core/registry/municipality_work.h"
#include "core/registry/query.h"

namespace brobygger::discovery {
namespace {

using registry::v1::KleAssignment;
using registry::v1::Theme;
using v1::FindWayRequest;
using v1::FindWayResponse;
using v1::Way;

// Whether `number` is `above`, or a part of it.
bool IsWithin(const std::string& number, const std::string& above) {
  return number == above || number.starts_with(above + ".");
}

bool Holds(const registry::v1::ValidInterval& valid, const std::string& today) {
  return valid.from_date() <= today && (valid.to_date().empty() || today < valid.to_date());
}

// Whether a department with this task is to be asked about what is asked for.
bool IsAsked(const FindWayRequest& request, const std::string& number) {
  std::string asked = request.kle_number();
  if (const auto kle = model::KleNumberOf(request.theme()); !kle.empty()) asked = kle;
  if (asked.empty()) return model::ThemeOfKle(number) != registry::v1::THEME_UNSPECIFIED;
  // Who has all of a field has this part of it, too.
  return IsWithin(number, asked) || IsWithin(asked, number);
}

absl::StatusOr<Way> ToWay(const storage::Snapshot& snapshot,
                          const FindWayRequest& request,
                          const KleAssignment& assignment) {
  Way way;
  *way.mutable_assignment() = assignment;
  way.set_theme(request.theme() != 0 ? request.theme()
                                     : model::ThemeOfKle(assignment.kle_number()));
  BB_ASSIGN_OR_RETURN(const auto department,
                      registry::GetDepartment(snapshot, assignment.department_id()));
  way.set_contact_email(department.contact_email());
  way.set_contact_phone(department.contact_phone());
  *way.mutable_value_statement() = department.value_statement();
  return way;
}

// Responsible, then executing, then insight: who can answer first.
int RankOf(const Way& way) {
  switch (way.assignment().aspect()) {
    case KleAssignment::ASPECT_RESPONSIBLE:
      return 0;
    case KleAssignment::ASPECT_EXECUTING:
      return 1;
    default:
      return 2;
  }
}

}  // namespace

absl::StatusOr<FindWayResponse> FindWay(const storage::Snapshot& snapshot,
                                        const FindWayRequest& request,
                                        base::Instant now) {
  BB_RETURN_IF_ERROR(model::CheckEverywhere(request, {}));
  registry::v1::ListTasksRequest tasks;
  tasks.set_municipality_code(request.municipality_code());
  BB_ASSIGN_OR_RETURN(const auto listed, registry::ListTasks(snapshot, tasks));
  const std::string today = base::DanishDayOf(now);
  std::vector<Way> ways;
  for (const KleAssignment& assignment : listed.assignments()) {
    if (!Holds(assignment.valid(), today)) continue;
    if (!IsAsked(request, assignment.kle_number())) continue;
    BB_ASSIGN_OR_RETURN(Way way, ToWay(snapshot, request, assignment));
    ways.push_back(std::move(way));
  }
  std::stable_sort(ways.begin(), ways.end(), [](const Way& left, const Way& right) {
    return std::pair(static_cast<int>(left.theme()), RankOf(left)) <
           std::pair(static_cast<int>(right.theme()), RankOf(right));
  });
  FindWayResponse response;
  for (Way& way : ways) *response.add_ways() = std::move(way);
  return response;
}

}  // namespace brobygger::discovery
