#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>
#include <google/protobuf/field_mask.pb.h>

#include "brobygger/registry/v1/association.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

#include "core/storage/store.h"

namespace brobygger::registry {

using v1::Association;
using v1::AssociationRelation;
using v1::Department;

// A person's changes to the registry. Each function reads and writes in the one
// transaction it is given, so it never sees half of somebody else's change. The
// record that comes back is as stored. `actor` stands in its provenance.

// FIELD_INVALID, CPR_REFUSED, IDENTIFIER_INVALID, IDENTIFIER_TAKEN.
absl::StatusOr<Association> CreateAssociation(storage::Transaction& transaction,
                                              Association wanted,
                                              const std::string& actor);

// An update worked out before its write has the store to itself: what `base`
// becomes. It holds as long as the record is still those bytes, the very same in
// memory.
struct PreparedUpdate {
  storage::Bytes base;  // null: nothing is prepared
  Association after;    // without what depends on the write
  std::vector<std::string> changed;
};

// Works out UpdateAssociation() on what `snapshot` shows. What is wrong with the
// update is left to the write to find: it may be right by then.
PreparedUpdate PrepareUpdate(const storage::Snapshot& snapshot,
                             const Association& wanted,
                             const google::protobuf::FieldMask& mask);

// Replaces the top-level fields in `mask` ("*": all that can be written). Starts
// from `prepared` if that still holds, and costs a tenth then; anything else in
// it does no harm.
// ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED, ETAG_MISMATCH, and as above.
absl::StatusOr<Association> UpdateAssociation(storage::Transaction& transaction,
                                              const Association& wanted,
                                              const google::protobuf::FieldMask& mask,
                                              const std::string& actor,
                                              PreparedUpdate prepared = {});

// ASSOCIATION_NOT_FOUND, ASSOCIATION_DELETED, ETAG_MISMATCH (`etag` "" is any).
absl::StatusOr<Association> DeleteAssociation(storage::Transaction& transaction,
                                              const std::string& id,
                                              const std::string& etag,
                                              const std::string& actor);

// ASSOCIATION_NOT_FOUND, ASSOCIATION_NOT_DELETED, ETAG_MISMATCH,
// IDENTIFIER_TAKEN (another association has got its number since).
absl::StatusOr<Association> UndeleteAssociation(storage::Transaction& transaction,
                                                const std::string& id,
                                                const std::string& etag,
                                                const std::string& actor);

// FIELD_INVALID, ASSOCIATION_NOT_FOUND.
absl::StatusOr<AssociationRelation> CreateRelation(storage::Transaction& transaction,
                                                   AssociationRelation wanted,
                                                   const std::string& actor);

// RELATION_NOT_FOUND, ETAG_MISMATCH.
absl::Status DeleteRelation(storage::Transaction& transaction,
                            const std::string& id,
                            const std::string& etag);

// FIELD_INVALID, CPR_REFUSED, DEPARTMENT_NOT_FOUND (the parent), ALREADY_EXISTS (another one has
// its `os2mo_id`).
absl::StatusOr<Department> CreateDepartment(storage::Transaction& transaction,
                                            Department wanted,
                                            const std::string& actor);

}  // namespace brobygger::registry
