#include "core/rpc/course_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/courses.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& CourseDescriptor() {
  return *collab::v1::GetCourseRequest::descriptor()->file()->FindServiceByName("CourseService");
}

}  // namespace

CourseService::CourseService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(CourseDescriptor())} {}

template <typename Request, typename Response, typename Change>
grpc::ServerUnaryReactor* CourseService::Write(const Incoming& incoming, Change change) {
  return ServeUnary<Request>(entrance_, incoming, [this, change](Request wanted, UnaryCall* call) {
    const auto run = [change, actor = ActorOf(call->caller())](
                         storage::Transaction& transaction, const Request& request,
                         const std::string& /*name*/) -> absl::StatusOr<Response> {
      Response response;
      BB_ASSIGN_OR_RETURN(*response.mutable_course(), change(transaction, request, actor));
      return response;
    };
    return SubmitWrite<Response>(stores_, std::move(wanted), call, run);
  });
}

grpc::ServerUnaryReactor* CourseService::CreateCourse(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return Write<collab::v1::CreateCourseRequest, collab::v1::CreateCourseResponse>(
      {"CreateCourse", context, request, response}, collab::CreateCourse);
}

grpc::ServerUnaryReactor* CourseService::UpdateCourse(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return Write<collab::v1::UpdateCourseRequest, collab::v1::UpdateCourseResponse>(
      {"UpdateCourse", context, request, response}, collab::UpdateCourse);
}

grpc::ServerUnaryReactor* CourseService::GetCourse(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::GetCourseRequest>(
      entrance_, {"GetCourse", context, request, response},
      [this](const collab::v1::GetCourseRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::GetCourse(*snapshot, wanted.course_id(), clock_.Now(),
                                       ActorOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CourseService::ListCourses(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeUnary<collab::v1::ListCoursesRequest>(
      entrance_, {"ListCourses", context, request, response},
      [this](const collab::v1::ListCoursesRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::ListCourses(*snapshot, wanted, ActorOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CourseService::MoveCourse(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return Write<collab::v1::MoveCourseRequest, collab::v1::MoveCourseResponse>(
      {"MoveCourse", context, request, response}, collab::MoveCourse);
}

grpc::ServerUnaryReactor* CourseService::AddCourseParticipant(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return Write<collab::v1::AddCourseParticipantRequest, collab::v1::AddCourseParticipantResponse>(
      {"AddCourseParticipant", context, request, response}, collab::AddCourseParticipant);
}

grpc::ServerUnaryReactor* CourseService::RemoveCourseParticipant(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<collab::v1::RemoveCourseParticipantRequest,
               collab::v1::RemoveCourseParticipantResponse>(
      {"RemoveCourseParticipant", context, request, response}, collab::RemoveCourseParticipant);
}

grpc::ServerUnaryReactor* CourseService::SetCourseModules(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return Write<collab::v1::SetCourseModulesRequest, collab::v1::SetCourseModulesResponse>(
      {"SetCourseModules", context, request, response}, collab::SetCourseModules);
}

grpc::ServerUnaryReactor* CourseService::SetCourseSession(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return Write<collab::v1::SetCourseSessionRequest, collab::v1::SetCourseSessionResponse>(
      {"SetCourseSession", context, request, response}, collab::SetCourseSession);
}

grpc::ServerUnaryReactor* CourseService::RecordCourseAttendance(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<collab::v1::RecordCourseAttendanceRequest,
               collab::v1::RecordCourseAttendanceResponse>(
      {"RecordCourseAttendance", context, request, response}, collab::RecordCourseAttendance);
}

grpc::ServerUnaryReactor* CourseService::SetCourseDocument(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return Write<collab::v1::SetCourseDocumentRequest, collab::v1::SetCourseDocumentResponse>(
      {"SetCourseDocument", context, request, response}, collab::SetCourseDocument);
}

grpc::ServerUnaryReactor* CourseService::SetCourseTrial(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Write<collab::v1::SetCourseTrialRequest, collab::v1::SetCourseTrialResponse>(
      {"SetCourseTrial", context, request, response}, collab::SetCourseTrial);
}

grpc::ServerUnaryReactor* CourseService::SetConsultantSession(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return Write<collab::v1::SetConsultantSessionRequest, collab::v1::SetConsultantSessionResponse>(
      {"SetConsultantSession", context, request, response}, collab::SetConsultantSession);
}

}  // namespace brobygger::rpc
