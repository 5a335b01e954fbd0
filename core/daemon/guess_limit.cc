#include "core/daemon/guess_limit.h"

#include <algorithm>
#include <array>
#include <iterator>

#include <arpa/inet.h>

#include "core/base/error.h"

namespace brobygger::daemon {
namespace {

std::string ToText(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

}  // namespace

absl::Status GuessLimit::Check(Source& source, base::Instant now) const {
  // A clock that was set back must not shut anybody out for longer.
  std::erase_if(source.wrong,
                [now](base::Instant wrong) { return now - wrong >= kWithin || wrong > now; });
  if (source.wrong.size() < kMostGuesses) return absl::OkStatus();
  const auto left = source.wrong.front() + kWithin - now;
  return base::MakeRetryError(
      errors::v1::ERROR_REASON_TOO_MANY_TRIES,
      "too many wrong keys, tokens or codes came from there, so this one was not "
      "looked at",
      std::chrono::ceil<std::chrono::seconds>(left));
}

absl::Status GuessLimit::MayTry(const std::string& source) {
  absl::MutexLock lock(&mutex_);
  const auto found = by_name_.find(source);
  if (found == by_name_.end()) return absl::OkStatus();
  absl::Status may = Check(*found->second, clock_.Now());
  // Who goes on trying is not quiet, answered or not.
  if (!may.ok()) sources_.splice(sources_.end(), sources_, found->second);
  return may;
}

absl::Status GuessLimit::TellWrong(const std::string& source) {
  absl::MutexLock lock(&mutex_);
  const base::Instant now = clock_.Now();
  const auto found = by_name_.find(source);
  if (found == by_name_.end()) {
    if (sources_.size() >= kMostSources) {
      by_name_.erase(sources_.front().name);
      sources_.pop_front();
    }
    sources_.push_back({source, {}});
    by_name_[source] = std::prev(sources_.end());
  } else {
    sources_.splice(sources_.end(), sources_, found->second);
  }
  Source& told = sources_.back();
  absl::Status may = Check(told, now);
  if (may.ok()) told.wrong.push_back(now);
  return may;
}

std::size_t GuessLimit::sources() const {
  absl::MutexLock lock(&mutex_);
  return sources_.size();
}

std::string SourceOf(const std::string& address) {
  in_addr four{};
  if (inet_pton(AF_INET, address.c_str(), &four) == 1) return ToText(AF_INET, &four);
  in6_addr six{};
  if (inet_pton(AF_INET6, address.c_str(), &six) != 1) return "proxy";
  constexpr std::size_t kNetworkBytes = 8;
  constexpr std::size_t kMappedBytes = 12;
  if (IN6_IS_ADDR_V4MAPPED(&six)) return ToText(AF_INET, &six.s6_addr[kMappedBytes]);
  std::fill(std::begin(six.s6_addr) + kNetworkBytes, std::end(six.s6_addr), 0);
  return ToText(AF_INET6, &six) + "/64";
}

}  // namespace brobygger::daemon
