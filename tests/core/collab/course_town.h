// A course of a municipality with two associations in it.
#pragma once

#include <string>
#include <vector>

#include "core/collab/courses.h"
#include "tests/core/collab/working_town.h"

namespace brobygger::collab {

struct CourseTown : WorkingTown {
  std::string other = Association("Broen");
  Actor other_itself{"user:3", other};

  v1::CreateCourseRequest Wanted() const {
    v1::CreateCourseRequest request;
    request.mutable_course()->set_title("Stærkere sammen");
    request.mutable_course()->set_department_id(department);
    request.add_association_ids(association);
    request.add_association_ids(other);
    return request;
  }
  v1::Course Planned() {
    return Do([&](storage::Transaction& transaction) {
      return CreateCourse(transaction, Wanted(), employee);
    });
  }

  absl::StatusOr<v1::Course> TrySession(const std::string& id,
                                        v1::CourseSession session,
                                        v1::ResourceTopic topic = v1::RESOURCE_TOPIC_VISION) {
    v1::SetCourseSessionRequest request;
    request.set_course_id(id);
    request.set_topic(topic);
    *request.mutable_session() = std::move(session);
    return Try([&](storage::Transaction& transaction) {
      return SetCourseSession(transaction, request, employee);
    });
  }
  absl::StatusOr<v1::Course> TrySession(const std::string& id, const std::string& date) {
    v1::CourseSession session;
    session.set_date(date);
    return TrySession(id, std::move(session));
  }

  absl::StatusOr<v1::Course> MoveTo(const std::string& id,
                                    v1::CourseState state,
                                    const std::string& reason = "",
                                    const std::string& etag = "") {
    v1::MoveCourseRequest request;
    request.set_course_id(id);
    request.set_state(state);
    request.set_reason(reason);
    request.set_etag(etag);
    return Try([&](storage::Transaction& transaction) {
      return MoveCourse(transaction, request, employee);
    });
  }

  // Running, with a session of today in its first module.
  v1::Course Running() {
    const std::string id = Planned().id();
    REQUIRE(TrySession(id, "2024-05-01").ok());
    auto course = MoveTo(id, v1::COURSE_STATE_RUNNING);
    INFO(course.status());
    REQUIRE(course.ok());
    return *std::move(course);
  }

  absl::StatusOr<v1::Course> Attend(const v1::Course& course,
                                    const std::string& association_id,
                                    v1::AttendanceState state,
                                    const std::string& session_id = "") {
    v1::RecordCourseAttendanceRequest request;
    request.set_course_id(course.id());
    request.set_session_id(session_id.empty() ? course.modules(0).sessions(0).id() : session_id);
    request.add_attendance()->set_association_id(association_id);
    request.mutable_attendance(0)->set_state(state);
    return Try([&](storage::Transaction& transaction) {
      return RecordCourseAttendance(transaction, request, employee);
    });
  }

  absl::StatusOr<v1::Course> TryTrial(const std::string& id,
                                      v1::CourseTrial trial,
                                      const Actor& actor) {
    v1::SetCourseTrialRequest request;
    request.set_course_id(id);
    trial.set_topic(v1::RESOURCE_TOPIC_VISION);
    *request.mutable_trial() = std::move(trial);
    return Try([&](storage::Transaction& transaction) {
      return SetCourseTrial(transaction, request, actor);
    });
  }

  v1::GetCourseResponse Course(const std::string& id, const Actor& actor) {
    const auto latest = store->Latest();
    auto answer = GetCourse(**latest, id, clock.Now(), actor);
    INFO(answer.status());
    REQUIRE(answer.ok());
    return *std::move(answer);
  }
};

inline v1::CourseTrial TrialOf(const std::string& text, const std::string& association_id = "") {
  v1::CourseTrial trial;
  trial.set_text(text);
  trial.set_association_id(association_id);
  return trial;
}

}  // namespace brobygger::collab
