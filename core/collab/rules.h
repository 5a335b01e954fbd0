#pragma once

#include <absl/status/status.h>

#include "brobygger/collab/v1/alignment.pb.h"
#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/collab/v1/course.pb.h"
#include "brobygger/collab/v1/network.pb.h"

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
absl::Status NormalizeAndCheck(v1::Course& course);
absl::Status NormalizeAndCheck(v1::CourseSession& session);
absl::Status NormalizeAndCheck(v1::CourseDocument& document);
absl::Status NormalizeAndCheck(v1::CourseTrial& trial);
absl::Status NormalizeAndCheck(v1::ConsultantSession& session);
absl::Status NormalizeAndCheck(v1::Network& network);
absl::Status NormalizeAndCheck(v1::NetworkMeeting& meeting);
// What a network's page says.
absl::Status NormalizeAndCheckPage(registry::v1::LocalizedText& text);
// Why it is paused, dropped or stopped.
absl::Status NormalizeAndCheckReason(std::string& reason);

}  // namespace brobygger::collab
