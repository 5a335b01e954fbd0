#include "core/mail/follower.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>

#include "core/base/log.h"
#include "core/mail/inviter.h"
#include "core/mail/postman.h"
#include "core/mail/sender.h"

namespace brobygger::mail {
namespace {

using std::chrono::milliseconds;

// Between two looks: a tenth of the time that news settles in, from a second to a
// minute.
absl::Duration TickFor(const Settings& settings) {
  const milliseconds shortest = std::chrono::seconds(1);
  const milliseconds longest = std::chrono::minutes(1);
  return absl::FromChrono(std::clamp(settings.settle / 10, shortest, longest));
}

}  // namespace

class MailFollower::Impl {
 public:
  Impl(storage::Store& store, const base::Clock& clock, const Settings& settings)
      : tick_(TickFor(settings)),
        sender_(MakeSmtpSender(settings)),
        postman_(store, *sender_, clock, settings),
        inviter_(store, *sender_, clock, settings),
        thread_([this] { Loop(); }) {
    base::LogInfo("mail_ready", {{"server", base::LogValue::Vetted(settings.server)},
                                 {"addresses", settings.to.size()}});
  }

  ~Impl() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    thread_.join();
  }

 private:
  void Loop() {
    while (!Stopping()) {
      const auto stop = [this] { return Stopping(); };
      inviter_.Walk(stop);
      postman_.Walk(stop);
      absl::MutexLock lock(&mutex_);
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), tick_);
    }
  }

  bool Stopping() {
    absl::MutexLock lock(&mutex_);
    return stopping_;
  }

  const absl::Duration tick_;
  const std::unique_ptr<Sender> sender_;
  Postman postman_;  // the thread's alone, as is the next
  Inviter inviter_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

MailFollower::MailFollower(storage::Store& store,
                           const base::Clock& clock,
                           const Settings& settings)
    : impl_(std::make_unique<Impl>(store, clock, settings)) {}
MailFollower::~MailFollower() = default;

}  // namespace brobygger::mail
