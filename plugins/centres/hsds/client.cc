#include "plugins/centres/hsds/client.h"

#include <thread>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/centres/hsds/trouble.h"

namespace brobygger::hsds {
namespace {

using std::chrono::seconds;

constexpr int kMostWaits = 5;
constexpr int kMostRedirects = 3;
constexpr seconds kUsualWait(30);
constexpr auto kLook = std::chrono::milliseconds(100);
constexpr int kLooksPerBeat = 10;

bool IsRedirect(long http_status) {
  return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
         http_status == 308;
}

common::TransferSettings SettingsOf(const Config& config, const Credentials& credentials) {
  common::TransferSettings settings;
  settings.user = config.user;
  settings.password = credentials.password;
  settings.ca_file = config.ca_file;
  settings.unix_socket = config.unix_socket;
  settings.timeout = config.timeout;
  return settings;
}

}  // namespace

Client::Client(const Config& config, const Credentials& credentials)
    : base_(config.url),
      headers_({"Accept: application/json"}),
      transfer_(SettingsOf(config, credentials)) {
  if (!config.key_header.empty() && !credentials.api_key.empty()) {
    headers_.push_back(absl::StrCat(config.key_header, ": ", credentials.api_key));
  }
}

absl::StatusOr<json> Client::Get(const std::string& path) {
  const std::string place = path.substr(0, path.find('?'));
  for (int waits = 0;;) {
    const auto answer = Ask(path, place);
    if (!answer.ok()) return answer.status();
    if (answer->status == 200) {
      if (absl::Status gone = listener_->Progress(); !gone.ok()) return gone;
      return ParseAnswer(answer->body, place);
    }
    const Fault fault = FaultOfHttp(answer->status, answer->retry_after.has_value());
    if (fault != Fault::kBusy) return Failure(fault, place, absl::StrCat("HTTP ", answer->status));
    const seconds time = answer->retry_after.value_or(kUsualWait);
    if (++waits > kMostWaits || !listener_->MayWait(time)) return BusyFailure(time, place);
    if (absl::Status gone = Wait(time); !gone.ok()) return gone;
  }
}

absl::StatusOr<common::TransferAnswer> Client::Ask(const std::string& path,
                                                   const std::string& place) {
  std::string url = base_ + path;
  const auto home = common::ParseUrl(url);
  for (int redirects = 0;; ++redirects) {
    auto outcome = transfer_.Get({.url = url, .headers = headers_},
                                 [this] { return listener_->StillWanted(); });
    if (!outcome.ok()) return outcome.status();
    if (outcome->fault) return Failure(FaultOfTransfer(*outcome->fault), place, outcome->detail);
    if (!IsRedirect(outcome->answer.status)) return std::move(outcome->answer);
    const auto to = common::ParseUrl(outcome->answer.location);
    if (!home || !to || !to->SameOrigin(*home) || redirects == kMostRedirects) {
      return Failure(Fault::kRedirected, place);
    }
    url = outcome->answer.location;
  }
}

absl::Status Client::Wait(seconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  for (int look = 0; std::chrono::steady_clock::now() < until; ++look) {
    if (absl::Status gone = listener_->StillWanted(); !gone.ok()) return gone;
    if (look % kLooksPerBeat == 0) {
      if (absl::Status gone = listener_->Waiting(); !gone.ok()) return gone;
    }
    std::this_thread::sleep_for(kLook);
  }
  return absl::OkStatus();
}

}  // namespace brobygger::hsds
