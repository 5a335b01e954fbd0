#include "core/audit/look_up.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "core/audit/file.h"
#include "core/audit/segment.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"

namespace brobygger::audit {
namespace {

constexpr int kMostRecords = 10'000;

// How far behind a full page it is looked what became of the changes on it.
constexpr int kMostLookedAhead = 1'000;

bool Contains(std::string_view bytes, const std::string& needle) {
  return needle.empty() ||
         memmem(bytes.data(), bytes.size(), needle.data(), needle.size()) != nullptr;
}

// What somebody who knows the id by its beginning has typed at least.
constexpr std::size_t kTypedBeginning = 8;

// What every record about the object holds.
std::string SoughtOf(const std::string& object_id) {
  return base::IsUuid(object_id) ? object_id.substr(0, kTypedBeginning) : object_id;
}

// Whether a record about `told` is about the object: UUIDs may be typed by their beginning.
bool IsAbout(const std::string& told, const std::string& object_id) {
  if (object_id.empty() || told == object_id) return true;
  return told.size() >= kTypedBeginning && base::IsUuid(object_id) &&
         object_id.compare(0, told.size(), told) == 0;
}

// Goes through segments in order and gathers a page.
class Search {
 public:
  Search(const RecordFilter& filter, const RecordQuery& query, std::uint64_t last)
      : filter_(filter), query_(query), last_(last), sought_(SoughtOf(filter.object_id)) {}

  // Whether there is need to read on.
  absl::StatusOr<bool> Read(const SegmentFile& segment) {
    BB_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(segment.path));
    const auto header = ReadSegmentHeader(bytes);
    if (!header.has_value()) {
      page_.damaged = page_.damaged || head_.sequence < last_;
      return true;
    }
    if (begun_ && *header != head_) page_.damaged = true;
    begun_ = true;
    head_ = *header;
    SegmentWalker walker(bytes);
    Frame frame;
    Step step = walker.Next(frame);
    for (; step == Step::kFrame && frame.sequence <= last_; step = walker.Next(frame)) {
      const bool fits = Fits(frame);
      head_ = {frame.sequence, frame.hash};
      if (!Take(frame, fits)) return false;
    }
    return head_.sequence < last_;
  }

  RecordPage Finish() {
    if (page_.next_after == 0 && head_.sequence < last_) page_.damaged = true;
    return std::move(page_);
  }

 private:
  // Those of pages before were looked at with them.
  bool Fits(const Frame& frame) {
    if (frame.sequence <= query_.after) return true;
    const bool fits = frame.sequence == head_.sequence + 1 &&
                      hasher_.Next(head_.hash, frame.hashed) == frame.hash;
    page_.damaged = page_.damaged || !fits;
    return fits;
  }

  bool MayMatch(const Frame& frame) const {
    return frame.sequence > query_.after && Contains(frame.payload, filter_.subject_digest) &&
           Contains(frame.payload, filter_.actor) && Contains(frame.payload, sought_) &&
           Contains(frame.payload, filter_.municipality_code);
  }

  // Whether there is need to go on.
  bool Take(const Frame& frame, bool fits) {
    const bool full = page_.next_after != 0;
    // What became of a change that was begun on this page stands a little behind it.
    if (full && (open_calls_.empty() || ++looked_ahead_ > kMostLookedAhead)) return false;
    if (!MayMatch(frame)) return true;
    v1::LogRecord record;
    if (!record.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size()))) {
      page_.damaged = true;
      return true;
    }
    if (!Matches(record) || CameOfOne(record.entry()) || full) return true;
    if (page_.records.size() == static_cast<std::size_t>(query_.limit)) {
      page_.next_after = page_.records.back().sequence();
      return true;
    }
    if (record.entry().outcome() == v1::OUTCOME_BEGUN) {
      open_calls_[record.entry().call_id()] = page_.records.size();
    }
    record.set_sequence(frame.sequence);
    record.set_changed(!fits);
    page_.records.push_back(std::move(record));
    return true;
  }

  // Whether it tells what came of a change that is on the page; that is then told there.
  bool CameOfOne(const v1::Entry& entry) {
    const auto open = open_calls_.find(entry.call_id());
    if (entry.outcome() == v1::OUTCOME_BEGUN || open == open_calls_.end()) return false;
    v1::Entry& begun = *page_.records[open->second].mutable_entry();
    begun.set_decision(entry.decision());
    begun.set_reason(entry.reason());
    begun.set_outcome(entry.outcome());
    open_calls_.erase(open);
    return true;
  }

  bool Matches(const v1::LogRecord& record) const {
    const base::Instant time = base::ToInstant(record.record_time());
    if (time < query_.from || time >= query_.to) return false;
    const v1::Entry& entry = record.entry();
    const bool by_actor = filter_.actor.empty() || entry.actor() == filter_.actor ||
                          entry.on_behalf_of() == filter_.actor;
    const bool of_object = IsAbout(entry.object_id(), filter_.object_id);
    const bool of_municipality =
        filter_.municipality_code.empty() || entry.municipality_code() == filter_.municipality_code;
    if (!of_municipality) return false;
    if (filter_.subject_digest.empty()) return by_actor && of_object;
    const auto& digests = entry.subject_digests();
    return by_actor && of_object &&
           std::find(digests.begin(), digests.end(), filter_.subject_digest) != digests.end();
  }

  const RecordFilter& filter_;
  const RecordQuery& query_;
  const std::uint64_t last_;
  const std::string sought_;
  bool begun_ = false;
  ChainHasher hasher_;
  ChainHead head_;  // of the record before
  // Changes that were begun, by their call: where on the page they stand.
  std::map<std::string, std::size_t> open_calls_;
  int looked_ahead_ = 0;
  RecordPage page_;
};

std::optional<ChainHead> ReadHeaderOf(const SegmentFile& segment) {
  std::array<char, kHeaderBytes> bytes{};
  std::ifstream file(segment.path, std::ios::binary);
  if (!file.read(bytes.data(), bytes.size())) return std::nullopt;
  return ReadSegmentHeader({bytes.data(), bytes.size()});
}

// The segment in which the record behind `after` stands, as far as headers tell.
std::size_t FirstOf(const std::vector<SegmentFile>& segments, std::uint64_t after) {
  std::size_t first = 0;
  for (std::size_t i = 1; after > 0 && i < segments.size(); ++i) {
    const auto header = ReadHeaderOf(segments[i]);
    if (header.has_value() && header->sequence <= after) first = i;
  }
  return first;
}

}  // namespace

absl::StatusOr<RecordPage> ListRecords(const std::string& folder,
                                       const RecordFilter& filter,
                                       const RecordQuery& query,
                                       std::uint64_t last) {
  if (query.limit < 1 || query.limit > kMostRecords) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "a page holds from 1 to 10,000 records", {{"field", "limit"}});
  }
  BB_ASSIGN_OR_RETURN(const auto segments, ListSegments(folder));
  Search search(filter, query, last);
  for (std::size_t i = FirstOf(segments, query.after); i < segments.size(); ++i) {
    BB_ASSIGN_OR_RETURN(const bool more, search.Read(segments[i]));
    if (!more) break;
  }
  return search.Finish();
}

}  // namespace brobygger::audit
