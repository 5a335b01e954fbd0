#include "core/rpc/sign_in_service.h"

#include <chrono>
#include <string>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::rpc {
namespace {

// All of them are for whoever is not signed in, so all are closed to a source that guesses.
Methods SignInMethods() {
  Methods methods = MethodsOf(
      *access::v1::BeginSignInRequest::descriptor()->file()->FindServiceByName("SignInService"));
  for (auto& [name, method] : methods) method.counts_guesses = true;
  return methods;
}

// However the door or a proxy was set up: a demo asks for no password, so it is for its own
// machine.
absl::Status CheckFromThisMachine(const grpc::CallbackServerContext& context) {
  const auto told = context.client_metadata().find("brobygger-client-address");
  if (told == context.client_metadata().end()) return absl::OkStatus();
  const std::string address(told->second.data(), told->second.size());
  if (absl::StartsWith(address, "127.") || address == "::1") return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "a demo's persons are for the demo's own machine");
}

absl::Status TooMuchAtOnce() {
  return base::MakeRetryError(
      errors::v1::ERROR_REASON_OVERLOADED,
      absl::StrCat(kMostConversations, " people sign in just now, which is the limit"),
      std::chrono::seconds(1), {{"limit", absl::StrCat(kMostConversations)}});
}

}  // namespace

SignInService::SignInService(SignIns& sign_ins, Door& door)
    : sign_ins_(sign_ins),
      entrance_{door, SignInMethods()},
      workers_(kMostConversations, kMostConversations) {}

void SignInService::Stop() {
  sign_ins_.Stop();
  workers_.Stop();
}

absl::Status SignInService::Told(const absl::Status& status,
                                 const grpc::CallbackServerContext& context) const {
  if (absl::StartsWith(base::ErrorMetadata(status, "why"), "wrong_")) {
    BB_RETURN_IF_ERROR(entrance_.door.TellWrongSecret(context, "sign_in"));
  }
  return status;
}

template <typename Request, typename Response>
void SignInService::AskAndAnswer(absl::StatusOr<Response> (SignIns::*ask)(const Request&),
                                 const Request& request,
                                 const grpc::CallbackServerContext& context,
                                 UnaryCall* call) {
  absl::StatusOr<Response> answer = absl::UnknownError("not asked");
  const absl::Status done = Guarded([&]() -> absl::Status {
    BB_RETURN_IF_ERROR(call->StillWanted());
    answer = (sign_ins_.*ask)(request);
    return answer.status();
  });
  // Before the answer: whoever has it may begin the next.
  --conversations_;
  if (!done.ok()) return call->Fail(Told(done, context));
  call->Answer(answer);
}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* SignInService::Converse(
    const Incoming& incoming, absl::StatusOr<Response> (SignIns::*ask)(const Request&)) {
  const grpc::CallbackServerContext* const context = incoming.context;
  return ServeUnary<Request>(
      entrance_, incoming, [this, ask, context](Request request, UnaryCall* call) -> absl::Status {
        if (++conversations_ > kMostConversations) {
          --conversations_;
          return TooMuchAtOnce();
        }
        const absl::Status begun =
            workers_.Push([this, ask, context, call, request = std::move(request)] {
              AskAndAnswer(ask, request, *context, call);
            });
        if (!begun.ok()) --conversations_;
        return begun;
      });
}

grpc::ServerUnaryReactor* SignInService::GetSignInWays(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeQuery<access::v1::GetSignInWaysRequest>(
      entrance_, {"GetSignInWays", context, request, response},
      [this](const access::v1::GetSignInWaysRequest& /*wanted*/)
          -> absl::StatusOr<access::v1::GetSignInWaysResponse> { return sign_ins_.Ways(); });
}

grpc::ServerUnaryReactor* SignInService::BeginSignIn(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return Converse({"BeginSignIn", context, request, response}, &SignIns::Begin);
}

grpc::ServerUnaryReactor* SignInService::FinishSignIn(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return Converse({"FinishSignIn", context, request, response}, &SignIns::Finish);
}

grpc::ServerUnaryReactor* SignInService::RenewSignIn(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return Converse({"RenewSignIn", context, request, response}, &SignIns::Renew);
}

grpc::ServerUnaryReactor* SignInService::EndSignIn(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return Converse({"EndSignIn", context, request, response}, &SignIns::End);
}

grpc::ServerUnaryReactor* SignInService::DemoSignIn(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return ServeQuery<access::v1::DemoSignInRequest>(
      entrance_, {"DemoSignIn", context, request, response},
      [this, context](const access::v1::DemoSignInRequest& wanted)
          -> absl::StatusOr<access::v1::DemoSignInResponse> {
        BB_RETURN_IF_ERROR(CheckFromThisMachine(*context));
        return sign_ins_.Demo(wanted);
      });
}

}  // namespace brobygger::rpc
