#include "core/scope/scoped_transaction.h"

#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::scope {

using storage::Bytes;
using storage::Kind;

absl::Status NotYours() {
  return base::MakeError(errors::v1::ERROR_REASON_NOT_ALLOWED,
                         "this belongs to another municipality, or to the hub, and is not yours to "
                         "change; ask them, or whoever runs the hub");
}

absl::StatusOr<Bytes> ScopedTransaction::Find(Kind kind, const std::string& key) const {
  return all_ ? whole_.Find(kind, key) : sieve_.Find(kind, key);
}

absl::StatusOr<std::vector<storage::Entry>> ScopedTransaction::Scan(
    Kind kind, const storage::KeyRange& range) const {
  return all_ ? whole_.Scan(kind, range) : sieve_.Scan(kind, range);
}

absl::StatusOr<std::vector<storage::IndexEntry>> ScopedTransaction::ScanIndex(
    storage::Index index, const storage::IndexRange& range) const {
  const bool whole = all_ || index == storage::Index::kAssociationByIdentifier;
  return whole ? whole_.ScanIndex(index, range) : sieve_.ScanIndex(index, range);
}

absl::StatusOr<std::vector<std::string>> ScopedTransaction::KeysAt(storage::Index index,
                                                                   const std::string& value) const {
  const bool whole = all_ || index == storage::Index::kAssociationByIdentifier;
  return whole ? whole_.KeysAt(index, value) : sieve_.KeysAt(index, value);
}

absl::Status ScopedTransaction::CheckMayChange(Kind kind,
                                               const std::string& key,
                                               const Bytes& bytes) const {
  BB_ASSIGN_OR_RETURN(const bool may, sieve_.judge().MayChange(kind, key, bytes));
  return may ? absl::OkStatus() : NotYours();
}

absl::Status ScopedTransaction::CheckOwn(Kind kind, const std::string& key) const {
  if (all_) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const Bytes seen, sieve_.Find(kind, key));
  if (seen == nullptr) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const Bytes bytes, whole_.Find(kind, key));
  return CheckMayChange(kind, key, bytes);
}

absl::Status ScopedTransaction::Put(Kind kind,
                                    const std::string& key,
                                    std::string bytes,
                                    std::vector<storage::IndexTerm> terms) {
  if (all_) return whole_.Put(kind, key, std::move(bytes), std::move(terms));
  BB_ASSIGN_OR_RETURN(const Bytes before, whole_.Find(kind, key));
  if (before != nullptr) BB_RETURN_IF_ERROR(CheckMayChange(kind, key, before));
  const auto after = std::make_shared<const std::string>(std::move(bytes));
  BB_RETURN_IF_ERROR(CheckMayChange(kind, key, after));
  sieve_.Forget();
  return whole_.Put(kind, key, *after, std::move(terms));
}

absl::Status ScopedTransaction::Remove(Kind kind, const std::string& key) {
  if (all_) return whole_.Remove(kind, key);
  BB_ASSIGN_OR_RETURN(const Bytes before, whole_.Find(kind, key));
  if (before == nullptr) return absl::OkStatus();
  BB_RETURN_IF_ERROR(CheckMayChange(kind, key, before));
  sieve_.Forget();
  return whole_.Remove(kind, key);
}

}  // namespace brobygger::scope
