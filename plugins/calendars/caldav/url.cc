#include "plugins/calendars/caldav/url.h"

#include <algorithm>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

namespace brobygger::caldav {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";
// Beyond letters and digits, what a path may hold as it is (RFC 3986 section 3.3, pchar).
constexpr std::string_view kPlain = "-._~!$&'()*+,;=:@";

std::string_view Trimmed(std::string_view text) {
  const auto blank = [](char sign) { return absl::ascii_isspace(sign); };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

int HexValue(char sign) {
  if (sign >= '0' && sign <= '9') return sign - '0';
  const char lower = absl::ascii_tolower(sign);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte that "%XX" at `at` stands for; -1 if there is none.
int EscapedByte(std::string_view text, std::size_t at) {
  if (text[at] != '%' || at + 2 >= text.size()) return -1;
  const int high = HexValue(text[at + 1]);
  const int low = HexValue(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

void Append(unsigned char byte, bool escape, std::string& out) {
  const char sign = static_cast<char>(byte);
  if (!escape && (absl::ascii_isalnum(byte) || kPlain.find(sign) != std::string_view::npos)) {
    out += sign;
  } else {
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

// One segment in its one form. Nothing if it holds a control character.
std::optional<std::string> CanonicalSegment(std::string_view segment) {
  std::string out;
  for (std::size_t at = 0; at < segment.size(); ++at) {
    const int escaped = EscapedByte(segment, at);
    const auto byte = static_cast<unsigned char>(escaped >= 0 ? escaped : segment[at]);
    if (escaped >= 0) at += 2;
    if (absl::ascii_iscntrl(byte)) return std::nullopt;
    Append(byte, /*escape=*/byte == '/' || byte == '%', out);
  }
  return out;
}

// Nothing if the port is none, or the authority holds a user name.
std::optional<std::string> CanonicalAuthority(const std::string& scheme, std::string_view text) {
  std::string authority = absl::AsciiStrToLower({text.data(), text.size()});
  const auto odd = [](char sign) {
    return !absl::ascii_isalnum(sign) && std::string_view("-._:[]").find(sign) == std::string::npos;
  };
  if (authority.empty() || std::any_of(authority.begin(), authority.end(), odd)) {
    return std::nullopt;
  }
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  if (colon == std::string::npos || (bracket != std::string::npos && bracket > colon)) {
    return authority;
  }
  int port = 0;
  if (!absl::SimpleAtoi(authority.substr(colon + 1), &port) || port < 1 || port > 65535) {
    return std::nullopt;
  }
  if (port == (scheme == "https" ? 443 : 80)) authority.resize(colon);
  return authority;
}

}  // namespace

std::optional<std::string> CanonicalPath(std::string_view path) {
  std::vector<std::string> segments;
  bool directory = true;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view segment = path.substr(at, end - at);
    directory = end < path.size() || segment == "." || segment == "..";
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      auto canonical = CanonicalSegment(segment);
      if (!canonical) return std::nullopt;
      segments.push_back(*std::move(canonical));
    }
    at = end + 1;
  }
  std::string out;
  for (const std::string& segment : segments) absl::StrAppend(&out, "/", segment);
  if (directory || out.empty()) out += '/';
  return out;
}

std::optional<Url> ParseUrl(std::string_view text) {
  text = Trimmed(text);
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  const std::string scheme = absl::AsciiStrToLower({text.data(), colon});
  if (scheme != "http" && scheme != "https") return std::nullopt;
  text.remove_prefix(colon + 3);
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  const auto authority = CanonicalAuthority(scheme, text.substr(0, end));
  if (!authority) return std::nullopt;
  text.remove_prefix(end);
  auto path = CanonicalPath(text.substr(0, std::min(text.find_first_of("?#"), text.size())));
  if (!path) return std::nullopt;
  return Url{absl::StrCat(scheme, "://", *authority), *std::move(path)};
}

std::optional<Url> Resolve(const Url& base, std::string_view href) {
  href = Trimmed(href);
  if (href.empty()) return std::nullopt;
  const std::size_t slash = href.find('/');
  const std::size_t scheme = href.find("://");
  if (scheme != std::string_view::npos && scheme < slash) return ParseUrl(href);
  if (absl::StartsWith({href.data(), href.size()}, "//")) {
    return ParseUrl(base.origin.substr(0, base.origin.find("//")) + std::string(href));
  }
  href = href.substr(0, std::min(href.find_first_of("?#"), href.size()));
  std::string path(href);
  if (slash != 0) path = base.path.substr(0, base.path.rfind('/') + 1) + path;
  auto canonical = CanonicalPath(path);
  if (!canonical) return std::nullopt;
  return Url{base.origin, *std::move(canonical)};
}

bool SameCollection(std::string_view a, std::string_view b) {
  while (!a.empty() && a.back() == '/') a.remove_suffix(1);
  while (!b.empty() && b.back() == '/') b.remove_suffix(1);
  return a == b;
}

std::string HostOf(const Url& url) {
  const std::string authority = url.origin.substr(url.origin.find("//") + 2);
  const std::size_t bracket = authority.find(']');
  if (bracket != std::string::npos) return authority.substr(0, bracket + 1);
  return authority.substr(0, authority.find(':'));
}

bool IsLoopback(const Url& url) {
  const std::string host = HostOf(url);
  // "127.0.0.1.example" is somebody else's.
  const bool numbers = host.find_first_not_of("0123456789.") == std::string::npos;
  return host == "localhost" || host == "[::1]" || (numbers && absl::StartsWith(host, "127."));
}

}  // namespace brobygger::caldav
