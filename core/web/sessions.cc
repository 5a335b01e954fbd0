#include "core/web/sessions.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>
#include <vector>

#include <openssl/rand.h>

#include "core/base/error.h"
#include "core/web/digest.h"

namespace brobygger::web {
namespace {

absl::Status Ended() {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN,
                         "the session has ended; sign in again", {{"why", "session"}});
}

// What the hub says of a refresh token that is of no use any more. A provider that answers with
// nonsense, and a hub that is set up wrongly for a moment, end nobody's session.
bool SaysItEnded(const absl::Status& status) {
  const std::string why = base::ErrorMetadata(status, "why");
  return why == "ended" || why == "wrong_refresh_token";
}

}  // namespace

struct Sessions::Session {
  std::shared_ptr<const SignedIn> signed_in;
  base::Instant begun;
  base::Instant used;
  bool renewing = false;
  base::Instant renew_from = {};
  std::vector<Token> waiting = {};
};

Sessions::Sessions(Renew renew, const base::Clock& clock, const SessionLimits& limits)
    : renew_(std::move(renew)), clock_(clock), limits_(limits) {}

std::string Sessions::Open(SignedIn signed_in) {
  std::string cookie = RandomSecret();
  const absl::MutexLock lock(&mutex_);
  MakeRoomFor(signed_in);
  const auto now = clock_.Now();
  sessions_[Sha256(cookie)] = std::make_shared<Session>(
      Session{.signed_in = std::make_shared<const SignedIn>(std::move(signed_in)),
              .begun = now,
              .used = now});
  return cookie;
}

std::shared_ptr<Sessions::Session> Sessions::FindAlive(const Key& key) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) return nullptr;
  if (!HasEnded(*found->second)) return found->second;
  // Whoever waits for a renewal is told by it.
  if (!found->second->renewing) sessions_.erase(found);
  return nullptr;
}

bool Sessions::HasEnded(const Session& session) const {
  const auto now = clock_.Now();
  return now > session.used + limits_.idle || now > session.begun + limits_.life ||
         (session.signed_in->refresh_token.empty() && now >= session.signed_in->expires_at);
}

void Sessions::MakeRoomFor(const SignedIn& signed_in) {
  const auto used_first = [](const auto& a, const auto& b) {
    return a.second->used < b.second->used;
  };
  const auto drop_oldest = [&](auto begin, auto end) {
    const auto oldest = std::min_element(begin, end, used_first);
    if (oldest != end && !oldest->second->renewing) sessions_.erase(Key(oldest->first));
  };
  std::vector<std::pair<Key, std::shared_ptr<Session>>> of_one;
  for (const auto& [key, session] : sessions_) {
    if (session->signed_in->token == signed_in.token) of_one.emplace_back(key, session);
  }
  if (of_one.size() >= limits_.sessions_of_one) drop_oldest(of_one.begin(), of_one.end());
  if (sessions_.size() < limits_.sessions) return;
  absl::erase_if(sessions_, [this](const auto& each) {
    return !each.second->renewing && HasEnded(*each.second);
  });
  if (sessions_.size() >= limits_.sessions) drop_oldest(sessions_.begin(), sessions_.end());
}

void Sessions::TokenFor(const std::string& cookie, const std::string& address, const Token& done) {
  const Key key = Sha256(cookie);
  absl::StatusOr<std::string> answer = Ended();
  std::string refresh_token;
  bool waits = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (const auto session = FindAlive(key); session != nullptr) {
      session->used = clock_.Now();
      const SignedIn& now = *session->signed_in;
      const bool holds = clock_.Now() < now.expires_at;
      const bool lasts = now.refresh_token.empty() ||
                         clock_.Now() + limits_.renew_before < now.expires_at ||
                         (holds && clock_.Now() < session->renew_from);
      waits = !lasts;
      if (waits) {
        session->waiting.push_back(done);
        if (session->renewing) return;
        session->renewing = true;
        refresh_token = now.refresh_token;
      } else {
        answer = now.token;
      }
    }
  }
  if (!waits) return done(std::move(answer));
  renew_(refresh_token, address,
         [this, key](absl::StatusOr<SignedIn> next) { Renewed(key, std::move(next)); });
}

void Sessions::Renewed(const Key& key, absl::StatusOr<SignedIn> next) {
  std::vector<Token> waiting;
  absl::StatusOr<std::string> answer = Ended();
  {
    const absl::MutexLock lock(&mutex_);
    const auto found = sessions_.find(key);
    if (found == sessions_.end()) return;
    Session& session = *found->second;
    session.renewing = false;
    waiting = std::exchange(session.waiting, {});
    if (next.ok()) {
      if (next->refresh_token.empty()) next->refresh_token = session.signed_in->refresh_token;
      if (next->id_token.empty()) next->id_token = session.signed_in->id_token;
      if (next->display_name.empty()) next->display_name = session.signed_in->display_name;
      session.signed_in = std::make_shared<const SignedIn>(*std::move(next));
      answer = session.signed_in->token;
    } else if (SaysItEnded(next.status())) {
      sessions_.erase(found);
    } else {
      session.renew_from = clock_.Now() + limits_.renew_pause;
      answer = next.status();
      if (clock_.Now() < session.signed_in->expires_at) answer = session.signed_in->token;
    }
  }
  for (const Token& done : waiting) done(answer);
}

std::shared_ptr<const SignedIn> Sessions::Find(const std::string& cookie) {
  const absl::MutexLock lock(&mutex_);
  const auto session = FindAlive(Sha256(cookie));
  return session == nullptr ? nullptr : session->signed_in;
}

std::shared_ptr<const SignedIn> Sessions::Close(const std::string& cookie) {
  std::vector<Token> waiting;
  std::shared_ptr<const SignedIn> closed;
  {
    const absl::MutexLock lock(&mutex_);
    const auto found = sessions_.find(Sha256(cookie));
    if (found == sessions_.end()) return nullptr;
    closed = found->second->signed_in;
    waiting = std::exchange(found->second->waiting, {});
    sessions_.erase(found);
  }
  for (const Token& done : waiting) done(Ended());
  return closed;
}

std::size_t Sessions::size() const {
  const absl::MutexLock lock(&mutex_);
  return sessions_.size();
}

std::string RandomSecret() {
  std::array<unsigned char, 32> bytes{};
  // Without random numbers every session would be anybody's: better there were none.
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) std::abort();
  return Base64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace brobygger::web
