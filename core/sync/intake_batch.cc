#include "core/sync/intake_batch.h"

#include "core/base/status_macros.h"
#include "core/sync/rejects.h"

namespace brobygger::sync {

absl::Status Write(storage::Transaction& transaction,
                   const StreamKey& stream,
                   const std::string& run_id,
                   const IntakeBatch& batch) {
  for (const IntakeBatch::Put& put : batch.puts) {
    BB_RETURN_IF_ERROR(transaction.Put(put.kind, put.key, put.bytes));
  }
  for (const std::string& key : batch.settled) {
    BB_RETURN_IF_ERROR(transaction.Remove(storage::Kind::kPending, key));
  }
  for (const auto& row : batch.rejected_rows) {
    BB_RETURN_IF_ERROR(KeepAside(transaction, stream, run_id, row, true));
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
