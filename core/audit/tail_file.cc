#include "core/audit/tail_file.h"

#include "core/base/status_macros.h"

namespace brobygger::audit {

absl::StatusOr<std::unique_ptr<TailFile>> TailFile::OpenLines(const Disk& disk,
                                                              const std::string& path) {
  std::uint64_t size = 0;
  const auto bytes = ReadFile(path);
  if (bytes.ok()) {
    const std::size_t last = bytes->rfind('\n');
    size = last == std::string::npos ? 0 : last + 1;
  } else if (!absl::IsNotFound(bytes.status())) {
    return bytes.status();
  }
  BB_ASSIGN_OR_RETURN(auto file, disk.Open(path));
  const std::size_t slash = path.rfind('/');
  BB_RETURN_IF_ERROR(disk.SyncFolder(slash == std::string::npos ? "." : path.substr(0, slash)));
  return std::make_unique<TailFile>(std::move(file), size);
}

absl::Status TailFile::Mend() {
  BB_ASSIGN_OR_RETURN(const std::uint64_t now, file_->Size());
  if (now != size_) BB_RETURN_IF_ERROR(file_->Truncate(size_));
  // Also when the length is right: it may be so in memory only.
  BB_RETURN_IF_ERROR(file_->Sync());
  dirty_ = false;
  return absl::OkStatus();
}

absl::Status TailFile::Append(std::string_view bytes) {
  if (dirty_) BB_RETURN_IF_ERROR(Mend());
  dirty_ = true;
  absl::Status status = file_->WriteAt(size_, bytes);
  if (status.ok()) status = file_->Sync();
  if (!status.ok()) {
    // At once, so that readers of the file see no half. If it fails the next append does it.
    static_cast<void>(Mend());
    return status;
  }
  dirty_ = false;
  size_ += bytes.size();
  return absl::OkStatus();
}

}  // namespace brobygger::audit
