#include "core/rpc/join_service.h"

#include <memory>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/rpc/join_codes.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

constexpr char kJoin[] = "Join";

Methods JoinMethods() {
  Methods methods =
      MethodsOf(*access::v1::JoinRequest::descriptor()->file()->FindServiceByName("JoinService"));
  methods.at(kJoin).counts_guesses = true;
  return methods;
}

absl::Status CheckRole(const access::Policy& policy) {
  if (policy.roles().count("association") > 0) return absl::OkStatus();
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "the hub's policy has no role 'association', so nobody could speak for "
                         "one; ask whoever runs the hub");
}

// Writes what the code is good for, and answers the call when it is durable.
void SubmitJoin(storage::Store& store,
                const access::v1::JoinRequest& wanted,
                const std::string& official_name,
                UnaryCall* call) {
  const auto answer = std::make_shared<access::v1::JoinResponse>();
  answer->set_official_name(official_name);
  store.Submit(
      call->caller().actor,
      [wanted, answer, call](storage::Transaction& transaction) {
        return Guarded([&]() -> absl::Status {
          BB_ASSIGN_OR_RETURN(auto made, Redeem(transaction, wanted.code(), wanted.title()));
          *answer->mutable_api_key() = std::move(made.api_key);
          answer->set_key(std::move(made.text));
          return call->StillWanted();
        });
      },
      [answer, call](const absl::StatusOr<storage::Revision>& done) {
        if (!done.ok()) return call->Fail(done.status());
        call->SayRevision(*done);
        call->Answer(absl::StatusOr<access::v1::JoinResponse>(std::move(*answer)));
      });
}

}  // namespace

JoinService::JoinService(storage::Store& store,
                         const base::Clock& clock,
                         PolicySource policy,
                         Door& door)
    : stores_(store), clock_(clock), policy_(std::move(policy)), entrance_{door, JoinMethods()} {}

grpc::ServerUnaryReactor* JoinService::CreateJoinCode(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  const auto run =
      [this](storage::Transaction& transaction, const access::v1::CreateJoinCodeRequest& wanted,
             const std::string& actor) -> absl::StatusOr<access::v1::CreateJoinCodeResponse> {
    BB_RETURN_IF_ERROR(CheckRole(*policy_()));
    BB_ASSIGN_OR_RETURN(auto made,
                        rpc::CreateJoinCode(transaction, wanted.association_id(), actor));
    access::v1::CreateJoinCodeResponse answer;
    *answer.mutable_join_code() = std::move(made.join_code);
    answer.set_code(std::move(made.text));
    return answer;
  };
  return ServeUnary<access::v1::CreateJoinCodeRequest>(
      entrance_, {"CreateJoinCode", context, request, response},
      [this, run](access::v1::CreateJoinCodeRequest wanted, UnaryCall* call) {
        return SubmitWrite<access::v1::CreateJoinCodeResponse>(stores_, std::move(wanted), call,
                                                               run);
      });
}

grpc::ServerUnaryReactor* JoinService::ListJoinCodes(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeRead<access::v1::ListJoinCodesRequest>(
      entrance_, stores_, {"ListJoinCodes", context, request, response},
      [this](const storage::Store& store, const access::v1::ListJoinCodesRequest& wanted)
          -> absl::StatusOr<access::v1::ListJoinCodesResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        BB_ASSIGN_OR_RETURN(auto codes,
                            rpc::ListJoinCodes(*latest, wanted.association_id(), clock_.Now()));
        access::v1::ListJoinCodesResponse answer;
        for (auto& code : codes) *answer.add_join_codes() = std::move(code);
        return answer;
      });
}

