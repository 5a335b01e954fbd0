#include "core/storage/sqlite/sqlite_store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <utility>

#include <absl/synchronization/notification.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/storage/sqlite/checkpointer.h"
#include "core/storage/sqlite/database.h"
#include "core/storage/sqlite/file_lock.h"
#include "core/storage/sqlite/group_writer.h"
#include "core/storage/sqlite/migrate.h"
#include "core/storage/write_queue.h"

namespace brobygger::storage {
namespace {

// What may share one flush. More would make the first writer of a group wait for
// the last without sparing anything that shows.
constexpr size_t kGroupBodies = 256;
constexpr size_t kGroupBytes = 4 << 20;

class SqliteSnapshot final : public Snapshot {
 public:
  SqliteSnapshot(std::shared_ptr<const Database> database, Revision revision)
      : database_(std::move(database)), revision_(revision) {}

  Revision revision() const override { return revision_; }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override {
    return database_->Find(kind, key, revision_);
  }
  absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const override {
    BB_ASSIGN_OR_RETURN(const auto reader, database_->Read());
    if (!IsVersioned(kind)) return ScanState(*reader, kind, range);
    return ScanVersions(*reader, kind, range,
                        [&](const std::string& key) { return FindBeside(*reader, kind, key); });
  }
  absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                    const IndexRange& range) const override {
    BB_ASSIGN_OR_RETURN(const auto reader, database_->Read());
    if (index == Index::kAssociationByUpdate) {
      return database_->ScanUpdates(*reader, range, revision_);
    }
    return ScanTerms(*reader, database_->indexes(), index, range, revision_);
  }
  absl::StatusOr<std::vector<std::string>> KeysAt(Index index,
                                                  const std::string& value) const override {
    if (!database_->indexes().MayHold(index, value)) return std::vector<std::string>();
    return Snapshot::KeysAt(index, value);
  }

 private:
  // Database::Find() with the connection the scan has already.
  absl::StatusOr<Bytes> FindBeside(Connection& connection,
                                   Kind kind,
                                   const std::string& key) const {
    const auto newest = database_->newest().Find(kind, key);
    if (newest.has_value() && newest->revision <= revision_) return newest->bytes;
    return FindVersion(connection, kind, key, revision_);
  }

  const std::shared_ptr<const Database> database_;
  const Revision revision_;
};

// Remembers the first failure of the disk and tells of it once. Thread-safe.
class Failure {
 public:
  explicit Failure(std::function<void(const absl::Status&)> on_fatal)
      : on_fatal_(std::move(on_fatal)) {}

  // OK while the disk is.
  absl::Status status() const {
    absl::MutexLock lock(&mutex_);
    return status_;
  }
  void Set(const absl::Status& status) {
    {
      absl::MutexLock lock(&mutex_);
      if (!status_.ok()) return;
      status_ = status;
    }
    base::LogError("storage_failed",
                   {{"code", base::LogValue::Vetted(base::ErrorMetadata(status, "code"))}});
    if (on_fatal_) on_fatal_(status);
  }

 private:
  const std::function<void(const absl::Status&)> on_fatal_;
  mutable absl::Mutex mutex_;
  absl::Status status_ ABSL_GUARDED_BY(mutex_);
};

// Tells the log when the disk fills up and when it takes writes again, however many
// writes are refused meanwhile. A nearly full disk takes small ones: it takes writes
// again when it has refused none for a while. For the store's own thread.
class FullDisk {
 public:
  void Refused(const absl::Status& status, base::Instant now) {
    if (base::ReasonOf(status) != errors::v1::ERROR_REASON_STORAGE_FULL) return;
    refused_ = now;
    if (std::exchange(full_, true)) return;
    base::LogWarning("storage_full", {{"effect", "writes are refused and reads go on"}});
  }
  // A warning too, or whoever reads only those would never see the end of it.
  void Took(base::Instant now) {
    if (!full_ || now - refused_ < kFullFor) return;
    full_ = false;
    base::LogWarning("storage_writable_again", {});
  }

 private:
  static constexpr std::chrono::seconds kFullFor{1};
  bool full_ = false;
  base::Instant refused_;
};

struct Parts {
  FullDisk full_disk;
  std::unique_ptr<FileLock> lock;
  std::shared_ptr<Database> database;
  std::unique_ptr<Connection> writing;
  std::unique_ptr<Connection> checkpointing;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteOptions options, Parts parts)
      : clock_(*options.clock),
        lock_(std::move(parts.lock)),
        database_(std::move(parts.database)),
        failure_(std::move(options.on_fatal)),
        full_disk_(parts.full_disk),
        raw_(parts.writing->raw()),
        writer_(std::move(parts.writing), database_),
        checkpointer_(std::make_unique<Checkpointer>(
            std::move(parts.checkpointing),
            options.checkpoint_pages,
            [this](const absl::Status& status) { CheckpointFailed(status); })),
        queue_([this](std::deque<WriteJob>& jobs) { RunGroup(jobs); }) {
    sqlite3_wal_hook(raw_, &SqliteStore::KeepLogPages, this);
  }

