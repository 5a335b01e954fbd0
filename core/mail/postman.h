#pragma once

#include <map>
#include <string>

#include <absl/status/status.h>

#include "brobygger/mail/v1/digest.pb.h"

#include "core/base/clock.h"
#include "core/mail/digest.h"
#include "core/mail/sender.h"
#include "core/mail/settings.h"
#include "core/storage/store.h"

namespace brobygger::mail {

// Tells each address what waits for it, in one mail at a time:
//   * when something has come that it was not told, and news has waited for
//     `settle`, since much is settled within minutes by who caused it;
//   * or when it was told last seven days ago and something still waits;
//   * but never sooner than `every` after the last mail.
// What an address was told is kept in the store, so that a hub that starts again
// tells nothing twice. Where a mail is not taken over nothing counts as told, and it
// is tried again with growing rests. One thread at a time.
class Postman {
 public:
  // All references must outlive the postman. `settings` have no fault.
  Postman(storage::Store& store, Sender& sender, const base::Clock& clock, Settings settings);

  // Looks once at what waits and sends what is due. Trouble is logged. `stop` is
  // asked often while a mail is on its way.
  void Walk(const StopAsked& stop);

 private:
  // What is known of one address.
  struct Place {
    v1::MailState told;
    bool unsaved = false;
    base::Instant news_since;  // the epoch: there is none
    base::Instant not_before;
    int failures = 0;  // in a row
  };

  absl::Status Look(const StopAsked& stop);
  absl::Status Load(const storage::Snapshot& snapshot);
  absl::Status Forget(const std::map<std::string, Lines>& shares);
  bool IsDue(const Lines& lines, Place& place) const;
  void Send(const std::string& address, const Lines& lines, const StopAsked& stop);
  absl::Status Save(const std::string& address, Place& place);
  std::string WordsFor(const std::string& address) const;

  storage::Store& store_;
  Sender& sender_;
  const base::Clock& clock_;
  const Settings settings_;
  bool loaded_ = false;
  std::map<std::string, Place> places_;
};

// Sends `address` a mail that says only that mail arrives.
absl::Status SendTestMail(Sender& sender,
                          const Settings& settings,
                          const std::string& address,
                          const base::Clock& clock);

}  // namespace brobygger::mail
