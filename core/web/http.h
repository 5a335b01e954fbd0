// What the routes see of HTTP, and what the server sees of the routes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace brobygger::web {

// A GET or HEAD without a body. HEAD is the server's affair.
struct Request {
  std::string path;           // as it was sent, without the query
  std::string if_none_match;  // the field's value; several fields joined with commas
  std::string query = {};     // as it was sent, what follows the first "?"
  // Fields that say who asks; each value apart, since two of a kind are a mistake.
  std::vector<std::string> authorizations = {};  // Authorization
  std::vector<std::string> api_keys = {};        // X-Api-Key
  // Where the connection comes from: an IP address, without port. Behind a proxy, what the
  // proxy says of that (HttpLimits::address_field); "" if it says nothing or says it twice.
  std::string client_address = {};
};

struct Response {
  int status = 200;
  // Date, Content-Length and Connection are the server's affair.
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
  // Let go of when the client has taken the answer, or is gone: what the answer takes up.
  std::shared_ptr<const void> held = {};
};

// Takes the answer to one request, on any thread. Call it once.
using Respond = std::function<void(Response)>;

// Answers a request now or later; must not block, and must answer in the end.
using Handler = std::function<void(const Request&, Respond)>;

}  // namespace brobygger::web
