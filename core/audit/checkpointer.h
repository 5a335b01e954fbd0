#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include "core/audit/checkpoint.h"
#include "core/audit/file.h"
#include "core/audit/tail_file.h"

namespace brobygger::audit {

// Makes checkpoints on a thread of its own, so that a folder outside that hangs keeps
// nobody waiting for the log. Thread-safe.
class Checkpointer {
 public:
  struct Settings {
    std::string folder;
    std::string outside_folder;  // empty: none
    const base::Clock* clock;
    const Disk* disk;
    // A checkpoint is due after so many records, and for fewer after so long.
    std::uint64_t records;
    std::chrono::milliseconds interval;
  };

  // `newest`: of the checkpoint that was made last, or 0.
  Checkpointer(Settings settings, std::unique_ptr<Signer> signer, std::uint64_t newest);
  // Makes a last checkpoint of what was offered.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Says how far the log is on disk. Never waits for a disk.
  void Offer(const ChainHead& head);

  // Whether the last one could not be written, here or outside. It is tried again.
  bool failing() const;

  // Sequence of the newest one that is on disk, here and outside.
  std::uint64_t newest() const;

  const Signer& signer() const { return *signer_; }

 private:
  void Run();
  bool Due() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Whether it stands both here and outside.
  bool Write(const ChainHead& head);
  bool WriteLine(const std::string& folder,
                 const std::string& line,
                 std::unique_ptr<TailFile>& file);

  const Settings settings_;
  const std::unique_ptr<Signer> signer_;
  // The thread's own.
  std::unique_ptr<TailFile> here_;
  std::unique_ptr<TailFile> outside_;
  ChainHead written_here_;

  mutable absl::Mutex mutex_;
  ChainHead offered_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t newest_ ABSL_GUARDED_BY(mutex_);
  bool failing_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace brobygger::audit
