#include "core/mail/sender.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include <absl/strings/str_cat.h>
#include <curl/curl.h>

#include "core/base/status_macros.h"

namespace brobygger::mail {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kSendSeconds = 60;

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using List = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What libcurl has not taken yet of the mail.
struct Rest {
  const char* at;
  std::size_t size;
};

std::size_t GiveMore(char* to, std::size_t size, std::size_t count, void* rest_of_mail) {
  auto& rest = *static_cast<Rest*>(rest_of_mail);
  const std::size_t given = std::min(size * count, rest.size);
  std::memcpy(to, rest.at, given);
  rest.at += given;
  rest.size -= given;
  return given;
}

int ShouldStop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  const auto& asked = *static_cast<const StopAsked*>(stop);
  return asked && asked() ? 1 : 0;
}

bool NeedsPerson(CURLcode code, long answer) {
  const bool refused = answer >= 500 && answer < 600;
  return refused || code == CURLE_USE_SSL_FAILED || code == CURLE_PEER_FAILED_VERIFICATION ||
         code == CURLE_SSL_CACERT_BADFILE || code == CURLE_LOGIN_DENIED;
}

std::string Advice(CURLcode code) {
  if (code == CURLE_USE_SSL_FAILED) {
    return "; it offers no encryption, which mail.tls = \"required\" asks for";
  }
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return "; if its certificate is of your own authority, mail.ca_file must name that";
  }
  return code == CURLE_LOGIN_DENIED ? "; look at mail.user and mail.password" : "";
}

absl::Status ToStatus(CURLcode code, long answer, const std::string& server, const char* detail) {
  // The words are libcurl's own and the number the server's: the server's text might
  // repeat an address.
  const std::string words = *detail != '\0' ? detail : curl_easy_strerror(code);
  const std::string text = absl::StrCat(
      "the mail server ", server, " did not take the mail: ", words,
      answer > 0 ? absl::StrCat(" (its last answer was ", answer, ")") : "", Advice(code));
  return NeedsPerson(code, answer) ? absl::FailedPreconditionError(text)
                                   : absl::UnavailableError(text);
}

class SmtpSender final : public Sender {
 public:
  SmtpSender(Settings settings, sync::SecretResolver secrets)
      : settings_(std::move(settings)), secrets_(std::move(secrets)) {
    // Safe beside other threads, and counted, since libcurl 7.84.
    curl_global_init(CURL_GLOBAL_DEFAULT);
  }
  ~SmtpSender() override { curl_global_cleanup(); }
  SmtpSender(const SmtpSender&) = delete;
  SmtpSender& operator=(const SmtpSender&) = delete;

  absl::Status Send(const Delivery& delivery, const StopAsked& stop) override {
    const Curl curl(curl_easy_init(), curl_easy_cleanup);
    const List recipients(curl_slist_append(nullptr, delivery.to.c_str()), curl_slist_free_all);
    if (curl == nullptr || recipients == nullptr) {
      return absl::UnavailableError("there is no memory to send a mail");
    }
    SetServer(curl.get());
    SetEncryption(curl.get());
    BB_RETURN_IF_ERROR(SetLogin(curl.get()));
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, delivery.from.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
    Rest rest{delivery.message.data(), delivery.message.size()};
    curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, GiveMore);
    curl_easy_setopt(curl.get(), CURLOPT_READDATA, &rest);
    curl_easy_setopt(curl.get(), CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFOFUNCTION, ShouldStop);
    curl_easy_setopt(curl.get(), CURLOPT_XFERINFODATA, &stop);
    std::array<char, CURL_ERROR_SIZE> detail{};
    curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, detail.data());
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return absl::OkStatus();
    long answer = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
    return ToStatus(code, answer, settings_.server, detail.data());
  }

 private:
  void SetServer(CURL* curl) const {
    curl_easy_setopt(curl, CURLOPT_URL, settings_.server.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    // What the environment says of proxies is about the web.
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, kSendSeconds);
  }

  void SetEncryption(CURL* curl) const {
    if (settings_.tls == "none") {
      curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_NONE));
      return;
    }
    const bool required = settings_.tls == "required";
    curl_easy_setopt(curl, CURLOPT_USE_SSL,
                     static_cast<long>(required ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    // Whoever would take no encryption gains nothing from refusing a certificate.
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, required ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, required ? 2L : 0L);
    if (!settings_.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.ca_file.c_str());
    }
  }

  absl::Status SetLogin(CURL* curl) const {
    if (settings_.user.empty()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(const std::string password, secrets_(settings_.password));
    curl_easy_setopt(curl, CURLOPT_USERNAME, settings_.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, password.c_str());
    return absl::OkStatus();
  }

  const Settings settings_;
  const sync::SecretResolver secrets_;
};

}  // namespace

std::unique_ptr<Sender> MakeSmtpSender(Settings settings, sync::SecretResolver secrets) {
  return std::make_unique<SmtpSender>(std::move(settings), std::move(secrets));
}

}  // namespace brobygger::mail
