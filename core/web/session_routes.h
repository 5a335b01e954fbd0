#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

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
// OpenID Connect authorization code flow with PKCE (RFC 7636), state and nonce. What a sign-in was
// begun with stands in a cookie of the browser that began it, signed by a key of this process, so
// that nobody fills a table of ours, and a sign-in that another browser began is refused. A
// session's cookie is HttpOnly and SameSite=Lax, and with https Secure and bound to the host
// ("__Host-"). Thread-safe.
class SessionRoutes {
 public:
  // `title` is what the page calls the municipality. `origin` and `clock` must outlive it.
  SessionRoutes(const std::string& hub,
                const OwnOrigin& origin,
                const std::string& title,
                const base::Clock& clock);

  void Answer(const Request& request, const Respond& respond);

  // The token or key to show for this request's session; "" if it shows none. UNAUTHENTICATED if
  // its session has ended.
  void BearerOf(const Request& request, const Sessions::Token& done);

  // What the browser shows as its session; "" if it shows none.
  std::string SessionOf(const Request& request) const;

  // Ends the session, if there is one.
  void Forget(const std::string& session);

 private:
  void TellSession(const Request& request, const Respond& respond);
  void BeginSignIn(const Request& request, const Respond& respond);
  void FinishSignIn(const Request& request, const Respond& respond);
  void BeDemoPerson(const Request& request, const Respond& respond);
  void BeAssociation(const Request& request, const Respond& respond);
  void Join(const Request& request, const std::string& code, const Respond& respond);
  void End(const Request& request, const Respond& respond);

  // Opens a session in place of the one that the browser had.
  Response Open(const Request& request, SignedIn signed_in, Response response);
  // Ends a sign-in at the provider, too, without waiting for it.
  void LetGo(const std::shared_ptr<const SignedIn>& signed_in, const std::string& address);

  const OwnOrigin& origin_;
  const std::string title_;
  const base::Clock& clock_;
  const std::string seal_key_;
  Sessions sessions_;
  SignInClient hub_;  // gone, with the calls that it waits for, before what they use
};

}  // namespace brobygger::web
