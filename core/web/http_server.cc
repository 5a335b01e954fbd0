#include "core/web/http_server.h"

#include <charconv>
#include <csignal>
#include <list>
#include <optional>
#include <unordered_map>
#include <utility>

#include <absl/strings/str_cat.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::web {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// While no descriptor or memory is left for another connection.
constexpr std::chrono::milliseconds kAcceptPause(100);
// The log says that connections are turned away at most this often.
constexpr std::chrono::seconds kFullLogInterval(10);

absl::StatusOr<tcp::endpoint> ToEndpoint(const std::string& text) {
  const auto wrong = absl::InvalidArgumentError(
      absl::StrCat("cannot listen at '", text,
                   "'; give an IP address and a port, such as 127.0.0.1:8480 or [::1]:8480"));
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) return wrong;
  std::string host = text.substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  const char* end = text.data() + text.size();
  const auto [rest, fault] = std::from_chars(text.data() + colon + 1, end, port);
  error_code error;
  const auto address = asio::ip::make_address(host, error);
  if (fault != std::errc() || rest != end || error || address.is_v6() != bracketed) return wrong;
  return tcp::endpoint(address, port);
}

absl::Status CannotListen(const std::string& address, const error_code& error) {
  if (error == asio::error::address_in_use) {
    return absl::FailedPreconditionError(absl::StrCat(
        address, " is taken: another program listens there; give another with --listen"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("cannot listen at ", address, ": ", error.message()));
}

absl::Status Open(tcp::acceptor& acceptor, const ListenOptions& options) {
  BB_ASSIGN_OR_RETURN(const tcp::endpoint endpoint, ToEndpoint(options.address));
  const bool encrypts = !options.certificate_file.empty();
  if (!endpoint.address().is_loopback() && !options.beyond_loopback && !encrypts) {
    return absl::FailedPreconditionError(
        absl::StrCat(options.address,
                     " can be reached from other machines, and what is served "
                     "there is not encrypted; put a server that speaks TLS in front and say "
                     "--beyond-loopback, or listen at 127.0.0.1"));
  }
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  return error ? CannotListen(options.address, error) : absl::OkStatus();
}

// TLS 1.2 with ciphers that have forward secrecy, or 1.3 (RFC 9325, section 4.2).
absl::Status SetUpTls(const ListenOptions& options, asio::ssl::context& tls) {
  error_code error;
  tls.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                      asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                      asio::ssl::context::no_tlsv1_1,
                  error);
  if (SSL_CTX_set_cipher_list(tls.native_handle(), "ECDHE+AESGCM:ECDHE+CHACHA20") != 1) {
    return absl::FailedPreconditionError("OpenSSL has none of the ciphers that the door speaks");
  }
  SSL_CTX_set_options(tls.native_handle(), SSL_OP_NO_RENEGOTIATION);
  if (!error) tls.use_certificate_chain_file(options.certificate_file, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat("web.certificate: ", options.certificate_file,
                                                      " cannot be used: ", error.message()));
  }
  tls.use_private_key_file(options.key_file, asio::ssl::context::pem, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat("web.certificate_key: ", options.key_file,
                                                      " cannot be used: ", error.message()));
  }
  return absl::OkStatus();
}

}  // namespace

// All of it but Stop() and address() runs on the thread that is in Run().
class HttpServer::Loop final : public ConnectionOwner {
 public:
  Loop(const HttpLimits& limits, const base::Clock& clock) : limits_(limits), clock_(clock) {}

  absl::Status Listen(const ListenOptions& options) {
    if (options.certificate_file.empty() != options.key_file.empty()) {
      return absl::FailedPreconditionError(
          "web.certificate and web.certificate_key go together: give both, or neither");
    }
    if (!options.certificate_file.empty()) {
      tls_.emplace(asio::ssl::context::tls_server);
      BB_RETURN_IF_ERROR(SetUpTls(options, *tls_));
    }
    BB_RETURN_IF_ERROR(Open(acceptor_, options));
    const auto endpoint = acceptor_.local_endpoint();
    const std::string host = endpoint.address().to_string();
    address_ =
        absl::StrCat(endpoint.address().is_v6() ? "[" + host + "]" : host, ":", endpoint.port());
    return absl::OkStatus();
  }

  const std::string& address() const { return address_; }
  bool encrypts() const { return tls_.has_value(); }

  void StopOnSignals() {
    signals_.add(SIGTERM);
    signals_.add(SIGINT);
    signals_.async_wait([this](error_code error, int signal) {
      if (error) return;
      base::LogInfo("stopping", {{"signal", signal}});
      BeginStop();
    });
  }

  void Run(Handler handler) {
    handler_ = std::move(handler);
    AcceptNext();
    context_.run();
  }

  void Stop() {
    asio::post(context_, [this] { BeginStop(); });
  }

