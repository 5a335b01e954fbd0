#pragma once

#include <memory>

#include "core/base/clock.h"
#include "core/mail/settings.h"
#include "core/storage/store.h"

namespace brobygger::mail {

// Sends the postman out while it lives: each minute, or oftener where `settle` is
// short. The destructor gives up a mail on its way, which then counts as not told,
// and joins its thread.
class MailFollower {
 public:
  // All references must outlive the follower. `settings` have no fault and a server.
  MailFollower(storage::Store& store, const base::Clock& clock, const Settings& settings);
  ~MailFollower();

  MailFollower(const MailFollower&) = delete;
  MailFollower& operator=(const MailFollower&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace brobygger::mail
