#pragma once

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/base/clock.h"
#include "core/storage/store.h"
#include "core/sync/merge.h"

namespace brobygger::sync {

// More turns of a field between the same two values within 24 hours are a fight.
inline constexpr int kMostTurns = 3;

// Two systems that each put right what the other writes would have a field go to and
// fro for ever. Makes of every change in `merge` that would be the fourth turn of its
// field between the same two values within 24 hours before `now` a conflict for a person,
// by the association's own history; `told` is what the source says. Costs a look at that only if it
// changed within that time.
absl::Status StopFights(const storage::Store& store,
                        const registry::v1::Association& association,
                        base::Instant now,
                        const ToldFields& told,
                        MergeResult& merge);

}  // namespace brobygger::sync
