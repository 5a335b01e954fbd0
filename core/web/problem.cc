#include "core/web/problem.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <absl/strings/cord.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <nlohmann/json.hpp>

#include "google/rpc/status.pb.h"

#include "core/base/error.h"

namespace brobygger::web {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kCriteria = "criteria.";
constexpr char kInfoTypeUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
// Where the hub does not say itself when to come again.
constexpr int kUsualRetrySeconds = 5;

// Those of the hub's fields in a list that a parameter stands for, by their parameters.
std::vector<std::string> Renamed(const std::string& list, std::span<const ParameterName> names) {
  std::vector<std::string> renamed;
  for (const absl::string_view field : absl::StrSplit(list, ',')) {
    for (const auto& [known, parameter] : names) {
      const bool there = std::find(renamed.begin(), renamed.end(), parameter) != renamed.end();
      if (field == absl::string_view(known.data(), known.size()) && !there) {
        renamed.emplace_back(parameter);
      }
    }
  }
  return renamed;
}

const char* TitleOf(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 409:
      return "Conflict";
    case 414:
      return "URI Too Long";
    case 429:
      return "Too Many Requests";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

// Too much of this caller is one thing, too much of all of them another.
int StatusOfExhausted(const absl::Status& status) {
  const auto reason = base::ReasonOf(status);
  const bool callers_own = reason == errors::v1::ERROR_REASON_QUOTA_EXCEEDED ||
                           reason == errors::v1::ERROR_REASON_TOO_MANY_TRIES;
  return callers_own ? 429 : 503;
}

int HttpStatusOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kFailedPrecondition:
      return 400;
    case absl::StatusCode::kUnauthenticated:
      return 401;
    case absl::StatusCode::kPermissionDenied:
      return 403;
    case absl::StatusCode::kNotFound:
      return 404;
    case absl::StatusCode::kAborted:
      return 409;
    case absl::StatusCode::kResourceExhausted:
      return StatusOfExhausted(status);
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return 503;
    default:
      return 500;
  }
}

google::rpc::ErrorInfo InfoOf(const absl::Status& status) {
  google::rpc::ErrorInfo info;
  const auto payload = status.GetPayload(kInfoTypeUrl);
  if (payload.has_value() && !info.ParseFromString(std::string(*payload))) info.Clear();
  return info;
}

int RetrySecondsOf(const absl::Status& status) {
  int seconds = 0;
  const bool said = absl::SimpleAtoi(base::ErrorMetadata(status, "retry_after_seconds"), &seconds);
  return said && seconds > 0 ? seconds : kUsualRetrySeconds;
}

// Of an error without a reason, which gRPC's library made, the text is its own: it may name paths.
std::string DetailOf(const absl::Status& status, const google::rpc::ErrorInfo& info, int http) {
  if (!info.reason().empty()) return std::string(status.message());
  return http == 503 ? "the hub cannot answer just now; try again"
                     : "the hub could not answer; its log says more";
}

// RFC 6750, section 3: what kind of credentials, and whether those shown were wrong.
std::string Challenge(const google::rpc::ErrorInfo& info) {
  const auto why = info.metadata().find("why");
  const bool none_shown = why != info.metadata().end() && why->second == "nothing_shown";
  return absl::StrCat("Bearer realm=\"brobygger\"", none_shown ? "" : ", error=\"invalid_token\"");
}

Response WithText(int status, const Json& problem) {
  return {.status = status,
          .fields = {{"Content-Type", "application/problem+json"}, {"Cache-Control", "no-store"}},
          // What a caller sent may stand in it, and need not be text.
          .body = problem.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"};
}

Json Beginning(int status, const std::string& detail) {
  return {
      {"type", "about:blank"}, {"title", TitleOf(status)}, {"status", status}, {"detail", detail}};
}

Response Plainly(int status, const std::string& detail) {
  return WithText(status, Beginning(status, detail));
}

}  // namespace

Response ToProblem(const absl::Status& status) {
  const google::rpc::ErrorInfo info = InfoOf(status);
  const int http = HttpStatusOf(status);
  Json problem = Beginning(http, DetailOf(status, info, http));
  if (!info.reason().empty()) problem["reason"] = info.reason();
  // A protobuf map has no order; the same error is to be the same text.
  const std::map<std::string, std::string> facts(info.metadata().begin(), info.metadata().end());
  if (!facts.empty()) problem["facts"] = facts;
  Response response = WithText(http, problem);
  if (http == 401) response.fields.emplace_back("WWW-Authenticate", Challenge(info));
  if (http == 429 || http == 503) {
    response.fields.emplace_back("Retry-After", std::to_string(RetrySecondsOf(status)));
  }
  return response;
}

absl::Status NamingParameters(const absl::Status& status, std::span<const ParameterName> names) {
  google::rpc::ErrorInfo info = InfoOf(status);
  // "criteria.weekdays[0]", or without a place in a list.
  const std::string field = base::ErrorMetadata(status, "field");
  const std::string_view path = field;
  if (!path.starts_with(kCriteria)) return status;
  const std::string_view bare = path.substr(kCriteria.size(), path.find('[') - kCriteria.size());
  const auto known = std::find_if(names.begin(), names.end(),
                                  [&](const ParameterName& each) { return each.first == bare; });
  if (known == names.end()) return status;
  const std::string parameter(known->second);
  auto& facts = *info.mutable_metadata();
  std::vector<std::pair<std::string, std::string>> instead = {{field, "'" + parameter + "'"}};
  const std::string allowed = base::ErrorMetadata(status, "allowed");
  // Without a place in a list it is the parameter itself that is refused, and others are allowed.
  if (!allowed.empty() && !absl::StrContains(field, "[")) {
    const std::vector<std::string> others = Renamed(allowed, names);
    facts["allowed"] = absl::StrJoin(others, ",");
    const std::string there_is =
        others.empty() ? "" : absl::StrCat(" There is: ", absl::StrJoin(others, ", "), ".");
    instead.emplace_back(
        absl::StrCat(" There is: ", absl::StrReplaceAll(allowed, {{",", ", "}}), "."), there_is);
  }
  absl::Status named(status.code(), absl::StrReplaceAll(status.message(), instead));
  facts["field"] = parameter;
  named.SetPayload(kInfoTypeUrl, absl::Cord(info.SerializeAsString()));
  return named;
}

Response NoSuchPath(const std::string& allowed) {
  return Plainly(404, "there is nothing at this address; there is " + allowed);
}

Response QueryTooLong(std::size_t most_bytes) {
  return Plainly(414, absl::StrCat("a query has at most ", most_bytes, " bytes; ask for less"));
}

}  // namespace brobygger::web
