#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <absl/status/status.h>

namespace brobygger::graph {

// What can go wrong between us and Microsoft 365. The words for each, in Danish and English, stand
// in trouble.cc; none of them quotes a server, a mailbox or a calendar.
enum class Fault {
  kUnreachable,   // no connection, or it ended before an answer began
  kTls,           // its certificate is not to be trusted
  kCut,           // the answer breaks off
  kTooSlow,       // the answer takes longer than a request may take
  kTooLarge,      // the answer is larger than we read
  kHtml,          // a web page came instead of JSON
  kNotJson,       // neither JSON nor a web page
  kUnexpected,    // JSON that Graph has no place for
  kRedirected,    // it leads elsewhere, where no token may go
  kOtherHost,     // it names a link at another server
  kStuckLink,     // it names the same link twice, or more pages than there can be
  kDisagrees,     // it lists nothing, but says otherwise that there is something
  kExpiredState,  // 410: the round must begin again; no user ever reads it
  kWrongSecret,   // the login refuses the client secret
  kWrongApp,      // the login knows no such tenant or application
  kTokenRefused,  // 401 with a token that is new
  kNoRight,       // 403
  kNotThere,      // 404
  kBusy,          // 429, or 503 with a time to wait
  kServerFailed,  // another 5xx
  kRefused,       // another 4xx
  kOpenMailbox,   // the mailbox that must be refused can be read
  kNoRefusal,     // whether it can be read is not known: there is no such mailbox
};

// What a failure was about.
struct Place {
  std::string what = {};  // for the words: "'møder'", or "the login"
  std::string path = {};  // in the configuration: "calendars.møder"
};

// The Status of `fault`; `detail` goes to the log and must be free of what servers say of persons.
absl::Status Failure(Fault fault, const Place& place, const std::string& detail = "");

// A kBusy that tells the hub how long to wait.
absl::Status BusyFailure(std::chrono::seconds retry_after, const Place& place);

// Which fault an HTTP status that is no success tells of a request to Graph.
Fault FaultOfHttp(long http_status, bool has_retry_after);

// Which fault a Status of ours tells; nothing for others.
std::optional<Fault> FaultOf(const absl::Status& status);

// Whether it concerns Microsoft 365 as a whole, so that asking for other calendars is no use.
bool StopsEverything(const absl::Status& status);

}  // namespace brobygger::graph
