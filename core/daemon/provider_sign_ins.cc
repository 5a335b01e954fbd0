#include "core/daemon/provider_sign_ins.h"

#include <array>
#include <utility>

#include <absl/strings/str_cat.h>
#include <openssl/sha.h>

#include "core/access/token_refusal.h"
#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/daemon/sign_in_fields.h"
#include "core/daemon/web_addresses.h"

namespace brobygger::daemon {
namespace {

namespace v1 = access::v1;
using Form = ProviderWorld::Form;
using std::chrono::milliseconds;

constexpr char kCallback[] = "/session/callback";
constexpr std::size_t kShortestState = 16;
constexpr std::size_t kLongestState = 256;
// RFC 7636 sections 4.1 and 4.2.
constexpr std::size_t kShortestVerifier = 43;
constexpr std::size_t kLongestVerifier = 128;
constexpr std::size_t kChallenge = 43;
// How long a call waits for the provider's keys.
constexpr milliseconds kSignInKeysWait(1500);

absl::Status Away(const std::string& why) {
  base::LogWarning("login_provider_away", {{"why", base::LogValue::Vetted(why)}});
  return base::MakeRetryError(errors::v1::ERROR_REASON_OVERLOADED,
                              "the login provider does not answer just now",
                              std::chrono::seconds(5), {{"why", "provider_away"}});
}

// What a person who runs the hub or the provider has to put right.
absl::Status Unusable(const char* why, const std::string& detail) {
  base::LogError("login_provider_unusable",
                 {{"what", base::LogValue::Vetted(why)}, {"why", base::LogValue::Vetted(detail)}});
  return NotSignedIn(why,
                     "nobody can sign in just now: the hub and the login provider do not agree; "
                     "ask whoever runs the hub, whose log says more");
}

// What the caller is told of an error of login_provider.h; `wrong` where the provider does not take
// what the caller showed.
absl::Status ToCaller(const absl::Status& status, const absl::Status& wrong) {
  if (status.ok() || base::ReasonOf(status) != errors::v1::ERROR_REASON_UNSPECIFIED) return status;
  if (absl::IsUnauthenticated(status)) return wrong;
  if (absl::IsUnavailable(status)) return Away(std::string(status.message()));
  return Unusable("provider", std::string(status.message()));
}

absl::Status ToCaller(const absl::Status& status) {
  if (absl::IsUnauthenticated(status)) return Unusable("provider", std::string(status.message()));
  return ToCaller(status, absl::OkStatus());
}

std::string HostOf(const std::string& url) {
  const std::size_t begin = url.find("://") + 3;
  return url.substr(begin, url.find('/', begin) - begin);
}

absl::Status CheckPage(const char* field,
                       const std::string& uri,
                       const std::string& path,
                       const std::string& public_url) {
  if (IsOwnPage(uri, path, public_url)) return absl::OkStatus();
  return WrongSignInField(field, public_url.empty()
                                     ? absl::StrCat("http://127.0.0.1:PORT", path,
                                                    ", since the hub's web.public_url is empty")
                                     : absl::StrCat(path, " at the hub's web.public_url"));
}

std::string DigestOf(const std::string& text) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

ProviderWorld ProviderSignIns::NewConversation(std::string authorization) const {
  ProviderWorld world;
  world.clock = &parts_.clock;
  const auto end = std::chrono::steady_clock::now() + kConversation;
  world.ask = [this, end, authorization = std::move(authorization)](
                  const std::string& url, const Form& form) -> absl::StatusOr<HttpsAnswer> {
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) return absl::UnavailableError("it takes too long");
    return parts_.ask({.url = url,
                       .plain_on_this_machine = true,
                       .ca_file = parts_.ca_file,
                       .most_time = left,
                       .form = form,
                       // What is asked without a form is public.
                       .authorization = form.empty() ? "" : authorization},
                      stop_.get_token());
  };
  return world;
}

absl::StatusOr<std::string> ProviderSignIns::Authorization() const {
  if (parts_.client_secret.empty()) return "";
  const auto secret = parts_.secrets(parts_.client_secret);
  // Where the secret is, is nothing for a stranger.
  if (!secret.ok()) return Unusable("provider", std::string(secret.status().message()));
  return BasicAuthorization(parts_.client.client_id, *secret);
}

absl::StatusOr<ProviderAddresses> ProviderSignIns::Addresses(const ProviderWorld& world) {
  const base::Instant now = parts_.clock.Now();
  {
    absl::MutexLock lock(&mutex_);
    if (addresses_.has_value() && now - addresses_at_ < kKeepAddresses) return *addresses_;
  }
  auto found = Discover(parts_.client.issuer, world);
  if (!found.ok()) return ToCaller(found.status());
  if (found->authorization_endpoint.empty()) {
    return Unusable("provider", "it names no https page on which to sign in");
  }
  absl::MutexLock lock(&mutex_);
  addresses_ = *found;
  addresses_at_ = now;
  return *std::move(found);
}

v1::GetSignInWaysResponse ProviderSignIns::Ways() {
  v1::GetSignInWaysResponse ways;
  ways.set_provider_host(HostOf(parts_.client.issuer));
  return ways;
}

absl::StatusOr<v1::BeginSignInResponse> ProviderSignIns::Begin(
    const v1::BeginSignInRequest& request) {
  BB_RETURN_IF_ERROR(
      CheckPage("redirect_uri", request.redirect_uri(), kCallback, parts_.public_url));
  BB_RETURN_IF_ERROR(CheckUnreserved("state", request.state(), kShortestState, kLongestState));
  BB_RETURN_IF_ERROR(CheckUnreserved("nonce", request.nonce(), kShortestState, kLongestState));
  BB_RETURN_IF_ERROR(
      CheckUnreserved("code_challenge", request.code_challenge(), kChallenge, kChallenge));
  BB_ASSIGN_OR_RETURN(const ProviderAddresses addresses, Addresses(NewConversation("")));
  v1::BeginSignInResponse answer;
  answer.set_authorization_url(WithParameters(addresses.authorization_endpoint,
                                              {{"response_type", "code"},
                                               {"client_id", parts_.client.client_id},
                                               {"redirect_uri", request.redirect_uri()},
                                               {"scope", parts_.client.scope},
                                               {"state", request.state()},
                                               {"nonce", request.nonce()},
                                               {"code_challenge", request.code_challenge()},
                                               {"code_challenge_method", "S256"}}));
  return answer;
}

absl::StatusOr<v1::FinishSignInResponse> ProviderSignIns::Finish(
    const v1::FinishSignInRequest& request) {
  BB_RETURN_IF_ERROR(
      CheckPage("redirect_uri", request.redirect_uri(), kCallback, parts_.public_url));
  BB_RETURN_IF_ERROR(CheckOpaque("code", request.code(), kLongestProviderText));
  BB_RETURN_IF_ERROR(CheckUnreserved("code_verifier", request.code_verifier(), kShortestVerifier,
                                     kLongestVerifier));
  BB_RETURN_IF_ERROR(CheckUnreserved("nonce", request.nonce(), kShortestState, kLongestState));
  BB_ASSIGN_OR_RETURN(std::string authorization, Authorization());
  const ProviderWorld world = NewConversation(std::move(authorization));
  BB_ASSIGN_OR_RETURN(const ProviderAddresses addresses, Addresses(world));
  const auto tokens = AskForTokens(addresses.token_endpoint,
                                   {{"grant_type", "authorization_code"},
                                    {"code", request.code()},
                                    {"redirect_uri", request.redirect_uri()},
                                    {"client_id", parts_.client.client_id},
                                    {"code_verifier", request.code_verifier()}},
                                   world);
  if (!tokens.ok()) {
    return ToCaller(tokens.status(),
                    NotSignedIn("wrong_code",
                                "the login provider does not take the code (any more); sign in "
                                "again"));
  }
  v1::FinishSignInResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_sign_in(), ToSignIn(*tokens, request.nonce()));
  return answer;
}

