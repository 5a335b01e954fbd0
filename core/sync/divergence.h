#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/sync/v1/sync_answers.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/decide.h"

namespace brobygger::sync {

// Conflicts that one audit opens at most: a fault that touches every record shall not bury what
// people are to look at. The others are counted, and opened by later audits.
inline constexpr std::uint64_t kMostOpened = 500;

// Compares, for each live record of the stream, the fields that are written to the source: what
// the source last told with what the registry holds now. The two bases alone would hide a
// difference that came about behind the sync's back, since to them neither side has changed. What
// differs, and is not known to, becomes a conflict for a person (KIND_SILENT_DIVERGENCE). Known
// are:
//
//   what waits           the record's news, a change of the association, also one that a person
//                        has just decided, a write that is under way, put off or refused, a record
//                        that is kept aside
//   what a person sees   an open conflict
//   what stays so        a field that the source has no word for, and what the registry keeps
//                        beside its own value as the source's, also where that is how the source
//                        stores what it was sent
//
// Fields that are only read, or that the source decides, are not looked at, nor what the hub says
// of itself: every plan puts that right. Costs a pass over the links in batches, each with a
// snapshot of its own; the store is written to only where something was found. CANCELLED.
absl::StatusOr<v1::AuditConnectionResponse> AuditDivergence(storage::Store& store,
                                                            const DecisionContext& context,
                                                            const supervisor::CancelToken& cancel);

// The enabled connections that write, were synced, and were audited longer than `every` ago or
// never; none if that is 0.
absl::StatusOr<std::vector<std::string>> DueAudits(const storage::Snapshot& snapshot,
                                                   base::Instant now,
                                                   std::chrono::milliseconds every);

}  // namespace brobygger::sync
