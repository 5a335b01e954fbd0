// municipality list, department list and create.
#include <memory>

#include <fmt/format.h>

#include "brobygger/registry/v1/registry_service.pb.h"

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/output.h"
#include "core/cli/paging.h"

namespace brobygger::cli {
namespace {

using registry::v1::Department;
using registry::v1::ListDepartmentsRequest;
using registry::v1::ListDepartmentsResponse;
using registry::v1::ListMunicipalitiesRequest;
using registry::v1::ListMunicipalitiesResponse;

Outcome ListMunicipalities(Session& session) {
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<ListMunicipalitiesResponse>(ListMunicipalitiesRequest()));
  BB_ASSIGN_OR_RETURN(
      ListWriter writer,
      ListWriter::Make(session, "municipalities", {{"code", "CODE"}, {"official_name", "NAME"}}));
  for (const auto& municipality : answer.municipalities()) {
    writer.Add(municipality, {{municipality.code()}, {municipality.official_name()}});
  }
  writer.Finish();
  return 0;
}

struct DepartmentOptions {
  std::string municipality_code;
  std::string official_name;
  std::string parent;
  std::string email;
  std::string case_work;
  PageOptions page;
};

Outcome ListDepartments(Session& session, const DepartmentOptions& options) {
  ListDepartmentsRequest request;
  request.set_municipality_code(options.municipality_code);
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "departments", DepartmentColumns()));
  const std::string today = Today();
  int closed = 0;
  const auto add = [&](const ListDepartmentsResponse& page) {
    int shown = 0;
    for (const auto& department : page.departments()) {
      if (!options.page.all && IsClosed(department, today)) continue;
      writer.Add(department, DepartmentCells(department, session.language()));
      ++shown;
    }
    closed += page.departments_size() - shown;
    return shown;
  };
  BB_ASSIGN_OR_RETURN(auto pages,
                      (ReadPages<ListDepartmentsResponse>(session, request, options.page, add)));
  pages.last.clear_departments();
  writer.Finish(&pages.last);
  SayHowMany(session, pages.count, "department", pages.last.next_page_token());
  if (closed > 0) session.Say(fmt::format("{} closed left out: --all shows them.", closed));
  return 0;
}

Outcome CreateDepartment(Session& session, const DepartmentOptions& options) {
  registry::v1::CreateDepartmentRequest request;
  Department& department = *request.mutable_department();
  department.set_municipality_code(options.municipality_code);
  department.set_official_name(options.official_name);
  department.set_parent_department_id(options.parent);
  department.set_contact_email(options.email);
  department.set_case_work(ToCaseWork(options.case_work));
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto response,
                      session.Call<registry::v1::CreateDepartmentResponse>(request));
  session.Say("Created " + response.department().id());
  WriteRecord(session, response.department(), [&] {
    return Rows{.columns = DepartmentColumns(),
                .cells = {DepartmentCells(response.department(), session.language())}};
  });
  return 0;
}

}  // namespace

void AddMunicipality(const Command& root) {
  Command municipality = root.Add("municipality", "Municipalities by code");
  municipality.Add("list", "List the 98 municipalities and one island").Does(ListMunicipalities);
}

void AddDepartment(const Command& root) {
  Command department = root.Add("department", "Departments of municipalities");
  const auto options = std::make_shared<DepartmentOptions>();
  Command list = department.Add("list", "List departments");
  list.Option("--municipality", options->municipality_code, {.summary = "Only this one's (code)"});
  AddPageOptions(list, options->page, "All pages, and closed departments");
  list.Does([options](Session& session) { return ListDepartments(session, *options); });

  department.Add("create", "Add a department")
      .Argument("NAME", options->official_name, {.summary = "What it is called"})
      .Option("--municipality", options->municipality_code,
              {.summary = "Municipality code; required"})
      .Option("--parent", options->parent, {.summary = "Id of the department it is part of"})
      .Option("--email", options->email, {.summary = "Mailbox of the function, never a person's"})
      .Option("--case-work", options->case_work,
              {.summary = "Whether it decides in single citizens' cases, so that of its calendars "
                          "only categories count; else its name tells",
               .completes = Completes::kWord,
               .words = CaseWorkWords()})
      .Does([options](Session& session) { return CreateDepartment(session, *options); });
  AddDepartmentUpdate(department);
  AddDepartmentImport(department);
}

}  // namespace brobygger::cli
