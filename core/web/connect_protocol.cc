#include "core/web/connect_protocol.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/cord.h>
#include <absl/strings/escaping.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <nlohmann/json.hpp>

namespace brobygger::web {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kHeadBytes = 5;
constexpr std::size_t kMostDigits = 10;

struct CodeWord {
  absl::StatusCode code;
  const char* word;
  int http;
};

// "Error codes" of the protocol.
constexpr std::array<CodeWord, 16> kCodes = {
    {{absl::StatusCode::kCancelled, "canceled", 499},
     {absl::StatusCode::kUnknown, "unknown", 500},
     {absl::StatusCode::kInvalidArgument, "invalid_argument", 400},
     {absl::StatusCode::kDeadlineExceeded, "deadline_exceeded", 504},
     {absl::StatusCode::kNotFound, "not_found", 404},
     {absl::StatusCode::kAlreadyExists, "already_exists", 409},
     {absl::StatusCode::kPermissionDenied, "permission_denied", 403},
     {absl::StatusCode::kResourceExhausted, "resource_exhausted", 429},
     {absl::StatusCode::kFailedPrecondition, "failed_precondition", 400},
     {absl::StatusCode::kAborted, "aborted", 409},
     {absl::StatusCode::kOutOfRange, "out_of_range", 400},
     {absl::StatusCode::kUnimplemented, "unimplemented", 501},
     {absl::StatusCode::kInternal, "internal", 500},
     {absl::StatusCode::kUnavailable, "unavailable", 503},
     {absl::StatusCode::kDataLoss, "data_loss", 500},
     {absl::StatusCode::kUnauthenticated, "unauthenticated", 401}}};

const CodeWord& CodeWordOf(absl::StatusCode code) {
  const auto found = std::find_if(kCodes.begin(), kCodes.end(),
                                  [code](const CodeWord& each) { return each.code == code; });
  return found == kCodes.end() ? kCodes[1] : *found;
}

// Without parameters, and with "charset=utf-8" as the only one there may be.
std::string MediaType(const std::string& field) {
  const std::size_t semicolon = field.find(';');
  std::string type = absl::AsciiStrToLower(field.substr(0, semicolon));
  absl::StripTrailingAsciiWhitespace(&type);
  if (semicolon == std::string::npos) return type;
  std::string parameter = absl::AsciiStrToLower(field.substr(semicolon + 1));
  absl::StripAsciiWhitespace(&parameter);
  return parameter == "charset=utf-8" || parameter == "charset=\"utf-8\"" ? type : "";
}

Json DetailOf(absl::string_view type_url, const absl::Cord& payload, const Transcoder& transcoder) {
  const std::string url(type_url);
  const std::string value(payload);
  const std::size_t slash = url.rfind('/');
  std::string base64 = absl::Base64Escape(value);
  while (!base64.empty() && base64.back() == '=') base64.pop_back();
  Json detail = {{"type", url.substr(slash == std::string::npos ? 0 : slash + 1)},
                 {"value", std::move(base64)}};
  const auto json = transcoder.ToJson(url, value);
  if (json.ok()) detail["debug"] = Json::parse(*json, nullptr, false);
  return detail;
}

Json ErrorObject(const absl::Status& status, const Transcoder& transcoder) {
  Json object = {{"code", CodeWordOf(status.code()).word}};
  if (!status.message().empty()) object["message"] = std::string(status.message());
  Json details = Json::array();
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    details.push_back(DetailOf(type_url, payload, transcoder));
  });
  if (!details.empty()) object["details"] = std::move(details);
  return object;
}

// What the hub says need not be UTF-8; what is not becomes U+FFFD.
std::string TextOf(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

bool IsCompressed(const std::string& encoding) {
  return !encoding.empty() && absl::AsciiStrToLower(encoding) != "identity";
}

}  // namespace

std::optional<ConnectForm> FormOf(const Request& request) {
  const std::string type = MediaType(request.Field("content-type"));
  if (type == "application/json") return ConnectForm{.json = true};
  if (type == "application/proto") return ConnectForm{};
  if (type == "application/connect+json") return ConnectForm{.json = true, .streams = true};
  if (type == "application/connect+proto") return ConnectForm{.streams = true};
  return std::nullopt;
}

