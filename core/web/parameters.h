#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/time/time.h>

namespace brobygger::web {

// What the values of a parameter are.
enum class ParameterKind {
  kText,     // any
  kTexts,    // any, several: repeated, or with commas between
  kNumber,   // a whole number between `least` and `most`
  kFlag,     // "true" or "false"
  kInstant,  // RFC 3339, or a day: its first moment in UTC
  kDay,      // ISO 8601: "2026-11-23"
  kId,       // a UUID
  kJson,     // the word "json"
};

// A parameter that an address takes. A table of these is what requests are held to and what the
// OpenAPI document says, so that the two cannot disagree.
struct ParameterRule {
  const char* name;
  ParameterKind kind;
  const char* about;  // one line, in English, for the OpenAPI document
  int least = 0;
  int most = 0;
};

// The parameters of one request, known to keep the rules.
class Parameters {
 public:
  // FIELD_INVALID (facts "field", and "allowed" where there is a choice) for a value of the wrong
  // form and for one parameter said twice that may be said once; PARAMETER_UNKNOWN (facts
  // "parameter", "allowed"); the errors of ParseUrlQuery(). An empty value is as none.
  static absl::StatusOr<Parameters> Read(std::string_view query,
                                         std::span<const ParameterRule> rules);

  bool Has(const std::string& name) const { return values_.contains(name); }
  // "" if it was not said.
  std::string Text(const std::string& name) const;
  std::vector<std::string> Texts(const std::string& name) const;
  int Number(const std::string& name, int usual) const;
  bool Flag(const std::string& name, bool usual) const;
  // The distant past if it was not said.
  absl::Time Instant(const std::string& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

}  // namespace brobygger::web
