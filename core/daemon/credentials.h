#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include <absl/status/status.h>

#include "core/access/api_key.h"
#include "core/access/claims.h"
#include "core/access/key_keeper.h"
#include "core/access/policy.h"
#include "core/base/clock.h"
#include "core/daemon/policy_keeper.h"
#include "core/storage/store.h"

namespace brobygger::daemon {

// What a call that comes through the proxy shows of who makes it.
struct Shown {
  // What stands after "authorization: Bearer "; "" if there is nothing of that form.
  std::string bearer;
  // The client certificate, as the proxy hands it on (access/certificate.h); "": there is none.
  std::string certificate;
};

// Who shows it.
struct Known {
  access::Who who;
  int calls_per_minute = 0;  // 0: as everybody
  // What of an association it was granted; unset: all that it may see.
  std::optional<std::set<access::AssociationField>> fields = {};
};

// That nobody may know.
struct Unknown {
  // For the caller, to whom it says nothing that would help to guess.
  absl::Status answer;
  // For the log: "token", and "WrongSignature".
  const char* what;
  const char* why;
  // Whether somebody tried what they do not have. What was good once, or belongs to another, is no
  // guess: one forgotten script must not shut out all who share its address.
  bool guess = false;
  // What the operator needs besides, where the trouble is the hub's own: why there are no keys.
  std::string detail = {};
};

// Says who shows what, by the hub's own records and by those who vouch for people. Thread-safe.
class Credentials {
 public:
  struct Parts {
    const storage::Store& store;
    const base::Clock& clock;
    // How a person's id becomes an actor: keyed, so that the audit log names nobody.
    std::string actor_key;
    SystemsKeeper& systems;
    // Whether the proxy hands on client certificates, and overwrites what a client says of them.
    bool takes_certificates = false;
    // Both or none: who signs people's tokens.
    std::optional<access::Issuer> issuer = {};
    access::KeyKeeper* keys = nullptr;
    // Told of each use of an API key, by the key's id and when its last use was noted; short.
    std::function<void(const std::string&, base::Instant)> on_key_use = {};
  };

  // What `parts` refers to must outlive it.
  explicit Credentials(Parts parts) : parts_(std::move(parts)) {}

  // A token or key counts before a certificate, and is never made good by one. A token that is
  // bound to a certificate (RFC 8705) is taken with that certificate alone.
  std::variant<Known, Unknown> Judge(const Shown& shown) const;

 private:
  std::variant<Known, Unknown> JudgeToken(const Shown& shown) const;
  std::variant<Known, Unknown> JudgeKey(const std::string& key) const;
  std::variant<Known, Unknown> JudgeAssociation(const storage::Snapshot& snapshot,
                                                const access::ApiKeyRecord& record) const;
  std::variant<Known, Unknown> JudgeCertificate(const std::string& certificate) const;
  bool Holds(const std::string& sha256, const std::string& certificate) const;
  std::string ActorOf(const std::string& issuer, const std::string& subject) const;

  const Parts parts_;
};

}  // namespace brobygger::daemon
