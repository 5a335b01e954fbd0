#pragma once

#include <chrono>
#include <string>

#include <absl/status/status.h>
#include <curl/curl.h>

namespace brobygger::ics {

// The Diagnostics of a feed: what a person reads, and what the hub does next. None of them tells
// the URL beyond its host: a published calendar's URL often is its key.

// An answer that is not 200 and no redirect. `retry_after` is zero if the server told none.
absl::Status HttpTrouble(long http_status,
                         const std::string& host,
                         std::chrono::seconds retry_after);

// No answer, or half of one.
absl::Status TransferTrouble(CURLcode code, const std::string& host, const std::string& detail);

// A redirect that may not be followed, to `target` (a host).
absl::Status RedirectTrouble(const std::string& host, const std::string& target);

// More bytes than a calendar may have.
absl::Status TooLargeTrouble(const std::string& host);

}  // namespace brobygger::ics
