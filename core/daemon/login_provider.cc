#include "core/daemon/login_provider.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "core/access/strict_json.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

using nlohmann::json;
using std::chrono::seconds;

constexpr long kHttpOk = 200;
constexpr long kTooMany = 429;
constexpr long kServerTrouble = 500;
constexpr std::size_t kDeepest = 8;
// Where a provider does not say how long its token lives.
constexpr seconds kUsualLife = std::chrono::minutes(5);

// Where the metadata may be: OpenID Connect puts the well-known path after the issuer's own, RFC
// 8414 before it.
std::vector<std::string> PlacesOf(const std::string& issuer) {
  const std::string base = issuer.ends_with('/') ? issuer.substr(0, issuer.size() - 1) : issuer;
  const std::size_t path = base.find('/', base.find("://") + 3);
  const std::string host = base.substr(0, path);
  const std::string rest = path == std::string::npos ? "" : base.substr(path);
  return {base + "/.well-known/openid-configuration",
          host + "/.well-known/oauth-authorization-server" + rest};
}

std::string PercentEncoded(const std::string& text) {
  std::string encoded;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
        std::string_view("-._~").find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      absl::StrAppend(&encoded, "%", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  return encoded;
}

// "" where the provider has no such address, or one that must not be used.
std::string SafeAddressIn(const json& metadata, const char* name) {
  const auto address = TextIn(metadata, name, kLongestProviderText);
  return address.has_value() && IsSafeAddress(*address) ? *address : "";
}

absl::StatusOr<ProviderAddresses> ReadMetadata(const json& metadata, const std::string& issuer) {
  // RFC 8414 section 3.3: otherwise one provider could pass for another.
  if (TextIn(metadata, "issuer", kLongestProviderText) != issuer) {
    return UnusableProvider(absl::StrCat(issuer, " says that it is another login provider"));
  }
  ProviderAddresses provider{
      .issuer = issuer,
      .token_endpoint = SafeAddressIn(metadata, "token_endpoint"),
      .device_endpoint = SafeAddressIn(metadata, "device_authorization_endpoint"),
      .authorization_endpoint = SafeAddressIn(metadata, "authorization_endpoint"),
      .revocation_endpoint = SafeAddressIn(metadata, "revocation_endpoint"),
      .end_session_endpoint = SafeAddressIn(metadata, "end_session_endpoint")};
  if (provider.token_endpoint.empty()) {
    return UnusableProvider(
        absl::StrCat(issuer, " names no address for tokens, or one that is not https"));
  }
  return provider;
}

}  // namespace

std::string WithParameters(const std::string& url, const ProviderWorld::Form& parameters) {
  std::string text = url;
  for (const auto& [key, value] : parameters) {
    absl::StrAppend(&text, text.find('?') == std::string::npos ? "?" : "&", key, "=",
                    PercentEncoded(value));
  }
  return text;
}

std::string BasicAuthorization(const std::string& client_id, const std::string& secret) {
  return absl::StrCat("Basic ", absl::Base64Escape(absl::StrCat(PercentEncoded(client_id), ":",
                                                                PercentEncoded(secret))));
}

absl::Status UnusableProvider(const std::string& what) {
  return absl::FailedPreconditionError(
      absl::StrCat("Signing in does not work: ", what, ". Tell whoever runs the login provider."));
}

absl::StatusOr<json> ObjectIn(const HttpsAnswer& answer, const std::string& what) {
  auto read = access::ParseStrictJson(answer.body, kDeepest);
  if (read.fault == access::JsonFault::kNone && read.value.is_object()) {
    return std::move(read.value);
  }
  return UnusableProvider(
      absl::StrCat(what, " answers ", answer.status, " with something that is not JSON"));
}

std::optional<std::string> TextIn(const json& object, const char* name, std::size_t longest) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  auto text = found->get<std::string>();
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
  if (!plain || text.empty() || text.size() > longest) return std::nullopt;
  return text;
}

seconds SecondsIn(const json& object, const char* name, seconds usual, seconds most) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number_unsigned()) return usual;
  const auto told = found->get<std::uint64_t>();
  return told > static_cast<std::uint64_t>(most.count()) ? most
                                                         : seconds(static_cast<std::int64_t>(told));
}

