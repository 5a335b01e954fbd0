#include "core/web/routes.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include <absl/strings/ascii.h>

#include "core/web/calendar_text.h"
#include "core/web/conditional.h"
#include "core/web/hsds_routes.h"
#include "core/web/partner_routes.h"
#include "core/web/problem.h"
#include "core/web/url_query.h"

namespace brobygger::web {
namespace {

constexpr std::string_view kFeeds = "/feeds/";
constexpr std::string_view kFeedEnd = ".ics";
// 32 octets as base64url.
constexpr std::size_t kSecretLength = 43;
// A department that has just changed an event should see it; calendar programs ask
// every few hours anyway.
constexpr char kFeedAge[] = "private, max-age=300";
constexpr char kRetrySeconds[] = "30";

bool IsSecretCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
}

bool IsSecret(std::string_view text) {
  return text.size() == kSecretLength && std::all_of(text.begin(), text.end(), IsSecretCharacter);
}

Response Plain(int status, std::string text) {
  return {.status = status,
          .fields = {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
          .body = std::move(text)};
}

Response NotFound() { return Plain(404, "not found\n"); }

Response Unavailable() {
  Response response = Plain(503, "unavailable\n");
  response.fields.emplace_back("Retry-After", kRetrySeconds);
  return response;
}

// The tag of what we make of the hub's `etag`; none if it would not be one.
std::optional<std::string> TagOf(std::string_view etag) {
  const bool fits = !etag.empty() && std::all_of(etag.begin(), etag.end(), [](char c) {
    return c > ' ' && c < 0x7f && c != '"';
  });
  if (!fits) return std::nullopt;
  return std::string(kCalendarTextVersion) + "." + std::string(etag);
}

// The hub's etag in a tag of ours that the reader told: the hub takes one, so the first.
std::string HubEtagOf(const IfNoneMatch& condition) {
  const std::string ours = std::string(kCalendarTextVersion) + ".";
  for (const std::string& tag : condition.tags) {
    if (tag.starts_with(ours)) return tag.substr(ours.size());
  }
  return "";
}

Response FeedResponse(event::v1::GetFeedResponse feed, const IfNoneMatch& condition) {
  const auto tag = TagOf(feed.etag());
  Response response;
  response.fields = {{"Cache-Control", kFeedAge}};
  if (tag.has_value()) response.fields.emplace_back("ETag", '"' + *tag + '"');
  if (feed.unchanged() || condition.any || (tag.has_value() && Holds(condition, *tag))) {
    response.status = 304;
    return response;
  }
  response.fields.emplace_back("Content-Type", "text/calendar; charset=utf-8");
  response.body = CalendarText({.title = feed.department_name(),
                                .events = {std::make_move_iterator(feed.mutable_events()->begin()),
                                           std::make_move_iterator(feed.mutable_events()->end())}});
  return response;
}

bool IsWrongSecret(const absl::Status& status) {
  return status.code() == absl::StatusCode::kNotFound ||
         status.code() == absl::StatusCode::kInvalidArgument;
}

Response ToResponse(absl::StatusOr<event::v1::GetFeedResponse> feed,
                    bool well_formed,
                    const IfNoneMatch& condition) {
  if (!feed.ok() && !IsWrongSecret(feed.status())) return Unavailable();
  if (!feed.ok() || !well_formed) return NotFound();
  return FeedResponse(*std::move(feed), condition);
}

void AnswerFeed(HubClient& hub, const Request& request, Respond respond) {
  const std::string_view path = request.path;
  const std::string_view typed =
      path.substr(kFeeds.size(), path.size() - kFeeds.size() - kFeedEnd.size());
  const bool well_formed = IsSecret(typed);
  auto condition = ParseIfNoneMatch(request.if_none_match);
  // What has not the form of a secret asks for one that nobody has, and takes as long.
  const std::string secret = well_formed ? std::string(typed) : std::string(kSecretLength, 'A');
  const std::string etag = HubEtagOf(condition);
  hub.GetFeed(secret, etag,
              [well_formed, condition = std::move(condition),
               respond = std::move(respond)](absl::StatusOr<event::v1::GetFeedResponse> feed) {
                respond(ToResponse(std::move(feed), well_formed, condition));
              });
}

void AnswerHealth(HubClient& hub, Respond respond) {
  hub.Check([respond = std::move(respond)](bool serves) {
    respond(serves ? Plain(200, "ok\n") : Unavailable());
  });
}

bool IsFeed(std::string_view path) {
  return path.size() >= kFeeds.size() + kFeedEnd.size() && path.starts_with(kFeeds) &&
         path.ends_with(kFeedEnd);
}

bool IsBelow(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

void AnswerCaller(CallersDoor& callers, const Request& request, Respond respond) {
  if (request.query.size() > kMostQueryBytes) return respond(QueryTooLong(kMostQueryBytes));
  return IsBelow(request.path, "/hsds") ? AnswerHsds(callers, request, std::move(respond))
                                        : AnswerPartners(callers, request, std::move(respond));
}

Response WrongMethod(const char* allowed) {
  return {.status = 405, .fields = {{"Allow", allowed}, {"Cache-Control", "no-store"}}};
}

// What there is without the page: feeds, and what is for callers with a key.
bool IsForPrograms(std::string_view path) {
  return IsBelow(path, "/hsds") || IsBelow(path, "/v1") || IsBelow(path, "/feeds");
}

void AnswerRead(HubClient& hub, CallersDoor* callers, const Request& request, Respond respond) {
  const std::string& path = request.path;
  if (path == "/healthz") return AnswerHealth(hub, std::move(respond));
  if (IsFeed(path)) return AnswerFeed(hub, request, std::move(respond));
  if (callers == nullptr || IsBelow(path, "/feeds") || !IsForPrograms(path)) {
    return respond(NotFound());
  }
  AnswerCaller(*callers, request, std::move(respond));
}

}  // namespace

Handler Routes(HubClient& hub, CallersDoor* callers, PageDoor* page) {
  return [&hub, callers, page](const Request& request, const Respond& respond) {
    const std::string& path = request.path;
    if (page != nullptr && IsBelow(path, "/api")) return page->AnswerCall(request, respond);
    if (page != nullptr && IsBelow(path, "/session")) return page->AnswerSession(request, respond);
    if (request.is_post) return respond(WrongMethod("GET, HEAD"));
    const bool for_programs = path == "/healthz" || IsForPrograms(path);
    if (for_programs || page == nullptr) return AnswerRead(hub, callers, request, respond);
    respond(page->AnswerPage(request));
  };
}

}  // namespace brobygger::web
