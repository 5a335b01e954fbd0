#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/base/id.h"
#include "core/supervisor/redaction.h"

namespace brobygger::supervisor {

enum class LogLevel { kInfo, kWarning, kError };

// Where redacted lines go. `origin` is a literal: "stdout", "stderr", "events".
using LineSink = std::function<void(LogLevel, const char* origin, const std::string& text)>;

// A sink that writes to the hub's log.
LineSink HubLog(const base::ConnectionId& connection);

// What one plugin process says, redacted, on one line each, and at most 200
// lines a second; the rest is counted and told about. Thread-safe.
class PluginLog {
 public:
  using SteadyTime = std::chrono::steady_clock::time_point;

  PluginLog(Redactor redactor, LineSink sink);

  const Redactor& redactor() const { return redactor_; }

  // Returns false if the line was over the limit and dropped.
  bool Write(LogLevel level, const char* origin, const std::string& text, SteadyTime now);

  // Lines the plugin's side lost.
  void CountDropped(std::uint64_t lines);

  std::uint64_t dropped() const;

 private:
  const Redactor redactor_;
  const LineSink sink_;
  mutable absl::Mutex mutex_;
  SteadyTime second_ ABSL_GUARDED_BY(mutex_);
  int in_second_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;
  std::uint64_t told_dropped_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Cuts bytes into lines. A line longer than 8 KiB loses its end.
class LineSplitter {
 public:
  using OnLine = std::function<void(const std::string&)>;

  explicit LineSplitter(OnLine on_line) : on_line_(std::move(on_line)) {}
  void Feed(const char* bytes, std::size_t size);
  // Hands out what stands after the last line break.
  void Finish();

 private:
  OnLine on_line_;
  std::string line_;
};

}  // namespace brobygger::supervisor
