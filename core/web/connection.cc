#include "core/web/connection.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/time/time.h>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace brobygger::web {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxHeaderBytes = 8 * 1024;
// What a client may still send when it has had its last answer, and for how long: if we
// closed with some of it unread, the kernel would take the answer back (RFC 9112, 9.6).
constexpr std::size_t kMaxLeftOverBytes = 64 * 1024;
constexpr std::chrono::seconds kLeftOverPatience(2);

using Parser = http::request_parser<http::empty_body>;
using Header = http::request_header<>;

std::string_view ToView(beast::string_view text) { return {text.data(), text.size()}; }

// IMF-fixdate (RFC 9110, section 5.6.7).
std::string HttpDate(base::Instant instant) {
  return absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", absl::FromChrono(instant),
                          absl::UTCTimeZone());
}

// A target in origin-form, also where it was sent in absolute-form (RFC 9112, section 3.2).
std::string_view OriginForm(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!absl::StartsWithIgnoreCase({target.data(), target.size()},
                                    {scheme.data(), scheme.size()})) {
      continue;
    }
    const std::size_t slash = target.find('/', scheme.size());
    return slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return target;
}

std::vector<std::string> AllOf(const Header& header, std::string_view field) {
  std::vector<std::string> all;
  const auto [begin, end] = header.equal_range({field.data(), field.size()});
  for (auto it = begin; it != end; ++it) all.emplace_back(ToView(it->value()));
  return all;
}

std::string Joined(const Header& header, http::field field) {
  std::string all;
  const auto [begin, end] = header.equal_range(field);
  for (auto it = begin; it != end; ++it) {
    if (!all.empty()) all += ", ";
    all += ToView(it->value());
  }
  return all;
}

bool IsHead(const Header& header) { return header.method() == http::verb::head; }

// Anything with a transfer coding counts: where two readers could disagree on where a
// request ends, somebody could hide a second one in it.
bool HasBody(const Parser& parser) {
  return parser.get().count(http::field::transfer_encoding) > 0 ||
         parser.content_length().value_or(0) > 0;
}

// Exactly one in HTTP/1.1 (RFC 9112, section 3.2).
bool HasHost(const Header& header) {
  return header.version() < 11 || header.count(http::field::host) == 1;
}

Response Refused(int status) {
  return {.status = status, .fields = {{"Cache-Control", "no-store"}}, .body = ""};
}

// The answer to what is no request of ours; 0 if the client is simply gone.
int StatusOf(const error_code& error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit || error == http::error::unexpected_body) return 413;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return 0;
  return error.category() == http::make_error_code(http::error::bad_method).category() ? 400 : 0;
}

