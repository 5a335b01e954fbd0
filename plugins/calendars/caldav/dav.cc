#include "plugins/calendars/caldav/dav.h"

#include <utility>

#include <absl/strings/str_cat.h>

namespace brobygger::caldav {
namespace {

constexpr int kMostSteps = 5;
constexpr long kMultistatus = 207;
constexpr char kXmlStart[] = R"(<?xml version="1.0" encoding="utf-8"?>)";
// Xandikos answers 415 to any other.
constexpr char kXmlType[] = "Content-Type: application/xml; charset=utf-8";

bool IsRedirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Dav::Dav(HttpSettings settings, Url root) : root_(std::move(root)), http_(std::move(settings)) {}

absl::StatusOr<HttpResponse> Dav::Ask(const Exchange& exchange,
                                      const Place& place,
                                      Sent* sent,
                                      Url* at) {
  HttpRequest request{.method = exchange.method,
                      .url = {root_.origin, exchange.path},
                      .headers = exchange.headers,
                      .body = exchange.body};
  request.headers.emplace_back("User-Agent: Brobygger");
  for (int step = 0; step <= kMostSteps; ++step) {
    auto response = http_.Perform(request, place, sent);
    if (!response.ok()) return response.status();
    if (!IsRedirect(response->status)) {
      if (at != nullptr) *at = request.url;
      return response;
    }
    // What redirects has not done anything.
    if (sent != nullptr) sent->maybe = false;
    const auto next = Resolve(request.url, response->location);
    if (!next) return Failure(Fault::kUnexpected, place, "a redirect to nowhere");
    if (next->origin != root_.origin) return Failure(Fault::kElsewhere, place);
    request.url = *next;
  }
  return Failure(Fault::kTooManySteps, place);
}

absl::StatusOr<Multistatus> Dav::AskForMany(const Exchange& exchange, const Place& place) {
  Url at;
  const auto response = Ask(exchange, place, nullptr, &at);
  if (!response.ok()) return response.status();
  if (response->status == kMultistatus) return ParseMultistatus(response->body, at, place);
  // A web page where XML was to come says more than its status, which is often 200.
  if (response->status < 300) {
    const auto parsed = ParseMultistatus(response->body, at, place);
    if (!parsed.ok()) return parsed.status();
  }
  return FailureOf(response->status, response->retry_after, place);
}

absl::StatusOr<Multistatus> Dav::Propfind(const std::string& path,
                                          int depth,
                                          const std::string& properties,
                                          const Place& place) {
  return AskForMany({.method = "PROPFIND",
                     .path = path,
                     .headers = {absl::StrCat("Depth: ", depth), kXmlType},
                     .body = absl::StrCat(kXmlStart, "<D:propfind ", kNamespaces, "><D:prop>",
                                          properties, "</D:prop></D:propfind>")},
                    place);
}

absl::StatusOr<Multistatus> Dav::Report(const std::string& path,
                                        const std::string& body,
                                        const Place& place) {
  return AskForMany({.method = "REPORT",
                     .path = path,
                     // RFC 6578 wants 0; the multiget names what it wants itself.
                     .headers = {"Depth: 0", kXmlType},
                     .body = absl::StrCat(kXmlStart, body)},
                    place);
}

std::string SyncBody(const std::string& token) {
  return absl::StrCat("<D:sync-collection ", kNamespaces, "><D:sync-token>", XmlText(token),
                      "</D:sync-token><D:sync-level>1</D:sync-level>"
                      "<D:prop><D:getetag/></D:prop></D:sync-collection>");
}

std::string MultigetBody(const std::vector<std::string>& paths) {
  std::string body = absl::StrCat("<C:calendar-multiget ", kNamespaces,
                                  "><D:prop><D:getetag/><C:calendar-data/></D:prop>");
  for (const std::string& path : paths) {
    absl::StrAppend(&body, "<D:href>", XmlText(path), "</D:href>");
  }
  return body + "</C:calendar-multiget>";
}

}  // namespace brobygger::caldav
