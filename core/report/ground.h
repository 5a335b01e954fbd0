// What the figures of a report are worked out from; for this module's own files.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/collaboration.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/report/v1/programme.pb.h"

#include "core/base/clock.h"
#include "core/report/new_ones.h"
#include "core/storage/store.h"

namespace brobygger::report {

struct Period {
  std::string from;  // ISO 8601, both included
  std::string to;
  bool Has(const std::string& day) const { return from <= day && day <= to; }
};

// A collaboration between sides of the programme. `sides` are those of the programme alone.
struct Work {
  collab::v1::Collaboration collaboration;
  std::vector<Begun::Sides> sides;
};

struct Ground {
  const storage::Snapshot& snapshot;
  base::Instant now;
  v1::Programme programme;
  Period period;
  std::set<std::string> municipalities;
  // By id, led to where they were merged.
  std::map<std::string, registry::v1::Association> associations;
  // Ids of the departments of its municipalities.
  std::set<std::string> departments;
  std::vector<Work> work;
};

absl::StatusOr<Ground> LayGround(const storage::Snapshot& snapshot,
                                 base::Instant now,
                                 const v1::Programme& programme,
                                 const Period& period);

// Whether it is in a state that comes of having been active, and was not dropped.
bool Counts(const collab::v1::Collaboration& collaboration);

// Whether it has been active at some time, and from which day to which; an empty end goes on.
bool HasBegun(const collab::v1::Collaboration& collaboration);
std::string EndOf(const collab::v1::Collaboration& collaboration);

// Whether it was active at some time within the period.
bool RanIn(const Period& period, const collab::v1::Collaboration& collaboration);

// The names of those who take part, "department, association".
std::string NamesOf(const collab::v1::Collaboration& collaboration);

}  // namespace brobygger::report
