#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <utility>

#include "core/base/id.h"

namespace brobygger::base {

// What a log line may hold. There is no way in for std::string, because names,
// addresses and source payloads are strings, and log files outlive consent.
class LogValue {
 public:
  template <std::integral T>
  LogValue(T number) : text_(std::to_string(number)) {}  // NOLINT(google-explicit-constructor)
  template <typename Tag>
  LogValue(const Id<Tag>& id) : text_(id.text()) {}  // NOLINT(google-explicit-constructor)
  template <size_t N>
  LogValue(const char (&literal)[N]) : text_(literal) {}  // NOLINT(google-explicit-constructor)

  // For text whose author knows that it holds no personal data: a file name from
  // the configuration, a system's error text, a plugin's redacted line.
  static LogValue Vetted(std::string text) {
    LogValue value(0);
    value.text_ = std::move(text);
    return value;
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

using LogField = std::pair<const char*, LogValue>;

// Each writes one line to standard error: time, level, the event (a name that
// never changes), then key=value for each field. Thread-safe.
void LogInfo(const char* event, std::initializer_list<LogField> fields);
void LogWarning(const char* event, std::initializer_list<LogField> fields);
void LogError(const char* event, std::initializer_list<LogField> fields);

// Below this level lines are dropped: "debug", "info", "warning", "error".
// Returns false for any other word.
bool SetLogLevel(const std::string& level);

}  // namespace brobygger::base
