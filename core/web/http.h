// What the routes see of HTTP, and what the server sees of the routes.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace brobygger::web {

// A GET or HEAD without a body. HEAD is the server's affair.
struct Request {
  std::string path;           // as it was sent, without the query
  std::string if_none_match;  // the field's value; several fields joined with commas
};

struct Response {
  int status = 200;
  // Date, Content-Length and Connection are the server's affair.
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
};

// Takes the answer to one request, on any thread. Call it once.
using Respond = std::function<void(Response)>;

// Answers a request now or later; must not block, and must answer in the end.
using Handler = std::function<void(const Request&, Respond)>;

}  // namespace brobygger::web
