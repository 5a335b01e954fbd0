#include "core/daemon/web_addresses.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <absl/strings/ascii.h>

namespace brobygger::daemon {
namespace {

constexpr std::array<std::string_view, 3> kHosts = {"127.0.0.1", "localhost", "[::1]"};

// Takes `prefix` from the front of `text`, if it is there.
bool Take(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool TakeHost(std::string_view& text) {
  return std::any_of(kHosts.begin(), kHosts.end(),
                     [&text](std::string_view host) { return Take(text, host); });
}

bool TakePort(std::string_view& text) {
  constexpr std::size_t kMostDigits = 5;
  if (!Take(text, ":")) return false;
  std::size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[digits]))) {
    ++digits;
  }
  text.remove_prefix(digits);
  return digits > 0 && digits <= kMostDigits;
}

}  // namespace

bool IsOfThisMachine(const std::string& url) {
  std::string_view rest = url;
  if (!Take(rest, "http://") && !Take(rest, "https://")) return false;
  if (!TakeHost(rest)) return false;
  if (!rest.empty() && rest.front() == ':' && !TakePort(rest)) return false;
  return rest.empty() || rest.front() == '/';
}

bool ListensHereAlone(const std::string& listen) {
  std::string_view rest = listen;
  return TakeHost(rest) && TakePort(rest) && rest.empty();
}

bool IsOwnPage(const std::string& uri, const std::string& path, const std::string& public_url) {
  if (!public_url.empty()) {
    const std::string base =
        public_url.ends_with('/') ? public_url.substr(0, public_url.size() - 1) : public_url;
    return uri == base + path;
  }
  std::string_view rest = uri;
  return Take(rest, "http://") && TakeHost(rest) && TakePort(rest) && rest == path;
}

}  // namespace brobygger::daemon
