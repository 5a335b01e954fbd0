#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/container/flat_hash_set.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/audit/file.h"

namespace brobygger::people {

// That somebody was erased: nothing here can be read back.
struct Erasure {
  std::string person_id;
  std::vector<std::string> suppressions;  // keyed digests; empty where the person may come back
};

// The list of who was erased, a line each, only ever written at its end: an erasure begins with
// it and is finished from it, after a crash as after a restore. For one thread at a time.
class ErasureLedger {
 public:
  // Makes the file (0600) if there is none. A last line that was cut short is dropped: its
  // erasure was never answered. DATA_LOSS: another line cannot be read.
  static absl::StatusOr<std::unique_ptr<ErasureLedger>> Open(const audit::Disk& disk,
                                                             const std::string& path);

  // Returns when the lines are on disk.
  absl::Status Append(const std::vector<Erasure>& erasures);

  // What was there when it was opened.
  const std::vector<Erasure>& found() const { return found_; }
  bool Holds(const std::string& person_id) const { return ids_.contains(person_id); }

 private:
  explicit ErasureLedger(std::unique_ptr<audit::File> file) : file_(std::move(file)) {}
  absl::Status Read(const std::string& bytes);

  const std::unique_ptr<audit::File> file_;
  std::uint64_t size_ = 0;
  std::vector<Erasure> found_;
  absl::flat_hash_set<std::string> ids_;
};

}  // namespace brobygger::people
