#pragma once

#include <atomic>
#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/message.h>
#include <grpcpp/grpcpp.h>

#include "core/rpc/door.h"
#include "core/rpc/messages.h"

namespace brobygger::rpc {

// One call of a method with one answer. Lives from when gRPC hands it over until
// gRPC has sent the answer; must be answered exactly once, from any thread, and
// not be touched afterwards.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(grpc::CallbackServerContext& context, grpc::ByteBuffer& response)
      : context_(context), response_(response) {}

  // The door's pass; the call then leaves when its answer has been sent.
  void Admit(const Door& door, const Method& method, Door::Pass pass) {
    door_ = &door;
    method_ = &method;
    pass_ = std::move(pass);
  }

  // Only once the call has been admitted.
  const access::Caller& caller() const { return pass_.caller(); }
  absl::Status StillWanted() const { return door_->StillWanted(context_); }

  // Tells the audit log of the call when it is known what came of it, and lets nothing out before
  // the log has it. Before it is answered.
  void AuditAnswer(Auditor& auditor, AuditedCall audited);
  // The same of a change that the log was told of before it was begun (BegunOf()): the log is told
  // again only if nothing came of it.
  void AuditFailure(Auditor& auditor, AuditedCall audited);
  // Whom the call turned out to be about, for the audit log. Before it is answered.
  void SayAbout(std::vector<std::string> subject_ids);
  // Tells the audit log, and waits until it has it, that the change is about to be made: of a call
  // of which AuditAnswer() was said. Not on gRPC's threads. AUDIT_UNAVAILABLE: it must not be made.
  absl::Status AuditBegun();

  // From which revision on the call asks to be answered, by its metadata; 0: it does not ask.
  std::uint64_t MinRevision() const;

  // The answer tells the revision that this write made. Before it is answered.
  void SayRevision(std::uint64_t revision);

  void Fail(const absl::Status& status);
  void Answer(grpc::ByteBuffer bytes);

  template <std::derived_from<google::protobuf::Message> Response>
  void Answer(const absl::StatusOr<Response>& response) {
    if (!response.ok()) return Fail(response.status());
    pass_.Told(RowsIn(*response));
    Answer(ToBytes(*response));
  }

  void OnDone() override;

 private:
  // What the audit log is still to be told of the call.
  struct Audit {
    Auditor& auditor;
    AuditedCall call;
    bool failure_only = false;
  };

  // Finishes the call, by way of the audit log where that is to be told.
  void Conclude();
  void FinishWith(const absl::Status& status);

  grpc::CallbackServerContext& context_;
  grpc::ByteBuffer& response_;
  absl::Status outcome_;
  std::unique_ptr<Audit> audit_;
  const Door* door_ = nullptr;
  const Method* method_ = nullptr;
  Door::Pass pass_;
  std::atomic<bool> answered_ = false;
};

// A call as gRPC hands it over.
struct Incoming {
  const char* method;
  grpc::CallbackServerContext* context;
  const grpc::ByteBuffer* request;
  grpc::ByteBuffer* response;
};

// What a service needs to let calls in.
struct Entrance {
  Door& door;
  Methods methods;
  // What the log is told beside what the request says by itself; unset: nothing.
  std::function<void(const google::protobuf::Message&, AuditedCall&)> describe = {};
};

// Runs `body`, which may throw what a library throws; nothing is thrown on.
template <typename Body>
absl::Status Guarded(const Body& body) {
  try {
    return body();
  } catch (const std::exception& error) {
    return absl::InternalError(std::string("exception: ") + error.what());
  } catch (...) {
    return absl::InternalError("exception of an unknown type");
  }
}

// The first of the log's two records of a change, with what the second will be known by.
AuditedCall BegunOf(AuditedCall audited);

// Hands a request on to `handle` when the audit log has it, where it is to be told: what changes
// something before, what reads with the answer.
template <typename Request, typename Handle>
absl::Status HandleAudited(const Entrance& entrance,
                           const Method& method,
                           Request request,
                           const Handle& handle,
                           UnaryCall* call) {
  auto audited = entrance.door.ToAudit(method, call->caller(), request);
  if (!audited) return handle(std::move(request), call);
  if (entrance.describe) entrance.describe(request, *audited);
  Auditor& auditor = *entrance.door.options().auditor;
  if (!access::IsToWrite(method.access.right())) {
    call->AuditAnswer(auditor, *std::move(audited));
    return handle(std::move(request), call);
  }
  auto held = std::make_shared<Request>(std::move(request));
  const AuditedCall begins = BegunOf(*std::move(audited));
  auditor.Record(begins, Door::AuditDeadline(),
                 [held, handle, call, &auditor, begins](const absl::Status& told) {
                   const absl::Status begun = Guarded([&]() -> absl::Status {
                     if (!told.ok()) return told;
                     call->AuditFailure(auditor, begins);
                     return handle(std::move(*held), call);
                   });
                   if (!begun.ok()) call->Fail(begun);
                 });
  return absl::OkStatus();
}

// The way in of every method with one answer: lets the caller in, reads the
// request, and calls `next(request, call)`. If that returns an error, or throws,
// the call is answered with it; otherwise `next` has answered or will. The audit
// log is for `next` to tell.
template <typename Request, typename Next>
grpc::ServerUnaryReactor* LetIn(const Entrance& entrance,
                                const Incoming& incoming,
                                const Next& next) {
  auto owned = std::make_unique<UnaryCall>(*incoming.context, *incoming.response);
  UnaryCall* call = owned.release();  // gRPC's from here; OnDone() takes it back
  const absl::Status status = Guarded([&]() -> absl::Status {
    auto pass = entrance.door.Enter(entrance.methods, incoming.method, *incoming.context);
    if (!pass.ok()) return pass.status();
    call->Admit(entrance.door, entrance.methods.at(incoming.method), *std::move(pass));
    Request request;
    const auto limit = entrance.door.options().request_bytes;
    if (auto read = ParseRequest(*incoming.request, limit, &request); !read.ok()) return read;
    return next(std::move(request), call);
  });
  if (!status.ok()) call->Fail(status);
  return call;
}

// LetIn() with the audit log: what changes something is in it before `handle` is
// called, on another thread then, so `handle` is copied; what reads, with what
// came of it, before its answer goes out.
template <typename Request, typename Handle>
grpc::ServerUnaryReactor* ServeUnary(const Entrance& entrance,
                                     const Incoming& incoming,
                                     const Handle& handle) {
  return LetIn<Request>(entrance, incoming, [&](Request request, UnaryCall* call) {
    return HandleAudited(entrance, entrance.methods.at(incoming.method), std::move(request), handle,
                         call);
  });
}

// The same for a method that only reads: `query(request)` answers at once.
template <typename Request, typename Query>
grpc::ServerUnaryReactor* ServeQuery(const Entrance& entrance,
                                     const Incoming& incoming,
                                     const Query& query) {
  return ServeUnary<Request>(entrance, incoming, [&](const Request& request, UnaryCall* call) {
    call->Answer(query(request));
    return absl::OkStatus();
  });
}

}  // namespace brobygger::rpc
