// What the command line and the hub both ask of the municipality's login provider (OpenID Connect,
// OAuth 2.0): where its addresses are, tokens, and that a token is of no use any more.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <nlohmann/json.hpp>

#include "core/base/clock.h"
#include "core/daemon/https_call.h"

namespace brobygger::daemon {

// Where to sign in, and as which program.
struct LoginClient {
  std::string issuer = {};     // the provider's address, as it stands in its tokens
  std::string client_id = {};  // what the provider knows the program by
  std::string scope = {};      // what is asked for; "" asks for nothing by name
};

// What signing in gives.
struct Tokens {
  std::string access_token = {};
  std::string refresh_token = {};  // "": there is none, so one signs in again when it has ended
  base::Instant expires_at = {};
  // Where the provider takes the refresh token, and where it takes it back ("": nowhere).
  std::string token_endpoint = {};
  std::string revocation_endpoint = {};
  std::string id_token = {};  // "": there is none
};

// What a provider tells of itself. All addresses are https, or of this machine.
struct ProviderAddresses {
  std::string issuer = {};
  std::string token_endpoint = {};
  // "": it has none, or one that is not safe.
  std::string device_endpoint = {};
  std::string authorization_endpoint = {};
  std::string revocation_endpoint = {};
  std::string end_session_endpoint = {};
};

// What asking a provider needs of the world, given to it so that tests need neither network nor
// time.
struct ProviderWorld {
  using Form = std::vector<std::pair<std::string, std::string>>;
  // POSTs a form, or GETs if it is empty; errors as daemon::Ask().
  std::function<absl::StatusOr<HttpsAnswer>(const std::string& url, const Form& form)> ask;
  const base::Clock* clock = &base::SystemClock();
};

// FAILED_PRECONDITION, in a sentence for a person: the provider says what cannot be relied on.
absl::Status UnusableProvider(const std::string& what);

// The JSON object in an answer of `what`. FAILED_PRECONDITION if there is none.
absl::StatusOr<nlohmann::json> ObjectIn(const HttpsAnswer& answer, const std::string& what);

// A text of at most `longest` bytes that may be printed or sent on: printable ASCII without
// spaces. Nothing otherwise. Pure.
std::optional<std::string> TextIn(const nlohmann::json& object,
                                  const char* name,
                                  std::size_t longest);

// A number of seconds, at most `most`; `usual` if the object has none. Pure.
std::chrono::seconds SecondsIn(const nlohmann::json& object,
                               const char* name,
                               std::chrono::seconds usual,
                               std::chrono::seconds most);

// `url` with parameters after it, each percent-encoded. Pure.
std::string WithParameters(const std::string& url, const ProviderWorld::Form& parameters);

// The header by which a program proves to a provider who it is (client_secret_basic, RFC 6749
// section 2.3.1). Pure.
std::string BasicAuthorization(const std::string& client_id, const std::string& secret);

// The provider's own word for what is wrong (RFC 6749 section 5.2); "" if it has none. Pure.
std::string ErrorIn(const nlohmann::json& object);

// Whether a provider's address may be used: https, or http on this machine. Pure.
bool IsSafeAddress(const std::string& url);

// The longest token that the hub takes, and the longest other text of a provider.
inline constexpr std::size_t kLongestProviderToken = 8192;
inline constexpr std::size_t kLongestProviderText = 2048;

// Finds the provider's addresses (OpenID Connect Discovery, RFC 8414). FAILED_PRECONDITION, in a
// sentence for a person: it does not tell, says that it is another issuer, or names a token
// endpoint that is not safe; UNAVAILABLE: it does not answer. INVALID_ARGUMENT: `issuer` is not
// safe.
absl::StatusOr<ProviderAddresses> Discover(const std::string& issuer, const ProviderWorld& world);

// The tokens in an answer of the token endpoint. FAILED_PRECONDITION: there is no bearer token
// that a header can hold.
absl::StatusOr<Tokens> ReadTokens(const nlohmann::json& object, const base::Clock& clock);

// Asks the token endpoint with `form`. UNAUTHENTICATED: the provider does not take what the form
// shows (invalid_grant). UNAVAILABLE: it does not answer, or has trouble. FAILED_PRECONDITION: it
// refuses the program, or says what cannot be relied on.
absl::StatusOr<Tokens> AskForTokens(const std::string& token_endpoint,
                                    const ProviderWorld::Form& form,
                                    const ProviderWorld& world);

// The next access token (RFC 6749 section 6). Errors as AskForTokens(). A provider that gives no
// new refresh token lets the old one go on.
absl::StatusOr<Tokens> RenewTokens(const LoginClient& client,
                                   const Tokens& old,
                                   const ProviderWorld& world);

// Tells the provider that the refresh token is of no use any more (RFC 7009), if it takes that.
absl::Status RevokeTokens(const LoginClient& client,
                          const Tokens& tokens,
                          const ProviderWorld& world);

}  // namespace brobygger::daemon
