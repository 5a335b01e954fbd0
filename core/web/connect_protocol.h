// The Connect protocol (connectrpc.com/docs/protocol), the part that a browser uses: unary calls by
// POST and answers as streams, in JSON or in the wire form. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/web/http.h"
#include "core/web/transcoder.h"

namespace brobygger::web {

// How a call is written.
struct ConnectForm {
  bool json = false;
  bool streams = false;  // enveloped messages (application/connect+...)
};

// What a request's Content-Type says; nothing if it is none of ours, which is answered with 415.
std::optional<ConnectForm> FormOf(const Request& request);

// The Content-Type of an answer in this form.
const char* ContentTypeOf(const ConnectForm& form);

// How long the caller waits, by Connect-Timeout-Ms: at most ten digits, at most `most`; `usual` if
// it does not say. INVALID_ARGUMENT for anything else.
absl::StatusOr<std::chrono::milliseconds> TimeoutOf(const Request& request,
                                                    std::chrono::milliseconds usual,
                                                    std::chrono::milliseconds most);

// INVALID_ARGUMENT unless the protocol's version is 1, which a call in JSON must say: no form and
// no script of another page can send that field unasked. UNIMPLEMENTED for a compressed body.
absl::Status CheckProtocol(const Request& request, const ConnectForm& form);

// The one message of a request for a stream. INVALID_ARGUMENT if it is cut short, UNIMPLEMENTED if
// there is none or more than one, INTERNAL if it is marked as compressed.
absl::StatusOr<std::string> OpenEnvelope(const std::string& body);

// A message of a stream: a byte of flags, four of length, the message.
std::string Envelope(std::uint8_t flags, std::string_view message);
inline constexpr std::uint8_t kEndOfStream = 2;

// An error as Connect's JSON object: code, message, and the hub's details. Those that the program
// knows are told in JSON, too ("debug"), as a page reads them.
std::string ErrorJson(const absl::Status& status, const Transcoder& transcoder);

// The whole answer to a call that failed before it began, or to a unary one.
Response ErrorResponse(const absl::Status& status, const Transcoder& transcoder);

// The last message of a stream.
std::string EndOfStreamJson(const absl::Status& status, const Transcoder& transcoder);

// 415: naming the types that there are.
Response WrongType();

}  // namespace brobygger::web
