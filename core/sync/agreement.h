#pragma once

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/sync/v1/operation.pb.h"

#include "core/storage/store.h"
#include "core/sync/decide.h"
#include "core/sync/outbound.h"

namespace brobygger::sync {

// What both sides agree on after a write to the source. Only the fields that were
// written are agreed on: whatever else the record says now is news, and waits for the
// next plan.

// Of a record that was changed. `stored` is the record as the source has it now; if it
// is empty, what was sent. False: it stands for another association now.
absl::StatusOr<bool> AgreeOnWritten(storage::Transaction& transaction,
                                    const DecisionContext& context,
                                    const v1::Operation& operation,
                                    const plugin::v1::Record& stored);

// Of a record that was made: claim and link are new. `found`: it was looked for later,
// so a person may have changed it; then what was sent is agreed on. False: the source
// put it on a record that stands for another association.
absl::StatusOr<bool> AgreeOnNew(storage::Transaction& transaction,
                                const OutboundContext& context,
                                const v1::Operation& operation,
                                const plugin::v1::Record& stored,
                                bool found = false);

// The source says now what was written, where it said something else before; it is no
// witness of what it did not say itself. Where it stores what it was sent in its own way, that is
// kept beside as what it says, as AgreeOnNew() does. `before` is the association as it is.
absl::Status StandBehindWritten(storage::Transaction& transaction,
                                const DecisionContext& context,
                                const v1::Operation& operation,
                                const registry::v1::Association& before);

// From now on the record counts as one that the registry was never agreed with: where the two
// differ, the next plan asks or writes as its policies say, and takes nothing for settled.
absl::Status ForgetAgreement(storage::Transaction& transaction,
                             const StreamKey& stream,
                             const std::string& external_id);

// The record as the source has it now is news, and nothing is agreed on.
absl::Status TakeNews(storage::Transaction& transaction,
                      const DecisionContext& context,
                      const plugin::v1::Record& stored);

}  // namespace brobygger::sync
