#include "core/audit/chain_writer.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace brobygger::audit {

ChainWriter::ChainWriter(Settings settings, const Found& found)
    : settings_(std::move(settings)), head_(found.head), number_(found.segment) {
  if (found.chain_break.has_value() || number_ == 0) {
    // What is there stays as it is. No number is given away twice, so the new records go
    // on behind the highest that was ever seen, chained to the last in order.
    head_.sequence = std::max(head_.sequence, found.highest);
    ++number_;
  } else {
    good_bytes_ = found.good_bytes;
  }
}

absl::Status ChainWriter::OpenSegment() {
  BB_ASSIGN_OR_RETURN(auto opened, settings_.disk->Open(SegmentPath(settings_.folder, number_)));
  auto file = std::make_unique<TailFile>(std::move(opened), good_bytes_);
  if (good_bytes_ == 0) {
    BB_RETURN_IF_ERROR(file->Append(SegmentHeader(head_)));
    BB_RETURN_IF_ERROR(settings_.disk->SyncFolder(settings_.folder));
  }
  file->Reserve(settings_.segment_bytes);
  file_ = std::move(file);
  return absl::OkStatus();
}

absl::Status ChainWriter::Append(const std::vector<v1::LogRecord>& records) {
  if (file_ != nullptr && file_->size() >= settings_.segment_bytes) {
    file_ = nullptr;
    good_bytes_ = 0;
    ++number_;
  }
  if (file_ == nullptr) BB_RETURN_IF_ERROR(OpenSegment());
  buffer_.clear();
  ChainHead head = head_;
  std::string payload;
  for (const v1::LogRecord& record : records) {
    if (!record.SerializeToString(&payload)) return absl::InternalError("a record is too large");
    AppendFrame(payload, hasher_, head, buffer_);
  }
  BB_RETURN_IF_ERROR(file_->Append(buffer_));
  head_ = head;
  return absl::OkStatus();
}

}  // namespace brobygger::audit
