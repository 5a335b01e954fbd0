#include "core/daemon/credentials.h"

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/access/api_key.h"
#include "core/access/certificate.h"
#include "core/access/jwt.h"
#include "core/access/token_refusal.h"
#include "core/base/error.h"
#include "core/registry/joining.h"
#include "core/rpc/api_keys.h"

namespace brobygger::daemon {
namespace {

using access::ApiKeyRefusal;
using access::CallerKind;
using access::CertificateRefusal;
using access::TokenRefusal;
using Judged = std::variant<Known, Unknown>;

// How long a call waits for the keys of a provider.
constexpr std::chrono::milliseconds kKeysWait(1500);

constexpr char kKeyPrefix[] = "bb_";

Unknown NotSignedIn(const char* what, const char* why, const std::string& text) {
  return {base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN, text, {{"why", what}}), what,
          why};
}

Unknown Trouble(const char* what, const absl::Status& status) { return {status, what, "Trouble"}; }

// The provider's keys, without which no token can be checked, cannot be had.
Unknown NoKeys(const access::KeyKeeper& keys) {
  Unknown unknown = {base::MakeError(errors::v1::ERROR_REASON_OVERLOADED,
                                     "the login provider's keys cannot be had just now; try again"),
                     "token", "NoKeys"};
  const auto state = keys.state();
  unknown.detail = state.last_fetch.ok() ? "the login provider takes long to give its keys"
                                         : std::string(state.last_fetch.message());
  return unknown;
}

Unknown RefusedToken(const absl::Status& status) {
  const TokenRefusal refusal = access::RefusalOf(status);
  Unknown unknown = NotSignedIn("token", access::NameOf(refusal),
                                "the access token is not valid (any more); sign in again");
  // By then the signature was found to be right.
  unknown.guess = refusal != TokenRefusal::kExpired && refusal != TokenRefusal::kNotYetValid;
  return unknown;
}

Unknown RefusedKey(const absl::Status& status) {
  const ApiKeyRefusal refusal = access::ApiKeyRefusalOf(status);
  Unknown unknown = NotSignedIn("api_key", access::NameOf(refusal),
                                "the API key is not valid (any more); ask for a new one");
  unknown.guess = refusal == ApiKeyRefusal::kNotAKey || refusal == ApiKeyRefusal::kUnknown;
  return unknown;
}

// Whoever has the volunteer centres' role and no other is a volunteer centre, or works there.
CallerKind KindOf(const std::vector<std::string>& roles, CallerKind otherwise) {
  const bool centre = roles.size() == 1 && roles.front() == "volunteer-centre";
  return centre ? CallerKind::kVolunteerCentre : otherwise;
}

// One sentence, whatever is wrong; deploy/nginx.example.conf has it, too.
Unknown RefusedCertificate(const absl::Status& status) {
  return NotSignedIn(
      "certificate", access::NameOf(access::CertificateRefusalOf(status)),
      "the client certificate is not one that this hub takes (any more); ask whoever "
      "runs the hub");
}

}  // namespace

std::string Credentials::ActorOf(const std::string& issuer, const std::string& subject) const {
  constexpr std::size_t kBytes = 10;
  const std::string text = absl::StrCat(issuer, "\n", subject);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), parts_.actor_key.data(), static_cast<int>(parts_.actor_key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &size);
  return absl::StrCat(
      "user:", absl::BytesToHexString({reinterpret_cast<const char*>(digest.data()), kBytes}));
}

Judged Credentials::Judge(const Shown& shown) const {
  if (!shown.bearer.empty()) {
    return shown.bearer.starts_with(kKeyPrefix) ? JudgeKey(shown.bearer) : JudgeToken(shown);
  }
  if (!shown.certificate.empty() && parts_.takes_certificates) {
    return JudgeCertificate(shown.certificate);
  }
  return NotSignedIn("nothing_shown", "NothingShown",
                     "sign in first: brobygger login, or send an API key or an access token as "
                     "'authorization: Bearer ...'");
}