  ~SqliteStore() override {
    queue_.Stop();
    checkpointer_.reset();
    if (!failure_.status().ok()) return;
    // Leaves the file whole by itself for whoever copies it. Not needed to lose
    // nothing, so what it answers does not matter.
    sqlite3_wal_checkpoint_v2(raw_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  }

  absl::Status Load() { return writer_.Load(); }

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() const override {
    return std::make_shared<const SqliteSnapshot>(database_, database_->latest());
  }

  absl::StatusOr<std::shared_ptr<const Snapshot>> At(Revision revision) const override {
    const Revision latest = database_->latest();
    if (revision > latest) return RevisionUnknown(revision, latest);
    return std::make_shared<const SqliteSnapshot>(database_, revision);
  }

  // Commits never go back in time, so halving finds it.
  absl::StatusOr<Revision> RevisionAt(base::Instant instant) const override {
    Revision low = 0;
    Revision high = database_->latest();
    BB_ASSIGN_OR_RETURN(const auto reader, database_->Read());
    while (low < high) {
      const Revision middle = high - (high - low) / 2;
      BB_ASSIGN_OR_RETURN(const CommitInfo commit, FindCommit(*reader, middle));
      if (commit.time <= instant) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  void Submit(std::string actor, Body body, Done done) override {
    queue_.Submit({std::move(actor), std::move(body), std::move(done)});
  }

  absl::StatusOr<std::vector<Change>> ChangesAfter(Revision after, int limit) const override {
    // Not further than what Latest() shows, or the change would be seen before
    // the record.
    const Revision latest = database_->latest();
    if (after >= latest) return std::vector<Change>();
    BB_ASSIGN_OR_RETURN(const auto reader, database_->Read());
    return ListChanges(*reader, after, latest, limit);
  }

  absl::StatusOr<std::vector<Version>> VersionsOf(Kind kind,
                                                  const std::string& key,
                                                  Revision before,
                                                  int limit) const override {
    const Revision end = database_->latest() + 1;
    BB_ASSIGN_OR_RETURN(const auto reader, database_->Read());
    return ListVersions(*reader, kind, key,
                        {.before = before == 0 ? end : std::min(before, end), .limit = limit});
  }

  // Done by the store's own thread, between two commits. Whoever asks has been answered for what
  // it took away, so that is committed by then.
  absl::Status Scrub() override {
    scrub_wanted_ = true;
    absl::Status scrubbed = absl::UnknownError("not done");
    absl::Notification finished;
    Submit(
        "hub", [](Transaction& /*nothing*/) { return absl::OkStatus(); },
        [&](const absl::StatusOr<Revision>& written) {
          scrubbed = written.ok() ? scrubbed_ : written.status();
          finished.Notify();
        });
    finished.WaitForNotification();
    return scrubbed;
  }

  void OnCommit(std::function<void(Revision)> listener) override {
    listener_ = std::move(listener);
  }

 private:
  struct Answer {
    Done done;
    absl::StatusOr<Revision> result;
  };

  static int KeepLogPages(void* store, sqlite3* /*db*/, const char* /*schema*/, int pages) {
    static_cast<SqliteStore*>(store)->log_pages_ = pages;
    return SQLITE_OK;
  }

  void CheckpointFailed(const absl::Status& status) {
    if (IsDiskFailure(status)) {
      failure_.Set(status);
    } else {
      base::LogWarning("storage_checkpoint_put_off",
                       {{"code", base::LogValue::Vetted(base::ErrorMetadata(status, "code"))}});
    }
  }

  // Runs what may share a flush, and answers nobody before it is done.
  void RunGroup(std::deque<WriteJob>& jobs) {
    std::vector<Answer> answers;
    absl::Status status = failure_.status();
    if (status.ok()) status = writer_.Begin();
    size_t bytes = 0;
    while (answers.size() < kGroupBodies && bytes < kGroupBytes) {
      // Whoever comes while others' bodies run shares their flush: callers who were
      // answered a moment ago are back by then.
      if (jobs.empty()) queue_.TakeWaiting(jobs);
      if (jobs.empty()) break;
      WriteJob job = std::move(jobs.front());
      jobs.pop_front();
      absl::StatusOr<Revision> result = 0;
      if (status.ok()) status = RunBody(job, result, bytes);
      answers.push_back({std::move(job.done), std::move(result)});
    }
    if (status.ok()) status = CommitGroup();
    if (!status.ok()) FailGroup(status, answers);
    if (status.ok() && scrub_wanted_.exchange(false)) scrubbed_ = checkpointer_->EmptyLog();
    for (Answer& answer : answers) answer.done(std::move(answer.result));
  }

  // The error returned is the store's own; the body's goes to `result`.
  absl::Status RunBody(const WriteJob& job, absl::StatusOr<Revision>& result, size_t& bytes) {
    WriteSet writes(writer_, std::max(clock_.Now(), writer_.last_time()));
    if (absl::Status status = job.body(writes); !status.ok()) {
      result = std::move(status);
      return absl::OkStatus();
    }
    if (!writes.empty()) BB_RETURN_IF_ERROR(writer_.Add(writes, job.actor));
    bytes += writes.size_bytes();
    result = writer_.revision();
    return absl::OkStatus();
  }

  absl::Status CommitGroup() {
    const bool news = writer_.has_revisions();
    BB_RETURN_IF_ERROR(writer_.Commit());
    if (!news) return absl::OkStatus();
    full_disk_.Took(clock_.Now());
    checkpointer_->LogIs(log_pages_);
    if (listener_) listener_(writer_.revision());
    return absl::OkStatus();
  }

  // Also a body's own error gives way: it may rest on what the group wrote.
  void FailGroup(const absl::Status& status, std::vector<Answer>& answers) {
    writer_.Rollback();
    if (IsDiskFailure(status)) failure_.Set(status);
    full_disk_.Refused(status, clock_.Now());
    for (Answer& answer : answers) answer.result = status;
  }

  const base::Clock& clock_;
  const std::unique_ptr<FileLock> lock_;
  const std::shared_ptr<Database> database_;
  Failure failure_;
  FullDisk full_disk_;
  sqlite3* const raw_;  // the writer's, valid as long as that is
  GroupWriter writer_;
  int log_pages_ = 0;  // of the store's own thread
  std::atomic<bool> scrub_wanted_ = false;
  absl::Status scrubbed_;  // how the last one went; of the store's own thread
  // Set before the first write, so the queue's lock orders it.
  std::function<void(Revision)> listener_;
  std::unique_ptr<Checkpointer> checkpointer_;
  WriteQueue queue_;
};

std::string PragmaOf(Synchronous synchronous) {
  switch (synchronous) {
    case Synchronous::kOff:
      return "PRAGMA synchronous=OFF";
    case Synchronous::kNormal:
      return "PRAGMA synchronous=NORMAL";
    case Synchronous::kFull:
      return "PRAGMA synchronous=FULL";
  }
  return "PRAGMA synchronous=FULL";
}

// A new file's name is durable only when its folder is.
absl::Status SyncFolderOf(const std::string& path) {
  const auto folder = std::filesystem::absolute(path).parent_path();
  const int descriptor = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = descriptor >= 0 && fsync(descriptor) == 0;
  if (descriptor >= 0) close(descriptor);
  return synced ? absl::OkStatus() : ToStatus(nullptr, SQLITE_IOERR_DIR_FSYNC);
}

absl::StatusOr<std::unique_ptr<Connection>> OpenWriting(const SqliteOptions& options,
                                                        int cache_kib) {
  BB_ASSIGN_OR_RETURN(auto connection, Connection::Open({options.path, options.vfs, cache_kib}));
  BB_RETURN_IF_ERROR(connection->Execute("PRAGMA journal_mode=WAL"));
  BB_RETURN_IF_ERROR(connection->Execute(PragmaOf(options.synchronous)));
  // What is taken away is overwritten with zeros, not only forgotten: a file that somebody carries
  // off must not tell what was erased.
  BB_RETURN_IF_ERROR(connection->Execute("PRAGMA secure_delete=ON"));
  return connection;
}

// Copies the whole log into the file and starts it over before anything is
// served. If the process before us died of a failed flush, the system may show
// us data that is not on the disk and will not be written again by itself; this
// writes it anew, or fails. On a full disk it is put off, so that the hub can be
// read until there is room.
absl::Status SettleLog(Connection& connection, FullDisk& full_disk, base::Instant now) {
  const int code = sqlite3_wal_checkpoint_v2(connection.raw(), nullptr, SQLITE_CHECKPOINT_TRUNCATE,
                                             nullptr, nullptr);
  if (code == SQLITE_OK) return absl::OkStatus();
  const absl::Status status = ToStatus(connection.raw(), code);
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_STORAGE_FULL) return status;
  full_disk.Refused(status, now);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenSqliteStore(SqliteOptions options) {
  constexpr int kWriterCacheKib = 32 << 10;
  constexpr int kReaderCacheKib = 4 << 10;
  constexpr int kCheckpointCacheKib = 1 << 10;
  Parts parts;
  BB_ASSIGN_OR_RETURN(parts.lock, FileLock::Take(options.path));
  BB_ASSIGN_OR_RETURN(parts.writing, OpenWriting(options, kWriterCacheKib));
  BB_RETURN_IF_ERROR(Migrate(*parts.writing, Migrations()));
  BB_RETURN_IF_ERROR(SettleLog(*parts.writing, parts.full_disk, options.clock->Now()));
  BB_RETURN_IF_ERROR(SyncFolderOf(options.path));
  BB_ASSIGN_OR_RETURN(parts.checkpointing, OpenWriting(options, kCheckpointCacheKib));
  parts.database =
      std::make_shared<Database>(Connection::Settings{options.path, options.vfs, kReaderCacheKib});
  BB_RETURN_IF_ERROR(parts.database->Load(*parts.writing));
  auto store = std::make_unique<SqliteStore>(std::move(options), std::move(parts));
  BB_RETURN_IF_ERROR(store->Load());
  return store;
}

}  // namespace brobygger::storage
