#include "core/web/page_door.h"

#include <utility>

#include <absl/strings/match.h>

#include "core/base/error.h"
#include "core/web/connect_protocol.h"

namespace brobygger::web {
namespace {

constexpr std::string_view kCalls = "/api/";
constexpr std::string_view kPageScheme = "Bearer ";
// What gRPC takes in metadata, and more than any token has.
constexpr std::size_t kLongestBearer = 8192;

Response RefusedByPage(int status) {
  return {.status = status, .fields = {{"Cache-Control", "no-store"}}};
}

// Whoever opens the page under another name, or set it up so, has to see why there is none.
Response NotHere() {
  Response response = RefusedByPage(421);
  response.fields.emplace_back("Content-Type", "text/plain; charset=utf-8");
  response.body =
      "The page is not at this address. Whoever runs Brobygger says in web.public_url where it "
      "is.\n";
  return response;
}

// What stands after "Bearer "; "" if it is nothing that could be handed on.
std::string BearerIn(const std::string& authorization) {
  if (!absl::StartsWithIgnoreCase(authorization, {kPageScheme.data(), kPageScheme.size()}))
    return "";
  std::string bearer = authorization.substr(kPageScheme.size());
  const bool plain = bearer.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/=") ==
                     std::string::npos;
  return plain && bearer.size() <= kLongestBearer ? bearer : "";
}

}  // namespace

PageDoor::PageDoor(Options options)
    : origin_(options.public_url, options.address, options.encrypts),
      ui_(std::move(options.ui)),
      calls_(options.hub),
      sessions_(options.hub, origin_, options.title, *options.clock) {}

void PageDoor::AnswerCall(const Request& request, const Respond& respond) {
  if (!request.is_post) {
    // The protocol's calls by GET stay off: they put what is asked into addresses, and so into
    // logs.
    Response response = RefusedByPage(405);
    response.fields.emplace_back("Allow", "POST");
    return respond(std::move(response));
  }
  if (!request.path.starts_with(kCalls)) return respond(RefusedByPage(404));
  const std::string method = request.path.substr(kCalls.size());
  if (request.authorizations.empty()) return CallAs(request, method, respond);
  const std::string bearer =
      request.authorizations.size() == 1 ? BearerIn(request.authorizations[0]) : "";
  // Not as nobody: whoever shows something must hear that it is wrong.
  if (bearer.empty()) {
    return respond(ErrorResponse(
        base::MakeError(errors::v1::ERROR_REASON_NOT_SIGNED_IN,
                        "Authorization must be one 'Bearer' with a token or an API key",
                        {{"why", "authorization"}}),
        calls_.transcoder()));
  }
  calls_.Answer(request, method, {.bearer = bearer}, respond);
}

void PageDoor::CallAs(const Request& request, const std::string& method, const Respond& respond) {
  if (!request.Field("cookie").empty() &&
      (!origin_.IsOurs(request) || !origin_.IsFromOurPage(request))) {
    return respond(
        ErrorResponse(base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                                      "a session may be used by the page of this address alone"),
                      calls_.transcoder()));
  }
  sessions_.BearerOf(
      request, [this, request, method, respond](const absl::StatusOr<std::string>& bearer) {
        if (!bearer.ok()) return respond(ErrorResponse(bearer.status(), calls_.transcoder()));
        // A token that the hub does not take any more is no session: whoever looks must see that.
        calls_.Answer(request, method,
                      {.bearer = *bearer,
                       .on_refused = [this, session = sessions_.SessionOf(
                                                request)] { sessions_.Forget(session); }},
                      respond);
      });
}

void PageDoor::AnswerSession(const Request& request, const Respond& respond) {
  // A screen of the page, for who signs in again in another window.
  if (request.path == "/session/done" && !request.is_post) return respond(AnswerPage(request));
  sessions_.Answer(request, respond);
}

Response PageDoor::AnswerPage(const Request& request) const {
  if (!ui_.has_value()) return RefusedByPage(404);
  if (!origin_.IsOurs(request)) return NotHere();
  return ui_->Answer(request, origin_.encrypted());
}

}  // namespace brobygger::web
