#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <google/protobuf/timestamp.pb.h>

#include "core/storage/store.h"

namespace brobygger::collab {

// A day by which something is to be done.
struct Deadline {
  std::string task_id;
  std::string task_title;
  std::string collaboration_title;
  std::string due_date;  // ISO 8601
  std::string etag;      // differs after every change of the collaboration
  google::protobuf::Timestamp update_time;
};

// What is still to be done in collaborations that a department takes part in, from a day on,
// whichever side does it, in no order. What was dropped or is closed owes nothing. Reads all
// collaborations.
absl::StatusOr<std::vector<Deadline>> DeadlinesOf(const storage::Snapshot& snapshot,
                                                  const std::string& department_id,
                                                  const std::string& from_date);

}  // namespace brobygger::collab
