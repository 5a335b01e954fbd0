#include "core/registry/ingest.h"

#include <utility>

#include <absl/strings/numbers.h>

#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/validate.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

// Whether storing `next` would change nothing but etag and time.
bool SameRecord(const v1::Association& stored, v1::Association& next) {
  next.set_etag(stored.etag());
  *next.mutable_update_time() = stored.update_time();
  return ToBytes(next) == ToBytes(stored);
}

absl::StatusOr<v1::Association> StoreNew(storage::Transaction& transaction, v1::Association next) {
  *next.mutable_create_time() = base::ToTimestamp(transaction.now());
  next.clear_delete_time();
  next.clear_merged_into_association_id();
  BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, next));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, next));
  return next;
}

absl::StatusOr<v1::Association> StoreNext(storage::Transaction& transaction,
                                          v1::Association stored,
                                          v1::Association next) {
  *next.mutable_create_time() = stored.create_time();
  next.clear_delete_time();
  const bool deleted = stored.has_delete_time();
  if (deleted) *next.mutable_delete_time() = stored.delete_time();
  next.set_merged_into_association_id(stored.merged_into_association_id());
  if (SameRecord(stored, next)) return stored;
  if (!deleted) BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, next));
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, next));
  return next;
}

}  // namespace

absl::StatusOr<v1::Association> IngestAssociation(storage::Transaction& transaction,
                                                  v1::Association next) {
  BB_RETURN_IF_ERROR(model::NormalizeAndCheck(next));
  if (next.id().empty()) {
    next.set_id(base::MakeUuid());
    return StoreNew(transaction, std::move(next));
  }
  BB_ASSIGN_OR_RETURN(auto stored, FindAssociation(transaction, next.id()));
  if (!stored.has_value()) return StoreNew(transaction, std::move(next));
  return StoreNext(transaction, *std::move(stored), std::move(next));
}

absl::StatusOr<v1::Association> IngestNewChecked(storage::Transaction& transaction,
                                                 v1::Association next) {
  next.set_id(base::MakeUuid());
  return StoreNew(transaction, std::move(next));
}

absl::StatusOr<v1::Association> IngestDeletion(storage::Transaction& transaction,
                                               const std::string& id,
                                               bool deleted) {
  BB_ASSIGN_OR_RETURN(v1::Association association, GetAssociation(transaction, id));
  if (association.has_delete_time() == deleted) return association;
  BB_RETURN_IF_ERROR(CheckNotMerged(association));
  if (deleted) {
    *association.mutable_delete_time() = base::ToTimestamp(transaction.now());
  } else {
    association.clear_delete_time();
    BB_RETURN_IF_ERROR(CheckIdentifiersFree(transaction, association));
  }
  BB_RETURN_IF_ERROR(StoreAssociation(transaction, association));
  return association;
}

absl::StatusOr<std::optional<v1::Association>> FindAssociation(const storage::Snapshot& snapshot,
                                                               const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(storage::Kind::kAssociation, id));
  if (bytes == nullptr) return std::nullopt;
  v1::Association association;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, association));
  return association;
}

absl::StatusOr<std::optional<std::string>> FindByIdentifier(const storage::Snapshot& snapshot,
                                                            const std::string& scheme,
                                                            const std::string& value) {
  const std::string term = IdentifierTerm(scheme, value);
  // A longer number that begins alike comes after the number itself.
  BB_ASSIGN_OR_RETURN(const auto places,
                      snapshot.ScanIndex(storage::Index::kAssociationByIdentifier,
                                         {.prefix = term, .after = {}, .limit = 1}));
  if (places.empty() || places[0].value != term) return std::nullopt;
  return places[0].key;
}

storage::Revision RevisionOfEtag(const std::string& etag) {
  storage::Revision revision = 0;
  const bool named = etag.size() > 1 && etag[0] == 'r' &&
                     absl::SimpleAtoi(etag.substr(1), &revision) && EtagOf(revision) == etag;
  return named ? revision : 0;
}

}  // namespace brobygger::registry
