// Who looked and who wrote: a log in which no record can be changed or taken away
// unseen. README.md says what that rests on.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "brobygger/audit/v1/log_record.pb.h"

#include "core/audit/chain_writer.h"
#include "core/audit/checkpointer.h"
#include "core/audit/errors.h"
#include "core/audit/file.h"
#include "core/audit/look_up.h"
#include "core/base/clock.h"

// Boost.Asio's, whose headers would slow every file down.
namespace boost::asio {
class thread_pool;
}

namespace brobygger::audit {

struct Options {
  std::string folder;  // made if it is not there
  // Both must outlive the log.
  const base::Clock* clock = &base::SystemClock();
  const Disk* disk = &RealDisk();
  // A signed checkpoint is made after so many records, and for fewer after so long.
  std::uint64_t checkpoint_records = 1000;
  std::chrono::milliseconds checkpoint_interval = std::chrono::seconds(60);
  // A second place for the checkpoints, best on another machine. Empty: none.
  std::string outside_folder;
  // A file of the log is closed behind so many bytes. As much room is asked for ahead.
  std::uint64_t segment_bytes = 16ULL << 20;
  // How long AppendSoon() may leave an entry in memory.
  std::chrono::milliseconds soon = std::chrono::milliseconds(500);
  // Entries that may wait, of each kind, before more are refused.
  std::size_t most_waiting = 16'384;
  // Threads that tell those who wait by Submit(), beside the one that writes.
  int telling_threads = 2;
};

// How the log does. Counts since Open().
struct AuditHealth {
  bool writable = true;                 // the last write succeeded
  bool checkpoints_failing = false;     // here or outside
  bool chain_broken = false;            // found at Open(): somebody must look
  std::uint64_t torn_bytes = 0;         // cut off at Open()
  std::uint64_t newest_record = 0;      // sequence of the last record on disk
  std::uint64_t newest_checkpoint = 0;  // sequence that the last checkpoint tells of
  std::uint64_t waiting = 0;            // entries not on disk yet
  std::uint64_t lost_soon = 0;          // taken by AppendSoon() and given up at the end
  // How long the disk has been at the write under way; a hung disk shows here.
  std::chrono::milliseconds writing_for{0};
};

// Thread-safe. One process owns a folder.
class AuditLog {
 public:
  // Opens the log, or begins one. A torn tail is cut and stated in the log; a broken
  // chain is stated in it too, and goes on in a new file (README.md says why).
  // FAILED_PRECONDITION: another process has the folder, or a key file is not safe.
  // Otherwise what keeps the folder from being used.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(Options options);

  // Writes what waits, makes a last checkpoint, and ends both threads. Waits for a
  // write that is under way, however long the disk takes.
  ~AuditLog();
  AuditLog(const AuditLog&) = delete;
  AuditLog& operator=(const AuditLog&) = delete;

  // Returns OK only when the entry is on disk. AUDIT_UNAVAILABLE: it is not, because
  // the disk is full, refuses or does not answer before the deadline; whoever asks must
  // not answer its caller. An entry whose write was under way at the deadline may still
  // come into the log. FIELD_INVALID: see entry_rules.h. Entries that wait at the same
  // time share one flush.
  absl::Status Append(v1::Entry entry, Deadline deadline);

  // Append() for a caller that must not wait: `done` is called once, on one of the log's telling
  // threads, with what Append() would have answered; it may work, and must not wait. Where the
  // disk hangs, up to a tenth of a second after the deadline.
  using Done = std::function<void(absl::Status)>;
  void Submit(v1::Entry entry, Deadline deadline, Done done);

  // For reads of what is public: takes the entry and returns; it is on disk within a
  // second, or as soon as the disk lets it. AUDIT_UNAVAILABLE: too many wait already.
  absl::Status AppendSoon(v1::Entry entry);

  // Returns OK when all that AppendSoon() took before is on disk. Errors as Append().
  absl::Status Flush(Deadline deadline);

  // Records whose subjects include `digest` (SubjectKeys::Find), those by an actor or
  // on their behalf, and all, also what the log says of itself. They see what is on
  // disk, and read files: see look_up.h for the cost.
  absl::StatusOr<RecordPage> EntriesAbout(const std::string& digest,
                                          const RecordQuery& query) const;
  absl::StatusOr<RecordPage> EntriesBy(const std::string& actor, const RecordQuery& query) const;
  absl::StatusOr<RecordPage> All(const RecordQuery& query) const;
  // Those that fit a filter of any kind.
  absl::StatusOr<RecordPage> Matching(const RecordFilter& filter, const RecordQuery& query) const;

  AuditHealth health() const;

  // Of the checkpoints. To be kept where the checkpoints outside are.
  std::string public_key() const;

 private:
  struct Ticket;
  struct Group;

  AuditLog(Options options, std::unique_ptr<FolderLock> lock, const Found& found);
  void StartThreads(std::unique_ptr<Signer> signer, std::uint64_t newest_checkpoint);

  absl::Status Wait(const std::shared_ptr<Ticket>& ticket, Deadline deadline);
  void Run();
  void WatchDeadlines();
  bool HasSubmitted() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !submitted_.empty();
  }
  bool Stopping() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return stopping_; }
  bool NextGroup(Group& group);
  void WriteGroup(Group& group);
  void TellGroup(const Group& group, const absl::Status& status);
  void GiveBack(Group& group) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool Idle() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  bool HasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return !Idle(); }
  bool HasUrgent() const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const Options options_;
  const std::unique_ptr<FolderLock> lock_;
  // The writing thread's own, once it runs.
  ChainWriter writer_;
  std::unique_ptr<Checkpointer> checkpointer_;

  mutable absl::Mutex mutex_;
  std::deque<std::shared_ptr<Ticket>> urgent_ ABSL_GUARDED_BY(mutex_);
  std::deque<v1::LogRecord> soon_ ABSL_GUARDED_BY(mutex_);
  // Of Submit(), until they are answered.
  std::deque<std::shared_ptr<Ticket>> submitted_ ABSL_GUARDED_BY(mutex_);
  // When the oldest of `soon_` is to be written.
  Deadline soon_due_ ABSL_GUARDED_BY(mutex_);
  std::uint64_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  // When the write under way was begun.
  std::optional<Deadline> writing_since_ ABSL_GUARDED_BY(mutex_);
  AuditHealth health_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  const std::unique_ptr<boost::asio::thread_pool> tellers_;
  std::thread thread_;
  std::thread watch_;
};

}  // namespace brobygger::audit
