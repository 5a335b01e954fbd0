#include "core/web/begun_sign_in.h"

#include <array>

#include <absl/strings/escaping.h>
#include <nlohmann/json.hpp>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace brobygger::web {
namespace {

using Json = nlohmann::json;

std::string MacOf(const std::string& text, const std::string& key) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &size);
  return {reinterpret_cast<const char*>(mac.data()), size};
}

}  // namespace

std::string Seal(const BegunSignIn& begun, const std::string& key) {
  const Json json = {begun.state, begun.verifier, begun.nonce, begun.then,
                     begun.at.time_since_epoch().count()};
  const std::string text = json.dump();
  return absl::WebSafeBase64Escape(text) + "." + absl::WebSafeBase64Escape(MacOf(text, key));
}

std::optional<BegunSignIn> Unseal(const std::string& sealed, const std::string& key) {
  const std::size_t dot = sealed.find('.');
  std::string text;
  std::string mac;
  if (dot == std::string::npos || !absl::WebSafeBase64Unescape(sealed.substr(0, dot), &text) ||
      !absl::WebSafeBase64Unescape(sealed.substr(dot + 1), &mac)) {
    return std::nullopt;
  }
  const std::string own = MacOf(text, key);
  if (mac.size() != own.size() || CRYPTO_memcmp(mac.data(), own.data(), own.size()) != 0) {
    return std::nullopt;
  }
  // Ours, so it has the form that we gave it.
  const Json json = Json::parse(text);
  return BegunSignIn{.state = json[0],
                     .verifier = json[1],
                     .nonce = json[2],
                     .then = json[3],
                     .at = base::Instant(base::Instant::duration(json[4].get<std::int64_t>()))};
}

}  // namespace brobygger::web
