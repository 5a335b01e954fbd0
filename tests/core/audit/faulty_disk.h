// A disk that is full, refuses or hangs when it is told to, and otherwise is the
// machine's own.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/audit/file.h"

namespace brobygger::audit {

class FaultyDisk final : public Disk {
 public:
  // From now on only so many bytes can be written.
  void LeaveRoom(std::int64_t bytes) { room_ = bytes; }
  void MakeRoom() { room_ = kPlenty; }
  // Opening, writing and flushing fail.
  void Refuse(bool refuse) { refuse_ = refuse; }
  // Flushing fails, after the bytes went where they might be.
  void FailFlushes(bool fail) { fail_flushes_ = fail; }
  // Flushes block until Release(). Only files with `part` in their path.
  void Hang(const std::string& part = "") {
    absl::MutexLock lock(&mutex_);
    hung_part_ = part;
    hung_ = true;
  }
  void Release() {
    absl::MutexLock lock(&mutex_);
    hung_ = false;
  }
  // Blocks until a flush hangs.
  void AwaitHung() const {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(
        +[](const FaultyDisk* disk) { return disk->hanging_ > 0; }, this));
  }
  int flushes() const { return flushes_; }

  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path) const override {
    if (refuse_) return absl::UnavailableError("Permission denied");
    auto file = RealDisk().Open(path);
    if (!file.ok()) return file.status();
    return std::make_unique<FaultyFile>(*this, path, *std::move(file));
  }

  absl::Status SyncFolder(const std::string& folder) const override {
    if (refuse_) return absl::UnavailableError("Input/output error");
    return RealDisk().SyncFolder(folder);
  }

 private:
  static constexpr std::int64_t kPlenty = 1LL << 60;

  class FaultyFile final : public File {
   public:
    FaultyFile(const FaultyDisk& disk, std::string path, std::unique_ptr<File> file)
        : disk_(disk), path_(std::move(path)), file_(std::move(file)) {}

    absl::Status WriteAt(std::uint64_t offset, std::string_view bytes) override {
      if (disk_.refuse_) return absl::UnavailableError("Input/output error");
      const std::int64_t room = disk_.room_;
      if (static_cast<std::int64_t>(bytes.size()) > room) {
        // A full disk takes what there is room for.
        const absl::Status part = file_->WriteAt(offset, bytes.substr(0, room));
        disk_.room_ = 0;
        return part.ok() ? absl::UnavailableError("No space left on device") : part;
      }
      disk_.room_ -= static_cast<std::int64_t>(bytes.size());
      return file_->WriteAt(offset, bytes);
    }

    absl::Status Sync() override {
      ++disk_.flushes_;
      disk_.WaitWhileHung(path_);
      if (disk_.refuse_ || disk_.fail_flushes_) return absl::UnavailableError("Input/output error");
      return file_->Sync();
    }

    absl::Status Truncate(std::uint64_t size) override {
      if (disk_.refuse_) return absl::UnavailableError("Input/output error");
      return file_->Truncate(size);
    }
    void Reserve(std::uint64_t /*size*/) override {}
    absl::StatusOr<std::uint64_t> Size() override { return file_->Size(); }

   private:
    const FaultyDisk& disk_;
    const std::string path_;
    const std::unique_ptr<File> file_;
  };

  bool NotHung() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !hung_; }

  void WaitWhileHung(const std::string& path) const {
    absl::MutexLock lock(&mutex_);
    if (!hung_ || path.find(hung_part_) == std::string::npos) return;
    ++hanging_;
    mutex_.Await(absl::Condition(this, &FaultyDisk::NotHung));
    --hanging_;
  }

  mutable std::atomic<std::int64_t> room_ = kPlenty;
  mutable std::atomic<int> flushes_ = 0;
  std::atomic<bool> refuse_ = false;
  std::atomic<bool> fail_flushes_ = false;
  mutable absl::Mutex mutex_;
  mutable int hanging_ ABSL_GUARDED_BY(mutex_) = 0;
  bool hung_ ABSL_GUARDED_BY(mutex_) = false;
  std::string hung_part_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace brobygger::audit
