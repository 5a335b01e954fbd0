#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "brobygger/sync/v1/plan.pb.h"

namespace brobygger::sync {

// What one of a connection's calendars loses: objects that tell of associations.
struct CalendarLoss {
  std::string calendar;
  std::uint64_t live = 0;          // known, and still there before this plan
  std::uint64_t gone = 0;          // of these, no longer there
  std::uint64_t gone_in_week = 0;  // in the seven days before, this plan aside
};

// What the guard looks at. Counts are of records.
struct GuardInput {
  std::uint64_t live = 0;                    // linked and live before this plan
  std::uint64_t read = 0;                    // sent by the source in this read
  bool unchanged = false;                    // the source said that it had not changed
  bool complete = false;                     // the source said everything
  std::uint64_t vanished = 0;                // live, and no longer sent
  std::uint64_t vanished_in_week = 0;        // in the seven days before, this plan aside
  std::uint64_t changed = 0;                 // live, and would change
  std::uint64_t blanked = 0;                 // live, and a filled field would become empty
  bool scope_changed = false;                // another set of records is visible than before
  bool canary_missing = false;               // the record that must always be visible is not
  std::uint64_t live_applications = 0;       // known, and still at the source before this plan
  std::uint64_t gone_applications = 0;       // of these, no longer sent
  std::vector<CalendarLoss> calendars = {};  // those that lose something
};

struct GuardVerdict {
  v1::Plan::Verdict verdict = v1::Plan::VERDICT_OK;
  std::vector<std::string> reasons;  // for people
};

// Whether a plan may be applied without a person. Thresholds are those of small
// registers: of 32 associations three may not vanish unasked. Pure.
GuardVerdict Judge(const GuardInput& input);

}  // namespace brobygger::sync
