#include "core/collab/deadlines.h"

#include <algorithm>

#include "core/base/status_macros.h"
#include "core/collab/kept.h"

namespace brobygger::collab {
namespace {

using v1::Collaboration;
using v1::CollaborationTask;

bool TakesPart(const Collaboration& collaboration, const std::string& department_id) {
  const auto& parties = collaboration.parties();
  return std::any_of(parties.begin(), parties.end(), [&](const v1::Party& party) {
    return party.department_id() == department_id && party.left_date().empty();
  });
}

bool IsOver(const Collaboration& collaboration) {
  return collaboration.state() == v1::COLLABORATION_STATE_CLOSED ||
         collaboration.state() == v1::COLLABORATION_STATE_DROPPED;
}

bool IsOwed(const CollaborationTask& task, const std::string& from_date) {
  const bool open = task.state() != v1::TASK_STATE_DONE && task.state() != v1::TASK_STATE_DROPPED;
  return open && !task.due_date().empty() && task.due_date() >= from_date;
}

}  // namespace

absl::StatusOr<std::vector<Deadline>> DeadlinesOf(const storage::Snapshot& snapshot,
                                                  const std::string& department_id,
                                                  const std::string& from_date) {
  BB_ASSIGN_OR_RETURN(const auto collaborations, LoadCollaborations(snapshot));
  std::vector<Deadline> deadlines;
  for (const Collaboration& each : collaborations) {
    if (IsOver(each) || !TakesPart(each, department_id)) continue;
    for (const CollaborationTask& task : each.tasks()) {
      if (!IsOwed(task, from_date)) continue;
      deadlines.push_back({.task_id = task.id(),
                           .task_title = task.title(),
                           .collaboration_title = each.title(),
                           .due_date = task.due_date(),
                           .etag = each.etag(),
                           .update_time = each.update_time()});
    }
  }
  return deadlines;
}

}  // namespace brobygger::collab
