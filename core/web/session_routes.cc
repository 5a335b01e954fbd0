#include "core/web/session_routes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

#include "core/web/begun_sign_in.h"
#include "core/web/cookies.h"
#include "core/web/digest.h"
#include "core/web/problem.h"
#include "core/web/url_query.h"

namespace brobygger::web {
namespace {

using Json = nlohmann::json;
using access::v1::BeginSignInRequest;
using access::v1::BeginSignInResponse;
using access::v1::DemoSignInResponse;
using access::v1::EndSignInRequest;
using access::v1::EndSignInResponse;
using access::v1::FinishSignInRequest;
using access::v1::FinishSignInResponse;
using access::v1::GetSignInWaysResponse;
using access::v1::JoinRequest;
using access::v1::JoinResponse;
using access::v1::RenewSignInResponse;
using access::v1::SignIn;
using access::v1::WhoAmIResponse;

constexpr char kJson[] = "application/json";
constexpr std::chrono::minutes kSignInPatience(15);  // for who types a password and a code
constexpr std::size_t kMostWordsBytes = 4096;
constexpr int kDeepest = 4;
// What an association's key is called that a code was turned into here.
constexpr char kKeyTitle[] = "hjemmesiden";

Response Told(const Json& json, int status = 200) {
  return {.status = status,
          .fields = {{"Content-Type", kJson}, {"Cache-Control", "no-store"}},
          .body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

Response SeeOther(const std::string& address) {
  return {.status = 303, .fields = {{"Location", address}, {"Cache-Control", "no-store"}}};
}

Response RefusedSession(int status) {
  return {.status = status, .fields = {{"Cache-Control", "no-store"}}};
}

// A path of the page: nothing that leads elsewhere ("//other.example", "/\other.example").
std::string OwnPath(const std::string& path) {
  const bool own =
      path.starts_with("/") && !path.starts_with("//") &&
      path.find_first_of("\\\r\n\t ") == std::string::npos &&
      std::all_of(path.begin(), path.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return own ? path : "/";
}

// The page's sign-in screen, which says why.
Response Failed(const absl::Status& status) {
  const bool away = absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status);
  return SeeOther(away ? "/#sign-in-away" : "/#sign-in-failed");
}

// The object in a POST's body; nothing if it is none.
std::optional<Json> ObjectIn(const Request& request) {
  if (request.body.size() > kMostWordsBytes) return std::nullopt;
  const auto limit = [](int depth, Json::parse_event_t, Json&) { return depth <= kDeepest; };
  Json json = Json::parse(request.body, limit, false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

std::string TextIn(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// S256 (RFC 7636, section 4.2).
std::string ChallengeOf(const std::string& verifier) { return Base64Url(Sha256(verifier)); }

SignedIn ToSignedIn(const SignIn& sign_in) {
  return {.token = sign_in.access_token(),
          .expires_at = base::Instant(std::chrono::duration_cast<base::Instant::duration>(
              std::chrono::seconds(sign_in.expire_time().seconds()))),
          .refresh_token = sign_in.refresh_token(),
          .id_token = sign_in.id_token(),
          .display_name = sign_in.display_name()};
}

std::string SessionCookie(const OwnOrigin& origin) {
  return origin.encrypted() ? "__Host-brobygger" : "brobygger";
}

std::string BrowserCookie(const OwnOrigin& origin) {
  return origin.encrypted() ? "__Host-brobygger-sign-in" : "brobygger-sign-in";
}

// `life` in seconds; 0 takes the cookie away; nothing: until the browser is closed.
std::string SetCookie(const OwnOrigin& origin,
                      const std::string& name,
                      const std::string& value,
                      std::optional<int> life = std::nullopt) {
  return absl::StrCat(name, "=", value, "; Path=/; HttpOnly; SameSite=Lax",
                      origin.encrypted() ? "; Secure" : "",
                      life.has_value() ? absl::StrCat("; Max-Age=", *life) : "");
}

}  // namespace

SessionRoutes::SessionRoutes(const std::string& hub,
                             const OwnOrigin& origin,
                             const std::string& title,
                             const base::Clock& clock)
    : origin_(origin),
      title_(title),
      clock_(clock),
      seal_key_(RandomSecret()),
      sessions_(
          [this](const std::string& refresh_token,
                 const std::string& address,
                 std::function<void(absl::StatusOr<SignedIn>)> done) {
            hub_.Renew(refresh_token, address,
                       [done = std::move(done)](const absl::StatusOr<RenewSignInResponse>& answer) {
                         if (!answer.ok()) return done(answer.status());
                         done(ToSignedIn(answer->sign_in()));
                       });
          },
          clock),
      hub_(hub) {}

void SessionRoutes::Answer(const Request& request, const Respond& respond) {
  if (!origin_.IsOurs(request)) return respond(RefusedSession(421));
  const std::string& path = request.path;
  if (!request.is_post) {
    if (path == "/session") return TellSession(request, respond);
    if (path == "/session/begin") return BeginSignIn(request, respond);
    if (path == "/session/callback") return FinishSignIn(request, respond);
    return respond(RefusedSession(404));
  }
  // A page elsewhere can make a browser post a form here, but not JSON, nor from our origin.
  if (!origin_.IsFromOurPage(request) || request.Field("content-type") != kJson) {
    return respond(RefusedSession(403));
  }
  if (path == "/session/demo") return BeDemoPerson(request, respond);
  if (path == "/session/association") return BeAssociation(request, respond);
  if (path == "/session/end") return End(request, respond);
  respond(RefusedSession(404));
}

std::string SessionRoutes::SessionOf(const Request& request) const {
  return CookieIn(request.Field("cookie"), SessionCookie(origin_));
}

void SessionRoutes::BearerOf(const Request& request, const Sessions::Token& done) {
  const std::string cookie = SessionOf(request);
  if (cookie.empty()) return done(std::string());
  sessions_.TokenFor(cookie, request.client_address, done);
}

void SessionRoutes::Forget(const std::string& session) {
  if (!session.empty()) sessions_.Close(session);
}

void SessionRoutes::TellSession(const Request& request, const Respond& respond) {
  const auto session = sessions_.Find(SessionOf(request));
  hub_.GetWays(request.client_address, [this, session, respond](
                                           const absl::StatusOr<GetSignInWaysResponse>& ways) {
    if (!ways.ok()) return respond(ToProblem(ways.status()));
    Json people = Json::array();
    for (const auto& person : ways->demo_people()) {
      people.push_back(
          {{"key", person.key()}, {"titleDa", person.title_da()}, {"titleEn", person.title_en()}});
    }
    respond(Told({{"signedIn", session != nullptr},
                  {"displayName", session == nullptr ? "" : session->display_name},
                  {"title", title_},
                  {"provider", ways->provider_host()},
                  {"demoPeople", std::move(people)},
                  {"version", BROBYGGER_VERSION}}));
  });
}

void SessionRoutes::BeginSignIn(const Request& request, const Respond& respond) {
  const auto query = ParseUrlQuery(request.query);
  std::string then = "/";
  if (query.ok()) {
    for (const auto& [name, value] : *query) {
      if (name == "then") then = OwnPath(value);
    }
  }
  const BegunSignIn begun{.state = RandomSecret(),
                          .verifier = RandomSecret(),
                          .nonce = RandomSecret(),
                          .then = then,
                          .at = clock_.Now()};
  BeginSignInRequest asked;
  asked.set_redirect_uri(origin_.AddressFor(request) + "/session/callback");
  asked.set_nonce(begun.nonce);
  asked.set_code_challenge(ChallengeOf(begun.verifier));
  asked.set_state(begun.state);
  const std::string cookie = SetCookie(
      origin_, BrowserCookie(origin_), Seal(begun, seal_key_),
      static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(kSignInPatience).count()));
  hub_.Begin(asked, request.client_address,
             [respond, cookie](const absl::StatusOr<BeginSignInResponse>& answer) {
               if (!answer.ok()) return respond(Failed(answer.status()));
               Response response = SeeOther(answer->authorization_url());
               response.fields.emplace_back("Set-Cookie", cookie);
               respond(std::move(response));
             });
}

void SessionRoutes::FinishSignIn(const Request& request, const Respond& respond) {
  const auto query = ParseUrlQuery(request.query);
  std::string code;
  std::string state;
  if (query.ok()) {
    for (const auto& [name, value] : *query) {
      if (name == "code") code = value;
      if (name == "state") state = value;
    }
  }
  const auto begun = Unseal(CookieIn(request.Field("cookie"), BrowserCookie(origin_)), seal_key_);
  // One that another browser began would sign this one in as somebody else. And the provider says
  // "error=access_denied" and the like where the person changed their mind.
  if (!begun.has_value() || begun->state != state || clock_.Now() > begun->at + kSignInPatience ||
      code.empty()) {
    return respond(Failed(absl::UnauthenticatedError("")));
  }
  FinishSignInRequest asked;
  asked.set_code(code);
  asked.set_redirect_uri(origin_.AddressFor(request) + "/session/callback");
  asked.set_code_verifier(begun->verifier);
  asked.set_nonce(begun->nonce);
  hub_.Finish(asked, request.client_address,
              [this, request, then = begun->then,
               respond](const absl::StatusOr<FinishSignInResponse>& answer) {
                if (!answer.ok()) return respond(Failed(answer.status()));
                Response response = SeeOther(then);
                response.fields.emplace_back("Set-Cookie",
                                             SetCookie(origin_, BrowserCookie(origin_), "", 0));
                respond(Open(request, ToSignedIn(answer->sign_in()), std::move(response)));
              });
}

Response SessionRoutes::Open(const Request& request, SignedIn signed_in, Response response) {
  LetGo(sessions_.Close(SessionOf(request)), request.client_address);
  response.fields.emplace_back("Set-Cookie", SetCookie(origin_, SessionCookie(origin_),
                                                       sessions_.Open(std::move(signed_in))));
  return response;
}

void SessionRoutes::LetGo(const std::shared_ptr<const SignedIn>& signed_in,
                          const std::string& address) {
  if (signed_in == nullptr || signed_in->refresh_token.empty()) return;
  EndSignInRequest asked;
  asked.set_refresh_token(signed_in->refresh_token);
  hub_.End(asked, address, [](const absl::StatusOr<EndSignInResponse>& /*answer*/) {});
}

void SessionRoutes::BeDemoPerson(const Request& request, const Respond& respond) {
  const auto object = ObjectIn(request);
  if (!object.has_value()) return respond(RefusedSession(400));
  hub_.BeDemoPerson(TextIn(*object, "person"), request.client_address,
                    [this, request, respond](const absl::StatusOr<DemoSignInResponse>& answer) {
                      if (!answer.ok()) return respond(ToProblem(answer.status()));
                      respond(Open(request, ToSignedIn(answer->sign_in()), Told(Json::object())));
                    });
}

void SessionRoutes::BeAssociation(const Request& request, const Respond& respond) {
  const auto object = ObjectIn(request);
  if (!object.has_value()) return respond(RefusedSession(400));
  const std::string code = TextIn(*object, "code");
  const std::string key = TextIn(*object, "key");
  if (code.empty() == key.empty()) return respond(RefusedSession(400));
  if (!code.empty()) return Join(request, code, respond);
  const bool plain =
      key.size() <= 256 && std::all_of(key.begin(), key.end(), [](char c) {
        return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
      });
  // The hub looks at what has the form of a key, and counts it.
  hub_.WhoAmI(plain ? key : "bb_", request.client_address,
              [this, request, key, respond](const absl::StatusOr<WhoAmIResponse>& answer) {
                if (!answer.ok()) return respond(ToProblem(answer.status()));
                respond(Open(request, {.token = key}, Told(Json::object())));
              });
}

void SessionRoutes::Join(const Request& request, const std::string& code, const Respond& respond) {
  JoinRequest asked;
  asked.set_code(code);
  asked.set_title(kKeyTitle);
  hub_.Join(
      asked, request.client_address,
      [this, request, respond](const absl::StatusOr<JoinResponse>& answer) {
        if (!answer.ok()) return respond(ToProblem(answer.status()));
        // Shown once, to be kept: it is how the association signs in the next time.
        respond(Open(request, {.token = answer->key(), .display_name = answer->official_name()},
                     Told({{"key", answer->key()}, {"officialName", answer->official_name()}})));
      });
}

void SessionRoutes::End(const Request& request, const Respond& respond) {
  const auto closed = sessions_.Close(SessionOf(request));
  const std::string gone = SetCookie(origin_, SessionCookie(origin_), "", 0);
  const auto tell = [respond, gone](const std::string& next) {
    Response response = Told({{"next", next}});
    response.fields.emplace_back("Set-Cookie", gone);
    response.fields.emplace_back("Clear-Site-Data", "\"cache\"");
    respond(std::move(response));
  };
  if (closed == nullptr || (closed->refresh_token.empty() && closed->id_token.empty())) {
    return tell("");
  }
  EndSignInRequest asked;
  asked.set_refresh_token(closed->refresh_token);
  asked.set_id_token(closed->id_token);
  asked.set_post_logout_redirect_uri(origin_.AddressFor(request) + "/");
  // The session has ended here, whatever the provider says.
  hub_.End(asked, request.client_address, [tell](const absl::StatusOr<EndSignInResponse>& answer) {
    tell(answer.ok() ? answer->end_session_url() : "");
  });
}

}  // namespace brobygger::web
