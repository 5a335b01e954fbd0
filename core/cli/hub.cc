#include "core/cli/hub.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <grpcpp/support/proto_buffer_reader.h>
#include <grpcpp/support/proto_buffer_writer.h>

#include "brobygger/access/v1/access_service.pb.h"
#include "brobygger/access/v1/join_service.pb.h"
#include "brobygger/audit/v1/audit_service.pb.h"
#include "brobygger/collab/v1/advice_service.pb.h"
#include "brobygger/collab/v1/collaboration_service.pb.h"
#include "brobygger/collab/v1/course_service.pb.h"
#include "brobygger/collab/v1/network_service.pb.h"
#include "brobygger/collab/v1/resource_check_service.pb.h"
#include "brobygger/contact/v1/contact_service.pb.h"
#include "brobygger/discovery/v1/discovery_service.pb.h"
#include "brobygger/event/v1/event_service.pb.h"
#include "brobygger/feed/v1/feed_service.pb.h"
#include "brobygger/grant/v1/grant_service.pb.h"
#include "brobygger/grant/v1/pool_service.pb.h"
#include "brobygger/grant/v1/premises_service.pb.h"
#include "brobygger/identity/v1/identity_service.pb.h"
#include "brobygger/people/v1/people_service.pb.h"
#include "brobygger/registry/v1/municipality_service.pb.h"
#include "brobygger/registry/v1/registry_service.pb.h"
#include "brobygger/report/v1/programme_service.pb.h"
#include "brobygger/search/v1/search_service.pb.h"
#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/cli/errors.h"

namespace brobygger::cli {
namespace {

// A message may be as large as the hub sends: a page of 500 records.
constexpr int kMaxMessageBytes = 64 << 20;

constexpr std::string_view kHttps = "https://";

std::optional<std::string> MethodTaking(const google::protobuf::ServiceDescriptor* service,
                                        const google::protobuf::Descriptor* request) {
  for (int i = 0; i < service->method_count(); ++i) {
    const auto* method = service->method(i);
    if (method->input_type() == request) {
      return fmt::format("/{}/{}", service->full_name(), method->name());
    }
  }
  return std::nullopt;
}

std::string MethodPath(const google::protobuf::Descriptor* request) {
  const google::protobuf::FileDescriptor* files[] = {
      registry::v1::GetAssociationRequest::descriptor()->file(),
      registry::v1::ListTasksRequest::descriptor()->file(),
      search::v1::SearchAssociationsRequest::descriptor()->file(),
      sync::v1::PlanSyncRequest::descriptor()->file(),
      feed::v1::FollowChangesRequest::descriptor()->file(),
      identity::v1::ResolveRecordRequest::descriptor()->file(),
      grant::v1::GetGrantApplicationRequest::descriptor()->file(),
      grant::v1::GetPoolRequest::descriptor()->file(),
      grant::v1::ListPremisesRequest::descriptor()->file(),
      contact::v1::ListTouchpointsRequest::descriptor()->file(),
      event::v1::GetEventRequest::descriptor()->file(),
      discovery::v1::WhoKnowsRequest::descriptor()->file(),
      access::v1::WhoAmIRequest::descriptor()->file(),
      access::v1::JoinRequest::descriptor()->file(),
      audit::v1::ListAccessLogRequest::descriptor()->file(),
      people::v1::AddPersonRequest::descriptor()->file(),
      collab::v1::GetAgreementRequest::descriptor()->file(),
      collab::v1::ListResourceChecksRequest::descriptor()->file(),
      collab::v1::GetCourseRequest::descriptor()->file(),
      collab::v1::GetNetworkRequest::descriptor()->file(),
      report::v1::PutProgrammeRequest::descriptor()->file(),
      collab::v1::ListAdviceRequest::descriptor()->file(),
  };
  for (const auto* file : files) {
    if (auto path = MethodTaking(file->service(0), request)) return *path;
  }
  return "/" + request->full_name();
}

grpc::ByteBuffer ToBuffer(const google::protobuf::Message& message) {
  grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

bool FromBuffer(grpc::ByteBuffer& buffer, google::protobuf::Message& message) {
  grpc::ProtoBufferReader reader(&buffer);
  return message.ParseFromZeroCopyStream(&reader);
}

// One call, driven step by step: every step waits for its own completion.
class Exchange {
 public:
  Exchange(grpc::GenericStub& stub,
           const std::string& method,
           Patience patience,
           const Hub::Credentials& credentials) {
    if (!credentials.token.empty()) {
      context_.AddMetadata("authorization", "Bearer " + credentials.token);
    }
    if (!credentials.purpose.empty()) {
      context_.AddMetadata("brobygger-purpose", credentials.purpose);
    }
    if (patience > Patience::zero()) {
      context_.set_deadline(std::chrono::system_clock::now() + patience);
    }
    call_ = stub.PrepareCall(&context_, method, &queue_);
  }

  ~Exchange() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  void Cancel() { context_.TryCancel(); }

  void Send(const google::protobuf::Message& request) {
    call_->StartCall(this);
    if (!Step()) return;
    call_->WriteLast(ToBuffer(request), grpc::WriteOptions(), this);
    Step();
  }

  bool Read(google::protobuf::Message& response) {
    grpc::ByteBuffer buffer;
    call_->Read(&buffer, this);
    return Step() && FromBuffer(buffer, response);
  }

  grpc::Status Finish() {
    grpc::Status status;
    call_->Finish(&status, this);
    Step();
    return status;
  }

 private:
  bool Step() {
    void* tag = nullptr;
    bool ok = false;
    return queue_.Next(&tag, &ok) && ok;
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
};

}  // namespace

struct Hub::Channel {
  grpc::GenericStub stub;
};

Hub::Hub(std::string address, const Identity& identity) : address_(std::move(address)) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  if (IsEncrypted(address_)) {
    channel_ = std::make_unique<Channel>(Channel{grpc::GenericStub(
        grpc::CreateCustomChannel(address_.substr(kHttps.size()),
                                  grpc::SslCredentials({.pem_root_certs = "",
                                                        .pem_private_key = identity.key,
                                                        .pem_cert_chain = identity.certificate}),
                                  arguments))});
    return;
  }
  // A Unix socket has no host name; gRPC would send the path, percent-encoded.
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  channel_ = std::make_unique<Channel>(Channel{grpc::GenericStub(
      grpc::CreateCustomChannel(address_, grpc::InsecureChannelCredentials(), arguments))});
}

bool Hub::IsEncrypted(const std::string& address) { return address.starts_with(kHttps); }

bool Hub::KeepsSecrets(const std::string& address) {
  return IsEncrypted(address) || address.starts_with("unix:");
}

Hub::~Hub() = default;

absl::Status Hub::Run(const google::protobuf::Message& request,
                      google::protobuf::Message& response,
                      Patience patience,
                      absl::FunctionRef<bool()> each) {
  Exchange exchange(channel_->stub, MethodPath(request.GetDescriptor()), patience, credentials_);
  interrupts_.Enter([&] { exchange.Cancel(); });
  exchange.Send(request);
  bool ended_by_us = false;
  while (!ended_by_us && exchange.Read(response)) {
    ended_by_us = !each();
  }
  if (ended_by_us) exchange.Cancel();
  const grpc::Status status = exchange.Finish();
  interrupts_.Leave();
  return ended_by_us ? absl::OkStatus() : FromGrpc(status);
}

}  // namespace brobygger::cli
