#include "core/supervisor/plugin_log.h"

#include <algorithm>
#include <cstring>

#include <absl/strings/str_cat.h>

#include "core/base/log.h"

namespace brobygger::supervisor {
namespace {

constexpr int kLinesPerSecond = 200;
constexpr std::size_t kLongestLine = 4 << 10;
// Longer than what is written, so that a secret across the border is seen whole.
constexpr std::size_t kLongestInput = 8 << 10;

}  // namespace

LineSink HubLog(const base::ConnectionId& connection) {
  return [connection](LogLevel level, const char* origin, const std::string& text) {
    const base::LogField who = {"connection", connection};
    const base::LogField where = {"origin", base::LogValue::Vetted(origin)};
    const base::LogField what = {"text", base::LogValue::Vetted(text)};
    if (level == LogLevel::kInfo) {
      base::LogInfo("plugin_line", {who, where, what});
    } else if (level == LogLevel::kWarning) {
      base::LogWarning("plugin_line", {who, where, what});
    } else {
      base::LogError("plugin_line", {who, where, what});
    }
  };
}

PluginLog::PluginLog(Redactor redactor, LineSink sink)
    : redactor_(std::move(redactor)), sink_(std::move(sink)) {}

bool PluginLog::Write(LogLevel level, const char* origin, const std::string& text, SteadyTime now) {
  std::uint64_t newly_dropped = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (now - second_ >= std::chrono::seconds(1)) {
      second_ = now;
      in_second_ = 0;
      newly_dropped = dropped_ - told_dropped_;
      told_dropped_ = dropped_;
    }
    if (in_second_ >= kLinesPerSecond) {
      ++dropped_;
      return false;
    }
    ++in_second_;
  }
  if (newly_dropped > 0) {
    sink_(LogLevel::kWarning, "log", absl::StrCat(newly_dropped, " lines were dropped"));
  }
  sink_(level, origin, OneLine(redactor_.ForLog(text.substr(0, kLongestInput)), kLongestLine));
  return true;
}

void PluginLog::CountDropped(std::uint64_t lines) {
  absl::MutexLock lock(&mutex_);
  dropped_ += lines;
}

std::uint64_t PluginLog::dropped() const {
  absl::MutexLock lock(&mutex_);
  return dropped_;
}

void LineSplitter::Feed(const char* bytes, std::size_t size) {
  const char* const end = bytes + size;
  while (bytes != end) {
    const char* const stop = std::find(bytes, end, '\n');
    const std::size_t room = kLongestInput - line_.size();
    line_.append(bytes, std::min<std::size_t>(room, stop - bytes));
    if (stop == end) return;
    on_line_(line_);
    line_.clear();
    bytes = stop + 1;
  }
}

void LineSplitter::Finish() {
  if (!line_.empty()) on_line_(line_);
  line_.clear();
}

}  // namespace brobygger::supervisor