absl::StatusOr<v1::RenewSignInResponse> ProviderSignIns::Renew(
    const v1::RenewSignInRequest& request) {
  BB_RETURN_IF_ERROR(CheckOpaque("refresh_token", request.refresh_token(), kLongestProviderToken));
  BB_ASSIGN_OR_RETURN(std::string authorization, Authorization());
  const ProviderWorld world = NewConversation(std::move(authorization));
  BB_ASSIGN_OR_RETURN(const ProviderAddresses addresses, Addresses(world));
  const auto tokens = RenewTokens(
      parts_.client,
      {.refresh_token = request.refresh_token(), .token_endpoint = addresses.token_endpoint},
      world);
  if (!tokens.ok()) {
    return ToCaller(
        tokens.status(),
        NotSignedIn(WasGood(request.refresh_token()) ? "ended" : "wrong_refresh_token",
                    "the login provider does not renew the sign-in (any more); sign in again"));
  }
  v1::RenewSignInResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_sign_in(), ToSignIn(*tokens, std::nullopt));
  return answer;
}

absl::StatusOr<v1::EndSignInResponse> ProviderSignIns::End(const v1::EndSignInRequest& request) {
  const std::string& back = request.post_logout_redirect_uri();
  if (!back.empty()) {
    BB_RETURN_IF_ERROR(CheckPage("post_logout_redirect_uri", back, "/", parts_.public_url));
  }
  for (const auto& [field, token] : {std::pair("refresh_token", request.refresh_token()),
                                     std::pair("id_token", request.id_token())}) {
    if (token.empty()) continue;
    BB_RETURN_IF_ERROR(CheckOpaque(field, token, kLongestProviderToken));
  }
  BB_ASSIGN_OR_RETURN(std::string authorization, Authorization());
  const ProviderWorld world = NewConversation(std::move(authorization));
  BB_ASSIGN_OR_RETURN(const ProviderAddresses addresses, Addresses(world));
  const absl::Status revoked = RevokeTokens(parts_.client,
                                            {.refresh_token = request.refresh_token(),
                                             .revocation_endpoint = addresses.revocation_endpoint},
                                            world);
  if (!revoked.ok()) return ToCaller(revoked);
  v1::EndSignInResponse answer;
  if (addresses.end_session_endpoint.empty()) return answer;
  Form parameters = {{"client_id", parts_.client.client_id}};
  if (!request.id_token().empty()) parameters.emplace_back("id_token_hint", request.id_token());
  if (!back.empty()) parameters.emplace_back("post_logout_redirect_uri", back);
  answer.set_end_session_url(WithParameters(addresses.end_session_endpoint, parameters));
  return answer;
}

