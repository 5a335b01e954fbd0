#include "core/web/connection.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include <absl/time/time.h>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream_base.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>

#include "core/web/request_fields.h"

namespace brobygger::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxHeaderBytes = 16 * 1024;
// What a client may still send when it has had its last answer, and for how long: if we
// closed with some of it unread, the kernel would take the answer back (RFC 9112, 9.6).
constexpr std::size_t kMaxLeftOverBytes = 64 * 1024;
constexpr std::chrono::seconds kLeftOverPatience(2);

using Parser = http::request_parser<http::string_body>;
using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

// IMF-fixdate (RFC 9110, section 5.6.7).
std::string HttpDate(base::Instant instant) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromChrono(instant),
                          absl::UTCTimeZone());
}

Response RefusedRequest(int status) {
  return {.status = status, .fields = {{"Cache-Control", "no-store"}}, .body = ""};
}

// The answer to what is no request of ours; 0 if the client is simply gone.
int StatusOf(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit || error == http::error::unexpected_body) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

template <typename Stream>
class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  template <typename... StreamArguments>
  explicit HttpConnection(const ConnectionTerms& terms, StreamArguments&&... stream)
      : terms_(terms), stream_(std::forward<StreamArguments>(stream)...) {}

  void Start() override {
    if constexpr (std::is_same_v<Stream, Tls>) {
      Transport().expires_after(terms_.limits.request_patience);
      stream_.async_handshake(asio::ssl::stream_base::server, [self = Self()](error_code error) {
        return error ? self->End() : self->AwaitRequest();
      });
    } else {
      AwaitRequest();
    }
  }

  void Close() override {
    error_code ignored;
    Transport().socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    Transport().close();
  }

  void HurryUp() override {
    if (pieces_ != nullptr) pieces_->Abandon();
  }

 private:
  std::shared_ptr<HttpConnection> Self() { return this->shared_from_this(); }
  beast::tcp_stream& Transport() { return beast::get_lowest_layer(stream_); }

  void AwaitRequest() {
    terms_.owner.Waits(*this);
    GiveRoomBack();
    parser_.emplace();
    is_head_ = false;
    parser_->header_limit(kMaxHeaderBytes);
    // Its length is looked at before any of it is read. Not boost::none: Beast 1.74 then takes no
    // body whose length is told.
    parser_->body_limit(std::numeric_limits<std::uint64_t>::max());
    Transport().expires_after(terms_.limits.request_patience);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = Self()](error_code error, std::size_t) { self->OnHeader(error); });
  }

  bool HasBody() const {
    return HasTransferCoding(parser_->get()) || parser_->content_length().value_or(0) > 0;
  }

  void OnHeader(error_code error) {
    if (error) return OnUnreadable(error);
    const Header& header = parser_->get();
    is_head_ = header.method() == http::verb::head;
    const bool reads = header.method() == http::verb::get || is_head_;
    const bool posts = header.method() == http::verb::post && terms_.limits.most_body_bytes > 0;
    keep_alive_ = parser_->keep_alive() && (posts || !HasBody());
    if (!HasHost(header)) return Refuse(400);
    if (posts) return ReadBody(header);
    if (!reads) return RefuseMethod();
    if (HasBody()) return Refuse(413);
    Handle();
  }

  void OnUnreadable(const error_code& error) {
    const int status = StatusOf(error);
    return status == 0 ? End() : Refuse(status);
  }

  // Within the patience that began with the header, so that a slow sender ends by the same rule.
  void ReadBody(const Header& header) {
    if (HasTransferCoding(header)) return Refuse(411);
    if (header.count(http::field::expect) > 0) return Refuse(417);
    const auto length = parser_->content_length().value_or(0);
    if (length > terms_.limits.most_body_bytes) return Refuse(413);
    if (!terms_.owner.TakeRoom(PeerAddress(), length)) return Refuse(503);
    room_ = length;
    http::async_read(stream_, buffer_, *parser_, [self = Self()](error_code error, std::size_t) {
      return error ? self->OnUnreadable(error) : self->Handle();
    });
  }

  void GiveRoomBack() {
    if (room_ == 0) return;
    terms_.owner.GiveRoomBack(PeerAddress(), room_);
    room_ = 0;
  }

  void Refuse(int status) {
    keep_alive_ = false;
    terms_.owner.Works(*this);
    Send(RefusedRequest(status));
  }

  void RefuseMethod() {
    terms_.owner.Works(*this);
    Response response = RefusedRequest(405);
    const bool posts = terms_.limits.most_body_bytes > 0;
    response.fields.emplace_back("Allow", posts ? "GET, HEAD, POST" : "GET, HEAD");
    Send(std::move(response));
  }

  // Without the zone of an IPv6 address, which says where on this machine it came in. As it was
  // when the connection began: one that is closed has none.
  const std::string& PeerAddress() {
    if (!peer_.empty()) return peer_;
    error_code error;
    const auto peer = Transport().socket().remote_endpoint(error);
    if (error) return peer_;
    const std::string text = peer.address().to_string();
    peer_ = text.substr(0, text.find('%'));
    return peer_;
  }

  // Until here it could make room for others, however slowly its request came.
  void Handle() {
    terms_.owner.Works(*this);
    Transport().expires_never();
    Request request = ToRequest(parser_->get(), terms_.limits.address_field, PeerAddress());
    request.body = std::move(parser_->get().body());
    terms_.handler(request, [self = Self()](Response response) mutable {
      // Moved on, so that nothing of it is left to whoever answers.
      HttpConnection& connection = *self;
      asio::post(connection.Transport().get_executor(),
                 [self = std::move(self), response = std::move(response)]() mutable {
                   self->Send(std::move(response));
                 });
    });
  }

  template <typename Message>
  void PutHead(const Response& response, Message& message) {
    message.result(static_cast<unsigned>(response.status));
    message.version(11);
    message.set(http::field::date, HttpDate(terms_.clock.Now()));
    for (const auto& [field, value] : response.fields) message.insert(field, value);
    message.set("Referrer-Policy", "no-referrer");
    message.set("X-Content-Type-Options", "nosniff");
    message.keep_alive(keep_alive_);
  }

  void Send(Response response) {
    GiveRoomBack();
    keep_alive_ = keep_alive_ && !terms_.owner.stopping();
    held_ = std::move(response.held);
    Transport().expires_after(terms_.limits.answer_patience);
    if (response.pieces != nullptr && !is_head_) return SendPieces(std::move(response));
    answer_ = {};
    PutHead(response, answer_);
    // A 304 has the length of what it stands for, which nobody has made (RFC 9110, 8.6).
    if (response.status != 304) answer_.content_length(response.body.size());
    if (!is_head_) answer_.body() = std::move(response.body);
    http::async_write(stream_, answer_,
                      [self = Self()](error_code error, std::size_t) { self->OnSent(error); });
  }

  void SendPieces(Response response) {
    keep_alive_ = false;
    pieces_ = std::move(response.pieces);
    pieces_head_ = {};
    PutHead(response, pieces_head_);
    // Whoever speaks HTTP/1.0 knows no chunks (RFC 9112, section 6.1); the end of the connection is
    // then the end of the answer.
    chunked_ = parser_->get().version() >= 11;
    pieces_head_.chunked(chunked_);
    pieces_serializer_.emplace(pieces_head_);
    http::async_write_header(stream_, *pieces_serializer_,
                             [self = Self()](error_code error, std::size_t) {
                               if (error) return self->EndPieces();
                               self->WatchReader();
                               self->NextPiece();
                             });
  }

  // A reader that is gone ends the source. It has nothing more to say, so what it sends counts as
  // that, too; this read has no time limit, and those of the writes are their own.
  void WatchReader() {
    Transport().expires_never();
    stream_.async_read_some(asio::buffer(left_over_), [self = Self()](error_code, std::size_t) {
      if (self->pieces_ == nullptr) return;
      self->reader_gone_ = true;
      self->pieces_->Abandon();
    });
  }

  void NextPiece() {
    pieces_->Next([self = Self()](std::optional<std::string> piece) {
      HttpConnection& connection = *self;
      asio::post(connection.Transport().get_executor(),
                 [self = std::move(self), piece = std::move(piece)]() mutable {
                   self->SendPiece(std::move(piece));
                 });
    });
  }

  void SendPiece(std::optional<std::string> piece) {
    if (reader_gone_) return EndPieces();
    const bool last = !piece.has_value();
    Transport().expires_after(terms_.limits.answer_patience);
    const auto then = [self = Self(), last](error_code error, std::size_t) {
      return error || last ? self->EndPieces() : self->NextPiece();
    };
    if (last && !chunked_) return EndPieces();
    if (last) return asio::async_write(stream_, http::make_chunk_last(), then);
    piece_ = *std::move(piece);
    // A chunk of nothing would be the last one (RFC 9112, section 7.1).
    if (piece_.empty()) return NextPiece();
    if (!chunked_) return asio::async_write(stream_, asio::buffer(piece_), then);
    asio::async_write(stream_, http::make_chunk(asio::buffer(piece_)), then);
  }

  void EndPieces() {
    pieces_->Abandon();
    pieces_.reset();
    held_.reset();
    End();
  }

  void OnSent(error_code error) {
    answer_ = {};
    held_.reset();
    if (error) return End();
    if (keep_alive_ && !terms_.owner.stopping()) return AwaitRequest();
    if constexpr (std::is_same_v<Stream, Tls>) {
      Transport().expires_after(kLeftOverPatience);
      stream_.async_shutdown([self = Self()](error_code) { self->End(); });
    } else {
      Transport().socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
      if (error) return End();
      terms_.owner.Waits(*this);
      Transport().expires_after(kLeftOverPatience);
      ReadLeftOver();
    }
  }

  void ReadLeftOver() {
    stream_.async_read_some(asio::buffer(left_over_),
                            [self = Self()](error_code error, std::size_t count) {
                              self->left_over_bytes_ += count;
                              const bool enough = self->left_over_bytes_ > kMaxLeftOverBytes;
                              return error || enough ? self->End() : self->ReadLeftOver();
                            });
  }

  void End() {
    Close();
    GiveRoomBack();
    terms_.owner.Ended(*this);
  }

  const ConnectionTerms terms_;
  Stream stream_;
  beast::flat_buffer buffer_{2 * kMaxHeaderBytes};
  std::optional<Parser> parser_;
  http::response<http::string_body> answer_;
  http::response<http::empty_body> pieces_head_;
  std::optional<http::response_serializer<http::empty_body>> pieces_serializer_;
  std::shared_ptr<BodyPieces> pieces_;
  std::string piece_;
  std::shared_ptr<const void> held_;  // what the answer takes up
  std::size_t room_ = 0;              // what it took of the owner
  std::string peer_;
  bool is_head_ = false;
  bool keep_alive_ = false;
  bool chunked_ = false;
  bool reader_gone_ = false;
  std::array<char, 1024> left_over_{};
  std::size_t left_over_bytes_ = 0;
};

}  // namespace

std::shared_ptr<Connection> MakeConnection(asio::ip::tcp::socket socket,
                                           const ConnectionTerms& terms) {
  if (terms.tls == nullptr) {
    return std::make_shared<HttpConnection<Plain>>(terms, std::move(socket));
  }
  return std::make_shared<HttpConnection<Tls>>(terms, std::move(socket), *terms.tls);
}

}  // namespace brobygger::web
