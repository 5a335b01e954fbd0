#include "core/cli/sign_in.h"

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <utility>

#include <fmt/format.h>

#include "core/base/status_macros.h"

namespace brobygger::cli {
namespace {

// So that a token does not end while a call is on its way.
constexpr std::chrono::seconds kBeforeItEnds(60);
constexpr std::chrono::seconds kPatience(20);

bool IsDue(const Tokens& tokens) {
  return tokens.expires_at - kBeforeItEnds <= base::SystemClock().Now();
}

// Hears of Ctrl-C from the first question to the last, not only while one is under way: between
// two of them the program would otherwise end without a word.
class GivingUp {
 public:
  explicit GivingUp(Interrupts& interrupts) : interrupts_(interrupts) {
    interrupts_.Enter([this] { stop_.request_stop(); });
  }
  ~GivingUp() { interrupts_.Leave(); }
  GivingUp(const GivingUp&) = delete;
  GivingUp& operator=(const GivingUp&) = delete;

  // CANCELLED once the person has given up.
  absl::Status Check() const {
    if (!stop_.stop_requested()) return absl::OkStatus();
    return absl::CancelledError("Given up; nothing was kept.");
  }

  absl::Status Wait(std::chrono::seconds time) const {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any nobody_tells;
    nobody_tells.wait_for(lock, stop_.get_token(), time, [] { return false; });
    return Check();
  }

  std::stop_token token() const { return stop_.get_token(); }

 private:
  Interrupts& interrupts_;
  std::stop_source stop_;
};

}  // namespace

LoginWorld RealWorld(std::string ca_file,
                     Interrupts& interrupts,
                     std::function<void(const DeviceCode&)> show) {
  const auto giving_up = std::make_shared<const GivingUp>(interrupts);
  LoginWorld world;
  world.ask = [ca_file = std::move(ca_file), giving_up](
                  const std::string& url,
                  const LoginWorld::Form& form) -> absl::StatusOr<daemon::HttpsAnswer> {
    auto answer = daemon::Ask({.url = url,
                               .plain_on_this_machine = true,
                               .ca_file = ca_file,
                               .most_time = kPatience,
                               .by_proxy = true,
                               .form = form},
                              giving_up->token());
    BB_RETURN_IF_ERROR(giving_up->Check());
    return answer;
  };
  world.wait = [giving_up](std::chrono::seconds time) { return giving_up->Wait(time); };
  world.show = std::move(show);
  return world;
}

std::string SignIn::Token(Interrupts& interrupts,
                          const std::function<void(const std::string&)>& warn) {
  const std::string& token = profile_.tokens.access_token;
  if (token.empty() || gave_up_ || !IsDue(profile_.tokens)) return token;
  if (absl::Status renewed = Renew(interrupts); !renewed.ok()) {
    gave_up_ = true;
    warn(fmt::format("The sign-in at {} could not be renewed ({}); sign in again: brobygger login",
                     profile_.client.issuer, std::string(renewed.message())));
  }
  return token;
}

absl::Status SignIn::Renew(Interrupts& interrupts) {
  const ProfileLock lock(name_);
  BB_ASSIGN_OR_RETURN(Profile kept, LoadProfile(name_));
  profile_.tokens = kept.tokens;
  // Another process may have done it meanwhile.
  if (!IsDue(kept.tokens)) return absl::OkStatus();
  if (kept.tokens.refresh_token.empty()) return absl::UnauthenticatedError("it has ended");
  const LoginWorld world = RealWorld(kept.ca_file, interrupts, {});
  BB_ASSIGN_OR_RETURN(kept.tokens, RenewTokens(kept.client, kept.tokens, world));
  profile_.tokens = kept.tokens;
  return SaveProfile(name_, kept);
}

}  // namespace brobygger::cli
