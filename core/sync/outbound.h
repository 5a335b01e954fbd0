#pragma once

#include <cstdint>
#include <string>

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/write.pb.h"
#include "brobygger/sync/v1/operation.pb.h"

#include "core/storage/store.h"
#include "core/sync/decide.h"

namespace brobygger::sync {

// What writing to the source did.
struct OutboundCounts {
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t overruled = 0;
  std::uint64_t stale = 0;     // somebody was faster there; planned anew
  std::uint64_t refused = 0;   // dead letters
  std::uint64_t put_off = 0;   // the source asked to come back later
  std::uint64_t doubtful = 0;  // the next run looks
  std::int64_t live = 0;       // so many more records are linked; to be counted in the same write
};

// What the store holds of a stream's writes, so that a run need not ask it for each record. Only a
// run of the connection adds to that, and there is one at a time; of what people take away
// meanwhile it is believed to be there still, which costs a look or puts a write off.
struct KnownWrites {
  absl::flat_hash_set<std::string> open;     // keys of writes that are under way
  absl::flat_hash_set<std::string> letters;  // keys of dead letters
  absl::flat_hash_set<std::string> put_off;  // keys of marks that this run has put off
  // By association: how often the plugin ended while that was being written.
  absl::flat_hash_map<std::string, std::uint32_t> interrupted;
};

// Costs a look at each association that waits to be written.
absl::StatusOr<KnownWrites> FindKnownWrites(const storage::Snapshot& snapshot,
                                            const StreamKey& stream);

// What a run's writes need. All must outlive them.
struct OutboundContext {
  const DecisionContext& decisions;
  std::string actor;  // "plugin:grants.sql"
  std::string run_id;
  OutboundCounts& counts;
  KnownWrites& known;
};

// Where the write for the association that a source record stands for is kept: one at
// a time.
std::string OperationKey(const StreamKey& stream, const std::string& stands_for);

// Writes down what `decision` has for the source, before it is sent, with the values
// that give way there. `stored` is the association as it is now. Nothing if another
// write for the record is under way.
absl::StatusOr<std::optional<v1::Operation>> PutIntent(storage::Transaction& transaction,
                                                       const OutboundContext& context,
                                                       const Decision& decision,
                                                       const registry::v1::Association& stored);

// Writes down what became of an operation: of one that was done, what both sides now
// agree on; of one that was refused, a dead letter. What is not done is planned anew
// from what both sides hold then, never sent again.
absl::Status TakeOutcome(storage::Transaction& transaction,
                         const OutboundContext& context,
                         const v1::Operation& operation,
                         const plugin::v1::OperationResult& result);

// Marks the association as one that may have to be written to the source.
absl::Status MarkDirty(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const std::string& association_id,
                       const v1::DirtyMark& mark = {});

// Keeps a value that gives way. `number` tells those of one write and one side apart.
absl::Status LogOverruled(storage::Transaction& transaction,
                          v1::OverruledValue value,
                          std::uint64_t number);

}  // namespace brobygger::sync
