#include "core/daemon/https_call.h"

#include <memory>
#include <optional>

#include <absl/strings/str_cat.h>
#include <curl/curl.h>

#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using Headers = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Url = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

// libcurl, made ready for as long as anybody asks: safe beside other threads, and counted, since
// libcurl 7.84.
class CurlUse {
 public:
  CurlUse() { curl_global_init(CURL_GLOBAL_DEFAULT); }
  ~CurlUse() { curl_global_cleanup(); }
  CurlUse(const CurlUse&) = delete;
  CurlUse& operator=(const CurlUse&) = delete;
};

// An answer that is coming in.
struct Receiving {
  const std::stop_token& stop;
  const std::size_t most_bytes;
  std::string body = {};
  std::size_t header_bytes = 0;
  bool too_large = false;
};

std::size_t TakeBody(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& receiving = *static_cast<Receiving*>(to);
  receiving.too_large = receiving.body.size() + size * count > receiving.most_bytes;
  if (receiving.too_large) return 0;
  receiving.body.append(bytes, size * count);
  return size * count;
}

std::size_t TakeHeader(char* /*bytes*/, std::size_t size, std::size_t count, void* to) {
  auto& receiving = *static_cast<Receiving*>(to);
  receiving.header_bytes += size * count;
  receiving.too_large = receiving.header_bytes > receiving.most_bytes;
  return receiving.too_large ? 0 : size * count;
}

int ShouldStop(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Receiving*>(to)->stop.stop_requested() ? 1 : 0;
}

// A part of an address, or nothing if it has none.
std::optional<std::string> Part(const Url& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return std::nullopt;
  std::string copy = text;
  curl_free(text);
  return copy;
}

absl::Status Refuse(const HttpsCall& call) {
  return absl::InvalidArgumentError(
      absl::StrCat("\"", call.url,
                   "\" is not asked: give an https address without a user or a fragment, or one of "
                   "http at 127.0.0.1 or [::1] where that is allowed."));
}

// The scheme to use, and no other.
absl::StatusOr<std::string> SchemeOf(const HttpsCall& call) {
  const Url url(curl_url(), curl_url_cleanup);
  if (url == nullptr || curl_url_set(url.get(), CURLUPART_URL, call.url.c_str(), 0) != CURLUE_OK) {
    return Refuse(call);
  }
  for (const CURLUPart unwanted : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_FRAGMENT}) {
    if (Part(url, unwanted).has_value()) return Refuse(call);
  }
  // What libcurl made of the address is what it will connect to.
  const auto scheme = Part(url, CURLUPART_SCHEME);
  const auto host = Part(url, CURLUPART_HOST);
  const bool here = host == "127.0.0.1" || host == "[::1]";
  const bool allowed =
      scheme == "https" || (scheme == "http" && here && call.plain_on_this_machine);
  if (!allowed) return Refuse(call);
  return *scheme;
}

void SetRules(CURL* curl, const HttpsCall& call, const std::string& scheme) {
  const auto most_time = static_cast<long>(call.most_time.count());
  curl_easy_setopt(curl, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, scheme.c_str());
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  if (!call.by_proxy) curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, most_time);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, most_time);
  curl_easy_setopt(curl, CURLOPT_MAXFILESIZE, static_cast<long>(call.most_bytes));
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!call.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, call.ca_file.c_str());
  // A connection that is kept would be in the provider's way when it starts anew.
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, 1L);
}

void SetForm(CURL* curl, const HttpsCall& call) {
  std::string text;
  for (const auto& [key, value] : call.form) {
    char* escaped = curl_easy_escape(curl, value.c_str(), static_cast<int>(value.size()));
    absl::StrAppend(&text, text.empty() ? "" : "&", key, "=", escaped == nullptr ? "" : escaped);
    curl_free(escaped);
  }
  if (!call.form.empty()) curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, text.c_str());
}

Headers SetHeaders(CURL* curl, const HttpsCall& call) {
  Headers headers(nullptr, curl_slist_free_all);
  if (call.authorization.empty()) return headers;
  headers.reset(curl_slist_append(nullptr, ("authorization: " + call.authorization).c_str()));
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  return headers;
}

void SetReceivers(CURL* curl, Receiving& receiving) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &receiving);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &receiving);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ShouldStop);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &receiving);
}

std::string WhyNot(CURLcode code, const Receiving& receiving) {
  if (receiving.stop.stop_requested()) return "it was stopped";
  if (receiving.too_large || code == CURLE_FILESIZE_EXCEEDED) return "the answer is too large";
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return "its certificate is not trusted; if it is of your own authority, name that";
  }
  return curl_easy_strerror(code);
}

}  // namespace

absl::Status CheckAddress(const HttpsCall& call) { return SchemeOf(call).status(); }

absl::StatusOr<HttpsAnswer> Ask(const HttpsCall& call, const std::stop_token& stop) {
  const CurlUse use;
  BB_ASSIGN_OR_RETURN(const std::string scheme, SchemeOf(call));
  const Curl curl(curl_easy_init(), curl_easy_cleanup);
  if (curl == nullptr) return absl::UnavailableError("there is no memory");
  Receiving receiving{stop, call.most_bytes};
  SetRules(curl.get(), call, scheme);
  SetForm(curl.get(), call);
  const Headers headers = SetHeaders(curl.get(), call);
  SetReceivers(curl.get(), receiving);
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return absl::UnavailableError(WhyNot(code, receiving));
  HttpsAnswer answer{.body = std::move(receiving.body)};
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  return answer;
}

}  // namespace brobygger::daemon
