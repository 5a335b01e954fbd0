#include "core/web/url_query.h"

#include <algorithm>
#include <optional>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/text.h"

namespace brobygger::web {
namespace {

constexpr std::size_t kMostParameters = 64;

absl::Status WrongQuery(std::size_t offset, const std::string& what) {
  return base::MakeError(
      errors::v1::ERROR_REASON_FIELD_INVALID,
      absl::StrCat("the query cannot be read at its byte ", offset + 1, ": ", what),
      {{"field", "query"}, {"position", std::to_string(offset + 1)}});
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// query of RFC 3986: pchar, "/" and "?". "&", "=", "+" and "%" are the caller's affair.
bool MayStand(char c) {
  constexpr std::string_view kOthers = "-._~!$'()*,;:@/?&=+%";
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kOthers.find(c) != std::string_view::npos;
}

absl::Status CheckSigns(std::string_view query) {
  for (std::size_t i = 0; i < query.size(); ++i) {
    if (!MayStand(query[i])) return WrongQuery(i, "write this sign percent-encoded");
    const bool encodes =
        i + 2 < query.size() && HexDigit(query[i + 1]) >= 0 && HexDigit(query[i + 2]) >= 0;
    if (query[i] == '%' && !encodes) {
      return WrongQuery(
          i, "a percent sign is followed by two hexadecimal digits; write itself as %25");
    }
  }
  return absl::OkStatus();
}

// Of what CheckSigns() has passed.
std::string Decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      decoded += static_cast<char>(HexDigit(text[i + 1]) * 16 + HexDigit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

absl::StatusOr<UrlParameter> ToParameter(std::string_view part, std::size_t offset) {
  const std::size_t equals = std::min(part.find('='), part.size());
  UrlParameter parameter{Decoded(part.substr(0, equals)), ""};
  if (equals < part.size()) parameter.value = Decoded(part.substr(equals + 1));
  if (parameter.name.empty()) return WrongQuery(offset, "a parameter has a name: name=value");
  for (const std::string* text : {&parameter.name, &parameter.value}) {
    if (!model::IsUtf8(*text))
      return WrongQuery(offset, "what is percent-encoded here is not UTF-8");
    if (model::HasControlCharacter(*text, false)) {
      return WrongQuery(offset, "control characters may not stand in a parameter");
    }
  }
  return parameter;
}

}  // namespace

absl::StatusOr<std::vector<UrlParameter>> ParseUrlQuery(std::string_view query) {
  BB_RETURN_IF_ERROR(CheckSigns(query));
  std::vector<UrlParameter> parameters;
  std::size_t begin = 0;
  while (begin < query.size()) {
    const std::size_t end = std::min(query.find('&', begin), query.size());
    if (end > begin) {
      if (parameters.size() == kMostParameters) {
        return WrongQuery(begin, absl::StrCat("at most ", kMostParameters, " parameters"));
      }
      BB_ASSIGN_OR_RETURN(auto parameter, ToParameter(query.substr(begin, end - begin), begin));
      parameters.push_back(std::move(parameter));
    }
    begin = end + 1;
  }
  return parameters;
}

}  // namespace brobygger::web
