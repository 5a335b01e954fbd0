#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"

namespace brobygger::web {

// What signing in gives.
struct SignedIn {
  std::string token = {};  // what is shown to the hub: an access token, or an API key
  base::Instant expires_at = base::Instant::max();
  std::string refresh_token = {};  // "": the session ends with the token
  std::string id_token = {};       // for the provider, when the session is ended
  std::string display_name = {};
};

struct SessionLimits {
  std::size_t sessions = 10'000;
  std::chrono::seconds idle = std::chrono::minutes(60);
  std::chrono::seconds life = std::chrono::hours(12);
  // A token is renewed when it has less than this left.
  std::chrono::seconds renew_before = std::chrono::seconds(60);
  // Between a renewal that failed and the next.
  std::chrono::seconds renew_pause = std::chrono::seconds(10);
  // With one token or key: the browsers of one person, or of one association's board.
  std::size_t sessions_of_one = 64;
};

// Who is signed in at the page: what their browsers show as a cookie, and what is shown to the hub
// for it, which no browser sees. In memory alone, and so gone with the door; then people sign in
// again, which at a login provider that knows them takes no password. Only digests of the cookies
// are kept. Thread-safe.
class Sessions {
 public:
  using Token = std::function<void(absl::StatusOr<std::string>)>;
  // Gets the next token for a refresh token, in the name of who comes from `address`.
  using Renew = std::function<void(const std::string& refresh_token,
                                   const std::string& address,
                                   std::function<void(absl::StatusOr<SignedIn>)>)>;

  // `clock` must outlive it.
  Sessions(Renew renew, const base::Clock& clock, const SessionLimits& limits = {});

  // Begins a session; returns what the browser shows from now on: 256 random bits. When there are
  // as many as there may be, in all or with one token, the one that was used longest ago ends.
  std::string Open(SignedIn signed_in);

  // What is shown to the hub for this cookie now; renewed first, once for all who ask meanwhile, if
  // it is about to end. UNAUTHENTICATED if there is no such session (any more), or the provider
  // says that the sign-in has ended; any other error of a renewal leaves the session as it is, and
  // the token goes on being told while it lasts. Counts as use. `address`: where it is asked from.
  void TokenFor(const std::string& cookie, const std::string& address, const Token& done);

  // Null if there is none (any more). Does not count as use.
  std::shared_ptr<const SignedIn> Find(const std::string& cookie);

  // Ends it; what it was. Null if there is none.
  std::shared_ptr<const SignedIn> Close(const std::string& cookie);

  std::size_t size() const;

 private:
  struct Session;
  using Key = std::string;  // SHA-256 of the cookie

  std::shared_ptr<Session> FindAlive(const Key& key) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool HasEnded(const Session& session) const;
  void MakeRoomFor(const SignedIn& signed_in) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Renewed(const Key& key, absl::StatusOr<SignedIn> next);

  const Renew renew_;
  const base::Clock& clock_;
  const SessionLimits limits_;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<Key, std::shared_ptr<Session>> sessions_ ABSL_GUARDED_BY(mutex_);
};

// 256 random bits as base64url, 43 characters: no browser and nobody else can guess it.
std::string RandomSecret();

}  // namespace brobygger::web
