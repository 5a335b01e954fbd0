#pragma once

#include <chrono>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "core/base/clock.h"
#include "core/web/http.h"

namespace brobygger::web {

// What a client may ask of us.
struct HttpLimits {
  int connections = 256;
  // From the answer before, or the connection, until a request has come whole. So an
  // idle client and one that sends a byte a second are let go by the same rule.
  std::chrono::milliseconds request_patience = std::chrono::seconds(15);
  // Until an answer is taken whole.
  std::chrono::milliseconds answer_patience = std::chrono::seconds(30);
  // From Stop() until answers that are still not taken are cut.
  std::chrono::milliseconds stop_grace = std::chrono::seconds(7);
  // What a POST may bring. 0: there is no POST.
  std::size_t most_body_bytes = 0;
  // What all that are being received or worked on may hold at once, and those from one address.
  std::size_t most_bodies_bytes = std::size_t{192} << 20;
  std::size_t most_bodies_bytes_of_one = std::size_t{64} << 20;
  // The field in which a proxy in front says where a connection comes from, such as X-Real-IP.
  // It must overwrite what a client says there. "": there is no such proxy.
  std::string address_field = {};
};

class Connection;

// What a connection tells its server of itself.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  // It waits for a request: nobody misses it much.
  virtual void Waits(Connection& connection) = 0;
  // It has a request to answer.
  virtual void Works(Connection& connection) = 0;
  virtual void Ended(Connection& connection) = 0;
  virtual bool stopping() const = 0;
  // Room for a body that comes from this address; false if there is none. What was taken is given
  // back.
  virtual bool TakeRoom(const std::string& address, std::size_t bytes) = 0;
  virtual void GiveRoomBack(const std::string& address, std::size_t bytes) = 0;
};

// One client's connection: HTTP/1.1 (RFC 9112), GET, HEAD and POST, over TLS or plain, one request
// at a time in their order. A request that breaks these rules is answered with 400, 405, 411, 413,
// 417, 431 or 503, and all but a 405 without a body ends the connection.
//
// Departure from RFC 9112: a body must say its length. Nothing in a transfer coding is taken, so
// that no two readers can disagree on where a request ends.
//
// Lives on its socket's executor, and is kept alive by what it waits for.
class Connection {
 public:
  virtual ~Connection() = default;
  virtual void Start() = 0;
  // Ends it at once.
  virtual void Close() = 0;
  // The server stops: an answer that comes piece by piece ends soon.
  virtual void HurryUp() = 0;
};

// What a connection works with; all of it must outlive the connection.
struct ConnectionTerms {
  const HttpLimits& limits;
  const Handler& handler;
  const base::Clock& clock;
  ConnectionOwner& owner;
  boost::asio::ssl::context* tls = nullptr;  // null: plain HTTP
};

std::shared_ptr<Connection> MakeConnection(boost::asio::ip::tcp::socket socket,
                                           const ConnectionTerms& terms);

}  // namespace brobygger::web
