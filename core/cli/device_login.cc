#include "core/cli/device_login.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include <absl/strings/match.h>
#include <fmt/format.h>

#include "core/access/strict_json.h"
#include "core/base/status_macros.h"

namespace brobygger::cli {
namespace {

using daemon::HttpsAnswer;
using nlohmann::json;
using std::chrono::seconds;
using Form = LoginWorld::Form;

constexpr long kOk = 200;
constexpr std::size_t kDeepest = 8;
// The hub takes no longer tokens.
constexpr std::size_t kLongestToken = 8192;
constexpr std::size_t kLongestText = 2048;
// RFC 8628 section 3.2, and how much slower "slow_down" makes us (section 3.5).
constexpr seconds kUsualInterval(5);
constexpr seconds kSlower(5);
constexpr seconds kLongestInterval(60);
constexpr seconds kLongestCode = std::chrono::hours(1);
// Where a provider does not say how long its token lives.
constexpr seconds kUsualLife = std::chrono::minutes(5);

absl::Status Unusable(const std::string& what) {
  return absl::FailedPreconditionError(
      fmt::format("Signing in does not work: {}. Tell whoever runs the login provider.", what));
}

// An answer's JSON object.
absl::StatusOr<json> ObjectIn(const HttpsAnswer& answer, const std::string& what) {
  auto read = access::ParseStrictJson(answer.body, kDeepest);
  if (read.fault == access::JsonFault::kNone && read.value.is_object()) {
    return std::move(read.value);
  }
  return Unusable(
      fmt::format("{} answers {} with something that is not JSON", what, answer.status));
}

// A text that is printed, or sent on: printable ASCII alone.
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

bool IsSafe(const std::string& url) {
  return daemon::CheckAddress({.url = url, .plain_on_this_machine = true}).ok();
}

// The provider's own word for what is wrong (RFC 6749 section 5.2); "" if it has none.
std::string ErrorIn(const json& object) {
  return TextIn(object, "error", kLongestText).value_or("");
}

// What a provider tells of itself.
struct Provider {
  std::string device_endpoint;
  std::string token_endpoint;
  std::string revocation_endpoint;
};

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

absl::StatusOr<Provider> ReadMetadata(const json& metadata, const std::string& issuer) {
  // RFC 8414 section 3.3: otherwise one provider could pass for another.
  if (TextIn(metadata, "issuer", kLongestText) != issuer) {
    return Unusable(fmt::format("{} says that it is another login provider", issuer));
  }
  const auto device = TextIn(metadata, "device_authorization_endpoint", kLongestText);
  const auto token = TextIn(metadata, "token_endpoint", kLongestText);
  if (!device.has_value()) {
    return Unusable(fmt::format("{} does not let anybody sign in by a code (RFC 8628)", issuer));
  }
  if (!token.has_value() || !IsSafe(*token) || !IsSafe(*device)) {
    return Unusable(fmt::format("{} names addresses that are not https", issuer));
  }
  const auto revocation = TextIn(metadata, "revocation_endpoint", kLongestText);
  const bool revokes = revocation.has_value() && IsSafe(*revocation);
  return Provider{*device, *token, revokes ? *revocation : ""};
}

absl::StatusOr<Provider> Discover(const std::string& issuer, const LoginWorld& world) {
  if (!IsSafe(issuer)) {
    return absl::InvalidArgumentError(fmt::format(
        "The login provider's address must be https (http on this machine alone): {}", issuer));
  }
  std::string why;
  for (const std::string& place : PlacesOf(issuer)) {
    const auto answer = world.ask(place, {});
    if (!answer.ok()) {
      why = std::string(answer.status().message());
      continue;
    }
    if (answer->status != kOk) {
      why = fmt::format("it answers {}", answer->status);
      continue;
    }
    BB_ASSIGN_OR_RETURN(const json metadata, ObjectIn(*answer, issuer));
    return ReadMetadata(metadata, issuer);
  }
  return absl::FailedPreconditionError(
      fmt::format("The login provider at {} does not tell how to sign in: {}.", issuer, why));
}

struct Waiting {
  DeviceCode code;
  std::string device_code;
  seconds interval;
  base::Instant end;
};

absl::StatusOr<Waiting> AskForCode(const LoginClient& client,
                                   const Provider& provider,
                                   const LoginWorld& world) {
  Form form = {{"client_id", client.client_id}};
  if (!client.scope.empty()) form.emplace_back("scope", client.scope);
  const auto answer = world.ask(provider.device_endpoint, form);
  if (!answer.ok()) {
    return Unusable(fmt::format("{} does not answer ({})", provider.device_endpoint,
                                std::string(answer.status().message())));
  }
  BB_ASSIGN_OR_RETURN(const json object, ObjectIn(*answer, provider.device_endpoint));
  if (answer->status != kOk) {
    return Unusable(fmt::format("{} does not give the program '{}' a code: {}", client.issuer,
                                client.client_id, ErrorIn(object)));
  }
  const auto device_code = TextIn(object, "device_code", kLongestToken);
  const auto user_code = TextIn(object, "user_code", kLongestText);
  const auto uri = TextIn(object, "verification_uri", kLongestText);
  if (!device_code || !user_code || !uri || !IsSafe(*uri)) {
    return Unusable(fmt::format("{} gives no code, or no https page to use it", client.issuer));
  }
  const seconds good_for = SecondsIn(object, "expires_in", kUsualLife, kLongestCode);
  const auto complete = TextIn(object, "verification_uri_complete", kLongestText);
  const bool shown = complete.has_value() && IsSafe(*complete);
  return Waiting{.code = {*user_code, *uri, shown ? *complete : "", good_for},
                 .device_code = *device_code,
                 .interval = std::max(
                     seconds(1), SecondsIn(object, "interval", kUsualInterval, kLongestInterval)),
                 .end = world.clock->Now() + good_for};
}

absl::StatusOr<Tokens> ReadTokens(const json& object, const LoginWorld& world) {
  const auto token = TextIn(object, "access_token", kLongestToken);
  const auto type = TextIn(object, "token_type", kLongestText);
  if (!token || !type || !absl::EqualsIgnoreCase(*type, "bearer")) {
    return Unusable("the login provider gives no bearer token");
  }
  Tokens tokens;
  tokens.access_token = *token;
  tokens.refresh_token = TextIn(object, "refresh_token", kLongestToken).value_or("");
  tokens.expires_at =
      world.clock->Now() + SecondsIn(object, "expires_in", kUsualLife, std::chrono::hours(24));
  return tokens;
}

// What came of asking for the token once: it, an error that ends it, or nothing yet.
using Polled = absl::StatusOr<std::optional<Tokens>>;

Polled ReadPoll(const HttpsAnswer& answer, const LoginWorld& world, seconds& interval) {
  BB_ASSIGN_OR_RETURN(const json object, ObjectIn(answer, "the login provider"));
  if (answer.status == kOk) {
    BB_ASSIGN_OR_RETURN(Tokens tokens, ReadTokens(object, world));
    return std::optional<Tokens>(std::move(tokens));
  }
  const std::string error = ErrorIn(object);
  if (error == "slow_down") interval = std::min(interval + kSlower, kLongestInterval);
  if (error == "slow_down" || error == "authorization_pending") return std::optional<Tokens>();
  if (error == "access_denied") {
    return absl::PermissionDeniedError("Signing in was refused at the login provider.");
  }
  if (error == "expired_token") {
    return absl::UnauthenticatedError("The code has run out: brobygger login gives a new one.");
  }
  return Unusable(fmt::format("the login provider answers {} {}", answer.status, error));
}

Polled Poll(const LoginClient& client,
            const Provider& provider,
            Waiting& waiting,
            const LoginWorld& world) {
  const auto answer = world.ask(provider.token_endpoint,
                                {{"grant_type", "urn:ietf:params:oauth:grant-type:device_code"},
                                 {"device_code", waiting.device_code},
                                 {"client_id", client.client_id}});
  constexpr long kTooMany = 429;
  constexpr long kServerTrouble = 500;
  if (!answer.ok() || answer->status == kTooMany || answer->status >= kServerTrouble) {
    // RFC 8628 section 3.5: who does not get through asks half as often from then on.
    waiting.interval = std::min(waiting.interval * 2, kLongestInterval);
    return std::optional<Tokens>();
  }
  return ReadPoll(*answer, world, waiting.interval);
}

}  // namespace

absl::StatusOr<Tokens> LoginByCode(const LoginClient& client, const LoginWorld& world) {
  BB_ASSIGN_OR_RETURN(const Provider provider, Discover(client.issuer, world));
  BB_ASSIGN_OR_RETURN(Waiting waiting, AskForCode(client, provider, world));
  world.show(waiting.code);
  while (world.clock->Now() + waiting.interval < waiting.end) {
    BB_RETURN_IF_ERROR(world.wait(waiting.interval));
    BB_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, Poll(client, provider, waiting, world));
    if (!tokens) continue;
    tokens->token_endpoint = provider.token_endpoint;
    tokens->revocation_endpoint = provider.revocation_endpoint;
    return *std::move(tokens);
  }
  return absl::UnauthenticatedError("The code has run out: brobygger login gives a new one.");
}

