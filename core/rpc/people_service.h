#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/people/v1/people_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/people/people.h"
#include "core/rpc/unary_call.h"
#include "core/rpc/worker_pool.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawPeopleReads = people::v1::PeopleService::WithRawCallbackMethod_ListContactPoints<
    people::v1::PeopleService::WithRawCallbackMethod_UnfoldPerson<
        people::v1::PeopleService::WithRawCallbackMethod_ExportPerson<
            people::v1::PeopleService::WithRawCallbackMethod_FindPerson<
                people::v1::PeopleService::WithRawCallbackMethod_ListCorrections<
                    people::v1::PeopleService::WithRawCallbackMethod_GetOwnView<Base>>>>>>;
template <typename Base>
using RawPeopleWrites = people::v1::PeopleService::WithRawCallbackMethod_AddPerson<
    people::v1::PeopleService::WithRawCallbackMethod_UpdatePerson<
        people::v1::PeopleService::WithRawCallbackMethod_ErasePerson<
            people::v1::PeopleService::WithRawCallbackMethod_RunRetention<
                people::v1::PeopleService::WithRawCallbackMethod_RequestCorrection<
                    people::v1::PeopleService::WithRawCallbackMethod_CloseCorrection<Base>>>>>>;

// Serves brobygger.people.v1.PeopleService. Reads run on gRPC's thread; what writes persons
// waits for the disk, and runs on a thread of its own.
class PeopleService final
    : public RawPeopleReads<RawPeopleWrites<people::v1::PeopleService::Service>> {
 public:
  // All must outlive the service.
  PeopleService(people::People& people,
                storage::Store& store,
                const base::Clock& clock,
                Door& door);

  grpc::ServerUnaryReactor* AddPerson(grpc::CallbackServerContext* context,
                                      const grpc::ByteBuffer* request,
                                      grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdatePerson(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ErasePerson(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RunRetention(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListContactPoints(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UnfoldPerson(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ExportPerson(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* FindPerson(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RequestCorrection(grpc::CallbackServerContext* context,
                                              const grpc::ByteBuffer* request,
                                              grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListCorrections(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CloseCorrection(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetOwnView(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;

  // Does what is waiting, and takes no more; the calls that come are refused.
  void Stop() { worker_.Stop(); }

 private:
  people::People& people_;
  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
  // Last, so that it ends first.
  WorkerPool worker_;
};

}  // namespace brobygger::rpc
