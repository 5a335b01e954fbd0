#pragma once

#include <grpcpp/grpcpp.h>

#include "brobygger/contact/v1/contact_service.grpc.pb.h"

#include "core/base/clock.h"
#include "core/rpc/unary_call.h"
#include "core/scope/scoped_store.h"
#include "core/storage/store.h"

namespace brobygger::rpc {

// Every method raw: we read requests and make answers ourselves (messages.h).
template <typename Base>
using RawContactReads = contact::v1::ContactService::WithRawCallbackMethod_ListTouchpoints<Base>;
template <typename Base>
using RawContactWrites = contact::v1::ContactService::WithRawCallbackMethod_AddTouchpoint<
    contact::v1::ContactService::WithRawCallbackMethod_ReviewTouchpoint<
        contact::v1::ContactService::WithRawCallbackMethod_CompleteFollowUp<
            contact::v1::ContactService::WithRawCallbackMethod_DeleteTouchpoint<Base>>>>;

// Serves brobygger.contact.v1.ContactService. Reads run on gRPC's thread.
class ContactService final
    : public RawContactReads<RawContactWrites<contact::v1::ContactService::Service>> {
 public:
  // All must outlive the service.
  ContactService(storage::Store& store, const base::Clock& clock, Door& door);

  grpc::ServerUnaryReactor* ListTouchpoints(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* AddTouchpoint(grpc::CallbackServerContext* context,
                                          const grpc::ByteBuffer* request,
                                          grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* ReviewTouchpoint(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* CompleteFollowUp(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;
  grpc::ServerUnaryReactor* DeleteTouchpoint(grpc::CallbackServerContext* context,
                                             const grpc::ByteBuffer* request,
                                             grpc::ByteBuffer* response) override;

 private:
  const scope::Stores stores_;
  const base::Clock& clock_;
  const Entrance entrance_;
};

}  // namespace brobygger::rpc