Judged Credentials::JudgeToken(const Shown& shown) const {
  if (!parts_.issuer.has_value() || parts_.keys == nullptr) {
    return NotSignedIn("no_issuer", "NoIssuer", "this hub takes no access tokens; ask who runs it");
  }
  auto claims = access::VerifyToken(shown.bearer, *parts_.issuer, *parts_.keys, parts_.clock.Now(),
                                    kKeysWait);
  if (absl::IsUnavailable(claims.status()) || absl::IsDeadlineExceeded(claims.status())) {
    return NoKeys(*parts_.keys);
  }
  if (!claims.ok()) return RefusedToken(claims.status());
  if (!claims->certificate_sha256.empty() &&
      !Holds(claims->certificate_sha256, shown.certificate)) {
    return NotSignedIn(
        "bound", "OtherCertificate",
        "the access token is bound to a certificate, and is taken from whoever shows "
        "that one alone");
  }
  Known known;
  known.who = {
      .actor = ActorOf(claims->issuer, claims->subject),
      .kind = KindOf(claims->roles, CallerKind::kEmployee),
      .roles = claims->roles,
      .municipality_code = claims->municipality_code,
      .department_id = claims->department_ids.empty() ? "" : claims->department_ids.front()};
  return known;
}

// Whether the certificate that is shown is this one, and good now.
bool Credentials::Holds(const std::string& sha256, const std::string& certificate) const {
  if (!parts_.takes_certificates || certificate.empty()) return false;
  const auto read = access::ReadCertificate(certificate);
  return read.ok() && read->sha256 == sha256 && access::CheckTimes(*read, parts_.clock.Now()).ok();
}

Judged Credentials::JudgeKey(const std::string& key) const {
  const auto shown = access::ReadApiKey(key);
  if (!shown.ok()) return RefusedKey(shown.status());
  const auto snapshot = parts_.store.Latest();
  if (!snapshot.ok()) return Trouble("api_key", snapshot.status());
  const auto record = rpc::FindApiKey(**snapshot, shown->id);
  if (!record.ok()) return Trouble("api_key", record.status());
  const auto& found = *record;
  const absl::Status checked =
      access::CheckApiKey(*shown, found ? &*found : nullptr, parts_.clock.Now());
  if (!checked.ok()) return RefusedKey(checked);
  if (!found->association_id.empty()) return JudgeAssociation(**snapshot, *found);
  Known known;
  known.who = {.actor = absl::StrCat("key:", found->id),
               .kind = KindOf(found->scopes, CallerKind::kSystem),
               .roles = found->scopes,
               .municipality_code = found->municipality_code};
  known.calls_per_minute = found->calls_per_minute;
  if (!found->fields.empty()) known.fields = found->fields;
  if (parts_.on_key_use) parts_.on_key_use(found->id, found->used_at);
  return known;
}

// A key goes where its association went, and comes back with it. One of an association that is
// deleted is nobody's.
Judged Credentials::JudgeAssociation(const storage::Snapshot& snapshot,
                                     const access::ApiKeyRecord& record) const {
  const auto association = registry::FollowMerges(snapshot, record.association_id);
  if (!association.ok()) return Trouble("api_key", association.status());
  if (!association->has_value() || (*association)->has_delete_time()) {
    return NotSignedIn("api_key", "AssociationGone",
                       "the API key is not valid (any more); ask for a new one");
  }
  Known known;
  known.who = {.actor = absl::StrCat("key:", record.id),
               .kind = CallerKind::kAssociation,
               .roles = record.scopes,
               .association_id = (*association)->id()};
  known.calls_per_minute = record.calls_per_minute;
  if (parts_.on_key_use) parts_.on_key_use(record.id, record.used_at);
  return known;
}

Judged Credentials::JudgeCertificate(const std::string& certificate) const {
  const auto read = access::ReadCertificate(certificate);
  if (!read.ok()) return RefusedCertificate(read.status());
  const auto systems = parts_.systems.Current();
  const access::System* const system = systems->Find(read->sha256);
  if (system == nullptr) {
    return RefusedCertificate(access::RefuseCertificate(CertificateRefusal::kUnknown));
  }
  if (absl::Status good = access::CheckTimes(*read, parts_.clock.Now()); !good.ok()) {
    return RefusedCertificate(good);
  }
  Known known;
  known.who = {.actor = absl::StrCat("system:", system->name),
               .kind = CallerKind::kSystem,
               .roles = system->roles,
               .municipality_code = system->municipality_code,
               .department_id = system->department_id};
  return known;
}

}  // namespace brobygger::daemon
