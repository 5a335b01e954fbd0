#include "plugins/common/transfer.h"

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <string_view>
#include <utility>

#include <curl/curl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plugins/common/digest.h"

namespace brobygger::common {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostHeaderBytes = std::size_t{64} << 10;
constexpr long kConnectSeconds = 10;
constexpr std::size_t kSlowBytes = 1500;
constexpr std::chrono::seconds kSlowFor(15);
constexpr int kListenMs = 100;  // how soon a caller who gives up is heard
constexpr std::int64_t kLongestWait = 24 * 60 * 60;

using HeaderList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What comes in of one answer.
struct Incoming {
  TransferAnswer answer = {};
  std::size_t most_bytes = 0;
  const std::vector<std::string>* host_keys = nullptr;  // that will do
  std::string host_key = {};                            // the one there is
  std::size_t header_bytes = 0;
  bool too_large = false;
  // Where the present stretch of the answer began.
  Clock::time_point since = {};
  std::size_t bytes_then = 0;

  std::size_t bytes() const { return header_bytes + answer.body.size(); }

  // Whether the answer has begun and now comes in drops.
  bool Drips() {
    if (bytes() == 0) return false;
    const auto now = Clock::now();
    const bool first = since == Clock::time_point();
    if (!first && now - since < kSlowFor) return false;
    if (!first && bytes() - bytes_then < kSlowBytes) return true;
    since = now;
    bytes_then = bytes();
    return false;
  }
};

std::size_t TakeBody(char* bytes, std::size_t size, std::size_t count, void* to) {
  auto& incoming = *static_cast<Incoming*>(to);
  std::string& body = incoming.answer.body;
  incoming.too_large = body.size() + size * count > incoming.most_bytes;
  if (incoming.too_large) return 0;
  body.append(bytes, size * count);
  return size * count;
}

std::size_t CountHeader(char* /*bytes*/, std::size_t size, std::size_t count, void* to) {
  auto& incoming = *static_cast<Incoming*>(to);
  incoming.header_bytes += size * count;
  incoming.too_large = incoming.header_bytes > kMostHeaderBytes;
  return incoming.too_large ? 0 : size * count;
}

std::string HeaderOf(CURL* curl, const char* name) {
  curl_header* header = nullptr;
  if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return "";
  return header->value;
}

std::optional<std::chrono::seconds> RetryAfterOf(CURL* curl) {
  const std::string text = HeaderOf(curl, "Retry-After");
  if (text.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  if (text.find_first_not_of("0123456789") == std::string::npos) {
    seconds = text.size() > 6 ? kLongestWait : std::stoll(text);
  } else {
    const std::time_t when = curl_getdate(text.c_str(), nullptr);
    if (when < 0) return std::nullopt;
    seconds = static_cast<std::int64_t>(when) - std::time(nullptr);
  }
  return std::chrono::seconds(std::clamp(seconds, std::int64_t{1}, kLongestWait));
}

// What an answer says beside its body.
void TakeAbout(CURL* curl, TransferAnswer& answer) {
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  answer.etag = HeaderOf(curl, "ETag");
  const char* location = nullptr;
  curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &location);
  if (location != nullptr) answer.location = location;
  answer.retry_after = RetryAfterOf(curl);
  curl_off_t time = -1;
  curl_easy_getinfo(curl, CURLINFO_FILETIME_T, &time);
  if (time >= 0) answer.changed = std::chrono::system_clock::from_time_t(time);
  curl_off_t size = -1;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &size);
  answer.size = size;
}

TransferFault FaultFor(CURLcode code, const Incoming& incoming) {
  if (incoming.too_large) return TransferFault::kTooLarge;
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION:  // also a host key that is not the pinned one
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return TransferFault::kTls;
    case CURLE_LOGIN_DENIED:
      return TransferFault::kLogin;
    case CURLE_REMOTE_FILE_NOT_FOUND:
    case CURLE_REMOTE_ACCESS_DENIED:
      return TransferFault::kNotThere;
    case CURLE_OPERATION_TIMEDOUT:
      return TransferFault::kTooSlow;
    case CURLE_PARTIAL_FILE:
    case CURLE_BAD_CONTENT_ENCODING:
      return TransferFault::kCut;
    case CURLE_RECV_ERROR:
    case CURLE_SSH:
      return incoming.bytes() > 0 ? TransferFault::kCut : TransferFault::kUnreachable;
    default:
      return TransferFault::kUnreachable;
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

// A text as a file that no other process sees: libcurl takes a private key only by its name.
class TextFile {
 public:
  explicit TextFile(std::string text) {
    if (text.empty()) return;
    // The hub takes the last line's end off a secret, and a PEM file ends with one.
    if (text.back() != '\n') text += '\n';
    descriptor_ = memfd_create("key", MFD_CLOEXEC);
    std::size_t at = 0;
    while (descriptor_ >= 0 && at < text.size()) {
      const ssize_t count = write(descriptor_, text.data() + at, text.size() - at);
      if (count <= 0) break;
      at += static_cast<std::size_t>(count);
    }
  }
  ~TextFile() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  std::string path() const {
    return descriptor_ < 0 ? "" : "/proc/self/fd/" + std::to_string(descriptor_);
  }

 private:
  int descriptor_ = -1;
};

void SetRules(CURL* curl, const TransferSettings& settings) {
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https,sftp");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "Brobygger");
  curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, static_cast<long>(settings.timeout.count()));
  if (!settings.ca_file.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings.ca_file.c_str());
  }
  if (!settings.unix_socket.empty()) {
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, settings.unix_socket.c_str());
  }
}

