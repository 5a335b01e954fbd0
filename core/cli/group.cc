// group create, list and delete.
#include <memory>

#include <fmt/format.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/department.h"
#include "core/cli/municipality_words.h"
#include "core/cli/output.h"

namespace brobygger::cli {
namespace {

using registry::v1::CoordinationGroup;

struct GroupOptions {
  std::string id;
  std::string official_name;
  std::string municipality_code;
  std::string purpose;
  std::vector<std::string> departments;
};

Outcome Create(Session& session, const GroupOptions& options) {
  registry::v1::PutCoordinationGroupRequest request;
  CoordinationGroup& group = *request.mutable_coordination_group();
  group.set_municipality_code(options.municipality_code);
  group.set_official_name(options.official_name);
  group.set_purpose(options.purpose);
  for (const std::string& department : options.departments) {
    BB_ASSIGN_OR_RETURN(*group.add_department_ids(), DepartmentId(session, department));
  }
  request.set_request_id(base::MakeUuid());
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<registry::v1::PutCoordinationGroupResponse>(request));
  session.Say("Created " + answer.coordination_group().id());
  WriteRecord(session, answer.coordination_group(), [&] {
    return Rows{.columns = GroupColumns(), .cells = {GroupCells(answer.coordination_group())}};
  });
  return 0;
}

Outcome List(Session& session, const GroupOptions& options) {
  registry::v1::ListCoordinationGroupsRequest request;
  request.set_municipality_code(options.municipality_code);
  BB_ASSIGN_OR_RETURN(const auto answer,
                      session.Call<registry::v1::ListCoordinationGroupsResponse>(request));
  BB_ASSIGN_OR_RETURN(ListWriter writer,
                      ListWriter::Make(session, "coordinationGroups", GroupColumns()));
  for (const CoordinationGroup& group : answer.coordination_groups()) {
    writer.Add(group, GroupCells(group));
  }
  writer.Finish();
  return 0;
}

Outcome Delete(Session& session, const GroupOptions& options) {
  registry::v1::DeleteCoordinationGroupRequest request;
  request.set_coordination_group_id(options.id);
  request.set_request_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(session.Call<registry::v1::DeleteCoordinationGroupResponse>(request).status());
  session.Say("It is taken away.");
  return 0;
}

}  // namespace

void AddGroup(const Command& root) {
  Command group = root.Add("group", "Coordination groups across departments");
  const auto options = std::make_shared<GroupOptions>();
  group.Add("create", "Write down that there is a group")
      .Argument("NAME", options->official_name, {.summary = "What it is called"})
      .Required("--municipality", options->municipality_code, {.summary = "Whose (code)"})
      .Options("--department", options->departments,
               {.summary = "A department that is in it: name or id; at least two"})
      .Option("--purpose", options->purpose, {.summary = "What it is for"})
      .Does([options](Session& session) { return Create(session, *options); });
  group.Add("list", "List a municipality's groups")
      .Required("--municipality", options->municipality_code, {.summary = "Whose (code)"})
      .Does([options](Session& session) { return List(session, *options); });
  group.Add("delete", "Take a group away")
      .Argument("ID", options->id, {.summary = "As brobygger group list shows it"})
      .Does([options](Session& session) { return Delete(session, *options); });
}

}  // namespace brobygger::cli
