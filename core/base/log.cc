#include "core/base/log.h"

#include <memory>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace brobygger::base {
namespace {

// Standard error, since data goes to standard output.
spdlog::logger& Logger() {
  static const std::shared_ptr<spdlog::logger> kLogger = [] {
    auto logger = std::make_shared<spdlog::logger>(
        "brobygger", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->flush_on(spdlog::level::info);
    return logger;
  }();
  return *kLogger;
}

void Write(spdlog::level::level_enum level,
           const char* event,
           std::initializer_list<LogField> fields) {
  if (!Logger().should_log(level)) return;
  std::string line = event;
  for (const auto& [key, value] : fields) {
    line += ' ';
    line += key;
    line += '=';
    const bool quote = value.text().find_first_of(" \n\"") != std::string::npos;
    if (quote) line += '"';
    for (const char c : value.text()) line += c == '\n' ? ' ' : c;
    if (quote) line += '"';
  }
  Logger().log(level, line);
}

}  // namespace

void LogInfo(const char* event, std::initializer_list<LogField> fields) {
  Write(spdlog::level::info, event, fields);
}

void LogWarning(const char* event, std::initializer_list<LogField> fields) {
  Write(spdlog::level::warn, event, fields);
}

void LogError(const char* event, std::initializer_list<LogField> fields) {
  Write(spdlog::level::err, event, fields);
}

bool SetLogLevel(const std::string& level) {
  const auto known = spdlog::level::from_str(level);
  if (known == spdlog::level::off && level != "off") return false;
  Logger().set_level(known);
  return true;
}

}  // namespace brobygger::base
