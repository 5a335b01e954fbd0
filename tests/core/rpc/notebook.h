#pragma once

#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include "core/audit/errors.h"
#include "core/rpc/auditor.h"

namespace brobygger::rpc {

// Remembers what it is told, or cannot write it down.
class Notebook final : public Auditor {
 public:
  void Record(AuditedCall call,
              std::chrono::steady_clock::time_point /*deadline*/,
              Done done) override {
    if (full) return done(audit::AuditUnavailable("the disk is full"));
    {
      const std::lock_guard lock(mutex_);
      told_.push_back(std::move(call));
    }
    done(absl::OkStatus());
  }
  void RecordRefused(AuditedCall call) override {
    const std::lock_guard lock(mutex_);
    told_.push_back(std::move(call));
  }

  std::vector<AuditedCall> told() const {
    const std::lock_guard lock(mutex_);
    return told_;
  }

  std::atomic<bool> full = false;

 private:
  mutable std::mutex mutex_;
  std::vector<AuditedCall> told_;
};

}  // namespace brobygger::rpc
