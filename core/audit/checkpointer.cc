#include "core/audit/checkpointer.h"

#include <algorithm>
#include <utility>

#include <absl/time/time.h>

#include "core/base/log.h"

namespace brobygger::audit {
namespace {

// How soon one that failed is tried again.
constexpr std::chrono::milliseconds kRetry = std::chrono::seconds(1);

}  // namespace

Checkpointer::Checkpointer(Settings settings, std::unique_ptr<Signer> signer, std::uint64_t newest)
    : settings_(std::move(settings)), signer_(std::move(signer)), newest_(newest) {
  thread_ = std::thread([this] { Run(); });
}

Checkpointer::~Checkpointer() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Checkpointer::Offer(const ChainHead& head) {
  absl::MutexLock lock(&mutex_);
  offered_ = head;
}

bool Checkpointer::failing() const {
  absl::MutexLock lock(&mutex_);
  return failing_;
}

std::uint64_t Checkpointer::newest() const {
  absl::MutexLock lock(&mutex_);
  return newest_;
}

bool Checkpointer::Due() const {
  return stopping_ || (!failing_ && offered_.sequence >= newest_ + settings_.records);
}

void Checkpointer::Run() {
  bool last = false;
  while (!last) {
    ChainHead head;
    {
      absl::MutexLock lock(&mutex_);
      const auto pause = failing_ ? std::min(kRetry, settings_.interval) : settings_.interval;
      mutex_.AwaitWithTimeout(absl::Condition(this, &Checkpointer::Due), absl::FromChrono(pause));
      last = stopping_;
      if (offered_.sequence <= newest_) continue;
      head = offered_;
    }
    const bool written = Write(head);
    absl::MutexLock lock(&mutex_);
    if (written) newest_ = head.sequence;
    if (failing_ == !written) continue;
    failing_ = !written;
    if (written) {
      base::LogInfo("audit_checkpoints_again", {{"sequence", head.sequence}});
    } else {
      base::LogError("audit_checkpoint_failed", {{"sequence", head.sequence}});
    }
  }
}

bool Checkpointer::Write(const ChainHead& head) {
  const std::string line = signer_->Line({.head = head, .time = settings_.clock->Now()}) + "\n";
  // Here only once, however often it is tried outside.
  if (written_here_.sequence < head.sequence) {
    if (!WriteLine(settings_.folder, line, here_)) return false;
    written_here_ = head;
  }
  return settings_.outside_folder.empty() || WriteLine(settings_.outside_folder, line, outside_);
}

bool Checkpointer::WriteLine(const std::string& folder,
                             const std::string& line,
                             std::unique_ptr<TailFile>& file) {
  if (file == nullptr) {
    auto opened = TailFile::OpenLines(*settings_.disk, folder + "/" + kCheckpointsFile);
    if (!opened.ok()) return false;
    file = *std::move(opened);
  }
  if (file->Append(line).ok()) return true;
  // The place may have been mounted anew meanwhile.
  file = nullptr;
  return false;
}

}  // namespace brobygger::audit
