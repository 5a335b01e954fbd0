#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/access/id_token.h"
#include "core/access/key_keeper.h"
#include "core/base/clock.h"
#include "core/daemon/login_provider.h"
#include "core/rpc/sign_ins.h"
#include "core/sync/secrets.h"

namespace brobygger::daemon {

// How long one conversation with the provider may take in all, and how long what the provider told
// of its addresses is good.
inline constexpr std::chrono::milliseconds kConversation = std::chrono::seconds(6);
inline constexpr std::chrono::minutes kKeepAddresses(10);
// How many refresh tokens are remembered to have been good, so that whoever shows one that has
// ended does not count as one who guesses: with many behind one address, every morning would shut
// a municipality out.
inline constexpr std::size_t kMostRemembered = 16'384;

// Signs in at the municipality's login provider: OpenID Connect's authorization code flow with PKCE
// (RFC 7636), of which the hub does what needs the network and the client's secret. What goes wrong
// at the provider is told to the caller in one sentence, and to the log whole.
class ProviderSignIns final : public rpc::SignIns {
 public:
  // As daemon::Ask(): any answer of the provider, or UNAVAILABLE.
  using AskProvider =
      std::function<absl::StatusOr<HttpsAnswer>(const HttpsCall& call, std::stop_token stop)>;

  struct Parts {
    LoginClient client;
    // Where the client's secret is; "": it is a public client. Read for each conversation, so that
    // a new one needs no restart.
    std::string client_secret = {};
    sync::SecretResolver secrets = sync::ResolveSecret;
    std::string public_url = {};  // of the web page; "": it is on this machine
    std::string ca_file = {};     // as HttpsCall has it
    access::KeyKeeper& keys;      // of the provider
    const base::Clock& clock;
    // Whether the hub itself takes an access token; the message is for the log.
    std::function<absl::Status(const std::string& access_token)> takes;
    AskProvider ask = [](const HttpsCall& call, const std::stop_token& stop) {
      return Ask(call, stop);
    };
  };

  // What `parts` refers to must outlive it.
  explicit ProviderSignIns(Parts parts) : parts_(std::move(parts)) {}

  access::v1::GetSignInWaysResponse Ways() override;
  absl::StatusOr<access::v1::BeginSignInResponse> Begin(
      const access::v1::BeginSignInRequest& request) override;
  absl::StatusOr<access::v1::FinishSignInResponse> Finish(
      const access::v1::FinishSignInRequest& request) override;
  absl::StatusOr<access::v1::RenewSignInResponse> Renew(
      const access::v1::RenewSignInRequest& request) override;
  absl::StatusOr<access::v1::EndSignInResponse> End(
      const access::v1::EndSignInRequest& request) override;
  void Stop() override { stop_.request_stop(); }

 private:
  ProviderWorld NewConversation(std::string authorization) const;
  // The proof of who the hub is, "" for a public client.
  absl::StatusOr<std::string> Authorization() const;
  absl::StatusOr<ProviderAddresses> Addresses(const ProviderWorld& world);
  // What was asked for, in a form that the caller may have.
  absl::StatusOr<access::v1::SignIn> ToSignIn(const Tokens& tokens,
                                              const std::optional<std::string>& nonce);
  absl::StatusOr<access::IdClaims> ReadIdToken(const Tokens& tokens,
                                               const std::optional<std::string>& nonce) const;
  void Remember(const std::string& refresh_token);
  bool WasGood(const std::string& refresh_token) const;

  const Parts parts_;
  std::stop_source stop_;
  mutable absl::Mutex mutex_;
  std::optional<ProviderAddresses> addresses_ ABSL_GUARDED_BY(mutex_);
  base::Instant addresses_at_ ABSL_GUARDED_BY(mutex_);
  // Digests of refresh tokens that were given out, and the order in which.
  std::set<std::string> good_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> good_order_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::daemon
