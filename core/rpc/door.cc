#include "core/rpc/door.h"

#include <absl/strings/str_cat.h>
#include <absl/synchronization/notification.h>
#include <absl/time/clock.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/rpc/revision_token.h"

namespace brobygger::rpc {

Methods MethodsOf(const google::protobuf::ServiceDescriptor& service) {
  Methods methods;
  for (int i = 0; i < service.method_count(); ++i) {
    if (auto access = access::AccessOf(*service.method(i)); access.ok()) {
      const std::string& name = service.method(i)->name();
      methods[name] = {*std::move(access), absl::StrCat(service.full_name(), "/", name)};
    }
  }
  return methods;
}

absl::StatusOr<std::shared_ptr<const access::Caller>> Callers::CallerOf(
    const grpc::ServerContextBase& context) const {
  auto caller = CallerAt(context.peer());
  if (caller != nullptr) return caller;
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED, "nobody may call from there");
}

absl::StatusOr<Door::Pass> Door::Enter(const Methods& methods,
                                       const std::string& method,
                                       const grpc::ServerContextBase& context) {
  BB_ASSIGN_OR_RETURN(auto caller, callers_.CallerOf(context));
  const auto found = methods.find(method);
  if (found == methods.end()) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           absl::StrCat("this caller may not call ", method));
  }
  if (absl::Status may = access::MayCall(*caller, found->second.access); !may.ok()) {
    if (options_.auditor != nullptr) {
      options_.auditor->RecordRefused({.actor = caller->actor,
                                       .purpose = caller->purpose,
                                       .method = found->second.path,
                                       .data_class = found->second.access.data_class(),
                                       .refused = "not_allowed",
                                       .municipality_code = caller->municipality_code});
    }
    return may;
  }
  if (closed_) {
    return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                           "the hub is stopping; try again when it is back");
  }
  BB_RETURN_IF_ERROR(CheckRevision(context));
  ++in_flight_;
  const int before = working_++;
  Pass pass(this, std::move(caller));
  if (before >= options_.calls_in_flight) {
    return base::MakeError(
        errors::v1::ERROR_REASON_OVERLOADED,
        absl::StrCat(options_.calls_in_flight,
                     " calls are under way, which is the limit; try again a little later"),
        {{"limit", absl::StrCat(options_.calls_in_flight)}});
  }
  return pass;
}

absl::Status Door::CheckRevision(const grpc::ServerContextBase& context) const {
  BB_ASSIGN_OR_RETURN(const auto wanted, WantedRevision(context.client_metadata()));
  if (!wanted || options_.newest_revision == nullptr) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const std::uint64_t newest, options_.newest_revision());
  return CheckReached(*wanted, newest);
}

std::optional<AuditedCall> Door::ToAudit(const Method& method,
                                         const access::Caller& caller,
                                         const google::protobuf::Message& request) const {
  if (options_.auditor == nullptr || !access::IsAudited(method.access)) return std::nullopt;
  AuditedCall call{.actor = caller.actor,
                   .purpose = caller.purpose,
                   .method = method.path,
                   .data_class = method.access.data_class(),
                   .municipality_code = caller.municipality_code};
  Describe(request, call);
  return call;
}

absl::Status Door::AuditNow(const Method& method,
                            const access::Caller& caller,
                            const google::protobuf::Message& request) const {
  auto call = ToAudit(method, caller, request);
  if (!call) return absl::OkStatus();
  absl::Notification told;
  absl::Status outcome;
  options_.auditor->Record(*std::move(call), AuditDeadline(), [&](absl::Status status) {
    outcome = std::move(status);
    told.Notify();
  });
  told.WaitForNotification();
  return outcome;
}

std::chrono::steady_clock::time_point Door::AuditDeadline() {
  return std::chrono::steady_clock::now() + std::chrono::seconds(2);
}

bool Door::AwaitEmpty(std::chrono::steady_clock::time_point until) const {
  // Asked once, when the hub stops: looking again and again costs calls less
  // than a lock that each of them would take.
  while (in_flight_ > 0) {
    if (std::chrono::steady_clock::now() >= until) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

absl::Status Door::StillWanted(const grpc::CallbackServerContext& context) const {
  if (context.deadline() < std::chrono::system_clock::time_point(options_.clock->Now())) {
    return base::MakeError(errors::v1::ERROR_REASON_DEADLINE_PASSED,
                           "the caller's deadline passed before the write; nothing was written");
  }
  if (context.IsCancelled()) return absl::CancelledError("the caller cancelled");
  return absl::OkStatus();
}

}  // namespace brobygger::rpc