std::string ErrorIn(const json& object) {
  return TextIn(object, "error", kLongestProviderText).value_or("");
}

bool IsSafeAddress(const std::string& url) {
  return CheckAddress({.url = url, .plain_on_this_machine = true}).ok();
}

absl::StatusOr<ProviderAddresses> Discover(const std::string& issuer, const ProviderWorld& world) {
  if (!IsSafeAddress(issuer)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The login provider's address must be https (http on this machine alone): ", issuer));
  }
  std::string why;
  bool away = false;
  for (const std::string& place : PlacesOf(issuer)) {
    const auto answer = world.ask(place, {});
    if (!answer.ok()) {
      why = std::string(answer.status().message());
      away = away || absl::IsUnavailable(answer.status());
      continue;
    }
    if (answer->status != kHttpOk) {
      why = absl::StrCat("it answers ", answer->status);
      away = away || answer->status == kTooMany || answer->status >= kServerTrouble;
      continue;
    }
    BB_ASSIGN_OR_RETURN(const json metadata, ObjectIn(*answer, issuer));
    return ReadMetadata(metadata, issuer);
  }
  const std::string text =
      absl::StrCat("The login provider at ", issuer, " does not tell how to sign in: ", why, ".");
  return away ? absl::UnavailableError(text) : absl::FailedPreconditionError(text);
}

absl::StatusOr<Tokens> ReadTokens(const json& object, const base::Clock& clock) {
  const auto token = TextIn(object, "access_token", kLongestProviderToken);
  const auto type = TextIn(object, "token_type", kLongestProviderText);
  if (!token || !type || !absl::EqualsIgnoreCase(*type, "bearer")) {
    return UnusableProvider("the login provider gives no bearer token");
  }
  Tokens tokens;
  tokens.access_token = *token;
  tokens.refresh_token = TextIn(object, "refresh_token", kLongestProviderToken).value_or("");
  tokens.id_token = TextIn(object, "id_token", kLongestProviderToken).value_or("");
  tokens.expires_at =
      clock.Now() + SecondsIn(object, "expires_in", kUsualLife, std::chrono::hours(24));
  return tokens;
}

absl::StatusOr<Tokens> AskForTokens(const std::string& token_endpoint,
                                    const ProviderWorld::Form& form,
                                    const ProviderWorld& world) {
  const auto answer = world.ask(token_endpoint, form);
  if (!answer.ok()) return absl::UnavailableError(std::string(answer.status().message()));
  if (answer->status == kTooMany || answer->status >= kServerTrouble) {
    return absl::UnavailableError(absl::StrCat("it answers ", answer->status));
  }
  BB_ASSIGN_OR_RETURN(const json object, ObjectIn(*answer, "the login provider"));
  if (answer->status == kHttpOk) return ReadTokens(object, *world.clock);
  const std::string error = ErrorIn(object);
  if (error == "invalid_grant") {
    return absl::UnauthenticatedError("the login provider does not take it (any more)");
  }
  return UnusableProvider(absl::StrCat("the login provider answers ", answer->status, " ", error));
}

absl::StatusOr<Tokens> RenewTokens(const LoginClient& client,
                                   const Tokens& old,
                                   const ProviderWorld& world) {
  BB_ASSIGN_OR_RETURN(Tokens next, AskForTokens(old.token_endpoint,
                                                {{"grant_type", "refresh_token"},
                                                 {"refresh_token", old.refresh_token},
                                                 {"client_id", client.client_id}},
                                                world));
  if (next.refresh_token.empty()) next.refresh_token = old.refresh_token;
  next.token_endpoint = old.token_endpoint;
  next.revocation_endpoint = old.revocation_endpoint;
  return next;
}

absl::Status RevokeTokens(const LoginClient& client,
                          const Tokens& tokens,
                          const ProviderWorld& world) {
  if (tokens.revocation_endpoint.empty() || tokens.refresh_token.empty()) return absl::OkStatus();
  return world
      .ask(tokens.revocation_endpoint, {{"token", tokens.refresh_token},
                                        {"token_type_hint", "refresh_token"},
                                        {"client_id", client.client_id}})
      .status();
}

}  // namespace brobygger::daemon