grpc::ServerUnaryReactor* JoinService::WithdrawJoinCode(grpc::CallbackServerContext* context,
                                                        const grpc::ByteBuffer* request,
                                                        grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const access::v1::WithdrawJoinCodeRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<access::v1::WithdrawJoinCodeResponse> {
    access::v1::WithdrawJoinCodeResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_join_code(),
                        rpc::WithdrawJoinCode(transaction, wanted.join_code_id()));
    return answer;
  };
  return ServeUnary<access::v1::WithdrawJoinCodeRequest>(
      entrance_, {"WithdrawJoinCode", context, request, response},
      [this, run](access::v1::WithdrawJoinCodeRequest wanted, UnaryCall* call) {
        return SubmitWrite<access::v1::WithdrawJoinCodeResponse>(stores_, std::move(wanted), call,
                                                                 run);
      });
}

grpc::ServerUnaryReactor* JoinService::Join(grpc::CallbackServerContext* context,
                                            const grpc::ByteBuffer* request,
                                            grpc::ByteBuffer* response) {
  return ServeUnary<access::v1::JoinRequest>(
      entrance_, {kJoin, context, request, response},
      [this, context](access::v1::JoinRequest wanted, UnaryCall* call) {
        return BeginJoin(std::move(wanted), *context, call);
      });
}

absl::Status JoinService::BeginJoin(access::v1::JoinRequest wanted,
                                    const grpc::CallbackServerContext& context,
                                    UnaryCall* call) const {
  const Method& method = entrance_.methods.at(kJoin);
  BB_ASSIGN_OR_RETURN(storage::Store* const store, stores_.Whole(method.access));
  BB_ASSIGN_OR_RETURN(const auto latest, store->Latest());
  // Before all else that may be wrong with the request, so that each wrong code is counted.
  const auto code = FindOpenJoinCode(*latest, wanted.code(), clock_.Now());
  if (base::ReasonOf(code.status()) == errors::v1::ERROR_REASON_JOIN_CODE_INVALID) {
    BB_RETURN_IF_ERROR(entrance_.door.TellWrongSecret(context, "join_code"));
  }
  BB_RETURN_IF_ERROR(code.status());
  Auditor* const auditor = entrance_.door.options().auditor;
  if (auditor == nullptr) {
    SubmitJoin(*store, wanted, code->official_name(), call);
    return absl::OkStatus();
  }
  // It changes something, though it needs no right; and it is about the association, which only the
  // code tells.
  AuditedCall audited{.actor = call->caller().actor,
                      .purpose = "",
                      .method = method.path,
                      .data_class = method.access.data_class(),
                      .object_id = code->association_id()};
  auditor->Record(std::move(audited), Door::AuditDeadline(),
                  [store, wanted = std::move(wanted), name = code->official_name(),
                   call](const absl::Status& told) {
                    if (!told.ok()) return call->Fail(told);
                    SubmitJoin(*store, wanted, name, call);
                  });
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* JoinService::ListAssociationKeys(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeRead<access::v1::ListAssociationKeysRequest>(
      entrance_, stores_, {"ListAssociationKeys", context, request, response},
      [](const storage::Store& store, const access::v1::ListAssociationKeysRequest& wanted)
          -> absl::StatusOr<access::v1::ListAssociationKeysResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        BB_ASSIGN_OR_RETURN(auto keys, rpc::ListAssociationKeys(*latest, wanted.association_id()));
        access::v1::ListAssociationKeysResponse answer;
        for (auto& key : keys) *answer.add_api_keys() = std::move(key);
        return answer;
      });
}

grpc::ServerUnaryReactor* JoinService::RevokeAssociationKey(grpc::CallbackServerContext* context,
                                                            const grpc::ByteBuffer* request,
                                                            grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const access::v1::RevokeAssociationKeyRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<access::v1::RevokeAssociationKeyResponse> {
    access::v1::RevokeAssociationKeyResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_api_key(),
                        rpc::RevokeAssociationKey(transaction, wanted.api_key_id()));
    return answer;
  };
  return ServeUnary<access::v1::RevokeAssociationKeyRequest>(
      entrance_, {"RevokeAssociationKey", context, request, response},
      [this, run](access::v1::RevokeAssociationKeyRequest wanted, UnaryCall* call) {
        return SubmitWrite<access::v1::RevokeAssociationKeyResponse>(stores_, std::move(wanted),
                                                                     call, run);
      });
}

}  // namespace brobygger::rpc
