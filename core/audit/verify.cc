#include "core/audit/verify.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "brobygger/audit/v1/log_record.pb.h"

#include "core/audit/checkpoint.h"
#include "core/audit/file.h"
#include "core/audit/segment.h"
#include "core/base/clock.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

// How often a log that somebody writes to meanwhile is read anew.
constexpr int kMostReadings = 5;

// The hub makes a checkpoint after 1,000 records or a minute: a log of twice as many, or of ten
// minutes, has had one. A disk that is slow, or a clock that jumped a little, is no taker of it.
constexpr std::uint64_t kMostWithoutCheckpoint = 2'000;
constexpr std::chrono::minutes kLongestWithoutCheckpoint(10);

std::optional<base::Instant> TimeOf(const Frame& frame) {
  v1::LogRecord record;
  const auto size = static_cast<int>(frame.payload.size());
  if (!record.ParseFromArray(frame.payload.data(), size)) return std::nullopt;
  return base::ToInstant(record.record_time());
}

struct Witness {
  Checkpoint checkpoint;
  std::string file;
  std::uint64_t offset = 0;
};

std::string NameOf(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

// ReadFile() whose error says which file.
absl::StatusOr<std::string> ReadNamed(const std::string& path) {
  auto bytes = ReadFile(path);
  if (bytes.ok()) return bytes;
  return absl::Status(bytes.status().code(),
                      absl::StrCat(path, ": ", std::string(bytes.status().message())));
}

// One reading of a log.
class Reading {
 public:
  explicit Reading(const VerifyRequest& request) : request_(request) {}

  absl::StatusOr<VerifyResult> Run() {
    BB_RETURN_IF_ERROR(ReadKey());
    // A checkpoint is written behind the records it tells of, and outside behind here: so
    // in this order a log that goes on meanwhile never seems to lack any.
    std::vector<Witness> outside;
    if (!request_.outside_checkpoints.empty()) {
      BB_ASSIGN_OR_RETURN(outside, ReadOutside());
    }
    std::vector<Witness> here = ReadHere();
    if (!outside.empty()) FindMissing(here, outside);
    const bool none_here = here.empty();
    witnesses_ = std::move(here);
    witnesses_.insert(witnesses_.end(), outside.begin(), outside.end());
    std::stable_sort(witnesses_.begin(), witnesses_.end(), [](const auto& a, const auto& b) {
      return a.checkpoint.head.sequence < b.checkpoint.head.sequence;
    });
    BB_ASSIGN_OR_RETURN(const auto segments, ListSegments(request_.folder));
    for (const SegmentFile& segment : segments) {
      BB_RETURN_IF_ERROR(Walk(segment, segment.number == segments.back().number));
    }
    CheckEnd();
    if (none_here) CheckNoneTaken();
    result_.last_sequence = head_.sequence;
    result_.checkpoints = witnesses_.size();
    if (!result_.first_bad.has_value()) result_.first_bad = beside_;
    return result_;
  }

 private:
  // Keeps what is wrong with a record, if it is the first.
  void Bad(const std::string& file,
           std::uint64_t sequence,
           std::uint64_t offset,
           const std::string& what) {
    if (!result_.first_bad.has_value()) result_.first_bad = Finding{file, sequence, offset, what};
  }

  // Keeps what is wrong beside the records. It is told if they are in order.
  void BadBeside(const std::string& file,
                 std::uint64_t sequence,
                 std::uint64_t offset,
                 const std::string& what) {
    if (!beside_.has_value()) beside_ = Finding{file, sequence, offset, what};
  }

  absl::Status ReadKey() {
    const auto own = ReadPublicKey(request_.folder + "/" + kPublicKeyFile);
    if (!own.ok()) BadBeside(kPublicKeyFile, 0, 0, "the log's public key is missing or damaged");
    if (own.ok()) key_ = *own;
    if (request_.public_key.empty()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(key_, ReadPublicKey(request_.public_key));
    if (own.ok() && *own != key_) {
      BadBeside(kPublicKeyFile, 0, 0, "the log's public key is another one than that of outside");
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<Witness>> ReadOutside() {
    const std::string& path = request_.outside_checkpoints;
    BB_ASSIGN_OR_RETURN(const std::string text, ReadNamed(path));
    return ReadLines(text, path);
  }

  std::vector<Witness> ReadHere() {
    const auto text = ReadFile(request_.folder + "/" + kCheckpointsFile);
    if (text.ok()) return ReadLines(*text, kCheckpointsFile);
    if (!absl::IsNotFound(text.status())) {
      BadBeside(kCheckpointsFile, 0, 0, "the checkpoints cannot be read");
    }
    return {};
  }

  std::vector<Witness> ReadLines(std::string_view text, const std::string& file) {
    std::vector<Witness> witnesses;
    std::uint64_t offset = 0;
    std::uint64_t before = 0;
    while (offset < text.size()) {
      const std::size_t end = text.find('\n', offset);
      const auto checkpoint = ReadCheckpoint(text.substr(offset, end - offset), key_);
      if (end == std::string_view::npos) {
        BadBeside(file, before, offset, "the file ends within a checkpoint");
        break;
      }
      if (!checkpoint.ok()) {
        BadBeside(file, before, offset, std::string(checkpoint.status().message()));
      } else if (checkpoint->head.sequence < before) {
        BadBeside(file, checkpoint->head.sequence, offset, "the checkpoints are out of order");
      } else {
        before = checkpoint->head.sequence;
        witnesses.push_back({*checkpoint, file, offset});
      }
      offset = end + 1;
    }
    return witnesses;
  }

  // Each checkpoint outside stood here first.
  void FindMissing(const std::vector<Witness>& here, const std::vector<Witness>& outside) {
    std::map<std::uint64_t, Hash> known;
    for (const Witness& each : here) {
      known[each.checkpoint.head.sequence] = each.checkpoint.head.hash;
    }
    for (const Witness& each : outside) {
      const ChainHead& head = each.checkpoint.head;
      const auto found = known.find(head.sequence);
      if (found != known.end() && found->second == head.hash) continue;
      BadBeside(kCheckpointsFile, head.sequence, 0,
                absl::StrCat("the checkpoint at record ", head.sequence,
                             " is missing, which is kept outside"));
    }
  }

  absl::Status Walk(const SegmentFile& segment, bool last) {
    const std::string name = NameOf(segment.path);
    BB_ASSIGN_OR_RETURN(const std::string bytes, ReadNamed(segment.path));
    const auto header = ReadSegmentHeader(bytes);
    file_ = name;
    file_bytes_ = bytes.size();
    // One that is being begun. Cutting it to this is cutting the tail: checkpoints tell.
    if (last && bytes.size() < kHeaderBytes && SegmentHeader(head_).rfind(bytes, 0) == 0) {
      return absl::OkStatus();
    }
    if (!header.has_value()) {
      Bad(name, head_.sequence + 1, 0, "the segment does not begin as one");
      return absl::OkStatus();
    }
    if (*header != head_) {
      Bad(name, head_.sequence + 1, 0, "the segment does not go on where the one before it ends");
    }
    head_ = *header;
    SegmentWalker walker(bytes);
    Frame frame;
    Step step = walker.Next(frame);
    for (; step == Step::kFrame; step = walker.Next(frame)) {
      if (!Take(frame)) return absl::OkStatus();
      if (!first_time_.has_value()) first_time_ = TimeOf(frame);
    }
    // The last one that was a frame.
    if (head_.sequence == frame.sequence && frame.sequence > 0) last_time_ = TimeOf(frame);
    if (step == Step::kTorn) {
      Bad(name, head_.sequence + 1, walker.offset(), "the segment ends within a record");
    } else if (step == Step::kMalformed) {
      Bad(name, head_.sequence + 1, walker.offset(), "what stands here is no record");
    }
    return absl::OkStatus();
  }

  // Whether the record follows the one before it.
  bool Take(const Frame& frame) {
    if (frame.sequence != head_.sequence + 1) {
      Bad(file_, head_.sequence + 1, frame.offset,
          absl::StrCat("record ", frame.sequence, " stands here instead"));
      return false;
    }
    if (hasher_.Next(head_.hash, frame.hashed) != frame.hash) {
      Bad(file_, frame.sequence, frame.offset, "the record does not fit its hash");
      return false;
    }
    head_ = {frame.sequence, frame.hash};
    if (!result_.first_bad.has_value()) ++result_.records;
    HearWitnesses(frame);
    return true;
  }

  void HearWitnesses(const Frame& frame) {
    for (; next_ < witnesses_.size(); ++next_) {
      const ChainHead& told = witnesses_[next_].checkpoint.head;
      if (told.sequence > head_.sequence) return;
      if (told == head_) {
        if (!result_.first_bad.has_value()) result_.vouched_sequence = told.sequence;
        continue;
      }
      Bad(file_, told.sequence, frame.offset,
          absl::StrCat("the record is not the one that ", witnesses_[next_].file, " tells of"));
    }
  }

  void CheckEnd() {
    if (next_ >= witnesses_.size()) return;
    const Witness& last = witnesses_.back();
    Bad(file_, head_.sequence + 1, file_bytes_,
        absl::StrCat("the log ends with record ", head_.sequence, ", but ", last.file,
                     " tells of record ", last.checkpoint.head.sequence));
  }

  // Without any checkpoint here the end may have been cut off, and they with it.
  void CheckNoneTaken() {
    const bool long_enough = first_time_.has_value() && last_time_.has_value() &&
                             *last_time_ - *first_time_ > kLongestWithoutCheckpoint;
    if (!long_enough && head_.sequence <= kMostWithoutCheckpoint) return;
    BadBeside(
        kCheckpointsFile, head_.sequence, 0,
        "there is no checkpoint, though a log of this length has had some: the file was taken "
        "away or emptied, so records may be missing at the end");
  }

  const VerifyRequest& request_;
  PublicKey key_{};
  ChainHasher hasher_;
  ChainHead head_;
  std::string file_;  // the segment being read, and its length
  std::uint64_t file_bytes_ = 0;
  std::optional<base::Instant> first_time_;  // of the first record
  std::optional<base::Instant> last_time_;   // of the last one of a whole segment
  std::vector<Witness> witnesses_;
  std::size_t next_ = 0;
  std::optional<Finding> beside_;
  VerifyResult result_;
};

// Changes whenever something is written to the log.
std::uint64_t BytesIn(const std::string& folder) {
  std::error_code error;
  std::uint64_t bytes = 0;
  std::filesystem::directory_iterator place(folder, error);
  for (; !error && place != std::filesystem::directory_iterator(); place.increment(error)) {
    std::error_code gone;
    const std::uint64_t size = place->file_size(gone);
    if (!gone) bytes += size;
  }
  return bytes;
}

}  // namespace

absl::StatusOr<VerifyResult> VerifyLog(const VerifyRequest& request) {
  std::error_code error;
  if (!std::filesystem::is_directory(request.folder, error)) {
    return absl::NotFoundError(request.folder + " is no folder");
  }
  for (int reading = 1;; ++reading) {
    const std::uint64_t before = BytesIn(request.folder);
    BB_ASSIGN_OR_RETURN(const VerifyResult result, Reading(request).Run());
    // Half a record at the end of a log in use is one that is being written.
    const bool settled = !result.first_bad.has_value() || BytesIn(request.folder) == before;
    if (settled || reading == kMostReadings) return result;
  }
}

std::string VerifySentence(const VerifyResult& result) {
  if (result.first_bad.has_value()) {
    const Finding& bad = *result.first_bad;
    return absl::StrCat("BAD: ", bad.file, ", record ", bad.sequence, ", byte ", bad.offset, ": ",
                        bad.what, " (", result.records, " records before it are in order).");
  }
  const std::uint64_t behind = result.last_sequence - result.vouched_sequence;
  if (result.checkpoints == 0) {
    return absl::StrCat("All ", result.records,
                        " records are in order, but no checkpoint vouches for them.");
  }
  return absl::StrCat("All ", result.records, " records are in order; ", result.checkpoints,
                      " checkpoints vouch for those up to ", result.vouched_sequence, ", ", behind,
                      " came later.");
}

}  // namespace brobygger::audit
