#include "core/audit/recover.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/audit/file.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

using Break = v1::ChainBreak;

void SetBreak(Found& found, Break::Kind kind, std::uint64_t segment, std::uint64_t offset) {
  if (found.chain_break.has_value()) return;
  found.chain_break.emplace();
  found.chain_break->set_kind(kind);
  found.chain_break->set_segment(segment);
  found.chain_break->set_offset(offset);
}

// Looks at one segment, and says in `found` how far it is in order.
class Inspection {
 public:
  Inspection(const std::optional<Checkpoint>& newest, Found& found)
      : newest_(newest), found_(found) {}

  // Whether the segment has a header, so that those before it need not be read.
  absl::StatusOr<bool> Read(const SegmentFile& segment, bool last) {
    BB_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(segment.path));
    const auto header = ReadSegmentHeader(bytes);
    if (header.has_value()) {
      found_.head = *header;
      Walk(segment, bytes, last);
      return true;
    }
    const bool all_zero = bytes.find_first_not_of('\0') == std::string::npos;
    if (last && (bytes.size() < kHeaderBytes || all_zero)) {
      found_.torn_bytes = bytes.size();
    } else {
      SetBreak(found_, Break::KIND_RECORD_CHANGED, segment.number, 0);
    }
    return false;
  }

 private:
  void Walk(const SegmentFile& segment, std::string_view bytes, bool last) {
    SegmentWalker walker(bytes);
    Frame frame;
    Step step = walker.Next(frame);
    for (; step == Step::kFrame && Fits(frame); step = walker.Next(frame)) {
      if (Replaced(frame)) break;
      found_.head = {frame.sequence, frame.hash};
    }
    const std::uint64_t end = step == Step::kFrame ? frame.offset : walker.offset();
    if (last) found_.good_bytes = end;
    if (last && step == Step::kTorn) {
      found_.torn_bytes = bytes.size() - end;
    } else if (step == Step::kFrame) {
      SetBreak(found_, Fits(frame) ? Break::KIND_RECORD_REPLACED : Break::KIND_RECORD_CHANGED,
               segment.number, end);
    } else if (step != Step::kEnd) {
      SetBreak(found_, Break::KIND_RECORD_CHANGED, segment.number, end);
    }
    // Behind a break the numbers may be anything, so frames are counted.
    found_.highest = found_.head.sequence;
    for (; step == Step::kFrame; step = walker.Next(frame)) ++found_.highest;
  }

  bool Fits(const Frame& frame) {
    return frame.sequence == found_.head.sequence + 1 &&
           frame.hash == hasher_.Next(found_.head.hash, frame.hashed);
  }

  bool Replaced(const Frame& frame) const {
    return newest_.has_value() && newest_->head.sequence == frame.sequence &&
           newest_->head.hash != frame.hash;
  }

  const std::optional<Checkpoint>& newest_;
  Found& found_;
  ChainHasher hasher_;
};

}  // namespace

absl::StatusOr<Found> InspectLog(const std::string& folder,
                                 const std::optional<Checkpoint>& newest) {
  BB_ASSIGN_OR_RETURN(const auto segments, ListSegments(folder));
  Found found;
  Inspection inspection(newest, found);
  if (!segments.empty()) found.segment = segments.back().number;
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    BB_ASSIGN_OR_RETURN(const bool enough, inspection.Read(*segment, segment == segments.rbegin()));
    if (enough) break;
  }
  if (newest.has_value() && newest->head.sequence > found.highest) {
    SetBreak(found, Break::KIND_RECORDS_MISSING, found.segment, found.good_bytes);
    found.highest = newest->head.sequence;
  }
  if (found.chain_break.has_value()) {
    found.chain_break->set_last_good_sequence(found.head.sequence);
  }
  return found;
}

std::optional<Checkpoint> NewestCheckpoint(const std::string& folder, const PublicKey& key) {
  const auto text = ReadFile(folder + "/" + kCheckpointsFile);
  if (!text.ok()) return std::nullopt;
  std::string_view rest(*text);
  while (!rest.empty()) {
    if (rest.back() == '\n') rest.remove_suffix(1);
    const std::size_t end = rest.rfind('\n');
    const std::size_t begin = end == std::string_view::npos ? 0 : end + 1;
    const auto checkpoint = ReadCheckpoint(rest.substr(begin), key);
    if (checkpoint.ok()) return *checkpoint;
    rest = rest.substr(0, begin);
  }
  return std::nullopt;
}

}  // namespace brobygger::audit