const char* ContentTypeOf(const ConnectForm& form) {
  if (form.streams) return form.json ? "application/connect+json" : "application/connect+proto";
  return form.json ? "application/json" : "application/proto";
}

absl::StatusOr<std::chrono::milliseconds> TimeoutOf(const Request& request,
                                                    std::chrono::milliseconds usual,
                                                    std::chrono::milliseconds most) {
  const std::string& text = request.Field("connect-timeout-ms");
  if (request.fields.find("connect-timeout-ms") == request.fields.end()) return usual;
  std::int64_t count = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), count);
  const bool whole = fault == std::errc() && end == text.data() + text.size();
  if (!whole || count < 0 || text.size() > kMostDigits || text[0] == '-') {
    return absl::InvalidArgumentError(
        "Connect-Timeout-Ms must be a number of milliseconds with at most ten digits");
  }
  // Not left to chance: what changes something would sometimes be done.
  if (count == 0) return absl::DeadlineExceededError("the caller does not wait for an answer");
  return std::min(most, std::chrono::milliseconds(count));
}

absl::Status CheckProtocol(const Request& request, const ConnectForm& form) {
  const std::string& version = request.Field("connect-protocol-version");
  if (version.empty() && form.json && !form.streams) {
    return absl::InvalidArgumentError("Connect-Protocol-Version: 1 must be sent with every call");
  }
  if (!version.empty() && version != "1") {
    return absl::InvalidArgumentError("Connect-Protocol-Version must be 1");
  }
  const char* const field = form.streams ? "connect-content-encoding" : "content-encoding";
  if (IsCompressed(request.Field(field))) {
    return absl::UnimplementedError("compressed requests are not taken; send them as they are");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> OpenEnvelope(const std::string& body) {
  if (body.empty()) {
    return absl::UnimplementedError("a stream is asked for by one message, and none was sent");
  }
  if (body.size() < kHeadBytes) {
    return absl::InvalidArgumentError("the request must be one enveloped message; it is cut short");
  }
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(body[i]); };
  if (at(0) == 1) {
    return absl::InternalError("the message is marked as compressed, with no compression");
  }
  if (at(0) != 0) return absl::InvalidArgumentError("the message has flags that there are not");
  std::size_t length = 0;
  for (std::size_t i = 1; i < kHeadBytes; ++i) length = (length << 8U) | at(i);
  if (body.size() - kHeadBytes < length) {
    return absl::InvalidArgumentError("the enveloped message is cut short");
  }
  if (body.size() - kHeadBytes > length) {
    return absl::UnimplementedError("a stream is asked for by one message, and more were sent");
  }
  return body.substr(kHeadBytes);
}

std::string Envelope(std::uint8_t flags, std::string_view message) {
  std::string whole;
  whole.reserve(kHeadBytes + message.size());
  whole.push_back(static_cast<char>(flags));
  for (int shift = 24; shift >= 0; shift -= 8) {
    whole.push_back(static_cast<char>((message.size() >> static_cast<unsigned>(shift)) & 0xffU));
  }
  whole.append(message);
  return whole;
}

std::string ErrorJson(const absl::Status& status, const Transcoder& transcoder) {
  return TextOf(ErrorObject(status, transcoder));
}

Response ErrorResponse(const absl::Status& status, const Transcoder& transcoder) {
  return {.status = CodeWordOf(status.code()).http,
          .fields = {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          .body = ErrorJson(status, transcoder)};
}

std::string EndOfStreamJson(const absl::Status& status, const Transcoder& transcoder) {
  if (status.ok()) return "{}";
  return TextOf(Json{{"error", ErrorObject(status, transcoder)}});
}

Response WrongType() {
  return {.status = 415,
          .fields = {{"Accept-Post",
                      "application/json, application/proto, application/connect+json, "
                      "application/connect+proto"},
                     {"Cache-Control", "no-store"}},
          .body = ""};
}

}  // namespace brobygger::web
