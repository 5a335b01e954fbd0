#pragma once

#include <absl/status/status.h>

#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"

namespace brobygger::collab {

// Each brings what a person may write into normal form and checks it. FIELD_INVALID, CPR_REFUSED;
// words about a single person's belief, origin or health are FIELD_INVALID. Whether the records
// that it names are there is not asked.
absl::Status NormalizeAndCheck(v1::Collaboration& collaboration);
absl::Status NormalizeAndCheck(v1::Party& party);
absl::Status NormalizeAndCheck(v1::CollaborationTask& task);
absl::Status NormalizeAndCheck(v1::Milestone& milestone);
absl::Status NormalizeAndCheck(v1::CollaborationOutcome& outcome);
absl::Status NormalizeAndCheck(v1::AlignmentAnswer& answer);
absl::Status NormalizeAndCheck(v1::AlignmentTalk& talk);
// Why it is paused or dropped.
absl::Status NormalizeAndCheckReason(std::string& reason);

}  // namespace brobygger::collab
