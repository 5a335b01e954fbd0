#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

namespace brobygger::common {

// What went wrong between us and a server. Each plugin has its own words for it.
enum class TransferFault {
  kUnreachable,  // no connection, or it ended before an answer began
  kTls,          // its certificate is not to be trusted
  kHostKey,      // SFTP: its key is not the one that was pinned
  kLogin,        // SFTP: user, password or key is refused
  kNotThere,     // SFTP: no such file, or no right to it
  kCut,          // the answer breaks off
  kTooSlow,      // the answer takes longer than it may, or comes in drops
  kTooLarge,     // the answer is larger than we read
};

// How a server is spoken with.
struct TransferSettings {
  std::string user = {};  // "": no login
  std::string password = {};
  std::string private_key = {};  // SFTP: PEM text, instead of a password
  std::string ca_file = {};      // "": the machine's own authorities
  std::string unix_socket = {};  // "": TCP; else the way to every host is this relay's socket
  // SFTP: the server's host keys as `ssh-keygen -lf` shows them: "SHA256:...". None fits nobody.
  std::vector<std::string> host_keys = {};
  std::chrono::seconds timeout{60};  // for one request and its answer
  std::size_t most_bytes = std::size_t{16} << 20;
};

struct TransferRequest {
  std::string url;
  std::vector<std::string> headers = {};  // "Accept: text/csv"; for HTTP
  bool only_about = false;                // SFTP: the file's time and size, without its content
};

struct TransferAnswer {
  long status = 0;            // HTTP's; 0 for SFTP
  std::string etag = {};      // as it stands in the answer
  std::string location = {};  // where a redirect leads
  std::int64_t size = -1;     // of what was asked for, if it was told
  // What Retry-After asks for (RFC 9110, 10.2.3), seconds or a date: a second to a day.
  std::optional<std::chrono::seconds> retry_after = {};
  std::optional<std::chrono::system_clock::time_point> changed = {};  // SFTP: the file's time
  std::string body = {};
};

// What came of a request: an answer, or a fault.
struct TransferOutcome {
  std::optional<TransferFault> fault = {};
  std::string detail = {};  // libcurl's name for it, or the host key that was found
  TransferAnswer answer = {};
};

// One request after the other over HTTPS, HTTP or SFTP, on one connection as long as it lasts.
// Certificates and host keys are verified, proxies of the environment are not used, redirects are
// not followed. Answers are bounded by the settings; one that has begun and brings less than 100
// bytes a second over 15 s is a drip. Belongs to one thread.
class Transfer {
 public:
  // Asked ten times a second: not OK ends the request with that.
  using StillWanted = std::function<absl::Status()>;

  explicit Transfer(TransferSettings settings);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  // Any HTTP status is an answer. The error is what `wanted` gave.
  absl::StatusOr<TransferOutcome> Get(const TransferRequest& request, const StillWanted& wanted);

 private:
  struct Handle;

  const TransferSettings settings_;
  std::unique_ptr<Handle> handle_;
};

// A URL taken apart; "" where a part is missing. The host is in lower case, the port always told.
struct UrlParts {
  std::string scheme;
  std::string user;
  std::string password;
  std::string host;
  std::string port;
  std::string path;

  // RFC 6454: whether a password for one may go to the other.
  bool SameOrigin(const UrlParts& other) const;
  // Whether it is this machine itself: only there may a password travel without TLS.
  bool IsLoopback() const;
};

// Nothing if `text` is no absolute URL.
std::optional<UrlParts> ParseUrl(const std::string& text);

}  // namespace brobygger::common
