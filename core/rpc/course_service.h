#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/collab/v1/course_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawCourses = collab::v1::CourseService::WithRawCallbackMethod_CreateCourse<
    collab::v1::CourseService::WithRawCallbackMethod_UpdateCourse<
        collab::v1::CourseService::WithRawCallbackMethod_GetCourse<
            collab::v1::CourseService::WithRawCallbackMethod_ListCourses<
                collab::v1::CourseService::WithRawCallbackMethod_MoveCourse<
                    collab::v1::CourseService::WithRawCallbackMethod_AddCourseParticipant<
                        collab::v1::CourseService::WithRawCallbackMethod_RemoveCourseParticipant<
                            Base>>>>>>>;
template <typename Base>
using RawCourseParts = collab::v1::CourseService::WithRawCallbackMethod_SetCourseModules<
    collab::v1::CourseService::WithRawCallbackMethod_SetCourseSession<
        collab::v1::CourseService::WithRawCallbackMethod_RecordCourseAttendance<
            collab::v1::CourseService::WithRawCallbackMethod_SetCourseDocument<
                collab::v1::CourseService::WithRawCallbackMethod_SetCourseTrial<
                    collab::v1::CourseService::WithRawCallbackMethod_SetConsultantSession<
                        Base>>>>>>;

// Serves brobygger.collab.v1.CourseService. Reads run on gRPC's thread.
class CourseService final : public RawCourses<RawCourseParts<collab::v1::CourseService::Service>> {
 public:
  // All must outlive the service.
  CourseService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* CreateCourse(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateCourse(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetCourse(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListCourses(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* MoveCourse(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AddCourseParticipant(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RemoveCourseParticipant(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetCourseModules(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetCourseSession(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordCourseAttendance(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetCourseDocument(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetCourseTrial(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* SetConsultantSession(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) override;

 private:
  // Writes `change(transaction, request, actor)`, and answers with the course that it gives.
  template <typename Request, typename Response, typename Change>
  grpc::ServerUnaryReactor* Write(const Incoming& incoming, Change change);

  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
