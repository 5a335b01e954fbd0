#include "core/daemon/sign_in_parts.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/base/status_macros.h"
#include "core/daemon/demo_sign_ins.h"
#include "core/daemon/provider_sign_ins.h"
#include "core/sync/secrets.h"

namespace brobygger::daemon {
namespace {

absl::Status UnfitSignIn(const std::string& what) { return absl::FailedPreconditionError(what); }

absl::Status CheckSecret(const std::string& reference) {
  if (reference.empty()) return absl::OkStatus();
  if (!absl::StartsWith(reference, "file:") && !absl::StartsWith(reference, "credential:")) {
    // It may be the secret itself, so it is not said again.
    return UnfitSignIn(
        "access.web_client_secret must say where the secret is, "
        "\"file:/etc/brobygger/secrets/web\" "
        "or \"credential:web\", and never be the secret");
  }
  const auto read = sync::ResolveSecret(reference);
  if (read.ok()) return absl::OkStatus();
  return UnfitSignIn(
      absl::StrCat("access.web_client_secret: ", std::string(read.status().message())));
}

absl::Status CheckProvider(const Config& config) {
  if (config.access_issuer.empty()) {
    return UnfitSignIn(
        "access.web_client_id is of no use without access.issuer, the login provider");
  }
  const std::vector<std::string> scopes = absl::StrSplit(config.access_web_scope, ' ');
  if (std::find(scopes.begin(), scopes.end(), "openid") == scopes.end()) {
    return UnfitSignIn("access.web_scope must have the word openid, without which nobody signs in");
  }
  return CheckSecret(config.access_web_client_secret);
}

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::SignIns>> OpenSignIns(const Config& config,
                                                          const base::Clock& clock,
                                                          const AccessParts& access) {
  if (access.demo_people != nullptr) {
    if (!config.access_web_client_id.empty()) {
      return UnfitSignIn(
          "access.web_client_id is of no use beside access.demo_people; take one out");
    }
    return std::make_unique<DemoSignIns>(*access.demo_issuer, *access.demo_people, clock);
  }
  if (config.access_web_client_id.empty()) return std::make_unique<rpc::SignIns>();
  BB_RETURN_IF_ERROR(CheckProvider(config));
  return std::make_unique<ProviderSignIns>(ProviderSignIns::Parts{
      .client = {.issuer = config.access_issuer,
                 .client_id = config.access_web_client_id,
                 .scope = config.access_web_scope},
      .client_secret = config.access_web_client_secret,
      .public_url = config.web_public_url,
      .ca_file = config.access_keys_ca_file,
      .keys = *access.keys,
      .clock = clock,
      .takes = [&credentials = *access.credentials](const std::string& token) -> absl::Status {
        const auto judged = credentials.Judge({.bearer = token, .certificate = ""});
        const auto* const unknown = std::get_if<Unknown>(&judged);
        if (unknown == nullptr) return absl::OkStatus();
        if (absl::IsResourceExhausted(unknown->answer)) return unknown->answer;
        return absl::UnauthenticatedError(unknown->why);
      }});
}

}  // namespace brobygger::daemon
