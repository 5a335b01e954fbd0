#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {

// What a file says, read again when it changes, at the earliest two seconds after the last look.
// With a mistake in it what it said before goes on, and the log says line and reason. T has a
// revision(). Thread-safe.
template <typename T>
class KeptFile {
 public:
  struct Rules {
    std::function<absl::StatusOr<T>(const std::string& text, const std::string& name)> parse;
    const char* key;      // of the configuration, which names the file
    const char* read;     // what the log says when it was read again
    const char* refused;  // and when it was not
  };

  // FAILED_PRECONDITION, with line and reason, if the file cannot be read: a hub does not start
  // with what nobody understands.
  static absl::StatusOr<std::unique_ptr<KeptFile>> Open(const std::string& path,
                                                        const base::Clock& clock,
                                                        Rules rules) {
    BB_ASSIGN_OR_RETURN(T value, Read(path, rules));
    return std::make_unique<KeptFile>(path, clock, std::move(value), std::move(rules));
  }

  // With a path of "" `value` stays for good.
  KeptFile(std::string path, const base::Clock& clock, T value, Rules rules)
      : path_(std::move(path)),
        clock_(clock),
        rules_(std::move(rules)),
        value_(std::make_shared<const T>(std::move(value))),
        looked_(clock.Now()) {
    std::error_code none;
    if (!path_.empty()) written_ = std::filesystem::last_write_time(path_, none);
  }

  std::shared_ptr<const T> Current() {
    absl::MutexLock lock(&mutex_);
    if (!path_.empty() && clock_.Now() - looked_ >= std::chrono::seconds(2)) LookAgain();
    return value_;
  }

 private:
  static absl::StatusOr<T> Read(const std::string& path, const Rules& rules) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    if (!file) {
      return absl::FailedPreconditionError(
          absl::StrCat(path, ": the file cannot be read; ", rules.key, " names it"));
    }
    return rules.parse(text, path);
  }

  void LookAgain() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    looked_ = clock_.Now();
    std::error_code trouble;
    const auto written = std::filesystem::last_write_time(path_, trouble);
    if (!trouble && written == written_) return;
    written_ = written;
    auto value = Read(path_, rules_);
    if (!value.ok()) {
      base::LogError(rules_.refused,
                     {{"why", base::LogValue::Vetted(std::string(value.status().message()))},
                      {"effect", "what it said before goes on"}});
      return;
    }
    value_ = std::make_shared<const T>(*std::move(value));
    base::LogInfo(rules_.read, {{"revision", base::LogValue::Vetted(value_->revision())}});
  }

  const std::string path_;
  const base::Clock& clock_;
  const Rules rules_;
  absl::Mutex mutex_;
  std::shared_ptr<const T> value_ ABSL_GUARDED_BY(mutex_);
  base::Instant looked_ ABSL_GUARDED_BY(mutex_);
  std::filesystem::file_time_type written_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::daemon