class HttpConnection final : public Connection,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  HttpConnection(asio::ip::tcp::socket socket, const ConnectionTerms& terms)
      : terms_(terms), stream_(std::move(socket)) {}

  void Start() override { AwaitRequest(); }

  void Close() override {
    error_code ignored;
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

 private:
  void AwaitRequest() {
    terms_.owner.Waits(*this);
    parser_.emplace();
    is_head_ = false;
    parser_->header_limit(kMaxHeaderBytes);
    stream_.expires_after(terms_.limits.request_patience);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->OnHeader(error); });
  }

  void OnHeader(error_code error) {
    if (error) {
      const int status = StatusOf(error);
      return status == 0 ? End() : Refuse(status);
    }
    const Header& header = parser_->get();
    const bool reads = header.method() == http::verb::get || IsHead(header);
    is_head_ = IsHead(header);
    keep_alive_ = parser_->keep_alive() && !HasBody(*parser_);
    terms_.owner.Works(*this);
    if (!HasHost(header)) return Refuse(400);
    if (!reads) return RefuseMethod();
    if (HasBody(*parser_)) return Refuse(413);
    Handle(header);
  }

  void Refuse(int status) {
    keep_alive_ = false;
    terms_.owner.Works(*this);
    Send(Refused(status));
  }

  void RefuseMethod() {
    Response response = Refused(405);
    response.fields.emplace_back("Allow", "GET, HEAD");
    Send(std::move(response));
  }

  std::string AddressOf(const Header& header) const {
    if (!terms_.limits.address_field.empty()) {
      const auto said = AllOf(header, terms_.limits.address_field);
      return said.size() == 1 ? said[0] : "";
    }
    error_code error;
    const auto peer = stream_.socket().remote_endpoint(error);
    return error ? "" : peer.address().to_string();
  }

  Request RequestOf(const Header& header) const {
    const std::string_view target = OriginForm(ToView(header.target()));
    const std::size_t mark = target.find('?');
    const bool asks = mark != std::string_view::npos;
    return {.path = std::string(target.substr(0, mark)),
            .if_none_match = Joined(header, http::field::if_none_match),
            .query = asks ? std::string(target.substr(mark + 1)) : "",
            .authorizations = AllOf(header, "Authorization"),
            .api_keys = AllOf(header, "X-Api-Key"),
            .client_address = AddressOf(header)};
  }

  void Handle(const Header& header) {
    stream_.expires_never();
    terms_.handler(RequestOf(header), [self = shared_from_this()](Response response) mutable {
      // Moved on, so that nothing of it is left to whoever answers.
      HttpConnection& connection = *self;
      asio::post(connection.stream_.get_executor(),
                 [self = std::move(self), response = std::move(response)]() mutable {
                   self->Send(std::move(response));
                 });
    });
  }

  void Send(Response response) {
    keep_alive_ = keep_alive_ && !terms_.owner.stopping();
    answer_ = {};
    answer_.result(static_cast<unsigned>(response.status));
    answer_.version(11);
    answer_.set(http::field::date, HttpDate(terms_.clock.Now()));
    for (const auto& [field, value] : response.fields) answer_.set(field, value);
    answer_.set("Referrer-Policy", "no-referrer");
    answer_.set("X-Content-Type-Options", "nosniff");
    answer_.keep_alive(keep_alive_);
    // A 304 has the length of what it stands for, which nobody has made (RFC 9110, 8.6).
    if (response.status != 304) answer_.content_length(response.body.size());
    if (!is_head_) answer_.body() = std::move(response.body);
    held_ = std::move(response.held);
    stream_.expires_after(terms_.limits.answer_patience);
    http::async_write(stream_, answer_, [self = shared_from_this()](error_code error, std::size_t) {
      self->OnSent(error);
    });
  }

  void OnSent(error_code error) {
    answer_ = {};
    held_.reset();
    if (error) return End();
    if (keep_alive_ && !terms_.owner.stopping()) return AwaitRequest();
    stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
    if (error) return End();
    terms_.owner.Waits(*this);
    stream_.expires_after(kLeftOverPatience);
    ReadLeftOver();
  }

  void ReadLeftOver() {
    stream_.async_read_some(asio::buffer(left_over_),
                            [self = shared_from_this()](error_code error, std::size_t count) {
                              self->left_over_bytes_ += count;
                              const bool enough = self->left_over_bytes_ > kMaxLeftOverBytes;
                              return error || enough ? self->End() : self->ReadLeftOver();
                            });
  }

  void End() {
    Close();
    terms_.owner.Ended(*this);
  }

  const ConnectionTerms terms_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_{2 * kMaxHeaderBytes};
  std::optional<Parser> parser_;
  http::response<http::string_body> answer_;
  std::shared_ptr<const void> held_;  // what the answer takes up
  bool is_head_ = false;
  bool keep_alive_ = false;
  std::array<char, 1024> left_over_{};
  std::size_t left_over_bytes_ = 0;
};

}  // namespace

std::shared_ptr<Connection> MakeConnection(asio::ip::tcp::socket socket,
                                           const ConnectionTerms& terms) {
  return std::make_shared<HttpConnection>(std::move(socket), terms);
}

}  // namespace brobygger::web
