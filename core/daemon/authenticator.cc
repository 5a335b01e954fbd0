#include "core/daemon/authenticator.h"

#include <array>
#include <chrono>
#include <utility>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/access/api_key.h"
#include "core/access/jwt.h"
#include "core/access/token_refusal.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/rpc/api_keys.h"

namespace brobygger::daemon {
namespace {

using access::Caller;
using access::Who;

// How long a call waits for the keys of a provider.
constexpr std::chrono::milliseconds kKeysWait(1500);

constexpr char kBearer[] = "Bearer ";
constexpr char kKeyPrefix[] = "bb_";

absl::Status NotSignedIn(const std::string& why, const std::string& text) {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, text, {{"why", why}});
}

std::string MetadataOf(const grpc::ServerContextBase& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(key);
  // Said twice, nobody knows which is meant.
  if (found == metadata.end() || metadata.count(key) != 1) return "";
  return {found->second.data(), found->second.size()};
}

}  // namespace

std::string Authenticator::ActorOf(const std::string& issuer, const std::string& subject) const {
  constexpr std::size_t kBytes = 10;
  const std::string text = absl::StrCat(issuer, "\n", subject);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), parts_.actor_key.data(), static_cast<int>(parts_.actor_key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return absl::StrCat(
      "user:", absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), kBytes}));
}

absl::StatusOr<std::shared_ptr<const Caller>> Authenticator::CallerOf(
    const grpc::ServerContextBase& context) const {
  auto caller = CallerAt(context.peer());
  if (caller == nullptr) {
    return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED, "nobody may call from there");
  }
  if (caller->kind != access::CallerKind::kStranger) return caller;
  const std::string shown = MetadataOf(context, "authorization");
  if (!shown.starts_with(kBearer)) {
    return NotSignedIn("nothing_shown",
                       "sign in first: brobygger login, or send an API key or an access token as "
                       "'authorization: Bearer ...'");
  }
  const std::string credential = shown.substr(std::string_view(kBearer).size());
  BB_ASSIGN_OR_RETURN(
      Who who, credential.starts_with(kKeyPrefix) ? WhoByKey(credential) : WhoByToken(credential));
  who.purpose = MetadataOf(context, "brobygger-purpose");
  BB_ASSIGN_OR_RETURN(Caller admitted, parts_.policy.Current()->Admit(who));
  return std::make_shared<const Caller>(std::move(admitted));
}

absl::StatusOr<Who> Authenticator::WhoByToken(const std::string& token) const {
  if (!parts_.issuer.has_value() || parts_.keys == nullptr) {
    return NotSignedIn("no_issuer", "this hub takes no access tokens; ask who runs it");
  }
  auto claims =
      access::VerifyToken(token, *parts_.issuer, *parts_.keys, parts_.clock.Now(), kKeysWait);
  if (absl::IsUnavailable(claims.status()) || absl::IsDeadlineExceeded(claims.status())) {
    return base::MakeError(errors::v1::ERROR_REASON_OVERLOADED,
                           "the login provider's keys cannot be had just now; try again");
  }
  if (!claims.ok()) {
    base::LogWarning(
        "token_refused",
        {{"why", base::LogValue::Vetted(access::NameOf(access::RefusalOf(claims.status())))}});
    return NotSignedIn("token", "the access token is not valid (any more); sign in again");
  }
  // Bound to a certificate that the proxy does not hand on, so nobody can say who shows it.
  if (!claims->certificate_sha256.empty()) {
    return NotSignedIn("bound",
                       "the access token is bound to a certificate, which this hub does "
                       "not see; ask for one that is not");
  }
  return Who{.actor = ActorOf(claims->issuer, claims->subject),
             .kind = access::CallerKind::kEmployee,
             .roles = claims->roles,
             .municipality_code = claims->municipality_code,
             .department_id = claims->department_ids.empty() ? "" : claims->department_ids.front()};
}

absl::StatusOr<Who> Authenticator::WhoByKey(const std::string& key) const {
  const auto refused = [](const absl::Status& why) {
    base::LogWarning(
        "api_key_refused",
        {{"why", base::LogValue::Vetted(access::NameOf(access::ApiKeyRefusalOf(why)))}});
    return NotSignedIn("api_key", "the API key is not valid (any more); ask for a new one");
  };
  const auto shown = access::ReadApiKey(key);
  if (!shown.ok()) return refused(shown.status());
  BB_ASSIGN_OR_RETURN(const auto snapshot, parts_.store.Latest());
  BB_ASSIGN_OR_RETURN(const auto record, rpc::FindApiKey(*snapshot, shown->id));
  const absl::Status checked =
      access::CheckApiKey(*shown, record ? &*record : nullptr, parts_.clock.Now());
  if (!checked.ok()) return refused(checked);
  // A key with the volunteer centres' role is a volunteer centre's.
  const bool centre = record->scopes.size() == 1 && record->scopes.front() == "volunteer-centre";
  return Who{.actor = absl::StrCat("key:", record->id),
             .kind = centre ? access::CallerKind::kVolunteerCentre : access::CallerKind::kSystem,
             .roles = record->scopes,
             .municipality_code = record->municipality_code};
}

}  // namespace brobygger::daemon
