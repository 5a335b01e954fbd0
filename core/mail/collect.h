#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/mail/v1/digest.pb.h"

#include "core/storage/store.h"

namespace brobygger::mail {

// All that waits for a person in the hub.
struct Waiting {
  // By connection, then kind.
  std::vector<v1::Line> lines;
  // Who is told of a connection's lines; "" where it names nobody.
  std::map<std::string, std::string> responsible;
};

// Reads what waits, as of the newest run of each connection that has ended: one
// under way settles nothing yet. Costs a look at every conflict, dead letter, record
// kept aside and open match question.
absl::StatusOr<Waiting> CollectWaiting(const storage::Snapshot& snapshot);

}  // namespace brobygger::mail