void SetLogin(CURL* curl, const TransferSettings& settings, const std::string& key_path) {
  curl_easy_setopt(curl, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  const long ways = key_path.empty() ? CURLSSH_AUTH_PASSWORD : CURLSSH_AUTH_PUBLICKEY;
  curl_easy_setopt(curl, CURLOPT_SSH_AUTH_TYPES, ways);
  if (settings.user.empty()) return;
  curl_easy_setopt(curl, CURLOPT_USERNAME, settings.user.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, settings.password.c_str());
  if (key_path.empty()) return;
  curl_easy_setopt(curl, CURLOPT_SSH_PRIVATE_KEYFILE, key_path.c_str());
  curl_easy_setopt(curl, CURLOPT_KEYPASSWD, settings.password.c_str());
}

int JudgeHostKey(void* to, int /*type*/, const char* key, std::size_t size) {
  auto& incoming = *static_cast<Incoming*>(to);
  incoming.host_key = "SHA256:" + Sha256Base64({key, size});
  const auto& known = *incoming.host_keys;
  const bool fits = std::find(known.begin(), known.end(), incoming.host_key) != known.end();
  return fits ? CURLKHMATCH_OK : CURLKHMATCH_MISMATCH;
}

void SetReceivers(CURL* curl, Incoming& incoming) {
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &incoming);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, CountHeader);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &incoming);
  // Without it libcurl would take any host key where there is no known_hosts.
  curl_easy_setopt(curl, CURLOPT_SSH_HOSTKEYFUNCTION, JudgeHostKey);
  curl_easy_setopt(curl, CURLOPT_SSH_HOSTKEYDATA, &incoming);
}

std::string PartOf(CURLU* url, CURLUPart part, unsigned int flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return "";
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
  return text;
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char sign) {
    return sign >= 'A' && sign <= 'Z' ? static_cast<char>(sign + 32) : sign;
  });
  return text;
}

}  // namespace

// Connections live in `multi` from one request to the next.
struct Transfer::Handle {
  explicit Handle(const std::string& private_key) : key(private_key) {}
  ~Handle() {
    curl_easy_cleanup(curl);
    curl_multi_cleanup(multi);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  CURL* curl = curl_easy_init();
  CURLM* multi = curl_multi_init();
  TextFile key;

  // The result of the request that `curl` was set up for, or why nobody waits for it. Waits by
  // itself, since libcurl's own way asks whether to stop only once a second.
  absl::StatusOr<CURLcode> Run(const StillWanted& wanted, Incoming& incoming) const {
    curl_multi_add_handle(multi, curl);
    absl::StatusOr<CURLcode> result = CURLE_OUT_OF_MEMORY;
    int running = 1;
    while (running != 0) {
      if (absl::Status gone = wanted(); !gone.ok()) {
        result = gone;
        break;
      }
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

Transfer::Transfer(TransferSettings settings) : settings_(std::move(settings)) {
  // Safe beside other threads, and counted, since libcurl 7.84.
  curl_global_init(CURL_GLOBAL_DEFAULT);
  handle_ = std::make_unique<Handle>(settings_.private_key);
}

Transfer::~Transfer() {
  handle_.reset();
  curl_global_cleanup();
}

absl::StatusOr<TransferOutcome> Transfer::Get(const TransferRequest& request,
                                              const StillWanted& wanted) {
  CURL* const curl = handle_->curl;
  TransferOutcome outcome;
  if (curl == nullptr || handle_->multi == nullptr) {
    outcome.fault = TransferFault::kUnreachable;
    outcome.detail = "no memory for libcurl";
    return outcome;
  }
  curl_easy_reset(curl);
  Incoming incoming{.most_bytes = settings_.most_bytes, .host_keys = &settings_.host_keys};
  const HeaderList headers = ToList(request.headers);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_NOBODY, request.only_about ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_FILETIME, 1L);
  SetRules(curl, settings_);
  SetLogin(curl, settings_, handle_->key.path());
  SetReceivers(curl, incoming);
  const absl::StatusOr<CURLcode> code = handle_->Run(wanted, incoming);
  if (!code.ok()) return code.status();
  if (*code != CURLE_OK) {
    outcome.fault = FaultFor(*code, incoming);
    outcome.detail = curl_easy_strerror(*code);
    if (outcome.fault == TransferFault::kTls && !incoming.host_key.empty()) {
      outcome.fault = TransferFault::kHostKey;
      outcome.detail = "the server's key is " + incoming.host_key;
    }
    return outcome;
  }
  outcome.answer = std::move(incoming.answer);
  TakeAbout(curl, outcome.answer);
  return outcome;
}

bool UrlParts::SameOrigin(const UrlParts& other) const {
  return scheme == other.scheme && host == other.host && port == other.port;
}

bool UrlParts::IsLoopback() const {
  // "127.0.0.1.example" is somebody else's.
  const bool numbers = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (numbers && host.rfind("127.", 0) == 0);
}

std::optional<UrlParts> ParseUrl(const std::string& text) {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(curl_url(), curl_url_cleanup);
  const auto flags = CURLU_NON_SUPPORT_SCHEME;
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK) {
    return std::nullopt;
  }
  UrlParts parts = {.scheme = Lower(PartOf(url.get(), CURLUPART_SCHEME)),
                    .user = PartOf(url.get(), CURLUPART_USER),
                    .password = PartOf(url.get(), CURLUPART_PASSWORD),
                    .host = Lower(PartOf(url.get(), CURLUPART_HOST)),
                    .port = PartOf(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT),
                    .path = PartOf(url.get(), CURLUPART_PATH)};
  return parts;
}

}  // namespace brobygger::common
