#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/base/clock.h"
#include "core/web/connect_door.h"
#include "core/web/http.h"
#include "core/web/own_origin.h"
#include "core/web/session_routes.h"
#include "core/web/ui_files.h"

namespace brobygger::web {

// What the page and the programs that call as it does work with. Thread-safe.
class PageDoor {
 public:
  struct Options {
    std::string hub;                 // "unix:/run/brobygger/people.sock"
    std::string public_url;          // as WebOptions has it
    std::string address;             // where the door listens, with its port
    std::string title = {};          // as WebOptions has it
    bool encrypts = false;           // whether it speaks TLS itself
    std::optional<UiFiles> ui = {};  // none: calls alone are answered
    const base::Clock* clock = &base::SystemClock();
  };

  explicit PageDoor(Options options);

  // At and below /api: calls of the hub in the Connect protocol. Whoever shows a token or key in
  // Authorization calls as that; else the session that the cookie stands for does, and then the
  // request must come from our own page.
  void AnswerCall(const Request& request, const Respond& respond);

  // At and below /session.
  void AnswerSession(const Request& request, const Respond& respond);

  // The page and its files.
  Response AnswerPage(const Request& request) const;

 private:
  void CallAs(const Request& request, const std::string& method, const Respond& respond);

  const OwnOrigin origin_;
  const std::optional<UiFiles> ui_;
  ConnectDoor calls_;
  SessionRoutes sessions_;
};

}  // namespace brobygger::web
