#include "core/supervisor/redaction.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <nlohmann/json.hpp>
#include <re2/re2.h>

namespace brobygger::supervisor {
namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::size_t kShortestSecretLine = 8;

std::string PercentEncoded(char c, bool upper_hex) {
  std::string hex = absl::BytesToHexString(std::string(1, c));
  if (upper_hex) absl::AsciiStrToUpper(&hex);
  return "%" + hex;
}

std::string UrlEncoded(const std::string& text, bool upper_hex, bool plus_for_space) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-_.~", c)) {
      out += c;
    } else {
      out += c == ' ' && plus_for_space ? "+" : PercentEncoded(c, upper_hex);
    }
  }
  return out;
}

// The part of the base64 text that does not depend on what stands before and
// after the secret, when `before` (0-2) bytes stand before it in its group. A
// user name and a password are encoded together, so the whole is seldom there.
std::string Base64Core(const std::string& secret, std::size_t before) {
  const std::string encoded = absl::Base64Escape(std::string(before, '\0') + secret);
  const std::size_t first = before == 0 ? 0 : before + 1;
  const std::size_t whole_bits = (before + secret.size()) * 8;
  return encoded.substr(first, whole_bits / 6 - first);
}

void AddForms(const std::string& secret, std::vector<std::string>& needles) {
  needles.push_back(secret);
  for (std::size_t before = 0; before < 3; ++before) {
    const std::string core = Base64Core(secret, before);
    needles.push_back(core);
    needles.push_back(absl::StrReplaceAll(core, {{"+", "-"}, {"/", "_"}}));
  }
  for (const bool upper : {true, false}) {
    for (const bool plus : {true, false}) needles.push_back(UrlEncoded(secret, upper, plus));
  }
  const std::string json =
      nlohmann::json(secret).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  needles.push_back(json.substr(1, json.size() - 2));
}

// Day and month are checked, so that most other ten-digit numbers stay.
const RE2& CprLike() {
  static const RE2 kPattern(
      R"((^|[^0-9])(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}[- ]?[0-9]{4}($|[^0-9]))");
  return kPattern;
}

const RE2& EmailLike() {
  static const RE2 kPattern(R"([^\s<>"'(),;:=@]+@[^\s<>"'(),;:=@]+\.[^\s<>"'(),;:=@.]{2,})");
  return kPattern;
}

// International form, or the eight digits of a Danish number as people group them.
const RE2& PhoneLike() {
  static const RE2 kPattern(
      R"((^|[^0-9A-Za-z.])(\+[0-9]{1,3}(?:[ -]?[0-9]{2,4}){3,5}|[2-9][0-9](?: ?[0-9]{2}){3}|[2-9][0-9]{3} [0-9]{4})($|[^0-9A-Za-z]))");
  return kPattern;
}

// Twice, since a match takes the separator that the next one begins with.
void ReplaceBetween(std::string& text, const RE2& pattern, const char* rewrite) {
  RE2::GlobalReplace(&text, pattern, rewrite);
  RE2::GlobalReplace(&text, pattern, rewrite);
}

}  // namespace

Redactor::Redactor(const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() >= kShortestSecret) AddForms(secret, needles_);
    if (secret.find('\n') == std::string::npos) continue;
    // A key file is printed, and so met, line by line.
    for (const absl::string_view line : absl::StrSplit(secret, '\n')) {
      if (line.size() >= kShortestSecretLine) AddForms(std::string(line), needles_);
    }
  }
  std::erase_if(needles_, [](const std::string& needle) { return needle.size() < 4; });
  std::sort(needles_.begin(), needles_.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  needles_.erase(std::unique(needles_.begin(), needles_.end()), needles_.end());
}

std::string Redactor::ForPeople(std::string text) const {
  for (const std::string& needle : needles_) {
    std::size_t at = text.find(needle);
    while (at != std::string::npos) {
      text.replace(at, needle.size(), "[secret]");
      at = text.find(needle, at + 8);
    }
  }
  ReplaceBetween(text, CprLike(), R"(\1[cpr]\4)");
  return text;
}

std::string Redactor::ForLog(std::string text) const {
  text = ForPeople(std::move(text));
  RE2::GlobalReplace(&text, EmailLike(), "[e-mail]");
  ReplaceBetween(text, PhoneLike(), R"(\1[phone]\3)");
  return text;
}

namespace {

// The length of the UTF-8 character at `at`, or 0 if there is none.
std::size_t CharacterAt(const std::string& text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  std::size_t length = 1;
  if (first >= 0xF0) {
    length = 4;
  } else if (first >= 0xE0) {
    length = 3;
  } else if (first >= 0xC2) {
    length = 2;
  } else if (first >= 0x80) {
    return 0;
  }
  if (first > 0xF4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[at + i]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

}  // namespace

std::string OneLine(const std::string& text, std::size_t limit) {
  std::string out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = CharacterAt(text, at);
    if (out.size() + std::max<std::size_t>(length, 1) > limit) return out + " [cut]";
    const auto first = static_cast<unsigned char>(text[at]);
    const bool control = length == 1 && (first < 0x20 || first == 0x7F);
    if (length == 0 || control) {
      out += first == '\t' ? ' ' : '?';
    } else {
      out += text.substr(at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  return out;
}

}  // namespace brobygger::supervisor
