#include "core/rpc/door.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::rpc {

Methods MethodsOf(const google::protobuf::ServiceDescriptor& service) {
  Methods methods;
  for (int i = 0; i < service.method_count(); ++i) {
    if (auto access = access::AccessOf(*service.method(i)); access.ok()) {
      methods[service.method(i)->name()] = *std::move(access);
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
  const auto access = methods.find(method);
  if (access == methods.end()) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                           absl::StrCat("this caller may not call ", method));
  }
  BB_RETURN_IF_ERROR(access::MayCall(*caller, access->second));
  if (closed_) {
    return base::MakeError(errors::v1::ERROR_REASON_STOPPING,
                           "the hub is stopping; try again when it is back");
  }
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
