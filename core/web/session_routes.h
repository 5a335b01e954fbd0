#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/web/http.h"
#include "core/web/own_origin.h"
#include "core/web/sessions.h"
#include "core/web/sign_in_client.h"

namespace brobygger::web {

// Signing in and out at the page: everything at and below /session.
//
//   GET  /session             who is signed in, and how one may sign in
//   GET  /session/begin       sends the browser to the login provider; ?then=/path of the page
//   GET  /session/callback    the provider sends it back here
//   POST /session/demo        {"person": "caseworker"}, in a demo
//   POST /session/association {"code": ...} of an invitation, or {"key": ...}
//   POST /session/end         signs out; answers {"next": address or ""}
//
// OpenID Connect authorization code flow with PKCE (RFC 7636), state and nonce; a sign-in that
// another browser began is refused. A session's cookie is HttpOnly and SameSite=Lax, and with
// https Secure and bound to the host ("__Host-"). Thread-safe.
class SessionRoutes {
 public:
  // `title` is what the page calls the municipality. `origin` and `clock` must outlive it.
  SessionRoutes(const std::string& hub,
                const OwnOrigin& origin,
                const std::string& title,
                const base::Clock& clock);

  void Answer(const Request& request, Respond respond);

  // The token or key to show for this request's session; "" if it shows none. UNAUTHENTICATED if
  // its session has ended.
  void BearerOf(const Request& request, Sessions::Token done);

 private:
  // A sign-in between /session/begin and /session/callback.
  struct Begun {
    std::string verifier;
    std::string nonce;
    std::string then;
    std::string browser;  // SHA-256 of the cookie of the browser that began it
    base::Instant at;
  };

  void TellSession(const Request& request, const Respond& respond);
  void BeginSignIn(const Request& request, const Respond& respond);
  void FinishSignIn(const Request& request, const Respond& respond);
  void BeDemoPerson(const Request& request, const Respond& respond);
  void BeAssociation(const Request& request, const Respond& respond);
  void Join(const Request& request, const std::string& code, const Respond& respond);
  void End(const Request& request, const Respond& respond);

  // Opens a session in place of the one that the browser had.
  Response Open(const Request& request, SignedIn signed_in, Response response);
  std::string Keep(const Begun& begun);
  absl::StatusOr<Begun> Take(const std::string& state, const std::string& browser);

  const OwnOrigin& origin_;
  const std::string title_;
  const base::Clock& clock_;
  Sessions sessions_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Begun> begun_ ABSL_GUARDED_BY(mutex_);  // by state
  SignInClient hub_;  // gone, with the calls that it waits for, before what they use
};

}  // namespace brobygger::web
