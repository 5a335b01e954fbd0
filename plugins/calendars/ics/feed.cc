#include "plugins/calendars/ics/feed.h"

#include <chrono>
#include <memory>
#include <utility>

#include <curl/curl.h>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/prefilter.h"
#include "plugins/calendars/ics/feed_trouble.h"

namespace brobygger::ics {
namespace {

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;
using Clock = std::chrono::steady_clock;

constexpr int kMostRedirects = 5;
constexpr long kConnectSeconds = 30;
constexpr long kTotalSeconds = 300;
constexpr long kStillSeconds = 60;
constexpr auto kBeatEvery = std::chrono::seconds(1);
// An ETag is kept in the cursor; a longer one is done without.
constexpr std::size_t kMostEtag = 1024;
constexpr long kOk = 200;
constexpr long kNotModified = 304;

// RFC 6454: two URLs with the same scheme, host and port.
struct Origin {
  std::string scheme;
  std::string host;
  std::string port;
  bool operator==(const Origin&) const = default;
};

std::string UrlPart(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
  return text;
}

Origin OriginOf(const std::string& url) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parsed(curl_url(), curl_url_cleanup);
  if (!parsed || curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  return {.scheme = UrlPart(parsed.get(), CURLUPART_SCHEME),
          .host = UrlPart(parsed.get(), CURLUPART_HOST),
          .port = UrlPart(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT)};
}

// One request, and what came of it.
struct Exchange {
  explicit Exchange(Beat tell) : beat(tell) {}

  Beat beat;
  Clock::time_point last_beat = Clock::now();
  absl::Status gone;  // From `beat`.
  std::string text;
  bool too_large = false;
};

std::size_t Take(char* bytes, std::size_t size, std::size_t count, void* to) {
  Exchange& exchange = *static_cast<Exchange*>(to);
  exchange.too_large = exchange.text.size() + size * count > calendars::kMaxTextBytes;
  if (exchange.too_large) return 0;
  exchange.text.append(bytes, size * count);
  return size * count;
}

int Tick(void* to, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  Exchange& exchange = *static_cast<Exchange*>(to);
  if (Clock::now() - exchange.last_beat < kBeatEvery) return 0;
  exchange.last_beat = Clock::now();
  exchange.gone = exchange.beat();
  return exchange.gone.ok() ? 0 : 1;
}

void SetLimits(CURL* curl) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, kTotalSeconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kStillSeconds);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "Brobygger");
}

void SetExchange(CURL* curl, Exchange& exchange) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, Take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, Tick);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &exchange);
}

std::string EtagOf(CURL* curl) {
  curl_header* header = nullptr;
  if (curl_easy_header(curl, "ETag", 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return "";
  std::string etag = header->value;
  return etag.size() <= kMostEtag ? etag : "";
}

bool IsRedirect(long http_status) {
  return http_status == 301 || http_status == 302 || http_status == 303 || http_status == 307 ||
         http_status == 308;
}

// Fetches one URL after the other until there is an answer.
class Journey {
 public:
  Journey(const Config& config, const std::string& password, const std::string& known_etag)
      : config_(config),
        password_(password),
        headers_(nullptr, curl_slist_free_all),
        conditional_(!known_etag.empty()),
        url_(config.url),
        home_(OriginOf(config.url)) {
    headers_.reset(curl_slist_append(nullptr, "Accept: text/calendar, */*;q=0.1"));
    if (!conditional_) return;
    // The list owns its first node still: appending returns the same one.
    (void)curl_slist_append(headers_.get(), ("If-None-Match: " + known_etag).c_str());
  }

  absl::StatusOr<FetchedText> Run(Beat beat) {
    for (int redirects = 0; redirects <= kMostRedirects; ++redirects) {
      const Curl curl(curl_easy_init(), curl_easy_cleanup);
      if (curl == nullptr) return absl::ResourceExhaustedError("libcurl has no memory");
      Exchange exchange(beat);
      if (absl::Status wrong = Ask(curl.get(), exchange); !wrong.ok()) return wrong;
      long http_status = 0;
      curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &http_status);
      if (!IsRedirect(http_status)) return Answer(curl.get(), http_status, std::move(exchange));
      if (absl::Status wrong = Follow(curl.get()); !wrong.ok()) return wrong;
    }
    return RedirectTrouble(home_.host, OriginOf(url_).host);
  }

 private:
  absl::Status Ask(CURL* curl, Exchange& exchange) const {
    const Origin origin = OriginOf(url_);
    SetLimits(curl);
    SetExchange(curl, exchange);
    curl_easy_setopt(curl, CURLOPT_URL, url_.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers_.get());
    if (!config_.user.empty() && origin == home_) {
      curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
      curl_easy_setopt(curl, CURLOPT_USERNAME, config_.user.c_str());
      curl_easy_setopt(curl, CURLOPT_PASSWORD, password_.c_str());
    }
    const CURLcode code = curl_easy_perform(curl);
    if (!exchange.gone.ok()) return exchange.gone;
    if (exchange.too_large) return TooLargeTrouble(origin.host);
    // libcurl's longer words may hold the URL, which often is the calendar's key.
    if (code != CURLE_OK) return TransferTrouble(code, origin.host, curl_easy_strerror(code));
    return absl::OkStatus();
  }

  absl::StatusOr<FetchedText> Answer(CURL* curl, long http_status, Exchange exchange) const {
    FetchedText fetched;
    if (http_status == kNotModified && conditional_) {
      fetched.unchanged = true;
      return fetched;
    }
    if (http_status != kOk) {
      curl_off_t seconds = 0;
      curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &seconds);
      return HttpTrouble(http_status, OriginOf(url_).host, std::chrono::seconds(seconds));
    }
    fetched.text = std::move(exchange.text);
    fetched.etag = EtagOf(curl);
    return fetched;
  }

  absl::Status Follow(CURL* curl) {
    const char* target = nullptr;
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &target);
    const Origin to = OriginOf(target == nullptr ? "" : target);
    if (to != home_ && to.scheme != "https") return RedirectTrouble(home_.host, to.host);
    url_ = target;
    return absl::OkStatus();
  }

  const Config& config_;
  const std::string& password_;
  List headers_;
  bool conditional_;  // If-None-Match is sent (RFC 9110, 13.1.2).
  std::string url_;
  Origin home_;
};

}  // namespace

absl::StatusOr<FetchedText> Feed::Fetch(const std::string& known_etag, Beat beat) const {
  return Journey(config_, password_, known_etag).Run(beat);
}

}  // namespace brobygger::ics
