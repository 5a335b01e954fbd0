#include "core/web/connect_door.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <grpcpp/generic/generic_stub.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/web/connect_protocol.h"
#include "core/web/digest.h"
#include "core/web/hub_stream.h"

namespace brobygger::web {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kUsualTime = std::chrono::seconds(30);
constexpr milliseconds kMostTime = std::chrono::minutes(2);
constexpr milliseconds kMostStreamTime = std::chrono::hours(6);
constexpr int kMostAnswerBytes = 32 << 20;
constexpr std::size_t kMostOfStrangers = std::size_t{16} << 10;

// What a caller may say in fields that the hub reads as metadata.
constexpr std::array<const char*, 2> kHandedOn = {"brobygger-purpose", "brobygger-min-revision"};
constexpr std::size_t kLongestField = 128;

// gRPC ends the process on metadata that is none.
bool IsPlain(const std::string& text) {
  return text.size() <= kLongestField &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

// What the hub tells beside an answer, such as the revision of a write.
void PutTrailers(const grpc::ClientContext& context, Response& response) {
  for (const auto& [key, value] : context.GetServerTrailingMetadata()) {
    const std::string name(key.data(), key.size());
    const std::string text(value.data(), value.size());
    if (!absl::StartsWith(name, "brobygger-") || !IsPlain(text)) continue;
    response.fields.emplace_back("trailer-" + name, text);
  }
}

}  // namespace

struct ConnectDoor::Stub {
  explicit Stub(const std::string& hub) : generic(ConnectToHub(hub, kMostAnswerBytes)) {}

  grpc::GenericStub generic;
};

struct ConnectDoor::UnaryCall {
  explicit UnaryCall(std::function<void()> leave) : presence(std::move(leave)) {}

  const Presence presence;
  grpc::ClientContext context;
  ConnectForm form;
  const Method* method = nullptr;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  std::shared_ptr<Admission::Ticket> ticket;
  std::function<void()> on_refused;
  Respond respond;
};

// What a call of either kind begins with.
struct ConnectDoor::Asked {
  const Request& request;
  const CalledBy& caller;
  const Method* method = nullptr;
  ConnectForm form = {};
  std::shared_ptr<Admission::Ticket> ticket = {};
  std::string message = {};  // in its wire form
};

ConnectDoor::ConnectDoor(const std::string& hub, const AdmissionLimits& limits)
    : stub_(std::make_unique<Stub>(hub)), admission_(limits) {}

ConnectDoor::~ConnectDoor() {
  const absl::MutexLock lock(&mutex_);
  for (grpc::ClientContext* const context : open_) context->TryCancel();
}

absl::Status ConnectDoor::Begin(const Asked& asked, grpc::ClientContext& context) const {
  const bool streams = asked.method->streams;
  const milliseconds most = streams ? kMostStreamTime : kMostTime;
  BB_ASSIGN_OR_RETURN(const milliseconds timeout,
                      TimeoutOf(asked.request, streams ? most : kUsualTime, most));
  SetDeadline(context, timeout);
  for (const char* const field : kHandedOn) {
    const std::string& value = asked.request.Field(field);
    if (!IsPlain(value)) {
      return absl::InvalidArgumentError(
          absl::StrCat(field, " must be printable ASCII, and at most 128 characters"));
    }
    if (!value.empty()) context.AddMetadata(field, value);
  }
  ShowCaller(asked.caller.bearer, asked.request.client_address, context);
  return absl::OkStatus();
}

// The status of a stream stands in its last message.
Response ConnectDoor::Refusal(const Asked& asked, const absl::Status& status) const {
  Response response = ErrorResponse(status, transcoder_);
  if (!asked.form.streams) return response;
  response.status = 200;
  response.fields[0].second = ContentTypeOf(asked.form);
  response.body = Envelope(kEndOfStream, EndOfStreamJson(status, transcoder_));
  return response;
}

absl::Status ConnectDoor::Admit(Asked& asked) {
  const std::string& bearer = asked.caller.bearer;
  const std::string who = bearer.empty() ? "from " + asked.request.client_address : "as " + bearer;
  BB_ASSIGN_OR_RETURN(asked.ticket, admission_.Enter(Sha256(who)));
  BB_RETURN_IF_ERROR(CheckProtocol(asked.request, asked.form));
  // The hub answers no stranger; it is not to cost much to hear that.
  if (bearer.empty() && asked.request.body.size() > kMostOfStrangers) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, "sign in first",
                           {{"why", "nothing_shown"}});
  }
  asked.message = asked.request.body;
  if (asked.form.streams) {
    BB_ASSIGN_OR_RETURN(asked.message, OpenEnvelope(asked.request.body));
  }
  if (asked.form.json) {
    BB_ASSIGN_OR_RETURN(asked.message,
                        transcoder_.ToWire(asked.method->request_url, asked.message));
  }
  return absl::OkStatus();
}

