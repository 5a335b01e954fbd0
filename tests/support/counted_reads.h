#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/storage/store.h"

namespace brobygger::support {

// A snapshot that counts how often it is asked.
class CountedReads final : public storage::Snapshot {
 public:
  CountedReads(std::shared_ptr<const Snapshot> inner, std::atomic<int>& count)
      : inner_(std::move(inner)), count_(count) {}

  storage::Revision revision() const override { return inner_->revision(); }
  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key) const override {
    ++count_;
    return inner_->Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind,
                                                   const storage::KeyRange& range) const override {
    ++count_;
    return inner_->Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    ++count_;
    return inner_->ScanIndex(index, range);
  }

 private:
  const std::shared_ptr<const Snapshot> inner_;
  std::atomic<int>& count_;
};

}  // namespace brobygger::support
