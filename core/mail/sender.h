#pragma once

#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>

#include "core/mail/settings.h"
#include "core/sync/secrets.h"

namespace brobygger::mail {

// One mail on its way: to one address, since a refused one must not hold back the
// others.
struct Delivery {
  std::string from;
  std::string to;
  std::string message;  // as WriteMessage() makes it
};

// Asked often while a mail is on its way; true ends it.
using StopAsked = std::function<bool()>;

// Hands mails to a mail server. One thread at a time.
class Sender {
 public:
  virtual ~Sender() = default;

  // OK once the server has taken the mail over. UNAVAILABLE: the same may succeed
  // later. FAILED_PRECONDITION: a person must mend something first. The text names
  // the server and its answer's number, and no address. At most a minute.
  virtual absl::Status Send(const Delivery& delivery, const StopAsked& stop) = 0;
};

// Sends by SMTP to `settings.server`, as `settings.tls` says. The password is read
// for each mail, so that a new one needs no restart.
std::unique_ptr<Sender> MakeSmtpSender(Settings settings,
                                       sync::SecretResolver secrets = sync::ResolveSecret);

}  // namespace brobygger::mail
