#include "core/rpc/course_service.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/collab/courses.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

namespace v1 = collab::v1;

const google::protobuf::ServiceDescriptor& Descriptor() {
  return *v1::GetCourseRequest::descriptor()->file()->FindServiceByName("CourseService");
}

}  // namespace

CourseService::CourseService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(Descriptor())} {}

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
  return Write<v1::CreateCourseRequest, v1::CreateCourseResponse>(
      {"CreateCourse", context, request, response}, collab::CreateCourse);
}

grpc::ServerUnaryReactor* CourseService::UpdateCourse(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return Write<v1::UpdateCourseRequest, v1::UpdateCourseResponse>(
      {"UpdateCourse", context, request, response}, collab::UpdateCourse);
}

grpc::ServerUnaryReactor* CourseService::GetCourse(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return ServeUnary<v1::GetCourseRequest>(
      entrance_, {"GetCourse", context, request, response},
      [this](const v1::GetCourseRequest& wanted, UnaryCall* call) -> absl::Status {
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
  return ServeUnary<v1::ListCoursesRequest>(
      entrance_, {"ListCourses", context, request, response},
      [this](const v1::ListCoursesRequest& wanted, UnaryCall* call) -> absl::Status {
        const scope::ScopedStore store = stores_.For(call->caller());
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        call->Answer(collab::ListCourses(*snapshot, wanted, ActorOf(call->caller())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* CourseService::MoveCourse(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return Write<v1::MoveCourseRequest, v1::MoveCourseResponse>(
      {"MoveCourse", context, request, response}, collab::MoveCourse);
}

grpc::ServerUnaryReactor* CourseService::AddCourseParticipant(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return Write<v1::AddCourseParticipantRequest, v1::AddCourseParticipantResponse>(
      {"AddCourseParticipant", context, request, response}, collab::AddCourseParticipant);
}

grpc::ServerUnaryReactor* CourseService::RemoveCourseParticipant(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<v1::RemoveCourseParticipantRequest, v1::RemoveCourseParticipantResponse>(
      {"RemoveCourseParticipant", context, request, response}, collab::RemoveCourseParticipant);
}

grpc::ServerUnaryReactor* CourseService::SetCourseModules(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return Write<v1::SetCourseModulesRequest, v1::SetCourseModulesResponse>(
      {"SetCourseModules", context, request, response}, collab::SetCourseModules);
}

grpc::ServerUnaryReactor* CourseService::SetCourseSession(grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer* request,
                                                          grpc::ByteBuffer* response) {
  return Write<v1::SetCourseSessionRequest, v1::SetCourseSessionResponse>(
      {"SetCourseSession", context, request, response}, collab::SetCourseSession);
}

grpc::ServerUnaryReactor* CourseService::RecordCourseAttendance(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Write<v1::RecordCourseAttendanceRequest, v1::RecordCourseAttendanceResponse>(
      {"RecordCourseAttendance", context, request, response}, collab::RecordCourseAttendance);
}

grpc::ServerUnaryReactor* CourseService::SetCourseDocument(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return Write<v1::SetCourseDocumentRequest, v1::SetCourseDocumentResponse>(
      {"SetCourseDocument", context, request, response}, collab::SetCourseDocument);
}

grpc::ServerUnaryReactor* CourseService::SetCourseTrial(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  return Write<v1::SetCourseTrialRequest, v1::SetCourseTrialResponse>(
      {"SetCourseTrial", context, request, response}, collab::SetCourseTrial);
}

grpc::ServerUnaryReactor* CourseService::SetConsultantSession(grpc::CallbackServerContext* context,
                                                              const grpc::ByteBuffer* request,
                                                              grpc::ByteBuffer* response) {
  return Write<v1::SetConsultantSessionRequest, v1::SetConsultantSessionResponse>(
      {"SetConsultantSession", context, request, response}, collab::SetConsultantSession);
}

}  // namespace brobygger::rpc
