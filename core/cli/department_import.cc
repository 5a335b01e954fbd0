// department import.
#include "core/cli/department_import.h"

#include <map>
#include <memory>
#include <set>

#include <absl/strings/str_join.h>
#include <fmt/format.h>

#include "brobygger/registry/v1/municipality_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/errors.h"
#include "core/cli/output.h"
#include "core/model/names.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;
using registry::v1::ImportDepartmentsResponse;

struct ImportOptions {
  std::string file;
  std::string municipality_code;
  bool dry_run = false;
};

// A department that a person made, and the directory's unit of the same name, may be the same
// one; contacts hang on the first.
absl::StatusOr<bool> IsMeant(Session& session,
                             const ImportOptions& options,
                             const std::vector<std::string>& namesakes) {
  if (namesakes.empty()) return true;
  const std::string told = fmt::format(
      "New ones are called as departments that are not known from the directory: {}. If they are "
      "the same, say so first: brobygger department update NAME --os2mo-id UUID.",
      absl::StrJoin(namesakes, ", "));
  if (!options.dry_run) return session.Confirm(told + " Import them as others?");
  session.Warn(told);
  return true;
}

void SayMissing(Session& session,
                const ImportDepartmentsResponse& response,
                const std::vector<Department>& known) {
  std::set<std::string> missing(response.missing_department_ids().begin(),
                                response.missing_department_ids().end());
  for (const Department& department : known) {
    if (!missing.contains(department.id())) continue;
    session.Say(fmt::format("Not in the directory any more, left as it is: {} ({})",
                            department.official_name(), department.id()));
  }
}

Outcome Import(Session& session, const ImportOptions& options) {
  BB_ASSIGN_OR_RETURN(DirectoryFile file, ReadDirectory(options.file));
  BB_ASSIGN_OR_RETURN(const auto known, DepartmentsOf(session, options.municipality_code));
  BB_ASSIGN_OR_RETURN(const bool meant, IsMeant(session, options, Namesakes(known, file)));
  if (!meant) return kExitInterrupted;
  registry::v1::ImportDepartmentsRequest request;
  request.set_municipality_code(options.municipality_code);
  request.mutable_departments()->Assign(file.departments.begin(), file.departments.end());
  request.set_validate_only(options.dry_run);
  request.set_request_id(base::MakeUuid());
  const auto answer = session.Call<ImportDepartmentsResponse>(request);
  if (!answer.ok()) return AtLine(file, answer.status());
  session.Say(ImportText(*answer, options.dry_run));
  SayMissing(session, *answer, known);
  WriteRecord(session, *answer, [&] {
    return Rows{.columns = {{"created", "CREATED"},
                            {"updated", "CHANGED"},
                            {"unchanged", "AS BEFORE"},
                            {"missing", "NOT IN THE DIRECTORY"}},
                .cells = {{{std::to_string(answer->created_count())},
                           {std::to_string(answer->updated_count())},
                           {std::to_string(answer->unchanged_count())},
                           {std::to_string(answer->missing_department_ids_size())}}}};
  });
  return 0;
}

}  // namespace

std::string ImportText(const ImportDepartmentsResponse& response, bool dry_run) {
  return fmt::format("{}{} created, {} changed, {} as before.",
                     dry_run ? "Nothing is done yet; it would be: " : "", response.created_count(),
                     response.updated_count(), response.unchanged_count());
}

std::vector<std::string> Namesakes(const std::vector<Department>& known,
                                   const DirectoryFile& file) {
  std::set<std::string> unit_ids;
  std::map<std::string, std::string> new_units;  // ids by name
  for (const Department& department : known) unit_ids.insert(department.os2mo_id());
  for (const Department& unit : file.departments) {
    if (unit_ids.contains(unit.os2mo_id())) continue;
    new_units.emplace(model::FoldName(unit.official_name()), unit.os2mo_id());
  }
  std::vector<std::string> namesakes;
  for (const Department& department : known) {
    const auto unit = new_units.find(model::FoldName(department.official_name()));
    if (!department.os2mo_id().empty() || unit == new_units.end()) continue;
    namesakes.push_back(fmt::format("{} ({})", department.official_name(), unit->second));
  }
  return namesakes;
}

void AddDepartmentImport(const Command& parent) {
  const auto options = std::make_shared<ImportOptions>();
  parent.Add("import", "Take departments over from the municipality's directory (OS2mo)")
      .Argument("FILE", options->file,
                {.summary = "CSV with uuid, name, parent_uuid; also user_key, email, phone, "
                            "valid_from, valid_to",
                 .completes = Completes::kFile})
      .Required("--municipality", options->municipality_code, {.summary = "Whose (code)"})
      .Flag("--dry-run", options->dry_run, "Only say what would be done")
      .Does([options](Session& session) { return Import(session, *options); });
}

}  // namespace brobygger::cli
