#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/registry/v1/association.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

// Stores an association as sync has merged it: `next` holds the fields and the
// provenance; id (made if empty), etag and times are set here. A field that
// breaks a rule refuses the record. FIELD_INVALID, CPR_REFUSED,
// IDENTIFIER_INVALID, IDENTIFIER_TAKEN.
absl::StatusOr<v1::Association> IngestAssociation(storage::Transaction& transaction,
                                                  v1::Association next);

// The same for an association that is new and whose fields have just been through
// model::NormalizeAndCheck(): a first sync would pay for that twice. `next` has no
// id. IDENTIFIER_TAKEN.
absl::StatusOr<v1::Association> IngestNewChecked(storage::Transaction& transaction,
                                                 v1::Association next);

// Marks as deleted an association that its last source no longer has, or takes
// that back when it turns up again. ASSOCIATION_NOT_FOUND.
absl::StatusOr<v1::Association> IngestDeletion(storage::Transaction& transaction,
                                               const std::string& id,
                                               bool deleted);

// The association itself, or nothing if there is none.
absl::StatusOr<std::optional<v1::Association>> FindAssociation(const storage::Snapshot& snapshot,
                                                               const std::string& id);

// The id of the live association with this identifier in normal form, if any.
absl::StatusOr<std::optional<std::string>> FindByIdentifier(const storage::Snapshot& snapshot,
                                                            const std::string& scheme,
                                                            const std::string& value);

// The revision that an etag names; 0 if it names none.
storage::Revision RevisionOfEtag(const std::string& etag);

}  // namespace brobygger::registry
