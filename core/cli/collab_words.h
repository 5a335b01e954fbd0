// What the commands about collaborations share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/collab/v1/collaboration_calls.pb.h"

#include "core/cli/command.h"
#include "core/cli/output.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// The file data/collab_texts.csv. Built into the program.
extern const std::string_view kCollabTextsCsv;

// The text with this key; "{name}" in it becomes the value of that name.
std::string CollabText(const std::string& key,
                       const std::string& language,
                       const std::vector<std::pair<std::string, std::string>>& values = {});

// As they are typed: "municipality", "clarifying", "lead", "joint-activity", "under-way", "tiny".
std::vector<std::string> SideWords();
std::vector<std::string> StateWords();
std::vector<std::string> RoleWords();
std::vector<std::string> DegreeWords();
std::vector<std::string> TaskStateWords();
std::vector<std::string> SizeWords();

collab::v1::CollaborationSide ToSide(const std::string& word);

std::vector<Column> CollaborationColumns();
std::vector<Cell> CollaborationCells(const Session& session,
                                     const collab::v1::Collaboration& collaboration);

// Says what was done, and writes the collaboration.
void ReportCollaboration(Session& session,
                         const collab::v1::Collaboration& collaboration,
                         const std::string& done);

// The id that `typed` means: the start of one, or a whole title.
absl::StatusOr<std::string> CollaborationId(Session& session, const std::string& typed);

// For the error of a call about the collaboration: says, line by line, what is missing and how to
// mend it. Hands the error on.
absl::Status Explained(Session& session, const std::string& id, const absl::Status& status);

}  // namespace brobygger::cli
