#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/daemon/connection_table.h"
#include "core/daemon/credentials.h"
#include "core/daemon/guess_limit.h"
#include "core/daemon/policy_keeper.h"
#include "core/daemon/rate_limit.h"
#include "core/rpc/door.h"

namespace brobygger::daemon {

// Says who makes a call. On the operators' socket the connection tells, and nothing that a call
// says changes it. Who comes through the proxy (deploy/nginx.example.conf) is a stranger until
// the call shows, in its metadata, one of
//
//   authorization: Bearer <access token>     a person, by the municipality's login provider
//   authorization: Bearer bb_<id>_<secret>   a system, or an association, by an API key of the hub
//
// or the proxy says, in metadata that a client cannot set since the proxy overwrites them,
//
//   brobygger-client-certificate             a system, by the certificate of its connection; not
//                                            from the web door (hub.door_group), which has none
//   brobygger-client-address                 where the connection comes from, for GuessLimit
//
// and says with brobygger-purpose what it reads for. What that may do is the policy's to say, as
// it is now: a key that is revoked or a role that is taken away is refused at the next call.
// Thread-safe.
class Authenticator final : public rpc::Callers {
 public:
  struct Parts {
    std::shared_ptr<const ConnectionTable> connections;
    PolicyKeeper& policy;
    const Credentials& credentials;
    const base::Clock& clock;
    // What whoever is not signed in is told of how to: where the login provider is, and as which
    // program to ask there. Facts of NOT_SIGNED_IN: "issuer", "client_id", "scope".
    std::vector<base::ErrorField> sign_in_facts = {};
  };

  // What `parts` refers to must outlive it.
  explicit Authenticator(Parts parts) : parts_(std::move(parts)), guesses_(parts_.clock) {}

  std::shared_ptr<const access::Caller> CallerAt(const std::string& peer) const override {
    return parts_.connections->At(peer);
  }

  // NOT_SIGNED_IN, TOO_MANY_TRIES, NOT_ALLOWED, PURPOSE_REQUIRED; OVERLOADED while the provider's
  // keys cannot be had. The log says why a token, key or certificate was refused, at most once a
  // second; the caller is not told.
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerOf(
      const grpc::ServerContextBase& context) const override;

  // A stranger, unless the source has tried too much. TOO_MANY_TRIES, NOT_ALLOWED.
  absl::StatusOr<std::shared_ptr<const access::Caller>> CallerWithSecret(
      const grpc::ServerContextBase& context) const override;

  // Counts with wrong keys and tokens, and stands in the log with them. TOO_MANY_TRIES.
  absl::Status TellWrongSecret(const grpc::ServerContextBase& context,
                               const char* what) const override;

 private:
  // The operator as far as what they say they read for allows; others as they are.
  absl::StatusOr<std::shared_ptr<const access::Caller>> ForPurpose(
      std::shared_ptr<const access::Caller> caller, const grpc::ServerContextBase& context) const;
  absl::StatusOr<Known> Identify(const Shown& shown, const std::string& source) const;
  void Log(const Unknown& unknown, const std::string& source) const;

  const Parts parts_;
  mutable GuessLimit guesses_;
  mutable absl::Mutex log_mutex_;
  mutable RateLimit log_limit_ ABSL_GUARDED_BY(log_mutex_);
};

}  // namespace brobygger::daemon
