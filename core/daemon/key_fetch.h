#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include <absl/status/statusor.h>

#include "core/access/key_keeper.h"

namespace brobygger::daemon {

// Where a login provider publishes its keys, as the configuration has it: tokens never
// say where keys are.
struct KeySource {
  // https://..., without a user, a password or a fragment.
  std::string url;
  // Lets the address be http://127.0.0.1... or http://[::1]..., for a provider behind a
  // proxy on this machine.
  bool plain_on_this_machine = false;
  // The authorities to trust, in PEM; "" for those of the machine.
  std::string ca_file;
  // How long a fetch may take in all.
  std::chrono::milliseconds most_time = std::chrono::seconds(5);
};

// More is not read of an answer, nor of its headers.
inline constexpr std::size_t kMostKeyBytes = std::size_t{64} << 10;

// A function that fetches the keys of `source` once for each call, over TLS 1.2 or newer
// with the server's certificate checked; no redirects, proxies, cookies or compression.
// Any answer but 200 within the limits is UNAVAILABLE; whoever calls may try again later.
// It stops within about a second of being asked to. Its texts are for logs. May be called
// from any thread.
//
// INVALID_ARGUMENT, naming the address, if the address is not one of those above.
absl::StatusOr<access::KeyKeeper::Fetch> MakeKeyFetch(const KeySource& source);

}  // namespace brobygger::daemon
