#include "plugins/files/csv/remote_file.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "plugins/files/csv/remote_trouble.h"
#include "plugins/files/csv/source_file.h"

namespace brobygger::csv {
namespace {

using common::Transfer;
using common::TransferAnswer;
using common::TransferFault;
using common::TransferRequest;
using Clock = std::chrono::steady_clock;

constexpr int kMostRedirects = 5;
constexpr auto kBetweenRemoteBeats = std::chrono::seconds(1);
constexpr auto kRemoteLook = std::chrono::milliseconds(100);
constexpr auto kRemotePatience = std::chrono::minutes(10);
// An ETag is kept in the cursor; a longer one is done without.
constexpr std::size_t kMostEtag = 1024;

bool IsRedirect(long http_status) {
  return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
         http_status == 308;
}

common::TransferSettings SettingsOf(const Config& config, const Credentials* credentials) {
  common::TransferSettings settings;
  settings.ca_file = config.ca_file;
  settings.host_keys = config.host_keys;
  settings.timeout = config.timeout;
  settings.most_bytes = kMaxFileBytes;
  if (credentials == nullptr) return settings;
  settings.user = config.user;
  settings.password = credentials->password;
  settings.private_key = credentials->private_key;
  return settings;
}

std::string HostOf(const std::string& url) {
  const auto parts = common::ParseUrl(url);
  return parts ? parts->host : "";
}

// What comes after the last "/", as it stands in the URL.
std::string NameIn(const std::string& url) {
  const auto parts = common::ParseUrl(url);
  const std::string path = parts ? parts->path : "";
  std::string name = path.substr(path.rfind('/') + 1);
  return name.empty() ? HostOf(url) : name;
}

}  // namespace

RemoteFile::RemoteFile(const Config& config, const Credentials& credentials)
    : config_(config),
      name_(NameIn(config.url)),
      home_(SettingsOf(config, &credentials)),
      elsewhere_(SettingsOf(config, nullptr)) {}

absl::StatusOr<FetchedFile> RemoteFile::Fetch(const std::string& known_etag,
                                              absl::FunctionRef<absl::Status()> beat) {
  auto beaten = Clock::now();
  const auto wanted = [&]() -> absl::Status {
    if (Clock::now() - beaten < kBetweenRemoteBeats) return absl::OkStatus();
    beaten = Clock::now();
    return beat();
  };
  if (config_.url.rfind("sftp:", 0) == 0) return FetchBySftp(wanted);
  return FetchByHttp(known_etag, wanted);
}

absl::StatusOr<TransferAnswer> RemoteFile::Ask(Transfer& from,
                                               const TransferRequest& request,
                                               const Transfer::StillWanted& wanted) const {
  auto outcome = from.Get(request, wanted);
  if (!outcome.ok()) return outcome.status();
  if (outcome->fault) return TransferTrouble(*outcome->fault, HostOf(request.url), outcome->detail);
  return std::move(outcome->answer);
}

absl::StatusOr<FetchedFile> RemoteFile::FetchByHttp(const std::string& known_etag,
                                                    const Transfer::StillWanted& wanted) {
  const auto home = common::ParseUrl(config_.url);
  TransferRequest request = {.url = config_.url};
  if (!known_etag.empty()) request.headers.push_back("If-None-Match: " + known_etag);
  for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
    const auto to = common::ParseUrl(request.url);
    const bool at_home = home && to && to->SameOrigin(*home);
    if (!at_home && (!to || to->scheme != "https")) return RedirectTrouble(HostOf(config_.url));
    // The password goes to the server it is for, and to no other.
    auto answer = Ask(at_home ? home_ : elsewhere_, request, wanted);
    if (!answer.ok()) return answer.status();
    if (IsRedirect(answer->status)) {
      request.url = answer->location;
      continue;
    }
    if (answer->status == 304 && !known_etag.empty()) return FetchedFile{.unchanged = true};
    if (answer->status != 200) return HttpTrouble(*answer, HostOf(request.url));
    FetchedFile file = {.bytes = std::move(answer->body)};
    if (answer->etag.size() <= kMostEtag) file.etag = std::move(answer->etag);
    return file;
  }
  return RedirectTrouble(HostOf(config_.url));
}

absl::StatusOr<TransferAnswer> RemoteFile::WaitUntilStill(const Transfer::StillWanted& wanted) {
  const TransferRequest about = {.url = config_.url, .only_about = true};
  const auto give_up = Clock::now() + kRemotePatience;
  std::optional<TransferAnswer> last;
  auto still_since = Clock::now();
  while (Clock::now() < give_up) {
    auto now = Ask(home_, about, wanted);
    if (!now.ok()) return now.status();
    const bool same = last && last->size == now->size && last->changed == now->changed;
    if (!same) still_since = Clock::now();
    // An old file needs no wait. A clock that is behind the server's says nothing.
    const bool old =
        now->changed && std::chrono::system_clock::now() - *now->changed >= config_.stable_for;
    if (old || Clock::now() - still_since >= config_.stable_for) return now;
    last = *std::move(now);
    const auto look =
        Clock::now() + std::min<Clock::duration>(config_.stable_for, kBetweenRemoteBeats);
    while (Clock::now() < look) {
      if (absl::Status gone = wanted(); !gone.ok()) return gone;
      std::this_thread::sleep_for(kRemoteLook);
    }
  }
  return ChangedTrouble(name_);
}

absl::StatusOr<FetchedFile> RemoteFile::FetchBySftp(const Transfer::StillWanted& wanted) {
  const auto before = WaitUntilStill(wanted);
  if (!before.ok()) return before.status();
  if (before->size > static_cast<std::int64_t>(kMaxFileBytes)) {
    return TransferTrouble(TransferFault::kTooLarge, HostOf(config_.url), "");
  }
  auto answer = Ask(home_, {.url = config_.url}, wanted);
  if (!answer.ok()) return answer.status();
  const auto after = Ask(home_, {.url = config_.url, .only_about = true}, wanted);
  if (!after.ok()) return after.status();
  const auto size = static_cast<std::int64_t>(answer->body.size());
  const bool same = before->size == after->size && before->changed == after->changed;
  if (!same || (after->size >= 0 && after->size != size)) return ChangedTrouble(name_);
  return FetchedFile{.bytes = std::move(answer->body)};
}

}  // namespace brobygger::csv
