#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/audit/file.h"

namespace brobygger::audit {

// A file that only grows, of which every byte up to `size()` is on disk. An append that
// failed half way is cut off again before the next one. For one thread at a time.
class TailFile {
 public:
  // Takes over a file whose first `size` bytes are good; what follows is cut off before
  // the first append.
  TailFile(std::unique_ptr<File> file, std::uint64_t size) : file_(std::move(file)), size_(size) {}

  // Opens a file of lines; half a line at its end, which a crash left, does not count.
  static absl::StatusOr<std::unique_ptr<TailFile>> OpenLines(const Disk& disk,
                                                             const std::string& path);

  // Returns when `bytes` are on disk, or with the cause of the failure; then the file is
  // as before. One write and one flush.
  absl::Status Append(std::string_view bytes);

  // See File.
  void Reserve(std::uint64_t size) { file_->Reserve(size); }

  std::uint64_t size() const { return size_; }

 private:
  absl::Status Mend();

  const std::unique_ptr<File> file_;
  std::uint64_t size_;
  // Whether there may be bytes behind `size_`.
  bool dirty_ = true;
};

}  // namespace brobygger::audit
