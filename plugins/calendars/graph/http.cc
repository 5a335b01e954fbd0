#include "plugins/calendars/graph/http.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <curl/curl.h>

namespace brobygger::graph {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kMostHeaderBytes = std::size_t{64} << 10;
constexpr long kConnectSeconds = 10;
constexpr long kRequestSeconds = 60;
constexpr long kSlowBytes = 100;
constexpr long kSlowSeconds = 15;
constexpr std::int64_t kLongestWait = 24 * 60 * 60;

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// An answer that is coming in.
struct Transfer {
  const Http::Stopped& stopped;
  HttpResponse response = {};
  std::size_t header_bytes = 0;
  bool too_large = false;
  bool was_stopped = false;
};

std::optional<std::chrono::seconds> ParseRetryAfter(const std::string& text) {
  std::int64_t wait = 0;
  if (!absl::SimpleAtoi(text, &wait)) {
    const std::time_t when = curl_getdate(text.c_str(), nullptr);
    if (when < 0) return std::nullopt;
    wait = static_cast<std::int64_t>(when) - std::time(nullptr);
  }
  return std::chrono::seconds(std::clamp(wait, std::int64_t{1}, kLongestWait));
}

std::size_t TakeBody(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  std::string& body = transfer.response.body;
  transfer.too_large = body.size() + size * count > kMostBytes;
  if (transfer.too_large) return 0;
  body.append(bytes, size * count);
  return size * count;
}

std::size_t TakeHeader(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& transfer = *static_cast<Transfer*>(to);
  transfer.header_bytes += size * count;
  transfer.too_large = transfer.header_bytes > kMostHeaderBytes;
  if (transfer.too_large) return 0;
  const std::string line(bytes, size * count);
  const std::size_t colon = line.find(':');
  if (colon != std::string::npos && absl::AsciiStrToLower(line.substr(0, colon)) == "retry-after") {
    std::string value = line.substr(colon + 1);
    absl::StripAsciiWhitespace(&value);
    transfer.response.retry_after = ParseRetryAfter(value);
  }
  return size * count;
}

int AskWhetherStopped(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<Transfer*>(to);
  transfer.was_stopped = transfer.stopped();
  return transfer.was_stopped ? 1 : 0;
}

Fault FaultOfCurl(CURLcode code, const Transfer& transfer) {
  if (transfer.too_large) return Fault::kTooLarge;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
      return Fault::kTls;
    case CURLE_OPERATION_TIMEDOUT:
      return Fault::kTooSlow;
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
      return Fault::kCut;
    case CURLE_RECV_ERROR:
      return transfer.header_bytes > 0 ? Fault::kCut : Fault::kUnreachable;
    default:
      return Fault::kUnreachable;
  }
}

HeaderList ToList(const std::vector<std::string>& headers) {
  HeaderList list(nullptr, curl_slist_free_all);
  for (const std::string& header : headers) {
    curl_slist* const longer = curl_slist_append(list.get(), header.c_str());
    if (longer == nullptr) break;
    (void)list.release();
    list.reset(longer);
  }
  return list;
}

void SetRules(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kRequestSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, kSlowBytes);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kSlowSeconds);
}

void SetReceivers(CURL* curl, Transfer& transfer) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &transfer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, AskWhetherStopped);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &transfer);
}

}  // namespace

struct Http::Handle {
  CURL* curl = nullptr;
};

Http::Http(std::string unix_socket)
    : unix_socket_(std::move(unix_socket)), handle_(std::make_unique<Handle>()) {
  // Safe beside other threads, and counted, since libcurl 7.84.
  curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_->curl = curl_easy_init();
}

Http::~Http() {
  curl_easy_cleanup(handle_->curl);
  curl_global_cleanup();
}

absl::StatusOr<HttpResponse> Http::Perform(const HttpRequest& request,
                                           const Place& place,
                                           const Stopped& stopped) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr) return Failure(Fault::kUnreachable, place, "no memory for libcurl");
  if (stopped()) return absl::CancelledError("nobody waits for it");
  curl_easy_reset(curl);
  Transfer transfer{.stopped = stopped};
  const HeaderList headers = ToList(request.headers);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  if (!request.form.empty()) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.form.c_str());
  if (!unix_socket_.empty()) {
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, unix_socket_.c_str());
  }
  SetRules(curl);
  SetReceivers(curl, transfer);
  const CURLcode code = curl_easy_perform(curl);
  if (transfer.was_stopped) return absl::CancelledError("nobody waits for it");
  if (code != CURLE_OK) {
    // libcurl's own name for it, which quotes nothing.
    return Failure(FaultOfCurl(code, transfer), place, curl_easy_strerror(code));
  }
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &transfer.response.status);
  return std::move(transfer.response);
}

}  // namespace brobygger::graph
