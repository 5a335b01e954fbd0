#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <absl/status/status.h>

#include "plugins/common/transfer.h"

namespace brobygger::hsds {

// What can go wrong between us and an HSDS server. The words for each, in Danish and English,
// stand in trouble.cc; none of them quotes what the server says.
enum class Fault {
  kUnreachable,   // no connection, or it ended before an answer began
  kTls,           // its certificate is not to be trusted
  kCut,           // the answer breaks off
  kTooSlow,       // the answer takes longer than a request may take, or comes in drops
  kTooLarge,      // the answer is larger than we read
  kHtml,          // a web page came instead of JSON
  kNotJson,       // neither JSON nor a web page
  kUnexpected,    // JSON that HSDS has no place for
  kOldVersion,    // an API of another version than 3
  kRedirected,    // it leads to another server
  kWrongPage,     // another page came than was asked for, or one without end
  kDisagrees,     // it lists nothing, but says otherwise that there is something
  kLogin,         // 401
  kNoRight,       // 403
  kNotThere,      // 404
  kBusy,          // 429, or 503 with a time to wait
  kServerFailed,  // another 5xx
  kRefused,       // another 4xx
};

// The Status of `fault`. `place` is the path at the server: "/organizations/7"; `detail` goes to
// the log.
absl::Status Failure(Fault fault, const std::string& place, const std::string& detail = "");

// A kBusy that tells the hub how long to wait.
absl::Status BusyFailure(std::chrono::seconds retry_after, const std::string& place);

// Which fault an HTTP status that is no success tells of.
Fault FaultOfHttp(long http_status, bool has_retry_after);

// Which fault came of a transfer.
Fault FaultOfTransfer(common::TransferFault fault);

// Whether it is about the one thing that was asked for, so that asking for others is of use.
bool IsAboutOne(const absl::Status& status);

}  // namespace brobygger::hsds
