#include "core/conformance/overheard.h"

#include <algorithm>
#include <cctype>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace brobygger::conformance {
namespace {

// As in a web address.
std::string UrlEncoded(const std::string& text) {
  std::string encoded;
  for (const char sign : text) {
    const auto byte = static_cast<unsigned char>(sign);
    if (std::isalnum(byte) != 0) {
      encoded.push_back(sign);
    } else {
      absl::StrAppend(&encoded, absl::StrFormat("%%%02X", byte));
    }
  }
  return encoded;
}

}  // namespace

Overheard::Overheard(const std::map<std::string, std::string>& secrets) {
  for (const auto& [name, secret] : secrets) AlsoListenFor(secret);
}

void Overheard::AlsoListenFor(const std::string& secret) {
  if (secret.empty()) return;
  // Without the padding and the last signs, which depend on what follows.
  std::string base64 = absl::Base64Escape(secret);
  base64.resize(base64.size() / 4 * 4 - 4);
  absl::MutexLock lock(&mutex_);
  for (const std::string& needle : {secret, base64, UrlEncoded(secret)}) {
    if (needle.size() >= 8) needles_.push_back(needle);
  }
}

bool Overheard::HoldsSecret(const std::string& text) const {
  absl::MutexLock lock(&mutex_);
  return std::any_of(needles_.begin(), needles_.end(), [&](const std::string& needle) {
    return text.find(needle) != std::string::npos;
  });
}

void Overheard::Hear(const std::string& where, const std::string& text) {
  if (!HoldsSecret(text)) return;
  absl::MutexLock lock(&mutex_);
  if (leak_.empty()) leak_ = where;
}

std::string Overheard::leak() const {
  absl::MutexLock lock(&mutex_);
  return leak_;
}

}  // namespace brobygger::conformance
