#include "core/cli/collab_words.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/text_table.h"
#include "core/cli/enum_words.h"
#include "core/cli/titled.h"
#include "core/cli/words.h"

namespace brobygger::cli {
namespace {

using collab::v1::Collaboration;
using collab::v1::CollaborationSide;
using collab::v1::Party;

// Names of those on a side who have not left.
std::string NamesOn(const Collaboration& collaboration, bool associations) {
  std::vector<std::string> names;
  for (const Party& party : collaboration.parties()) {
    const bool is = party.side() == collab::v1::COLLABORATION_SIDE_ASSOCIATION;
    if (is == associations && party.left_date().empty()) names.push_back(party.title());
  }
  return absl::StrJoin(names, ", ");
}

}  // namespace

std::string CollabText(const std::string& key,
                       const std::string& language,
                       const std::vector<std::pair<std::string, std::string>>& values) {
  static const base::TextTable kTable(kCollabTextsCsv);
  std::string text = kTable.Get(key, language);
  for (const auto& [name, value] : values) {
    text = absl::StrReplaceAll(text, {{absl::StrCat("{", name, "}"), value}});
  }
  return text;
}

std::vector<std::string> SideWords() {
  return EnumWords(*collab::v1::CollaborationSide_descriptor(), "COLLABORATION_SIDE_");
}

std::vector<std::string> StateWords() {
  return EnumWords(*collab::v1::CollaborationState_descriptor(), "COLLABORATION_STATE_");
}

std::vector<std::string> RoleWords() {
  return EnumWords(*collab::v1::PartyRole_descriptor(), "PARTY_ROLE_");
}

std::vector<std::string> DegreeWords() {
  return EnumWords(*collab::v1::CollaborationDegree_descriptor(), "COLLABORATION_DEGREE_");
}

std::vector<std::string> TaskStateWords() {
  return EnumWords(*collab::v1::TaskState_descriptor(), "TASK_STATE_");
}

std::vector<std::string> SizeWords() {
  return EnumWords(*collab::v1::MilestoneSize_descriptor(), "MILESTONE_SIZE_");
}

CollaborationSide ToSide(const std::string& word) {
  return static_cast<CollaborationSide>(EnumNumber(SideWords(), word));
}

std::vector<Column> CollaborationColumns() {
  return {{"id", "ID"},
          {"title", "TITLE"},
          {"state", "STATE"},
          {"since", "SINCE"},
          {"municipality", "MUNICIPALITY AND OTHERS"},
          {"association", "ASSOCIATIONS"},
          {"tasks", "TASKS"}};
}

std::vector<Cell> CollaborationCells(const Session& session, const Collaboration& collaboration) {
  const std::string& language = session.language();
  int done = 0;
  int all = 0;
  for (const auto& task : collaboration.tasks()) {
    all += task.state() != collab::v1::TASK_STATE_DROPPED;
    done += task.state() == collab::v1::TASK_STATE_DONE;
  }
  const std::string& id = collaboration.id();
  return {{session.format() == Format::kTable ? id.substr(0, kShownIdLength) : id},
          {collaboration.title()},
          {EnumText(*collab::v1::CollaborationState_descriptor(), collaboration.state(), language)},
          {ShowField("date", collaboration.state_date(), language)},
          {NamesOn(collaboration, false)},
          {NamesOn(collaboration, true)},
          {all == 0 ? "" : fmt::format("{}/{}", done, all)}};
}

void ReportCollaboration(Session& session,
                         const Collaboration& collaboration,
                         const std::string& done) {
  session.Say(fmt::format("{} {}: {}.", done, collaboration.id().substr(0, kShownIdLength),
                          collaboration.title()));
  WriteRecord(session, collaboration, [&] {
    return Rows{.columns = CollaborationColumns(),
                .cells = {CollaborationCells(session, collaboration)}};
  });
}

absl::StatusOr<std::string> CollaborationId(Session& session, const std::string& typed) {
  collab::v1::GetCollaborationRequest request;
  request.set_collaboration_id(typed);
  const auto found = session.Call<collab::v1::GetCollaborationResponse>(request);
  if (found.ok()) return found->collaboration().id();
  if (base::ReasonOf(found.status()) != errors::v1::ERROR_REASON_COLLABORATION_NOT_FOUND) {
    return found.status();
  }
  BB_ASSIGN_OR_RETURN(
      const Collaboration titled,
      FindByTitle<collab::v1::ListCollaborationsResponse>(
          session, collab::v1::ListCollaborationsRequest(), typed,
          [](auto& page) { return page.mutable_collaborations(); },
          {errors::v1::ERROR_REASON_COLLABORATION_NOT_FOUND, "collaboration", "collaborations"}));
  return titled.id();
}

absl::Status Explained(Session& session, const std::string& id, const absl::Status& status) {
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_COLLABORATION_NOT_READY) return status;
  const std::string& language = session.language();
  const std::string missing = base::ErrorMetadata(status, "missing");
  for (const absl::string_view code : absl::StrSplit(missing, ';', absl::SkipEmpty())) {
    const std::string text = CollabText(absl::StrCat("missing_", code), language,
                                        {{"id", id.substr(0, kShownIdLength)}});
    if (!text.empty()) session.Warn("- " + text);
  }
  return status;
}

}  // namespace brobygger::cli
