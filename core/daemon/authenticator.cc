#include "core/daemon/authenticator.h"

#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

using access::Caller;

constexpr std::string_view kBearer = "Bearer ";
constexpr char kClientAddress[] = "brobygger-client-address";

std::string MetadataOf(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  // Said twice, nobody knows which is meant.
  if (found == metadata.end() || metadata.count(key) != 1) return "";
  return {found->second.data(), found->second.size()};
}

Shown ShownBy(const grpc::ServerContextBase& context, const Caller& stranger) {
  std::string authorization = MetadataOf(context, "authorization");
  return {.bearer = authorization.starts_with(kBearer) ? authorization.substr(kBearer.size()) : "",
          .certificate = stranger.certificate_believed
                             ? MetadataOf(context, "brobygger-client-certificate")
                             : ""};
}

// The same answer, with more facts.
absl::Status WithFacts(const absl::Status& answer, std::vector<base::ErrorField> facts) {
  facts.emplace_back("why", base::ErrorMetadata(answer, "why"));
  return base::MakeError(base::ReasonOf(answer), std::string(answer.message()), facts);
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::CallerOf(
    const grpc::ServerContextBase& context) const {
  auto caller = CallerAt(context.peer());
  if (caller == nullptr) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED, "nobody may call from there");
  }
  if (caller->kind != access::CallerKind::kStranger) return ForPurpose(std::move(caller), context);
  const std::string source = SourceOf(MetadataOf(context, kClientAddress));
  BB_ASSIGN_OR_RETURN(Known known, Identify(ShownBy(context, *caller), source));
  known.who.purpose = MetadataOf(context, "brobygger-purpose");
  BB_ASSIGN_OR_RETURN(Caller admitted, parts_.policy.Current()->Admit(known.who));
  admitted.calls_per_minute = known.calls_per_minute;
  admitted.fields = std::move(known.fields);
  return std::make_shared<const Caller>(std::move(admitted));
}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::ForPurpose(
    std::shared_ptr<const Caller> caller, const grpc::ServerContextBase& context) const {
  const std::string purpose = MetadataOf(context, "brobygger-purpose");
  if (purpose.empty() || caller->kind != access::CallerKind::kOperator) return caller;
  auto restricted = std::make_shared<Caller>(*caller);
  BB_RETURN_IF_ERROR(parts_.policy.Current()->Restrict(purpose, *restricted));
  return restricted;
}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::CallerWithSecret(
    const grpc::ServerContextBase& context) const {
  auto caller = CallerAt(context.peer());
  if (caller == nullptr) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED, "nobody may call from there");
  }
  if (caller->kind == access::CallerKind::kStranger) {
    BB_RETURN_IF_ERROR(guesses_.MayTry(SourceOf(MetadataOf(context, kClientAddress))));
  }
  return caller;
}

absl::Status Authenticator::TellWrongSecret(const grpc::ServerContextBase& context,
                                            const char* what) const {
  const auto caller = CallerAt(context.peer());
  if (caller == nullptr || caller->kind != access::CallerKind::kStranger) return absl::OkStatus();
  const std::string source = SourceOf(MetadataOf(context, kClientAddress));
  Log({.answer = absl::OkStatus(), .what = what, .why = "Invalid", .guess = true}, source);
  return guesses_.TellWrong(source);
}

absl::StatusOr<Known> Authenticator::Identify(const Shown& shown, const std::string& source) const {
  if (!shown.bearer.empty()) BB_RETURN_IF_ERROR(guesses_.MayTry(source));
  auto judged = parts_.credentials.Judge(shown);
  if (auto* known = std::get_if<Known>(&judged)) return std::move(*known);
  const auto& unknown = std::get<Unknown>(judged);
  Log(unknown, source);
  if (unknown.guess) BB_RETURN_IF_ERROR(guesses_.TellWrong(source));
  const bool showed_nothing = shown.bearer.empty() && shown.certificate.empty();
  return showed_nothing ? WithFacts(unknown.answer, parts_.sign_in_facts) : unknown.answer;
}

void Authenticator::Log(const Unknown& unknown, const std::string& source) const {
  std::optional<std::uint64_t> held_back;
  {
    absl::MutexLock lock(&log_mutex_);
    held_back = log_limit_.Pass();
  }
  if (!held_back.has_value()) return;
  // An address is of a network, not of a person that the hub knows, and is what an operator needs.
  base::LogWarning("sign_in_refused", {{"what", base::LogValue::Vetted(unknown.what)},
                                       {"why", base::LogValue::Vetted(unknown.why)},
                                       {"source", base::LogValue::Vetted(source)},
                                       {"detail", base::LogValue::Vetted(unknown.detail)},
                                       {"since_last_line", *held_back}});
}

}  // namespace brobygger::daemon
