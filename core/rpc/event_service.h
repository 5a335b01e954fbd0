#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/event/v1/event_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawEventReads = event::v1::EventService::WithRawCallbackMethod_GetEvent<
    event::v1::EventService::WithRawCallbackMethod_ListEvents<
        event::v1::EventService::WithRawCallbackMethod_ListFeedKeys<
            event::v1::EventService::WithRawCallbackMethod_GetFeed<Base>>>>;
template <typename Base>
using RawEventWrites = event::v1::EventService::WithRawCallbackMethod_CreateEvent<
    event::v1::EventService::WithRawCallbackMethod_UpdateEvent<
        event::v1::EventService::WithRawCallbackMethod_CancelEvent<
            event::v1::EventService::WithRawCallbackMethod_InviteAssociations<
                event::v1::EventService::WithRawCallbackMethod_RecordAttendance<
                    event::v1::EventService::WithRawCallbackMethod_AnswerInvitation<
                        event::v1::EventService::WithRawCallbackMethod_RecordMeetings<
                            event::v1::EventService::WithRawCallbackMethod_PublishEvent<
                                event::v1::EventService::WithRawCallbackMethod_CreateFeedKey<
                                    event::v1::EventService::WithRawCallbackMethod_RevokeFeedKey<
                                        Base>>>>>>>>>>;

// Serves brobygger.event.v1.EventService. Reads run on gRPC's thread.
class EventService final : public RawEventReads<RawEventWrites<event::v1::EventService::Service>> {
 public:
  struct Settings {
    bool has_mail = false;   // whether the hub can send invitations by mail
    std::string public_url;  // under what address the web door is reached; empty: it was not told
  };

  // All must outlive the service.
  EventService(storage::Store& store, const base::Clock& clock, Door& door, Settings settings);

  grpc::ServerUnaryReactor* GetEvent(grpc::CallbackServerContext* context,
                                     const grpc::ByteBuffer* request,
                                     grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListEvents(grpc::CallbackServerContext* context,
                                       const grpc::ByteBuffer* request,
                                       grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ListFeedKeys(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* GetFeed(grpc::CallbackServerContext* context,
                                    const grpc::ByteBuffer* request,
                                    grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateEvent(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* UpdateEvent(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CancelEvent(grpc::CallbackServerContext* context,
                                        const grpc::ByteBuffer* request,
                                        grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* InviteAssociations(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordAttendance(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AnswerInvitation(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RecordMeetings(grpc::CallbackServerContext* context,
                                           const grpc::ByteBuffer* request,
                                           grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* PublishEvent(grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CreateFeedKey(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* RevokeFeedKey(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;

 private:
  absl::Status TellFeed(const event::v1::GetFeedRequest& wanted, UnaryCall* call) const;

  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
  const Settings settings_;
};

}  // namespace brobygger::rpc
