#include "core/model/contact.h"

#include <algorithm>

#include <absl/strings/ascii.h>

#include "core/model/text.h"

namespace brobygger::model {
namespace {

constexpr std::size_t kLongestEmail = 254;
constexpr std::size_t kLongestUrl = 2000;

bool IsHostByte(char c) {
  return absl::ascii_isalnum(c) || c == '-' || c == '.' || (c & 0x80) != 0;
}

// Two labels or more, none of them empty; letters of any script.
bool IsHost(std::string_view host) {
  const bool bytes = std::all_of(host.begin(), host.end(), IsHostByte);
  const bool dotted = host.find('.') != std::string_view::npos && !host.starts_with('.') &&
                      !host.ends_with('.') && host.find("..") == std::string_view::npos;
  return bytes && dotted && host.size() <= 253;
}

bool HasSpace(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= 0 && c <= ' '; });
}

// Where the host of an address without its scheme ends.
std::size_t HostEnd(std::string_view rest) {
  return std::min(rest.find_first_of("/?#"), rest.size());
}

std::string LowerHost(std::string_view rest) {
  const std::size_t end = HostEnd(rest);
  return absl::AsciiStrToLower(std::string(rest.substr(0, end))) + std::string(rest.substr(end));
}

// Splits "https://rest" into its lower-case scheme ("" if there is none) and the
// rest.
std::pair<std::string, std::string> SplitScheme(std::string_view text) {
  const std::string line = NormalLine(text);
  const std::size_t at = line.find("://");
  if (at == std::string::npos) return {"", line};
  return {absl::AsciiStrToLower(line.substr(0, at)), line.substr(at + 3)};
}

// The number's digits, with "+" before them if an international prefix was; ""
// if it holds signs that no telephone number has.
std::string PhoneDigits(std::string_view text) {
  const std::string line = NormalLine(text);
  std::string_view rest = line;
  std::string digits;
  while (!rest.empty()) {
    const auto digit = DigitAt(rest);
    if (digit.has_value()) {
      digits += static_cast<char>('0' + digit->value);
      rest.remove_prefix(digit->size);
    } else if (rest[0] == '+' && digits.empty()) {
      digits = "+";
      rest.remove_prefix(1);
    } else if (std::string_view(" -./()").find(rest[0]) != std::string_view::npos) {
      rest.remove_prefix(1);
    } else {
      return "";
    }
  }
  if (digits.starts_with("00")) digits = "+" + digits.substr(2);
  return digits;
}

}  // namespace

std::optional<std::string> NormalizePhone(std::string_view text) {
  std::string digits = PhoneDigits(text);
  if (!digits.empty() && digits[0] != '+') {
    // Without a country code it is Danish: eight digits, none of which begins
    // with 0. "45" before those eight is the country code without its plus.
    const bool with_code = digits.size() == 10 && digits.starts_with("45");
    digits = with_code ? "+" + digits : "+45" + digits;
  }
  const bool danish = digits.starts_with("+45");
  const bool plausible = danish ? digits.size() == 11 && digits[3] != '0'
                                : digits.size() >= 8 && digits.size() <= 16 && digits[1] != '0';
  if (!plausible) return std::nullopt;
  return digits;
}

std::optional<std::string> NormalizeEmail(std::string_view text) {
  const std::string line = NormalLine(text);
  const std::size_t at = line.rfind('@');
  if (at == std::string::npos || at == 0 || at > 64 || line.size() > kLongestEmail) {
    return std::nullopt;
  }
  const std::string local = line.substr(0, at);
  const std::string host = line.substr(at + 1);
  const bool plain = local.find_first_of("@,;:<>()[]\\\"") == std::string::npos;
  if (!plain || HasSpace(local) || !IsHost(host)) return std::nullopt;
  return local + '@' + absl::AsciiStrToLower(host);
}

bool IsMailbox(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), absl::ascii_isgraph);
  return plain && NormalizeEmail(text).has_value();
}

std::optional<std::string> NormalizeUrl(std::string_view text) {
  auto [scheme, rest] = SplitScheme(text);
  if (scheme.empty()) scheme = "https";
  if (scheme != "https" && scheme != "http") return std::nullopt;

  std::string host = rest.substr(0, HostEnd(rest));
  const std::size_t port = host.find(':');
  if (port != std::string::npos) {
    const std::string number = host.substr(port + 1);
    const bool digits =
        std::all_of(number.begin(), number.end(), [](char c) { return absl::ascii_isdigit(c); });
    if (number.empty() || number.size() > 5 || !digits) return std::nullopt;
    host.resize(port);
  }
  if (!IsHost(host) || HasSpace(rest) || rest.size() > kLongestUrl) return std::nullopt;
  return scheme + "://" + LowerHost(rest);
}

std::string BareUrl(std::string_view text) {
  std::string bare = LowerHost(SplitScheme(text).second);
  if (bare.starts_with("www.")) bare.erase(0, 4);
  while (bare.ends_with('/')) bare.pop_back();
  return bare;
}

}  // namespace brobygger::model