absl::StatusOr<Tokens> RenewTokens(const LoginClient& client,
                                   const Tokens& old,
                                   const LoginWorld& world) {
  const auto answer = world.ask(old.token_endpoint, {{"grant_type", "refresh_token"},
                                                     {"refresh_token", old.refresh_token},
                                                     {"client_id", client.client_id}});
  constexpr long kClientTrouble = 400;
  constexpr long kServerTrouble = 500;
  if (!answer.ok()) return absl::UnavailableError(std::string(answer.status().message()));
  if (answer->status >= kClientTrouble && answer->status < kServerTrouble) {
    return absl::UnauthenticatedError("the login provider does not renew it");
  }
  if (answer->status != kOk) {
    return absl::UnavailableError(fmt::format("it answers {}", answer->status));
  }
  BB_ASSIGN_OR_RETURN(const json object, ObjectIn(*answer, "the login provider"));
  BB_ASSIGN_OR_RETURN(Tokens next, ReadTokens(object, world));
  if (next.refresh_token.empty()) next.refresh_token = old.refresh_token;
  next.token_endpoint = old.token_endpoint;
  next.revocation_endpoint = old.revocation_endpoint;
  return next;
}

absl::Status RevokeTokens(const LoginClient& client,
                          const Tokens& tokens,
                          const LoginWorld& world) {
  if (tokens.revocation_endpoint.empty() || tokens.refresh_token.empty()) return absl::OkStatus();
  return world
      .ask(tokens.revocation_endpoint, {{"token", tokens.refresh_token},
                                        {"token_type_hint", "refresh_token"},
                                        {"client_id", client.client_id}})
      .status();
}

}  // namespace brobygger::cli
