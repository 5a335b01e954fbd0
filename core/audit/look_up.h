#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/audit/v1/log_record.pb.h"

#include "core/base/clock.h"

namespace brobygger::audit {

// Which records are asked for. All of it must hold.
struct RecordQuery {
  base::Instant from = base::Instant::min();  // the first instant that counts
  base::Instant to = base::Instant::max();    // the first that no longer does
  std::uint64_t after = 0;                    // `next_after` of the page before; 0: the first page
  int limit = 500;                            // most records of a page, 1 to 10,000
};

// Records, oldest first.
struct RecordPage {
  std::vector<v1::LogRecord> records;
  std::uint64_t next_after = 0;  // 0: this was the last page
  // Part of the log could not be read, or does not fit its hashes, so records may be missing or
  // changed; `brobygger audit verify` says where.
  bool damaged = false;
};

// Which records: all that is given must hold; nothing: everybody's.
struct RecordFilter {
  std::string subject_digest = {};
  std::string actor = {};              // as actor or as the one for whom
  std::string object_id = {};          // what was asked for; a UUID also by 8 characters or more
  std::string municipality_code = {};  // of who called
};

// Reads a log's files up to the record `last`. Each record behind `query.after` is held against its
// hash, and says if it does not fit (LogRecord.changed). The two records of a change of which
// nothing came (Entry.call_id) are told as one, unless they lie on two pages. The cost grows with
// the log behind `query.after`: about half a gigabyte of it a second.
absl::StatusOr<RecordPage> ListRecords(const std::string& folder,
                                       const RecordFilter& filter,
                                       const RecordQuery& query,
                                       std::uint64_t last);

}  // namespace brobygger::audit
