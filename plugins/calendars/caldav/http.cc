#include "plugins/calendars/caldav/http.h"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/strip.h>
#include <curl/curl.h>

namespace brobygger::caldav {
namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 20;
constexpr std::size_t kMostHeaderBytes = std::size_t{64} << 10;
constexpr long kConnectSeconds = 10;
// Of an answer that has begun, fewer bytes than this in so long are a drip. Until it begins
// a server may think for all of `timeout`: a list of thousands takes it a while.
constexpr std::size_t kSlowBytes = 1500;
constexpr std::chrono::seconds kSlowFor(15);
constexpr int kListenMs = 100;  // how soon a caller who gives up is heard

using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What comes in of one answer.
struct Incoming {
  HttpResponse* response = nullptr;
  std::size_t header_bytes = 0;
  bool too_large = false;
  // Where the present stretch of the answer began.
  std::chrono::steady_clock::time_point since = {};
  std::size_t bytes_then = 0;

  std::size_t bytes() const { return header_bytes + response->body.size(); }

  // Whether the answer has begun and now comes in drops.
  bool Drips() {
    if (bytes() == 0) return false;
    const auto now = std::chrono::steady_clock::now();
    const bool first = since == std::chrono::steady_clock::time_point();
    if (!first && now - since < kSlowFor) return false;
    if (!first && bytes() - bytes_then < kSlowBytes) return true;
    since = now;
    bytes_then = bytes();
    return false;
  }
};

std::size_t OnBody(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& incoming = *static_cast<Incoming*>(to);
  if (incoming.response->body.size() + size * count > kMostBytes) {
    incoming.too_large = true;
    return 0;
  }
  incoming.response->body.append(bytes, size * count);
  return size * count;
}

void TakeHeader(std::string_view line, HttpResponse& response) {
  // A status line begins an answer: what an interim one (100 Continue) said does not count.
  if (absl::StartsWith({line.data(), line.size()}, "HTTP/")) response = HttpResponse();
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = absl::AsciiStrToLower({line.data(), colon});
  std::string value(line.substr(colon + 1));
  absl::StripAsciiWhitespace(&value);
  if (name == "location") response.location = value;
  // Proxies that compress weaken a strong one, and the server knows it only as it made it.
  if (name == "etag") response.etag = std::string(absl::StripPrefix(value, "W/"));
  if (name == "retry-after") response.retry_after = ParseRetryAfter(value);
}

std::size_t OnHeader(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& incoming = *static_cast<Incoming*>(to);
  incoming.header_bytes += size * count;
  if (incoming.header_bytes > kMostHeaderBytes) {
    incoming.too_large = true;
    return 0;
  }
  TakeHeader({bytes, size * count}, *incoming.response);
  return size * count;
}

// Whether it failed before a byte of the request was on its way.
bool NeverSent(CURLcode code) {
  return code == CURLE_COULDNT_RESOLVE_HOST || code == CURLE_COULDNT_CONNECT ||
         code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR ||
         code == CURLE_SSL_CACERT_BADFILE || code == CURLE_UNSUPPORTED_PROTOCOL ||
         code == CURLE_FAILED_INIT;
}

Fault FaultFor(CURLcode code, const Incoming& incoming) {
  if (incoming.too_large) return Fault::kTooLarge;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Fault::kTls;
    case CURLE_OPERATION_TIMEDOUT:
      return Fault::kTooSlow;
    case CURLE_OUT_OF_MEMORY:
      // libcurl's word for a header line of over 100 KB, too.
      return incoming.header_bytes > 0 ? Fault::kTooLarge : Fault::kUnreachable;
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
      return incoming.response->status != 0 || incoming.header_bytes > 0 ? Fault::kCut
                                                                         : Fault::kUnreachable;
    default:
      return Fault::kUnreachable;
  }
}

List HeadersOf(const HttpRequest& request) {
  List list(nullptr, curl_slist_free_all);
  const auto add = [&](const std::string& line) {
    curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
    if (longer != nullptr) {
      (void)list.release();
      list.reset(longer);
    }
  };
  for (const std::string& header : request.headers) add(header);
  // A body is sent at once: some servers never answer to Expect.
  add("Expect:");
  return list;
}

void SetServer(CURL* curl, const HttpSettings& settings) {
  // Ours is the canonical form already.
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!settings.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
  }
  if (!settings.unix_socket.empty()) {
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, settings.unix_socket.c_str());
  }
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  curl_easy_setopt(curl, CURLOPT_USERNAME, settings.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, settings.password.c_str());
}

void SetReceivers(CURL* curl, Incoming& incoming) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, OnBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, OnHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &incoming);
}

}  // namespace

// Connections live in `multi` from one request to the next.
struct Http::Handle {
  CURL* curl = curl_easy_init();
  CURLM* multi = curl_multi_init();

  // The result of the request that `curl` was set up for; nothing if `stopped` ended it. Waits by
  // itself, since libcurl's own way asks whether to stop only once a second.
  std::optional<CURLcode> Run(const Stopped& stopped, Incoming& incoming) const {
    curl_multi_add_handle(multi, curl);
    std::optional<CURLcode> result;
    int running = 1;
    while (running != 0 && !(stopped && stopped())) {
      if (incoming.Drips()) {
        result = CURLE_OPERATION_TIMEDOUT;
        break;
      }
      if (curl_multi_perform(multi, &running) != CURLM_OK) break;
      if (running != 0) curl_multi_poll(multi, nullptr, 0, kListenMs, nullptr);
    }
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      if (message->msg == CURLMSG_DONE) result = message->data.result;
    }
    curl_multi_remove_handle(multi, curl);
    return result;
  }
};

Http::Http(HttpSettings settings) : settings_(std::move(settings)) {
  // Safe beside other threads, and counted, since libcurl 7.84.
  curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_ = std::make_unique<Handle>();
}

Http::~Http() {
  curl_easy_cleanup(handle_->curl);
  curl_multi_cleanup(handle_->multi);
  curl_global_cleanup();
}

absl::StatusOr<HttpResponse> Http::Perform(const HttpRequest& request,
                                           const Place& place,
                                           Sent* sent) {
  CURL* const curl = handle_->curl;
  if (curl == nullptr || handle_->multi == nullptr) {
    return Failure(Fault::kUnreachable, place, "no memory for libcurl");
  }
  if (stopped_ && stopped_()) return absl::CancelledError("nobody waits for it");
  curl_easy_reset(curl);
  HttpResponse response;
  Incoming incoming{.response = &response};
  const List headers = HeadersOf(request);
  const std::string url = request.url.Text();
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  if (!request.body.empty()) {
    const auto size = static_cast<curl_off_t>(request.body.size());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, size);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.c_str());
  }
  SetServer(curl, settings_);
  SetReceivers(curl, incoming);
  const auto patience = std::min(patience_.value_or(settings_.timeout), settings_.timeout);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(patience.count()));
  const std::optional<CURLcode> code = handle_->Run(stopped_, incoming);
  if (sent != nullptr) sent->maybe = !code || !NeverSent(*code);
  if (!code) return absl::CancelledError("nobody waits for it");
  // libcurl's own name for it, which quotes nothing.
  if (*code != CURLE_OK)
    return Failure(FaultFor(*code, incoming), place, curl_easy_strerror(*code));
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response.status);
  return response;
}

}  // namespace brobygger::caldav
