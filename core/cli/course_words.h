// What the commands about courses share.
#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/collab/v1/course_calls.pb.h"
#include "brobygger/collab/v1/course_service.pb.h"

#include "core/cli/command.h"
#include "core/cli/output.h"
#include "core/cli/session.h"

namespace brobygger::cli {

// As they are typed: "planned"; "vision", "action-plan".
std::vector<std::string> CourseStateWords();
std::vector<std::string> TopicWords();

// INVALID_ARGUMENT, naming what there is, for another word.
absl::StatusOr<collab::v1::ResourceTopic> ToTopic(const std::string& word);
std::string TopicText(int topic, const std::string& language);

// An association's name; or words that say that it is another municipality's.
std::string TakerTitle(const std::string& title, const std::string& language);

// A day, and the times of day if there are any: "12-01-2027 17:00-19:00".
std::string ShowMeetingTime(const std::string& date,
                            const std::string& from_clock,
                            const std::string& to_clock,
                            const std::string& language);

std::vector<Column> CourseColumns();
std::vector<Cell> CourseCells(const Session& session, const collab::v1::Course& course);

// The course as a person reads it, field by field. `programme` is the title of its programme.
Rows CourseRows(const collab::v1::GetCourseResponse& answer,
                const std::string& programme,
                const std::string& language);

// Says what was done, and writes the course.
void ReportCourse(Session& session, const collab::v1::Course& course, const std::string& done);

// The course that `typed` means: the start of an id, or a whole title.
absl::StatusOr<collab::v1::Course> FindCourse(Session& session, const std::string& typed);

// Makes the call and reports the course. What is missing it says line by line, with how to mend it.
template <typename Response>
Outcome SendCourse(Session& session,
                   const google::protobuf::Message& request,
                   const std::string& course_id,
                   const std::string& done);
absl::Status ExplainedCourse(Session& session, const std::string& id, const absl::Status& status);

template <typename Response>
Outcome SendCourse(Session& session,
                   const google::protobuf::Message& request,
                   const std::string& course_id,
                   const std::string& done) {
  const auto answer = session.Call<Response>(request);
  if (!answer.ok()) return ExplainedCourse(session, course_id, answer.status());
  ReportCourse(session, answer->course(), done);
  return 0;
}

}  // namespace brobygger::cli
