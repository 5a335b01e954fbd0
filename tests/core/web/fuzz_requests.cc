// Octets as strangers send them, to the parts of the web door that read them first: a connection
// with its parser, and what is read of a request after that. Whatever they are, an answer is HTTP
// or nothing, a handler sees only what was promised, and the connection ends.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/web/connect_protocol.h"
#include "core/web/connection.h"
#include "core/web/cookies.h"
#include "core/web/own_origin.h"
#include "core/web/url_query.h"

namespace brobygger::web {
namespace {

constexpr std::size_t kMostBody = 4096;
constexpr std::size_t kMostRoom = 8192;

void Require(bool holds) {
  if (!holds) std::abort();
}

class Owner final : public ConnectionOwner {
 public:
  void Waits(Connection& /*connection*/) override {}
  void Works(Connection& /*connection*/) override {}
  void Ended(Connection& /*connection*/) override { ended_ = true; }
  bool stopping() const override { return false; }
  bool TakeRoom(const std::string& /*address*/, std::size_t bytes) override {
    if (room_ + bytes > kMostRoom) return false;
    room_ += bytes;
    return true;
  }
  void GiveRoomBack(const std::string& /*address*/, std::size_t bytes) override {
    Require(bytes <= room_);
    room_ -= bytes;
  }

  bool ended() const { return ended_; }
  std::size_t room() const { return room_; }

 private:
  bool ended_ = false;
  std::size_t room_ = 0;
};

// What every route does with a request, and an answer that says how much of it was seen.
void Handle(const Request& request, const Respond& respond) {
  Require(request.body.size() <= kMostBody);
  Require(request.is_post || request.body.empty());
  Require(request.path.find('?') == std::string::npos);
  const OwnOrigin origin("", "127.0.0.1:8480", false);
  if (origin.IsOurs(request) && origin.IsFromOurPage(request)) {
    const std::string& site = request.Field("sec-fetch-site");
    Require(site.empty() || site == "same-origin");
  }
  (void)CookieIn(request.Field("cookie"), "brobygger");
  (void)ParseUrlQuery(request.query);
  const auto form = FormOf(request);
  if (form.has_value()) {
    (void)CheckProtocol(request, *form);
    const auto most = std::chrono::hours(6);
    const auto timeout = TimeoutOf(request, std::chrono::seconds(30), most);
    Require(!timeout.ok() || (*timeout <= most && timeout->count() >= 0));
    const auto message = OpenEnvelope(request.body);
    Require(!message.ok() || message->size() + 5 == request.body.size());
  }
  respond({.status = 200, .body = request.path});
}

std::string ReadAll(int socket) {
  std::string all;
  char buffer[4096];
  for (;;) {
    const auto got = read(socket, buffer, sizeof(buffer));
    if (got <= 0) return all;
    all.append(buffer, static_cast<std::size_t>(got));
  }
}

void Converse(const std::uint8_t* data, std::size_t size) {
  int ends[2];
  Require(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0);
  Require(write(ends[1], data, size) == static_cast<ssize_t>(size));
  shutdown(ends[1], SHUT_WR);
  HttpLimits limits;
  limits.most_body_bytes = kMostBody;
  const Handler handler = Handle;
  Owner owner;
  {
    boost::asio::io_context context{1};
    boost::asio::ip::tcp::socket socket(context);
    boost::system::error_code ignored;
    socket.assign(boost::asio::ip::tcp::v4(), ends[0], ignored);
    MakeConnection(
        std::move(socket),
        {.limits = limits, .handler = handler, .clock = base::SystemClock(), .owner = owner})
        ->Start();
    context.run();
  }
  Require(owner.ended());
  Require(owner.room() == 0);
  const std::string answer = ReadAll(ends[1]);
  close(ends[1]);
  Require(answer.empty() || answer.starts_with("HTTP/1.1 "));
}

}  // namespace
}  // namespace brobygger::web

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 0) brobygger::web::Converse(data, size);
  return 0;
}
