#include "plugins/calendars/graph/client.h"

#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "plugins/calendars/graph/answer.h"

namespace brobygger::graph {
namespace {

using nlohmann::json;
using std::chrono::seconds;

// An application may ask a mailbox 10,000 times in ten minutes; others of the municipality's
// programs may use the same application.
constexpr std::size_t kMostRequests = 8'000;
constexpr auto kLimitTime = std::chrono::minutes(10);
constexpr int kMostWaits = 5;
constexpr auto kUsualWait = seconds(60);
constexpr std::size_t kMostLinkBytes = std::size_t{16} << 10;

// Times in UTC: names of Windows' time zones need not be known. Pages of 250 are 0.5 MB or so.
constexpr char kPreferUtc[] = "Prefer: outlook.timezone=\"UTC\"";
constexpr char kPreferPages[] = "Prefer: odata.maxpagesize=250";

// Graph has forgotten a delta link: 410, and at times another status with a code that says so.
bool IsExpiredState(const HttpResponse& response, const Place& place) {
  if (response.status == 410) return true;
  if (response.status != 400) return false;
  const auto answer = ParseAnswer(response.body, place);
  if (!answer.ok() || answer->find("error") == answer->end()) return false;
  const std::string code = TextAt((*answer)["error"], "code");
  return absl::EqualsIgnoreCase(code, "SyncStateNotFound") ||
         absl::EqualsIgnoreCase(code, "SyncStateInvalid") ||
         absl::EqualsIgnoreCase(code, "resyncRequired");
}

}  // namespace

Client::Client(const Config& config, std::string client_secret, Clock clock)
    : base_(config.graph_url + "/v1.0"),
      clock_(clock),
      http_(config.unix_socket),
      token_(config, std::move(client_secret), http_, std::move(clock)) {}

absl::StatusOr<json> Client::Get(const std::string& path, const Subject& subject) {
  return Ask(base_ + path, subject);
}

absl::StatusOr<json> Client::Follow(const std::string& link, const Subject& subject) {
  const bool own = absl::StartsWith(link, base_ + "/") && link.size() <= kMostLinkBytes &&
                   link.find_first_of(" \r\n\t") == std::string::npos;
  return own ? Ask(link, subject) : Failure(Fault::kOtherHost, subject.place);
}

absl::StatusOr<json> Client::Ask(const std::string& url, const Subject& subject) {
  bool renewed = false;
  for (int waits = 0;;) {
    const auto response = AskOnce(url, subject);
    if (!response.ok()) return response.status();
    if (response->status == 200) {
      if (absl::Status given_up = listener_->Progress(); !given_up.ok()) return given_up;
      return ParseAnswer(response->body, subject.place);
    }
    if (response->status == 401 && !std::exchange(renewed, true)) {
      token_.Forget();
      continue;
    }
    if (IsExpiredState(*response, subject.place)) {
      return Failure(Fault::kExpiredState, subject.place);
    }
    const Fault fault = FaultOfHttp(response->status, response->retry_after.has_value());
    if (fault != Fault::kBusy) {
      return Failure(fault, subject.place, absl::StrCat("HTTP ", response->status));
    }
    const seconds time = response->retry_after.value_or(kUsualWait);
    if (++waits > kMostWaits) return BusyFailure(time, subject.place);
    if (absl::Status given_up = WaitFor(time, subject.place); !given_up.ok()) return given_up;
  }
}

absl::StatusOr<HttpResponse> Client::AskOnce(const std::string& url, const Subject& subject) {
  if (absl::Status given_up = WaitForRoom(subject); !given_up.ok()) return given_up;
  const auto stopped = [this] { return listener_->Stopped(); };
  const auto token = token_.Get(stopped);
  if (!token.ok()) return token.status();
  return http_.Perform({.url = url,
                        .headers = {"Authorization: Bearer " + *token, "Accept: application/json",
                                    kPreferUtc, kPreferPages}},
                       subject.place, stopped);
}

absl::Status Client::WaitForRoom(const Subject& subject) {
  auto& asked = asked_[subject.mailbox];
  const auto forget_old = [&] {
    while (!asked.empty() && clock_() - asked.front() >= kLimitTime) asked.pop_front();
  };
  forget_old();
  if (asked.size() >= kMostRequests) {
    const auto left = asked.front() + kLimitTime - clock_();
    const auto time = std::chrono::ceil<seconds>(left);
    if (absl::Status given_up = WaitFor(time, subject.place); !given_up.ok()) return given_up;
    forget_old();
  }
  asked.push_back(clock_());
  return absl::OkStatus();
}

absl::Status Client::WaitFor(seconds time, const Place& place) {
  if (!listener_->MayWait(time)) return BusyFailure(time, place);
  return listener_->Wait(time);
}

}  // namespace brobygger::graph
