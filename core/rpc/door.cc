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

absl::Status Door::Refused(const Method& method,
                           const access::Caller& caller,
                           const absl::Status& status) const {
  const std::string word = RefusalWord(status);
  if (options_.auditor == nullptr || word.empty()) return status;
  options_.auditor->RecordRefused({.actor = caller.actor,
                                   .purpose = caller.purpose,
                                   .method = method.path,
                                   .data_class = method.access.data_class(),
                                   .refused = word,
                                   .municipality_code = caller.municipality_code,
                                   .department_id = caller.department_id,
                                   .roles = caller.roles,
                                   .outcome = audit::v1::OUTCOME_REFUSED});
  return status;
}

absl::StatusOr<Door::Pass> Door::Enter(const Methods& methods,
                                       const std::string& method,
                                       const grpc::ServerContextBase& context) {
  const auto found = methods.find(method);
  const bool by_secret = found != methods.end() && found->second.counts_guesses;
  auto caller = by_secret ? callers_.CallerWithSecret(context) : callers_.CallerOf(context);
  if (found == methods.end()) {
    BB_RETURN_IF_ERROR(caller.status());
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           absl::StrCat("this caller may not call ", method));
  }
  const Method& called = found->second;
  if (!caller.ok()) return Refused(called, access::Stranger(), caller.status());
  const bool writes = access::IsToWrite(called.access.right());
  // Strangers share no quota: one of them could use it up. What they try is counted by source.
  const bool counted = (*caller)->kind != access::CallerKind::kStranger;
  if (options_.quotas != nullptr && counted) {
    if (absl::Status may = options_.quotas->Enter(**caller, writes); !may.ok()) {
      return Refused(called, **caller, may);
    }
  }
  if (absl::Status may = access::MayCall(**caller, called.access); !may.ok()) {
    return Refused(called, **caller, may);
  }
  if (closed_) {
    return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                           "the hub is stopping; try again when it is back");
  }
  BB_RETURN_IF_ERROR(CheckRevision(context));
  ++in_flight_;
  const int before = working_++;
  Pass pass(this, *std::move(caller));
  // The last eighth is kept for writes: whoever reads can ask again.
  const int limit = options_.calls_in_flight - (writes ? 0 : options_.calls_in_flight / 8);
  if (before >= limit) {
    return base::MakeRetryError(errors::v1::ERROR_REASON_OVERLOADED,
                                absl::StrCat(limit, " calls are under way, which is the limit"),
                                std::chrono::seconds(1), {{"limit", absl::StrCat(limit)}});
  }
  return pass;
}

absl::Status Door::StillMay(const Method& method, const grpc::ServerContextBase& context) const {
  auto caller = callers_.CallerOf(context);
  // Who was let in stays while nobody can tell: the login provider may be down.
  if (base::ReasonOf(caller.status()) == errors::v1::ERROR_REASON_OVERLOADED) {
    return absl::OkStatus();
  }
  if (!caller.ok()) return Refused(method, access::Stranger(), caller.status());
  if (absl::Status may = access::MayCall(**caller, method.access); !may.ok()) {
    return Refused(method, **caller, may);
  }
  return absl::OkStatus();
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
                   .municipality_code = caller.municipality_code,
                   .department_id = caller.department_id,
                   .roles = caller.roles};
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
