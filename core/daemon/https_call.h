#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace brobygger::daemon {

// What is asked of a login provider, and what its answer may cost.
struct HttpsCall {
  // https://..., without a user, a password or a fragment.
  std::string url;
  // Lets the address be http://127.0.0.1... or http://[::1]..., for a provider behind a
  // proxy on this machine.
  bool plain_on_this_machine = false;
  // The authorities to trust, in PEM; "" for those of the machine.
  std::string ca_file = {};
  // How long it may take in all.
  std::chrono::milliseconds most_time = std::chrono::seconds(5);
  // More is not read of an answer, nor of its headers.
  std::size_t most_bytes = std::size_t{64} << 10;
  // Whether to go through the proxy that the environment names (https_proxy), as people's machines
  // may have to. The proxy cannot read along.
  bool by_proxy = false;
  // Sent by POST as a form; with none it is a GET.
  std::vector<std::pair<std::string, std::string>> form = {};
  // The header "authorization", as BasicAuthorization() makes it; "": none is sent.
  std::string authorization = {};
};

// Any answer, whatever its status.
struct HttpsAnswer {
  long status = 0;
  std::string body = {};
};

// INVALID_ARGUMENT unless the address is one of those above. Pure.
absl::Status CheckAddress(const HttpsCall& call);

// Asks once, over TLS 1.2 or newer with the server's certificate checked; no redirects, cookies or
// compression. UNAVAILABLE, with a few words for a person, if there is no answer within the
// limits; INVALID_ARGUMENT as CheckAddress(). Stops within about a second of being asked to.
// Thread-safe.
absl::StatusOr<HttpsAnswer> Ask(const HttpsCall& call, const std::stop_token& stop = {});

}  // namespace brobygger::daemon