  void Waits(Connection& connection) override { MoveTo(waiting_, connection); }
  void Works(Connection& connection) override { MoveTo(working_, connection); }
  void Ended(Connection& connection) override {
    if (const auto place = places_.find(&connection); place != places_.end()) Forget(place);
    EndIfDone();
  }
  bool stopping() const override { return stopping_; }
  bool TakeRoom(const std::string& address, std::size_t bytes) override {
    std::size_t& of_one = room_taken_of_[address];
    if (room_taken_ + bytes > limits_.most_bodies_bytes ||
        of_one + bytes > limits_.most_bodies_bytes_of_one) {
      return false;
    }
    room_taken_ += bytes;
    of_one += bytes;
    return true;
  }
  void GiveRoomBack(const std::string& address, std::size_t bytes) override {
    room_taken_ -= bytes;
    const auto of_one = room_taken_of_.find(address);
    if ((of_one->second -= bytes) == 0) room_taken_of_.erase(of_one);
  }

 private:
  using Connections = std::list<std::shared_ptr<Connection>>;
  struct Place {
    Connections* list;
    Connections::iterator at;
  };
  using Places = std::unordered_map<const Connection*, Place>;

  void MoveTo(Connections& list, const Connection& connection) {
    const auto place = places_.find(&connection);
    if (place == places_.end()) return;
    list.splice(list.end(), *place->second.list, place->second.at);
    place->second.list = &list;
  }

  void Forget(Places::iterator place) {
    place->second.list->erase(place->second.at);
    places_.erase(place);
  }

  void AcceptNext() {
    acceptor_.async_accept(
        [this](error_code error, tcp::socket socket) { OnAccepted(error, std::move(socket)); });
  }

  void OnAccepted(error_code error, tcp::socket socket) {
    if (stopping_) return;
    if (error) {
      pause_.expires_after(kAcceptPause);
      pause_.async_wait([this](error_code) {
        if (!stopping_) AcceptNext();
      });
      return;
    }
    // One that cannot be let in is closed as `socket` goes.
    if (HasRoom()) LetIn(std::move(socket));
    AcceptNext();
  }

  bool HasRoom() {
    if (places_.size() < static_cast<std::size_t>(limits_.connections)) return true;
    NoteFull();
    if (waiting_.empty()) return false;
    const auto oldest = waiting_.front();
    Forget(places_.find(oldest.get()));
    oldest->Close();
    return true;
  }

  void NoteFull() {
    const auto now = std::chrono::steady_clock::now();
    if (full_logged_.has_value() && now - *full_logged_ < kFullLogInterval) return;
    full_logged_ = now;
    base::LogWarning("web_connections_full", {{"connections", limits_.connections}});
  }

  void LetIn(tcp::socket socket) {
    error_code ignored;
    // Header and body of an answer are written apart; the second must not wait.
    socket.set_option(tcp::no_delay(true), ignored);
    const auto connection =
        MakeConnection(std::move(socket), {.limits = limits_,
                                           .handler = handler_,
                                           .clock = clock_,
                                           .owner = *this,
                                           .tls = tls_.has_value() ? &*tls_ : nullptr});
    waiting_.push_back(connection);
    places_[connection.get()] = {&waiting_, std::prev(waiting_.end())};
    connection->Start();
  }

  void BeginStop() {
    if (stopping_) return;
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    signals_.cancel(ignored);
    signals_.clear(ignored);
    pause_.cancel();
    for (const auto& connection : Connections(waiting_)) connection->Close();
    for (const auto& connection : Connections(working_)) connection->HurryUp();
    grace_.expires_after(limits_.stop_grace);
    grace_.async_wait([this](error_code error) {
      if (error) return;
      for (const auto& connection : Connections(working_)) connection->Close();
    });
    EndIfDone();
  }

  // Answers that are still awaited keep the loop, since nothing else may wait in it.
  void EndIfDone() {
    if (!stopping_ || !places_.empty()) return;
    grace_.cancel();
    work_.reset();
  }

  const HttpLimits limits_;
  const base::Clock& clock_;
  std::optional<asio::ssl::context> tls_;
  std::size_t room_taken_ = 0;
  std::unordered_map<std::string, std::size_t> room_taken_of_;  // by address
  asio::io_context context_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_{context_.get_executor()};
  tcp::acceptor acceptor_{context_};
  std::string address_;
  asio::signal_set signals_{context_};
  asio::steady_timer pause_{context_};
  asio::steady_timer grace_{context_};
  Handler handler_;
  // By how long they wait, the longest first.
  Connections waiting_;
  Connections working_;
  Places places_;
  bool stopping_ = false;
  std::optional<std::chrono::steady_clock::time_point> full_logged_;
};

absl::StatusOr<std::unique_ptr<HttpServer>> HttpServer::Listen(const ListenOptions& options,
                                                               const HttpLimits& limits,
                                                               const base::Clock& clock) {
  auto loop = std::make_unique<Loop>(limits, clock);
  BB_RETURN_IF_ERROR(loop->Listen(options));
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(loop)));
}

HttpServer::HttpServer(std::unique_ptr<Loop> loop) : loop_(std::move(loop)) {}

HttpServer::~HttpServer() = default;

std::string HttpServer::address() const { return loop_->address(); }

bool HttpServer::encrypts() const { return loop_->encrypts(); }

void HttpServer::StopOnSignals() { loop_->StopOnSignals(); }

void HttpServer::Run(Handler handler) { loop_->Run(std::move(handler)); }

void HttpServer::Stop() { loop_->Stop(); }

}  // namespace brobygger::web
