#pragma once

#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/access/base64url.h"
#include "core/base/error.h"
#include "core/daemon/provider_sign_ins.h"
#include "tests/core/access/signing_key.h"
#include "tests/support/fake_clock.h"

namespace brobygger::daemon {

inline constexpr char kProviderIssuer[] = "https://login.fjordby.example/realms/kommune";
inline constexpr char kProviderMetadata[] =
    "https://login.fjordby.example/realms/kommune/.well-known/openid-configuration";
inline constexpr char kProviderToken[] = "https://login.fjordby.example/token";
inline constexpr char kProviderRevocation[] = "https://login.fjordby.example/revoke";
inline constexpr char kWebClient[] = "brobygger-web";
inline constexpr char kTestNonce[] = "nonce-0123456789abcdef";

// A login provider as told, without a network, and sign-ins at it.
class FakeProvider {
 public:
  using Answer = absl::StatusOr<HttpsAnswer>;

  FakeProvider() {
    Answers(kProviderMetadata, {HttpsAnswer{200, Metadata().dump()}});
    Answers(kProviderToken, {HttpsAnswer{200, TokenAnswer().dump()}});
    Answers(kProviderRevocation, {HttpsAnswer{200, ""}});
  }

  static nlohmann::json Metadata() {
    return {{"issuer", kProviderIssuer},
            {"authorization_endpoint", "https://login.fjordby.example/auth?kommune=0998"},
            {"token_endpoint", kProviderToken},
            {"revocation_endpoint", kProviderRevocation},
            {"end_session_endpoint", "https://login.fjordby.example/end"}};
  }

  nlohmann::json TokenAnswer(const nlohmann::json& id_changes = nlohmann::json::object()) const {
    return {{"access_token", "at-1"},
            {"token_type", "Bearer"},
            {"expires_in", 300},
            {"refresh_token", "rt-1"},
            {"id_token", IdToken(id_changes)}};
  }

  std::string IdToken(const nlohmann::json& changes = nlohmann::json::object()) const {
    const auto now = std::chrono::floor<std::chrono::seconds>(clock.Now()).time_since_epoch();
    nlohmann::json payload = {
        {"iss", kProviderIssuer},  {"sub", "mette"},      {"aud", kWebClient}, {"iat", now.count()},
        {"exp", now.count() + 60}, {"nonce", kTestNonce}, {"name", "Mette"}};
    payload.merge_patch(changes);
    const nlohmann::json header = {{"alg", "ES256"}, {"kid", "es-1"}, {"typ", "JWT"}};
    const std::string text =
        access::ToBase64Url(header.dump()) + "." + access::ToBase64Url(payload.dump());
    return text + "." + access::ToBase64Url(key.SignEc(text));
  }

  // The last of them is given again and again.
  void Answers(const std::string& url, std::deque<Answer> answers) {
    answers_[url] = std::move(answers);
  }
  void Answers(const nlohmann::json& tokens) {
    Answers(kProviderToken, {HttpsAnswer{200, tokens.dump()}});
  }
  void Refuses(const std::string& error, long status = 400) {
    Answers(kProviderToken, {HttpsAnswer{status, nlohmann::json{{"error", error}}.dump()}});
  }

  ProviderSignIns::Parts Parts() {
    return {
        .client = {.issuer = kProviderIssuer, .client_id = kWebClient, .scope = "openid profile"},
        .keys = keys,
        .clock = clock,
        .takes =
            [this](const std::string& token) {
              taken.push_back(token);
              return takes;
            },
        .ask = [this](const HttpsCall& call, const std::stop_token& stop) -> Answer {
          asked.push_back(call);
          if (stop.stop_requested()) return absl::UnavailableError("it was stopped");
          auto& left = answers_[call.url];
          if (left.empty()) return HttpsAnswer{404, ""};
          Answer next = left.front();
          if (left.size() > 1) left.pop_front();
          return next;
        }};
  }

  // The forms that were sent to `url`.
  std::vector<std::map<std::string, std::string>> Forms(const std::string& url) const {
    std::vector<std::map<std::string, std::string>> forms;
    for (const HttpsCall& call : asked) {
      if (call.url == url) forms.emplace_back(call.form.begin(), call.form.end());
    }
    return forms;
  }

  support::FakeClock clock;
  access::SigningKey key = access::SigningKey::Ec();
  access::KeyKeeper keys{[this](const std::stop_token& /*stop*/) {
                           nlohmann::json set;
                           set["keys"] = nlohmann::json::array({key.Jwk("es-1", "ES256")});
                           return set.dump();
                         },
                         clock};
  absl::Status takes;
  std::vector<std::string> taken;
  std::vector<HttpsCall> asked;

 private:
  std::map<std::string, std::deque<Answer>> answers_;
};

inline std::string WhyOf(const absl::Status& status) { return base::ErrorMetadata(status, "why"); }

}  // namespace brobygger::daemon
