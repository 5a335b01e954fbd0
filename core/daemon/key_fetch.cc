#include "core/daemon/key_fetch.h"

#include <array>
#include <memory>
#include <optional>
#include <stop_token>
#include <utility>

#include <absl/strings/str_cat.h>
#include <curl/curl.h>

#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

constexpr long kOk = 200;

// libcurl, made ready for as long as anybody fetches: safe beside other threads, and
// counted, since libcurl 7.84.
class CurlUse {
 public:
  CurlUse() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlUse() { curl_global_cleanup(); }
  CurlUse(const CurlUse&) = delete;
  CurlUse& operator=(const CurlUse&) = delete;
};

// An answer that is coming in.
struct Answer {
  const std::stop_token& stop;
  std::string body = {};
  std::size_t header_bytes = 0;
  bool too_large = false;
};

std::size_t TakeBody(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  answer.too_large = answer.body.size() + size * count > kMostKeyBytes;
  if (answer.too_large) return 0;
  answer.body.append(bytes, size * count);
  return size * count;
}

std::size_t TakeHeader(char* /*bytes*/, std::size_t size, std::size_t count, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  answer.header_bytes += size * count;
  answer.too_large = answer.header_bytes > kMostKeyBytes;
  return answer.too_large ? 0 : size * count;
}

int ShouldStop(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Answer*>(to)->stop.stop_requested() ? 1 : 0;
}

// A part of an address, or nothing if it has none.
std::optional<std::string> Part(const Url& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return std::nullopt;
  std::string copy = text;
  curl_free(text);
  return copy;
}

absl::Status Refuse(const KeySource& source) {
  return absl::InvalidArgumentError(
      absl::StrCat("The login provider's keys cannot be fetched from \"", source.url,
                   "\": give an https address without a user or a fragment, or one of http at "
                   "127.0.0.1 or [::1] where the configuration allows that."));
}

// The scheme to use, and no other.
absl::StatusOr<std::string> SchemeOf(const KeySource& source) {
  const Url url(curl_url(), curl_url_cleanup);
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, source.url.c_str(), 0) != CURLUE_OK) {
    return Refuse(source);
  }
  for (const CURLUPart unwanted : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT}) {
    if (Part(url, unwanted).has_value()) return Refuse(source);
  }
  // What libcurl made of the address is what it will connect to.
  const auto scheme = Part(url, CURLUPART_SCHEME);
  const auto host = Part(url, CURLUPART_HOST);
  const bool here = host == "127.0.0.1" || host == "[::1]";
  const bool allowed =
      scheme == "https" || (scheme == "http" && here && source.plain_on_this_machine);
  if (!allowed) return Refuse(source);
  return *scheme;
}

void SetRules(CURL* curl, const KeySource& source, const std::string& scheme) {
  const auto most_time = static_cast<long>(source.most_time.count());
  curl_easy_setopt(curl, CURLOPT_URL, source.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, scheme.c_str());
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, most_time);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, most_time);
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, static_cast<long>(kMostKeyBytes));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!source.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, source.ca_file.c_str());
  // A connection that is kept would be in the provider's way when it starts anew.
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

void SetReceivers(CURL* curl, Answer& answer) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ShouldStop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &answer);
}

absl::Status Failed(const KeySource& source, const std::string& why) {
  return absl::UnavailableError(
      absl::StrCat("the login provider's keys could not be fetched from ", source.url, ": ", why));
}

std::string WhyNot(CURLcode code, const Answer& answer) {
  if (answer.stop.stop_requested()) return "the hub is stopping";
  if (answer.too_large || code == CURLE_FILESIZE_EXCEEDED) return "the answer is too large";
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return "its certificate is not trusted; if it is of your own authority, name that";
  }
  return curl_easy_strerror(code);
}

absl::StatusOr<std::string> FetchOnce(const KeySource& source,
                                      const std::string& scheme,
                                      const std::stop_token& stop) {
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  if (curl == nullptr) return Failed(source, "there is no memory");
  Answer answer{stop};
  SetRules(curl.get(), source, scheme);
  SetReceivers(curl.get(), answer);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return Failed(source, WhyNot(code, answer));
  long status = 0;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
  if (status != kOk) return Failed(source, absl::StrCat("the answer was ", status));
  return std::move(answer.body);
}

}  // namespace

absl::StatusOr<access::KeyKeeper::Fetch> MakeKeyFetch(KeySource source) {
  auto use = std::make_shared<CurlUse>();
  BB_ASSIGN_OR_RETURN(std::string scheme, SchemeOf(source));
  return [use = std::move(use), source = std::move(source), scheme = std::move(scheme)](
             const std::stop_token& stop) { return FetchOnce(source, scheme, stop); };
}

}  // namespace brobygger::daemon
