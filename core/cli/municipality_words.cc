#include "core/cli/municipality_words.h"

#include <absl/strings/str_join.h>

#include "core/cli/enum_words.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {

using registry::v1::KleAssignment;
using registry::v1::Policy;

std::vector<Column> TaskColumns() {
  return {{"kle_number", "KLE"}, {"kle_title", "TASK"},
          {"aspect", "HOW"},     {"department_name", "DEPARTMENT"},
          {"valid", "VALID"},    {"id", "ID"}};
}

std::vector<Cell> TaskCells(const KleAssignment& assignment, const std::string& language) {
  return {{assignment.kle_number()},
          {assignment.kle_title()},
          {EnumText(*KleAssignment::Aspect_descriptor(), assignment.aspect(), language)},
          {assignment.department_name()},
          {ShowValid(assignment.valid(), language)},
          {assignment.id()}};
}

std::vector<Column> PolicyColumns() {
  return {{"kind", "KIND"},   {"existence", "STATE"}, {"title", "TITLE"}, {"valid", "VALID"},
          {"goals", "GOALS"}, {"url", "WHERE"},       {"id", "ID"}};
}

std::vector<Cell> PolicyCells(const Policy& policy, const std::string& language) {
  return {{EnumText(*Policy::Kind_descriptor(), policy.kind(), language)},
          {EnumText(*Policy::Existence_descriptor(), policy.existence(), language)},
          {policy.title()},
          {ShowValid(policy.valid(), language)},
          {absl::StrJoin(policy.goals(), "; ")},
          {policy.url()},
          {policy.id()}};
}

std::vector<Column> GroupColumns() {
  return {{"official_name", "NAME"},
          {"departments", "DEPARTMENTS"},
          {"purpose", "PURPOSE"},
          {"id", "ID"}};
}

std::vector<Cell> GroupCells(const registry::v1::CoordinationGroup& group) {
  return {{group.official_name()},
          {absl::StrJoin(group.department_names(), ", ")},
          {group.purpose()},
          {group.id()}};
}

}  // namespace brobygger::cli