void ConnectDoor::Answer(const Request& request,
                         const std::string& method,
                         const CalledBy& caller,
                         const Respond& respond) {
  Asked asked{.request = request, .caller = caller, .method = methods_.Find(method)};
  if (asked.method == nullptr) {
    return respond({.status = 404, .fields = {{"Cache-Control", "no-store"}}});
  }
  const auto form = FormOf(request);
  if (!form.has_value() || form->streams != asked.method->streams) return respond(WrongType());
  asked.form = *form;
  if (const absl::Status admitted = Admit(asked); !admitted.ok()) {
    return respond(Refusal(asked, admitted));
  }
  return form->streams ? AnswerStream(asked, respond) : AnswerOnce(asked, respond);
}

void ConnectDoor::AnswerOnce(Asked& asked, const Respond& respond) {
  auto call = std::make_shared<UnaryCall>(calls_.Enter());
  if (const absl::Status begun = Begin(asked, call->context); !begun.ok()) {
    return respond(Refusal(asked, begun));
  }
  grpc::Slice slice(asked.message);
  call->request = grpc::ByteBuffer(&slice, 1);
  call->form = asked.form;
  call->method = asked.method;
  call->ticket = std::move(asked.ticket);
  call->on_refused = asked.caller.on_refused;
  call->respond = respond;
  UnaryCall& open = *call;
  {
    const absl::MutexLock lock(&mutex_);
    open_.insert(&open.context);
  }
  stub_->generic.UnaryCall(&open.context, open.method->path, {}, &open.request, &open.response,
                           [this, call = std::move(call)](const grpc::Status& status) {
                             {
                               const absl::MutexLock lock(&mutex_);
                               open_.erase(&call->context);
                             }
                             calls_.NoteReached(ReachedHub(status));
                             Tell(status, *call);
                           });
}

void ConnectDoor::Tell(const grpc::Status& status, UnaryCall& call) const {
  absl::StatusOr<std::string> told = std::string();
  if (!status.ok()) {
    told = ToTellableStatus(status);
    if (absl::IsUnauthenticated(told.status()) && call.on_refused) call.on_refused();
  } else {
    told = TextOf(call.response);
    if (call.form.json) told = transcoder_.ToJson(call.method->response_url, *told);
  }
  if (told.ok()) {
    if (const absl::Status room = call.ticket->Claim(told->size()); !room.ok()) told = room;
  }
  Response response;
  if (told.ok()) {
    response.fields = {{"Content-Type", ContentTypeOf(call.form)}, {"Cache-Control", "no-store"}};
    response.body = *std::move(told);
  } else {
    response = ErrorResponse(told.status(), transcoder_);
  }
  PutTrailers(call.context, response);
  response.held = std::move(call.ticket);
  std::exchange(call.respond, nullptr)(std::move(response));
}

HubStream::Wording ConnectDoor::WordingOf(const Method& method, bool json) const {
  return {.message = [this, &method, json](const std::string& wire) -> absl::StatusOr<std::string> {
            if (!json) return Envelope(0, wire);
            BB_ASSIGN_OR_RETURN(const std::string text,
                                transcoder_.ToJson(method.response_url, wire));
            return Envelope(0, text);
          },
          .end =
              [this](const absl::Status& status) {
                return Envelope(kEndOfStream, EndOfStreamJson(status, transcoder_));
              }};
}

void ConnectDoor::AnswerStream(Asked& asked, const Respond& respond) {
  const auto stream =
      std::make_shared<HubStream>(WordingOf(*asked.method, asked.form.json), calls_.Enter());
  if (const absl::Status begun = Begin(asked, stream->context()); !begun.ok()) {
    return respond(Refusal(asked, begun));
  }
  stream->Begin(stub_->generic, asked.method->path, asked.message);
  Response response;
  response.fields = {{"Content-Type", ContentTypeOf(asked.form)}, {"Cache-Control", "no-store"}};
  response.pieces = stream;
  response.held = std::move(asked.ticket);
  respond(std::move(response));
}

}  // namespace brobygger::web
