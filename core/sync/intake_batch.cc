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
  for (const std::string& key : batch.forgotten) {
    BB_RETURN_IF_ERROR(transaction.Remove(storage::Kind::kClaim, key));
  }
  BB_RETURN_IF_ERROR(ForgetReadsOf(transaction, stream, batch.readable));
  for (const auto& row : batch.rejected_rows) {
    BB_RETURN_IF_ERROR(KeepAside(transaction, stream, run_id, row, true));
  }
  return absl::OkStatus();
}

void CarryAgreed(v1::Claim& before,
                 std::uint64_t agreed_hash,
                 std::uint64_t hash,
                 v1::Claim& claim) {
  if (agreed_hash != 0 && before.told_hash() != hash) {
    const bool agreed_on_told = before.told_hash() == agreed_hash;
    auto& agreed = agreed_on_told ? *before.mutable_told() : *before.mutable_agreed();
    claim.mutable_agreed()->Swap(&agreed);
  } else if (before.has_agreed()) {
    claim.mutable_agreed()->Swap(before.mutable_agreed());
  }
}

}  // namespace brobygger::sync
