#include "plugins/calendars/graph/token.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/calendars/graph/answer.h"
#include "plugins/common/percent.h"

namespace brobygger::graph {
namespace {

using std::chrono::seconds;

constexpr auto kRenewBefore = std::chrono::minutes(5);
constexpr auto kMostLife = std::chrono::hours(24);
constexpr auto kUsualWait = seconds(60);
constexpr std::size_t kMostTokenBytes = std::size_t{32} << 10;

const Place& LoginPlace() {
  static const Place kPlace = {.what = "login", .path = "tenant"};
  return kPlace;
}

// Which fault the login tells (RFC 6749, 5.2, and what Entra adds to it).
absl::Status RefusalOf(const HttpResponse& response) {
  if (response.status == 429 || (response.status >= 500 && response.retry_after)) {
    return BusyFailure(response.retry_after.value_or(kUsualWait), LoginPlace());
  }
  const std::string detail = absl::StrCat("HTTP ", response.status);
  if (response.status >= 500) return Failure(Fault::kServerFailed, LoginPlace(), detail);
  const auto answer = ParseAnswer(response.body, LoginPlace());
  if (!answer.ok()) return answer.status();
  const bool secret = TextAt(*answer, "error") == "invalid_client";
  return Failure(secret ? Fault::kWrongSecret : Fault::kWrongApp, LoginPlace(), detail);
}

}  // namespace

Token::Token(const Config& config, std::string client_secret, Http& http, Clock clock)
    : url_(absl::StrCat(config.login_url, "/", config.tenant, "/oauth2/v2.0/token")),
      form_(absl::StrCat("grant_type=client_credentials&client_id=",
                         common::UrlEncoded(config.client_id),
                         "&client_secret=",
                         common::UrlEncoded(client_secret),
                         "&scope=",
                         common::UrlEncoded("https://graph.microsoft.com/.default"))),
      http_(http),
      clock_(std::move(clock)) {}

absl::StatusOr<std::string> Token::Get(const Http::Stopped& stopped) {
  if (!text_.empty() && clock_() < renew_at_) return text_;
  const auto response = http_.Perform(
      {.url = url_, .headers = {"Accept: application/json"}, .form = form_}, LoginPlace(), stopped);
  if (!response.ok()) return response.status();
  if (response->status != 200) return RefusalOf(*response);
  if (absl::Status wrong = Take(*response); !wrong.ok()) return wrong;
  return text_;
}

absl::Status Token::Take(const HttpResponse& response) {
  const auto answer = ParseAnswer(response.body, LoginPlace());
  if (!answer.ok()) return answer.status();
  const std::string text = TextAt(*answer, "access_token");
  const auto life_told = answer->find("expires_in");
  const bool sound = !text.empty() && text.size() <= kMostTokenBytes &&
                     text.find_first_of("\r\n") == std::string::npos &&
                     life_told != answer->end() && life_told->is_number_unsigned();
  if (!sound) return Failure(Fault::kUnexpected, LoginPlace());
  const auto life = std::min<seconds>(seconds(life_told->get<std::uint32_t>()), kMostLife);
  text_ = text;
  renew_at_ = clock_() + life - std::min<seconds>(kRenewBefore, life / 2);
  return absl::OkStatus();
}

}  // namespace brobygger::graph
