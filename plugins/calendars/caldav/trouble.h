#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <absl/status/status.h>

namespace brobygger::caldav {

// What can go wrong between us and a calendar server. The words for each, in Danish and English,
// stand in trouble.cc; none of them quotes the server.
enum class Fault {
  kUnreachable,    // no connection, or it ended before an answer began
  kTls,            // its certificate is not to be trusted
  kCut,            // the answer breaks off
  kTooSlow,        // the answer takes longer than a request may take
  kTooLarge,       // the answer is larger than we read
  kElsewhere,      // it leads to another server
  kTooManySteps,   // redirect after redirect
  kHtml,           // a web page came instead of a calendar
  kDoctype,        // XML with a document type
  kTooDeep,        // XML nested deeper than any server does
  kNotXml,         // neither XML nor anything else we know
  kOtherHost,      // it calls an item by an address at another server
  kStuckToken,     // it promises more and stays at the same place
  kDisagrees,      // it lists nothing, but says otherwise that there is something
  kWrongPassword,  // 401
  kNoRight,        // 403
  kNotThere,       // 404, 410
  kBusy,           // 429, 503
  kServerFailed,   // another 5xx
  kRefused,        // another 4xx
  kUnexpected,     // an answer that DAV has no place for
};

// What a failure was about.
struct Place {
  std::string what = {};  // for the words: "calendar 'moder'", or "the server"
  std::string path = {};  // in the configuration: "calendars.moder.path"
};

// The Status of `fault`; `detail` goes to the log and must be free of what servers say of persons.
absl::Status Failure(Fault fault, const Place& place, const std::string& detail = "");

// The Status of an answer with `http_status` that is no success. With `retry_after` 429 and 503 are
// CLASS_RATE_LIMITED and tell how long to wait; a 429 without it is to wait a minute.
absl::Status FailureOf(long http_status,
                       std::optional<std::chrono::seconds> retry_after,
                       const Place& place);

// Which fault a Status of ours tells; nothing for others.
std::optional<Fault> FaultOf(const absl::Status& status);

// Whether it concerns the server as a whole, so that asking for other calendars is no use.
bool StopsEverything(const absl::Status& status);

// Seconds that a Retry-After header asks for (RFC 9110 section 10.2.3): a number or a date; at most
// a day. Nothing if it cannot be read.
std::optional<std::chrono::seconds> ParseRetryAfter(const std::string& header);

}  // namespace brobygger::caldav
