#include "core/web/parameters.h"

#include <algorithm>

#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/web/url_query.h"

namespace brobygger::web {
namespace {

absl::Status Unknown(const std::string& name, std::span<const ParameterRule> rules) {
  const std::string allowed = absl::StrJoin(
      rules, ", ",
      [](std::string* out, const ParameterRule& rule) { absl::StrAppend(out, rule.name); });
  return base::MakeError(errors::v1::ERROR_REASON_PARAMETER_UNKNOWN,
                         absl::StrCat("there is no parameter '", name, "' here; there is ",
                                      allowed.empty() ? "none" : allowed),
                         {{"parameter", name}, {"allowed", allowed}});
}

absl::Status Wrong(const ParameterRule& rule, const std::string& wanted) {
  return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                         absl::StrCat("the parameter '", rule.name, "' is ", wanted),
                         {{"field", rule.name}, {"allowed", wanted}});
}

bool ReadDay(const std::string& text, absl::Time& day) {
  std::string why;
  return text.size() == 10 && absl::ParseTime("%Y-%m-%d", text, &day, &why);
}

// Abseil knows words for the ends of time, which are no moments.
bool ReadInstant(const std::string& text, absl::Time& instant) {
  std::string why;
  const bool digit = !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text[0]));
  return digit &&
         (ReadDay(text, instant) || absl::ParseTime(absl::RFC3339_full, text, &instant, &why));
}

bool IsNumberWithin(const std::string& text, const ParameterRule& rule) {
  int number = 0;
  const bool digits = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  return digits && absl::SimpleAtoi(text, &number) && number >= rule.least && number <= rule.most;
}

absl::Status Check(const ParameterRule& rule, const std::string& text) {
  absl::Time instant;
  switch (rule.kind) {
    case ParameterKind::kNumber:
      if (IsNumberWithin(text, rule)) return absl::OkStatus();
      return Wrong(rule, absl::StrCat("a whole number from ", rule.least, " to ", rule.most));
    case ParameterKind::kFlag:
      return text == "true" || text == "false" ? absl::OkStatus() : Wrong(rule, "true or false");
    case ParameterKind::kInstant:
      if (ReadInstant(text, instant)) return absl::OkStatus();
      return Wrong(rule,
                   "a moment such as 2026-11-23T10:00:00Z (in an address a plus sign is "
                   "written %2B), or a day such as 2026-11-23");
    case ParameterKind::kDay:
      return ReadDay(text, instant) ? absl::OkStatus() : Wrong(rule, "a day such as 2026-11-23");
    case ParameterKind::kId:
      return base::IsUuid(absl::AsciiStrToLower(text))
                 ? absl::OkStatus()
                 : Wrong(rule, "an id such as 0b6f3f0e-8a1c-4a57-9d0f-7f1d2f6c1a01");
    case ParameterKind::kJson:
      return text == "json" ? absl::OkStatus() : Wrong(rule, "json");
    default:
      return absl::OkStatus();
  }
}

std::vector<std::string> ValuesOf(const ParameterRule& rule, const std::string& text) {
  if (rule.kind != ParameterKind::kTexts) return {text};
  std::vector<std::string> values;
  for (const auto part : absl::StrSplit(text, ',')) {
    const auto value = absl::StripAsciiWhitespace(part);
    if (!value.empty()) values.emplace_back(value);
  }
  return values;
}

}  // namespace

absl::StatusOr<Parameters> Parameters::Read(std::string_view query,
                                            std::span<const ParameterRule> rules) {
  BB_ASSIGN_OR_RETURN(const auto said, ParseUrlQuery(query));
  Parameters parameters;
  for (const UrlParameter& one : said) {
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const ParameterRule& each) {
      return each.name == one.name;
    });
    if (rule == rules.end()) return Unknown(one.name, rules);
    if (one.value.empty()) continue;
    BB_RETURN_IF_ERROR(Check(*rule, one.value));
    auto& values = parameters.values_[one.name];
    if (!values.empty() && rule->kind != ParameterKind::kTexts) return Wrong(*rule, "said once");
    for (std::string& value : ValuesOf(*rule, one.value)) values.push_back(std::move(value));
  }
  return parameters;
}

std::string Parameters::Text(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() || found->second.empty() ? "" : found->second.front();
}

std::vector<std::string> Parameters::Texts(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::vector<std::string>() : found->second;
}

int Parameters::Number(const std::string& name, int usual) const {
  int number = usual;
  return Has(name) && absl::SimpleAtoi(Text(name), &number) ? number : usual;
}

bool Parameters::Flag(const std::string& name, bool usual) const {
  return Has(name) ? Text(name) == "true" : usual;
}

absl::Time Parameters::Instant(const std::string& name) const {
  absl::Time instant = absl::InfinitePast();
  ReadInstant(Text(name), instant);
  return instant;
}

}  // namespace brobygger::web
