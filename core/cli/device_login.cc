#include "core/cli/device_login.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "core/base/status_macros.h"

namespace brobygger::cli {
namespace {

using daemon::HttpsAnswer;
using daemon::ProviderAddresses;
using nlohmann::json;
using std::chrono::seconds;
using Form = LoginWorld::Form;

constexpr long kOk = 200;
// RFC 8628 section 3.2, and how much slower "slow_down" makes us (section 3.5).
constexpr seconds kUsualInterval(5);
constexpr seconds kSlower(5);
constexpr seconds kLongestInterval(60);
constexpr seconds kLongestCode = std::chrono::hours(1);
// Where a provider does not say how long its code is good for.
constexpr seconds kUsualCode = std::chrono::minutes(5);

struct Waiting {
  DeviceCode code;
  std::string device_code;
  seconds interval;
  base::Instant end;
};

absl::StatusOr<Waiting> AskForCode(const LoginClient& client,
                                   const ProviderAddresses& provider,
                                   const LoginWorld& world) {
  if (provider.device_endpoint.empty()) {
    return daemon::UnusableProvider(
        fmt::format("{} does not let anybody sign in by a code (RFC 8628)", client.issuer));
  }
  Form form = {{"client_id", client.client_id}};
  if (!client.scope.empty()) form.emplace_back("scope", client.scope);
  const auto answer = world.ask(provider.device_endpoint, form);
  if (!answer.ok()) {
    return daemon::UnusableProvider(fmt::format("{} does not answer ({})", provider.device_endpoint,
                                                std::string(answer.status().message())));
  }
  BB_ASSIGN_OR_RETURN(const json object, daemon::ObjectIn(*answer, provider.device_endpoint));
  if (answer->status != kOk) {
    return daemon::UnusableProvider(fmt::format("{} does not give the program '{}' a code: {}",
                                                client.issuer, client.client_id,
                                                daemon::ErrorIn(object)));
  }
  const auto device_code = daemon::TextIn(object, "device_code", daemon::kLongestProviderToken);
  const auto user_code = daemon::TextIn(object, "user_code", daemon::kLongestProviderText);
  const auto uri = daemon::TextIn(object, "verification_uri", daemon::kLongestProviderText);
  if (!device_code || !user_code || !uri || !daemon::IsSafeAddress(*uri)) {
    return daemon::UnusableProvider(
        fmt::format("{} gives no code, or no https page to use it", client.issuer));
  }
  const seconds good_for = daemon::SecondsIn(object, "expires_in", kUsualCode, kLongestCode);
  const auto complete =
      daemon::TextIn(object, "verification_uri_complete", daemon::kLongestProviderText);
  const bool shown = complete.has_value() && daemon::IsSafeAddress(*complete);
  return Waiting{
      .code = {*user_code, *uri, shown ? *complete : "", good_for},
      .device_code = *device_code,
      .interval = std::max(seconds(1),
                           daemon::SecondsIn(object, "interval", kUsualInterval, kLongestInterval)),
      .end = world.clock->Now() + good_for};
}

// What came of asking for the token once: it, an error that ends it, or nothing yet.
using Polled = absl::StatusOr<std::optional<Tokens>>;

Polled ReadPoll(const HttpsAnswer& answer, const LoginWorld& world, seconds& interval) {
  BB_ASSIGN_OR_RETURN(const json object, daemon::ObjectIn(answer, "the login provider"));
  if (answer.status == kOk) {
    BB_ASSIGN_OR_RETURN(Tokens tokens, daemon::ReadTokens(object, *world.clock));
    return std::optional<Tokens>(std::move(tokens));
  }
  const std::string error = daemon::ErrorIn(object);
  if (error == "slow_down") interval = std::min(interval + kSlower, kLongestInterval);
  if (error == "slow_down" || error == "authorization_pending") return std::optional<Tokens>();
  if (error == "access_denied") {
    return absl::PermissionDeniedError("Signing in was refused at the login provider.");
  }
  if (error == "expired_token") {
    return absl::UnauthenticatedError("The code has run out: brobygger login gives a new one.");
  }
  return daemon::UnusableProvider(
      fmt::format("the login provider answers {} {}", answer.status, error));
}

Polled Poll(const LoginClient& client,
            const ProviderAddresses& provider,
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
  const auto provider = daemon::Discover(client.issuer, world);
  if (absl::IsUnavailable(provider.status())) {
    return absl::FailedPreconditionError(provider.status().message());
  }
  BB_RETURN_IF_ERROR(provider.status());
  BB_ASSIGN_OR_RETURN(Waiting waiting, AskForCode(client, *provider, world));
  world.show(waiting.code);
  while (world.clock->Now() + waiting.interval < waiting.end) {
    BB_RETURN_IF_ERROR(world.wait(waiting.interval));
    BB_ASSIGN_OR_RETURN(std::optional<Tokens> tokens, Poll(client, *provider, waiting, world));
    if (!tokens) continue;
    tokens->token_endpoint = provider->token_endpoint;
    tokens->revocation_endpoint = provider->revocation_endpoint;
    return *std::move(tokens);
  }
  return absl::UnauthenticatedError("The code has run out: brobygger login gives a new one.");
}

}  // namespace brobygger::cli
