#include "core/daemon/key_fetch.h"

#include <stop_token>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/daemon/https_call.h"

namespace brobygger::daemon {
namespace {

constexpr long kOk = 200;

HttpsCall ToCall(const KeySource& source) {
  return {.url = source.url,
          .plain_on_this_machine = source.plain_on_this_machine,
          .ca_file = source.ca_file,
          .most_time = source.most_time,
          .most_bytes = kMostKeyBytes};
}

absl::Status Failed(const HttpsCall& call, const std::string& why) {
  return absl::UnavailableError(
      absl::StrCat("the login provider's keys could not be fetched from ", call.url, ": ", why));
}

absl::StatusOr<std::string> FetchOnce(const HttpsCall& call, const std::stop_token& stop) {
  auto answer = Ask(call, stop);
  if (!answer.ok()) return Failed(call, std::string(answer.status().message()));
  if (answer->status != kOk) return Failed(call, absl::StrCat("the answer was ", answer->status));
  return std::move(answer->body);
}

}  // namespace

absl::StatusOr<access::KeyKeeper::Fetch> MakeKeyFetch(const KeySource& source) {
  HttpsCall call = ToCall(source);
  if (absl::Status usable = CheckAddress(call); !usable.ok()) return usable;
  return [call = std::move(call)](const std::stop_token& stop) { return FetchOnce(call, stop); };
}

}  // namespace brobygger::daemon
