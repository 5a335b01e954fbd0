#pragma once

#include <optional>
#include <string>

#include "core/base/clock.h"

namespace brobygger::web {

// What a browser began to sign in with, between /session/begin and /session/callback.
struct BegunSignIn {
  std::string state = {};
  std::string verifier = {};
  std::string nonce = {};
  std::string then = {};  // a path of the page
  base::Instant at = {};
};

// As the value of a cookie: not secret from the browser, whose own it is, but signed with `key`
// (HMAC-SHA256), so that what comes back is what went out. Pure.
std::string Seal(const BegunSignIn& begun, const std::string& key);

// Nothing if it was not sealed with this key. Pure.
std::optional<BegunSignIn> Unseal(const std::string& sealed, const std::string& key);

}  // namespace brobygger::web
