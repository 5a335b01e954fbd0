#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/base/error.h"
#include "core/storage/store.h"

// How the registry's records lie in the store; for this module's own files.
namespace brobygger::registry {

// The record whose stored bytes these are. STORAGE_CORRUPT.
absl::Status ParseRecord(const storage::Bytes& bytes, google::protobuf::MessageLite& record);

// The record's bytes, with its maps in order, so that equal records have equal
// bytes.
std::string ToBytes(const google::protobuf::MessageLite& record);

// "r4711": what a record written by this revision carries.
std::string EtagOf(storage::Revision revision);

// ETAG_MISMATCH unless `wanted` is "" or the current etag. `id` says whose it is.
absl::Status CheckEtag(const std::string& wanted,
                       const std::string& current,
                       const base::ErrorField& id);

// The term by which an identifier is found: "DK-CVR:12345678".
std::string IdentifierTerm(const std::string& scheme, const std::string& value);

// Whether it is a number the association has now, rather than one it had.
bool IsCurrent(const v1::Identifier& identifier);

// A word from a caller as an error may repeat it: itself if it is short and plain,
// else "".
std::string Shown(const std::string& word);

// The error ASSOCIATION_NOT_FOUND.
absl::Status AssociationNotFound(const std::string& id);

// ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Association> GetAssociation(const storage::Snapshot& snapshot,
                                               const std::string& id);

// ASSOCIATION_MERGED if it was merged into another one: that one must be changed.
absl::Status CheckNotMerged(const v1::Association& association);

// The association that stored bytes say theirs was merged into, or "". Reads no
// more of them than it must: a tenth of a microsecond.
std::string MergedInto(const std::string& association_bytes);

// IDENTIFIER_TAKEN if another live association has one of its numbers.
absl::Status CheckIdentifiersFree(const storage::Snapshot& snapshot,
                                  const v1::Association& association);

// Stores the association with its places in the indexes; sets etag and
// update_time.
absl::Status StoreAssociation(storage::Transaction& transaction, v1::Association& association);

}  // namespace brobygger::registry
