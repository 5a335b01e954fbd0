// task assign, list and withdraw.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/enum_words.h"
#include "core/cli/municipality_words.h"
#include "core/cli/output.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;
using registry::v1::KleAssignment;
using registry::v1::ListTasksResponse;

struct TaskOptions {
  std::string number;
  std::string department;
  std::string municipality_code;
  std::string aspect = "responsible";
  std::string from;
  std::string to;
};

std::vector<std::string> AspectWords() {
  return EnumWords(*KleAssignment::Aspect_descriptor(), "ASPECT_");
}

KleAssignment::Aspect AspectOf(const TaskOptions& options) {
  return static_cast<KleAssignment::Aspect>(EnumNumber(AspectWords(), options.aspect));
}

Outcome Assign(Session& session, const TaskOptions& options) {
  registry::v1::AssignTaskRequest request;
  KleAssignment& wanted = *request.mutable_assignment();
  BB_ASSIGN_OR_RETURN(*wanted.mutable_department_id(), DepartmentId(session, options.department));
  wanted.set_kle_number(options.number);
  wanted.set_aspect(AspectOf(options));
  BB_RETURN_IF_ERROR(ChangeValid(options.from, options.to, *wanted.mutable_valid()));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<registry::v1::AssignTaskResponse>(request));
  const KleAssignment& made = answer.assignment();
  session.Say(
      fmt::format("{}: {} {}{}", made.department_name(),
                  EnumText(*KleAssignment::Aspect_descriptor(), made.aspect(), session.language()),
                  made.kle_number(), made.kle_title().empty() ? "" : " " + made.kle_title()));
  WriteRecord(session, made, [&] {
    return Rows{.columns = TaskColumns(), .cells = {TaskCells(made, session.language())}};
  });
  return 0;
}

Outcome List(Session& session, const TaskOptions& options) {
  registry::v1::ListTasksRequest request;
  request.set_municipality_code(options.municipality_code);
  request.set_kle_number(options.number);
  if (!options.department.empty()) {
    BB_ASSIGN_OR_RETURN(const Department department, FindDepartment(session, options.department));
    request.set_department_id(department.id());
    if (options.municipality_code.empty()) {
      request.set_municipality_code(department.municipality_code());
    }
  }
  if (request.municipality_code().empty()) {
    return absl::InvalidArgumentError("Say whose tasks: --municipality CODE or --department.");
  }
  BB_ASSIGN_OR_RETURN(const auto answer, session.Call<ListTasksResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer, ListWriter::Make(session, "assignments", TaskColumns()));
  for (const KleAssignment& assignment : answer.assignments()) {
    writer.Add(assignment, TaskCells(assignment, session.language()));
  }
  writer.Finish();
  return 0;
}

// The hub says nothing about an assignment that is not there; here it would hide a slip.
Outcome Withdraw(Session& session, const TaskOptions& options) {
  BB_ASSIGN_OR_RETURN(const Department department, FindDepartment(session, options.department));
  registry::v1::ListTasksRequest request;
  request.set_municipality_code(department.municipality_code());
  request.set_department_id(department.id());
  request.set_kle_number(options.number);
  BB_ASSIGN_OR_RETURN(const auto listed, session.Call<ListTasksResponse>(request));
  const auto found = std::find_if(listed.assignments().begin(), listed.assignments().end(),
                                  [&](const auto& assignment) {
                                    return assignment.kle_number() == options.number &&
                                           assignment.aspect() == AspectOf(options);
                                  });
  if (found == listed.assignments().end()) {
    return absl::NotFoundError(
        fmt::format("{} is not {} for {}; brobygger task list shows what it is.",
                    department.official_name(), options.aspect, options.number));
  }
  registry::v1::WithdrawTaskRequest withdrawal;
  withdrawal.set_assignment_id(found->id());
  withdrawal.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<registry::v1::WithdrawTaskResponse>(withdrawal).status());
  session.Say(fmt::format("{} is no longer {} for {}.", department.official_name(), options.aspect,
                          options.number));
  return 0;
}

}  // namespace

void AddTask(const Command& root) {
  Command group = root.Add("task", "Which department has to do with what, by KLE number");
  const auto options = std::make_shared<TaskOptions>();
  const ValueHint number = {.summary = "KLE number: 18, 18.15 or 18.15.05"};
  const ValueHint department = {.summary = "Its name or id"};
  const ValueHint aspect = {
      .summary = "responsible, if nothing is said: one department for each number",
      .completes = Completes::kWord,
      .words = AspectWords()};
  Command assign = group.Add("assign", "Say that a department has to do with a task");
  assign.Argument("NUMBER", options->number, number)
      .Required("--department", options->department, department)
      .Option("--aspect", options->aspect, aspect);
  AddValidOptions(assign, options->from, options->to);
  assign.Does([options](Session& session) { return Assign(session, *options); });

  group.Add("list", "List who has to do with what, in the order of the numbers")
      .Option("--municipality", options->municipality_code, {.summary = "Whose (code)"})
      .Option("--department", options->department, {.summary = "Only this one's: name or id"})
      .Option("--number", options->number, {.summary = "Only this KLE number and those below it"})
      .Does([options](Session& session) { return List(session, *options); });

  group.Add("withdraw", "Say that a department no longer has to do with a task")
      .Argument("NUMBER", options->number, number)
      .Required("--department", options->department, department)
      .Option("--aspect", options->aspect, aspect)
      .Does([options](Session& session) { return Withdraw(session, *options); });
}

}  // namespace brobygger::cli
