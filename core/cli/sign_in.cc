#include "core/cli/sign_in.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <utility>

#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
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

absl::Status WaitFor(std::chrono::seconds time, Interrupts& interrupts) {
  absl::Notification given_up;
  interrupts.Enter([&given_up] { given_up.Notify(); });
  const bool interrupted = given_up.WaitForNotificationWithTimeout(absl::FromChrono(time));
  interrupts.Leave();
  if (!interrupted) return absl::OkStatus();
  return absl::CancelledError("Given up; nothing was kept.");
}

absl::StatusOr<daemon::HttpsAnswer> AskUntilGivenUp(const daemon::HttpsCall& call,
                                                    Interrupts& interrupts) {
  std::stop_source stop;
  interrupts.Enter([&stop] { stop.request_stop(); });
  auto answer = daemon::Ask(call, stop.get_token());
  interrupts.Leave();
  if (stop.stop_requested()) return absl::CancelledError("Given up; nothing was kept.");
  return answer;
}

}  // namespace

LoginWorld RealWorld(std::string ca_file,
                     Interrupts& interrupts,
                     std::function<void(const DeviceCode&)> show) {
  LoginWorld world;
  world.ask = [ca_file = std::move(ca_file), &interrupts](const std::string& url,
                                                          const LoginWorld::Form& form) {
    return AskUntilGivenUp({.url = url,
                            .plain_on_this_machine = true,
                            .ca_file = ca_file,
                            .most_time = kPatience,
                            .by_proxy = true,
                            .form = form},
                           interrupts);
  };
  world.wait = [&interrupts](std::chrono::seconds time) { return WaitFor(time, interrupts); };
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
