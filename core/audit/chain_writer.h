#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/audit/v1/log_record.pb.h"

#include "core/audit/file.h"
#include "core/audit/recover.h"
#include "core/audit/segment.h"
#include "core/audit/tail_file.h"

namespace brobygger::audit {

// Writes the chain. For one thread at a time.
class ChainWriter {
 public:
  struct Settings {
    std::string folder;
    const Disk* disk;
    std::uint64_t segment_bytes;  // a new file is begun behind so many
  };

  // Goes on where `found` says the log ends.
  ChainWriter(Settings settings, const Found& found);

  // Appends the records, in order, with one write and one flush. On an error none of
  // them is in the log, and the next call mends what there is to mend.
  absl::Status Append(const std::vector<v1::LogRecord>& records);

  // The last record on disk.
  const ChainHead& head() const { return head_; }

 private:
  absl::Status OpenSegment();

  const Settings settings_;
  ChainHasher hasher_;
  ChainHead head_;
  std::uint64_t number_ = 0;
  std::uint64_t good_bytes_ = 0;  // of the segment when it is opened; 0: it is new
  std::unique_ptr<TailFile> file_;
  std::string buffer_;
};

}  // namespace brobygger::audit
