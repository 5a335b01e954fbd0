// What the routes see of HTTP, and what the server sees of the routes.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace brobygger::web {

// A GET, HEAD or POST. HEAD is the server's affair: handlers see a GET.
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
  bool is_post = false;
  std::string body = {};  // of a POST, whole
  // Those of the fields in request_fields.h that were sent, by their names in small letters;
  // several of one name are joined with ", ".
  std::map<std::string, std::string, std::less<>> fields = {};

  // A field's value; "" if it was not sent. The name in small letters.
  const std::string& Field(std::string_view name) const {
    static const std::string kNone;
    const auto found = fields.find(name);
    return found == fields.end() ? kNone : found->second;
  }
};

// The body of an answer that is made piece by piece. The server asks for the next piece when the
// one before it was taken, so that a slow reader slows the source and fills no memory.
class BodyPieces {
 public:
  // Nothing: that was the last.
  using Give = std::function<void(std::optional<std::string>)>;

  virtual ~BodyPieces() = default;
  // Calls `give` once, now or later, on any thread. Not called again before it did.
  virtual void Next(Give give) = 0;
  // The reader is gone: a `give` that is still owed must come soon. Any number of times.
  virtual void Abandon() = 0;
};

struct Response {
  int status = 200;
  // Date, Content-Length and Connection are the server's affair.
  std::vector<std::pair<std::string, std::string>> fields = {};
  std::string body = {};
  // Let go of when the client has taken the answer, or is gone: what the answer takes up.
  std::shared_ptr<const void> held = {};
  // Instead of `body`, sent in chunks (RFC 9112, section 7.1); the connection ends with it.
  std::shared_ptr<BodyPieces> pieces = {};
};

// Takes the answer to one request, on any thread. Call it once.
using Respond = std::function<void(Response)>;

// Answers a request now or later; must not block, and must answer in the end.
using Handler = std::function<void(const Request&, Respond)>;

}  // namespace brobygger::web