absl::StatusOr<access::IdClaims> ProviderSignIns::ReadIdToken(
    const Tokens& tokens, const std::optional<std::string>& nonce) const {
  auto read = access::VerifyIdToken(
      tokens.id_token,
      {.issuer = parts_.client.issuer, .client_id = parts_.client.client_id, .nonce = nonce},
      parts_.keys, parts_.clock.Now(), kSignInKeysWait);
  if (absl::IsUnavailable(read.status()) || absl::IsDeadlineExceeded(read.status())) {
    return Away(std::string(read.status().message()));
  }
  if (!read.ok()) {
    return Unusable("provider", absl::StrCat("its ID token: ",
                                             access::NameOf(access::RefusalOf(read.status()))));
  }
  if (!read->nonce_fits) {
    return NotSignedIn("wrong_nonce", "this is not the sign-in that was begun; sign in again");
  }
  return read;
}

absl::StatusOr<v1::SignIn> ProviderSignIns::ToSignIn(const Tokens& tokens,
                                                     const std::optional<std::string>& nonce) {
  v1::SignIn sign_in;
  if (!tokens.id_token.empty()) {
    BB_ASSIGN_OR_RETURN(const access::IdClaims claims, ReadIdToken(tokens, nonce));
    sign_in.set_display_name(claims.display_name);
  } else if (nonce.has_value()) {
    return Unusable("provider", "it gives no ID token; access.web_scope must have \"openid\"");
  }
  if (absl::Status taken = parts_.takes(tokens.access_token); !taken.ok()) {
    if (base::ReasonOf(taken) == errors::v1::ERROR_REASON_OVERLOADED) return taken;
    return Unusable("token_not_taken", std::string(taken.message()));
  }
  Remember(tokens.refresh_token);
  sign_in.set_access_token(tokens.access_token);
  sign_in.set_refresh_token(tokens.refresh_token);
  sign_in.set_id_token(tokens.id_token);
  SetExpireTime(tokens.expires_at, sign_in);
  return sign_in;
}

void ProviderSignIns::Remember(const std::string& refresh_token) {
  if (refresh_token.empty()) return;
  const std::string digest = DigestOf(refresh_token);
  absl::MutexLock lock(&mutex_);
  if (!good_.insert(digest).second) return;
  good_order_.push_back(digest);
  if (good_order_.size() <= kMostRemembered) return;
  good_.erase(good_order_.front());
  good_order_.pop_front();
}

bool ProviderSignIns::WasGood(const std::string& refresh_token) const {
  const std::string digest = DigestOf(refresh_token);
  absl::MutexLock lock(&mutex_);
  return good_.contains(digest);
}

}  // namespace brobygger::daemon
