#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/access/claims.h"
#include "core/access/key_keeper.h"
#include "core/base/clock.h"
#include "core/daemon/connection_table.h"
#include "core/daemon/policy_keeper.h"
#include "core/rpc/door.h"
#include "core/storage/store.h"

namespace brobygger::daemon {

// Says who makes a call. On the operators' socket the connection tells, and nothing that a call
// says changes it. Who comes through the proxy (deploy/nginx.example.conf) is a stranger until
// the call shows, in its metadata, one of
//
//   authorization: Bearer <access token>     a person, by the municipality's login provider
//   authorization: Bearer bb_<id>_<secret>   a system, by an API key of the hub
//
// and says with brobygger-purpose what it reads for. What that may do is the policy's to say, as
// it is now: a key that is revoked or a role that is taken away is refused at the next call.
// Thread-safe.
class Authenticator final : public rpc::Callers {
 public:
  struct Parts {
    std::shared_ptr<const ConnectionTable> connections;
    PolicyKeeper& policy;
    const storage::Store& store;
    const base::Clock& clock;
    // How a person's id becomes an actor: keyed, so that the audit log names nobody.
    std::string actor_key;
    // Both or none: who signs people's tokens.
    std::optional<access::Issuer> issuer = {};
    access::KeyKeeper* keys = nullptr;
  };

  // What `parts` refers to must outlive it.
  explicit Authenticator(Parts parts) : parts_(std::move(parts)) {}

  std::shared_ptr<const access::Caller> CallerAt(const std::string& peer) const override {
    return parts_.connections->At(peer);
  }

  // NOT_SIGNED_IN, NOT_ALLOWED, PURPOSE_REQUIRED; OVERLOADED while the provider's keys cannot be
  // had. The log says why a token or key was refused; the caller is not told.
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerOf(
      const grpc::ServerContextBase& context) const override;

  // The actor under which the log knows the subject of a token.
  std::string ActorOf(const std::string& issuer, const std::string& subject) const;

 private:
  absl::StatusOr<access::Who> WhoByToken(const std::string& token) const;
  absl::StatusOr<access::Who> WhoByKey(const std::string& key) const;

  const Parts parts_;
};

}  // namespace brobygger::daemon
