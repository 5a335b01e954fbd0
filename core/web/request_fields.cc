#include "core/web/request_fields.h"

#include <array>
#include <vector>

#include <absl/strings/match.h>

namespace brobygger::web {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

// What handlers look at, besides those that have a place of their own in Request.
constexpr std::array<std::string_view, 13> kKeptFields = {"accept-encoding",
                                                          "brobygger-min-revision",
                                                          "brobygger-purpose",
                                                          "connect-accept-encoding",
                                                          "connect-content-encoding",
                                                          "connect-protocol-version",
                                                          "connect-timeout-ms",
                                                          "content-encoding",
                                                          "content-type",
                                                          "cookie",
                                                          "host",
                                                          "origin",
                                                          "sec-fetch-site"};

std::string_view ToView(beast::string_view text) { return {text.data(), text.size()}; }

// A target in origin-form, also where it was sent in absolute-form (RFC 9112, section 3.2).
std::string_view OriginForm(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase({target.data(), target.size()},
                                    {scheme.data(), scheme.size()})) {
      continue;
    }
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

std::vector<std::string> AllOf(const Header& header, std::string_view field) {
  std::vector<std::string> all;
  const auto [begin, end] = header.equal_range({field.data(), field.size()});
  for (auto it = begin; it != end; ++it) all.emplace_back(ToView(it->value()));
  return all;
}

std::string Joined(const Header& header, std::string_view field) {
  std::string all;
  const auto [begin, end] = header.equal_range({field.data(), field.size()});
  for (auto it = begin; it != end; ++it) {
    if (!all.empty()) all += ", ";
    all += ToView(it->value());
  }
  return all;
}

void Keep(const Header& header, std::string_view field, Request& request) {
  if (header.count({field.data(), field.size()}) == 0) return;
  request.fields.emplace(field, Joined(header, field));
}

}  // namespace

Request ToRequest(const Header& header, const std::string& address_field, const std::string& peer) {
  const std::string_view target = OriginForm(ToView(header.target()));
  const std::size_t mark = target.find('?');
  const bool asks = mark != std::string_view::npos;
  Request request{.path = std::string(target.substr(0, mark)),
                  .if_none_match = Joined(header, "if-none-match"),
                  .query = asks ? std::string(target.substr(mark + 1)) : "",
                  .authorizations = AllOf(header, "Authorization"),
                  .api_keys = AllOf(header, "X-Api-Key"),
                  .client_address = peer,
                  .is_post = header.method() == http::verb::post};
  if (!address_field.empty()) {
    const auto said = AllOf(header, address_field);
    request.client_address = said.size() == 1 ? said[0] : "";
  }
  for (const std::string_view field : kKeptFields) Keep(header, field, request);
  return request;
}

bool HasTransferCoding(const Header& header) {
  return header.count(http::field::transfer_encoding) > 0;
}

bool HasHost(const Header& header) {
  return header.version() < 11 || header.count(http::field::host) == 1;
}

}  // namespace brobygger::web
