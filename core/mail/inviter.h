#pragma once

#include <map>
#include <string>

#include <absl/status/status.h>

#include "core/base/clock.h"
#include "core/events/invitations.h"
#include "core/mail/message.h"
#include "core/mail/sender.h"
#include "core/mail/settings.h"
#include "core/storage/store.h"

namespace brobygger::mail {

// The mail that asks an association to an event. It tells what is in the event and in the
// invitation and nothing else. Pure.
Message WriteInvitation(const events::InvitationToMail& invitation,
                        const Settings& settings,
                        base::Instant now);

// Sends the invitations that wait. What a mail server puts off is tried again with growing
// rests; what it refuses for good stands on the invitation. A hub that dies between the
// server's yes and its own record of it sends the mail once more, with the same Message-ID.
// One thread at a time.
class Inviter {
 public:
  // All references must outlive it. `settings` have no fault.
  Inviter(storage::Store& store, Sender& sender, const base::Clock& clock, Settings settings);

  // Looks once at what waits and sends it. Trouble is logged. `stop` is asked often.
  void Walk(const StopAsked& stop);

 private:
  // Of an invitation whose mail was put off.
  struct Rest {
    base::Instant not_before;
    int failures = 0;
  };

  absl::Status Look(const StopAsked& stop);
  absl::Status Send(const events::InvitationToMail& invitation, const StopAsked& stop);
  absl::Status Record(const event::v1::Invitation& invitation, const std::string& trouble);

  storage::Store& store_;
  Sender& sender_;
  const base::Clock& clock_;
  const Settings settings_;
  std::map<std::string, Rest> rests_;
};

}  // namespace brobygger::mail
