#include "core/daemon/access_parts.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/daemon/key_fetch.h"
#include "core/daemon/pseudonym_key.h"

namespace brobygger::daemon {
namespace {

// Whoever signs people's tokens, or nobody.
absl::StatusOr<std::optional<access::Issuer>> IssuerOf(const Config& config) {
  if (config.access_issuer.empty()) return std::optional<access::Issuer>();
  access::Issuer issuer;
  issuer.issuer = config.access_issuer;
  issuer.audience = config.access_audience;
  issuer.roles_claim = config.access_roles_claim;
  issuer.municipality_claim = config.access_municipality_claim;
  issuer.departments_claim = config.access_departments_claim;
  if (!config.access_plain_audience.empty()) {
    issuer.plain_type = access::PlainType{.audience = config.access_plain_audience,
                                          .type_claim = config.access_plain_type_claim};
  }
  if (absl::Status usable = access::CheckIssuer(issuer); !usable.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("access.issuer, access.audience: ", std::string(usable.message())));
  }
  return std::optional<access::Issuer>(std::move(issuer));
}

absl::StatusOr<std::unique_ptr<access::KeyKeeper>> KeysOf(const Config& config,
                                                          const base::Clock& clock) {
  auto fetch = MakeKeyFetch({.url = config.access_keys_url,
                             .plain_on_this_machine = config.access_keys_plain,
                             .ca_file = config.access_keys_ca_file});
  if (!fetch.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("access.keys_url: ", std::string(fetch.status().message())));
  }
  return std::make_unique<access::KeyKeeper>(*std::move(fetch), clock);
}

// Who signs people's tokens, and the keys to verify them with; nobody where neither a login
// provider nor a demo is configured.
absl::StatusOr<std::optional<access::Issuer>> OpenIssuer(const Config& config,
                                                         const base::Clock& clock,
                                                         AccessParts& parts) {
  BB_ASSIGN_OR_RETURN(parts.demo_people, OpenDemoPeople(config, clock));
  if (parts.demo_people != nullptr) {
    BB_ASSIGN_OR_RETURN(parts.demo_issuer, DemoIssuer::Make(config.access_audience));
    parts.keys = std::make_unique<access::KeyKeeper>(
        [&issuer = *parts.demo_issuer](const std::stop_token& /*stop*/) { return issuer.keys(); },
        clock);
    base::LogWarning(
        "demo_sign_in_is_on",
        {{"effect", "everybody who reaches the web door signs in without a password"}});
    return std::optional<access::Issuer>(parts.demo_issuer->issuer());
  }
  BB_ASSIGN_OR_RETURN(auto issuer, IssuerOf(config));
  if (issuer.has_value()) {
    BB_ASSIGN_OR_RETURN(parts.keys, KeysOf(config, clock));
  }
  return issuer;
}

std::vector<base::ErrorField> SignInFacts(const Config& config) {
  if (config.access_issuer.empty() || config.access_login_client_id.empty()) return {};
  return {{"issuer", config.access_issuer},
          {"client_id", config.access_login_client_id},
          {"scope", config.access_login_scope}};
}

}  // namespace

absl::StatusOr<AccessParts> OpenAccess(const Config& config,
                                       const base::Clock& clock,
                                       storage::Store& store,
                                       std::shared_ptr<const ConnectionTable> connections) {
  // A hub whose registry is in memory alone still writes down who did what.
  std::error_code trouble;
  std::filesystem::create_directories(config.data_dir, trouble);
  AccessParts parts;
  BB_ASSIGN_OR_RETURN(parts.policy, OpenPolicy(config.access_policy, clock));
  PolicyKeeper& policy = *parts.policy;
  BB_ASSIGN_OR_RETURN(parts.trail,
                      AuditTrail::Open({.folder = config.data_dir + "/audit",
                                        .outside_folder = config.access_audit_outside,
                                        .clock = &clock,
                                        .policy_revision = [&policy]() -> std::uint64_t {
                                          constexpr int kHexadecimal = 16;
                                          return std::strtoull(policy.Current()->revision().c_str(),
                                                               nullptr, kHexadecimal);
                                        }}));
  BB_ASSIGN_OR_RETURN(auto issuer, OpenIssuer(config, clock, parts));
  BB_ASSIGN_OR_RETURN(std::string actor_key, PseudonymKey(config.data_dir));
  BB_ASSIGN_OR_RETURN(parts.systems, OpenSystems(config.access_systems, clock));
  parts.key_uses = std::make_unique<KeyUses>(store, clock);
  parts.credentials = std::make_unique<Credentials>(Credentials::Parts{
      .store = store,
      .clock = clock,
      .actor_key = "actors\n" + actor_key,
      .systems = *parts.systems,
      .takes_certificates = !config.access_systems.empty(),
      .issuer = std::move(issuer),
      .keys = parts.keys.get(),
      .on_key_use = [&uses = *parts.key_uses](const std::string& id, base::Instant noted) {
        uses.Note(id, noted);
      }});
  parts.authenticator =
      std::make_unique<Authenticator>(Authenticator::Parts{.connections = std::move(connections),
                                                           .policy = policy,
                                                           .credentials = *parts.credentials,
                                                           .clock = clock,
                                                           .sign_in_facts = SignInFacts(config)});
  return parts;
}

}  // namespace brobygger::daemon
