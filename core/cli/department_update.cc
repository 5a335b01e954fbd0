// department update.
#include <memory>

#include <fmt/format.h>

#include "brobygger/registry/v1/municipality_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/output.h"
#include "core/cli/valid_days.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;

constexpr char kByName[] = "by-name";

struct UpdateOptions {
  std::string department;
  std::string official_name;
  std::string email;
  std::string phone;
  std::string parent;
  std::string case_work;
  std::string os2mo_id;
  std::string from;
  std::string to;
  std::vector<std::string> value_statements;  // "da=..."
};

// Sets what "da=..." says; an empty text takes that language away.
absl::Status SetStatement(const std::string& typed, registry::v1::LocalizedText& statement) {
  const size_t equals = typed.find('=');
  if (equals == std::string::npos || equals == 0) {
    return absl::InvalidArgumentError(fmt::format(
        "--value-statement '{}' is not LANGUAGE=TEXT, as in da=\"Vi vil ...\".", typed));
  }
  auto& texts = *statement.mutable_by_language();
  const std::string language = typed.substr(0, equals);
  texts[language] = typed.substr(equals + 1);
  if (texts[language].empty()) texts.erase(language);
  return absl::OkStatus();
}

// Says in `request`, which holds the department as it is, what the command line changes.
absl::Status SetChanges(Session& session,
                        const UpdateOptions& options,
                        registry::v1::UpdateDepartmentRequest& request) {
  Department& department = *request.mutable_department();
  auto& mask = *request.mutable_update_mask();
  const auto text = [&](const std::string& value, const char* path, std::string& into) {
    if (value.empty()) return;
    into = value == "-" ? "" : value;
    mask.add_paths(path);
  };
  text(options.official_name, "official_name", *department.mutable_official_name());
  text(options.email, "contact_email", *department.mutable_contact_email());
  text(options.phone, "contact_phone", *department.mutable_contact_phone());
  text(options.os2mo_id, "os2mo_id", *department.mutable_os2mo_id());
  text(options.parent, "parent_department_id", *department.mutable_parent_department_id());
  if (!options.parent.empty() && options.parent != "-") {
    BB_ASSIGN_OR_RETURN(*department.mutable_parent_department_id(),
                        DepartmentId(session, options.parent));
  }
  if (!options.case_work.empty()) {
    department.set_case_work(ToCaseWork(options.case_work));
    mask.add_paths("case_work");
  }
  for (const std::string& typed : options.value_statements) {
    BB_RETURN_IF_ERROR(SetStatement(typed, *department.mutable_value_statement()));
  }
  if (!options.value_statements.empty()) mask.add_paths("value_statement");
  if (!options.from.empty() || !options.to.empty()) {
    BB_RETURN_IF_ERROR(ChangeValid(options.from, options.to, *department.mutable_valid()));
    mask.add_paths("valid");
  }
  if (mask.paths().empty()) return absl::InvalidArgumentError("Say what to change; see --help.");
  return absl::OkStatus();
}

Outcome Update(Session& session, const UpdateOptions& options) {
  registry::v1::UpdateDepartmentRequest request;
  BB_ASSIGN_OR_RETURN(*request.mutable_department(), FindDepartment(session, options.department));
  BB_RETURN_IF_ERROR(SetChanges(session, options, request));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<registry::v1::UpdateDepartmentResponse>(request));
  session.Say(
      fmt::format("Changed {}: {}", answer.department().id(), answer.department().official_name()));
  WriteRecord(session, answer.department(), [&] {
    return Rows{.columns = DepartmentColumns(),
                .cells = {DepartmentCells(answer.department(), session.language())}};
  });
  return 0;
}

}  // namespace

void AddDepartmentUpdate(const Command& parent) {
  const auto options = std::make_shared<UpdateOptions>();
  std::vector<std::string> case_work = CaseWorkWords();
  case_work.emplace_back(kByName);
  Command update = parent.Add("update", "Change a department; - takes a value away");
  update.Argument("DEPARTMENT", options->department, {.summary = "Its name or id"})
      .Option("--name", options->official_name, {.summary = "What it is called"})
      .Option("--email,--mailbox", options->email,
              {.summary = "Mailbox of the function, never a person's"})
      .Option("--phone", options->phone, {.summary = "Telephone of the function, never a person's"})
      .Options("--value-statement", options->value_statements,
               {.summary = "Why it wants to work with associations, by language: da=\"...\"; "
                           "repeatable, an empty text takes it away"})
      .Option("--case-work", options->case_work,
              {.summary = "Whether it decides in single citizens' cases",
               .completes = Completes::kWord,
               .words = case_work})
      .Option("--parent", options->parent, {.summary = "The department it is part of"})
      .Option("--os2mo-id", options->os2mo_id,
              {.summary = "UUID of the unit in the municipality's directory"});
  AddValidOptions(update, options->from, options->to);
  update.Does([options](Session& session) { return Update(session, *options); });
}

}  // namespace brobygger::cli
