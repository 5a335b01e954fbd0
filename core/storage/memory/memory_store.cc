#include "core/storage/memory/memory_store.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "core/base/error.h"
#include "core/storage/memory/memory_records.h"
#include "core/storage/write_queue.h"

namespace brobygger::storage {
namespace {

class MemorySnapshot final : public Snapshot {
 public:
  MemorySnapshot(std::shared_ptr<const MemoryRecords> records, Revision revision)
      : records_(std::move(records)), revision_(revision) {}

  Revision revision() const override { return revision_; }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override {
    return records_->Find(kind, key, revision_);
  }
  absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const override {
    return records_->Scan(kind, range, revision_);
  }
  absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                    const IndexRange& range) const override {
    return records_->ScanIndex(index, range, revision_);
  }

 private:
  const std::shared_ptr<const MemoryRecords> records_;
  const Revision revision_;
};

// The newest records, for the one thread that changes them.
class MemoryBase final : public WriteBase {
 public:
  explicit MemoryBase(const MemoryRecords& records) : records_(records) {}

  Revision revision() const override { return records_.latest(); }
  absl::StatusOr<Bytes> Find(Kind kind, const std::string& key) const override {
    return records_.Find(kind, key, revision());
  }
  absl::StatusOr<std::vector<Entry>> Scan(Kind kind, const KeyRange& range) const override {
    return records_.Scan(kind, range, revision());
  }
  absl::StatusOr<std::vector<IndexEntry>> ScanIndex(Index index,
                                                    const IndexRange& range) const override {
    return records_.ScanIndex(index, range, revision());
  }
  absl::StatusOr<std::optional<std::vector<IndexTerm>>> TermsOf(
      Kind kind, const std::string& key) const override {
    return records_.TermsOf(kind, key);
  }

 private:
  const MemoryRecords& records_;
};

class MemoryStore final : public Store {
 public:
  explicit MemoryStore(const base::Clock& clock)
      : clock_(clock), queue_([this](std::deque<WriteJob>& jobs) { RunFirst(jobs); }) {}

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() const override {
    return std::make_shared<const MemorySnapshot>(records_, records_->latest());
  }
  absl::StatusOr<std::shared_ptr<const Snapshot>> At(Revision revision) const override {
    const Revision latest = records_->latest();
    if (revision > latest) return RevisionUnknown(revision, latest);
    return std::make_shared<const MemorySnapshot>(records_, revision);
  }
  absl::StatusOr<Revision> RevisionAt(base::Instant instant) const override {
    return records_->RevisionAt(instant);
  }
  void Submit(std::string actor, Body body, Done done) override {
    queue_.Submit({std::move(actor), std::move(body), std::move(done)});
  }
  absl::StatusOr<std::vector<Change>> ChangesAfter(Revision after, int limit) const override {
    return records_->ChangesAfter(after, limit);
  }
  absl::StatusOr<std::vector<Version>> VersionsOf(Kind kind,
                                                  const std::string& key,
                                                  Revision before,
                                                  int limit) const override {
    return records_->VersionsOf(kind, key, before, limit);
  }
  void OnCommit(std::function<void(Revision)> listener) override {
    listener_ = std::move(listener);
  }

 private:
  void RunFirst(std::deque<WriteJob>& jobs) {
    WriteJob job = std::move(jobs.front());
    jobs.pop_front();
    job.done(Run(job));
  }

  absl::StatusOr<Revision> Run(const WriteJob& job) {
    const MemoryBase base(*records_);
    WriteSet writes(base, std::max(clock_.Now(), records_->latest_time()));
    if (absl::Status status = job.body(writes); !status.ok()) return status;
    if (writes.empty()) return records_->latest();
    const Revision revision = records_->Commit(writes, job.actor);
    if (listener_) listener_(revision);
    return revision;
  }

  const base::Clock& clock_;
  const std::shared_ptr<MemoryRecords> records_ = std::make_shared<MemoryRecords>();
  // Set before the first write, so the queue's lock orders it.
  std::function<void(Revision)> listener_;
  WriteQueue queue_;
};

}  // namespace

std::unique_ptr<Store> OpenMemoryStore(const base::Clock& clock) {
  return std::make_unique<MemoryStore>(clock);
}

}  // namespace brobygger::storage
