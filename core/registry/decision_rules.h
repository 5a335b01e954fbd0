#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/identity_service.pb.h"
#include "brobygger/registry/v1/municipality.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"

// The rules of decisions; for decide.cc, undo.cc and settle.cc.
namespace brobygger::registry {

// FIELD_INVALID unless the request says something that a person can decide.
absl::Status CheckKind(const identity::v1::DecideRequest& request);

// A note in normal form. FIELD_INVALID (too long), CPR_REFUSED.
absl::StatusOr<std::string> NormalNote(const std::string& note);

// An entry of a person's, without its associations, id and time.
identity::v1::Decision PersonsDecision(const Identity& identity,
                                       identity::v1::Decision::Kind kind,
                                       const std::string& actor,
                                       const std::string& note);

// Whether `kind`, said of `from` and another one, goes against the earlier one.
bool Contradicts(const HeldDecision& earlier,
                 identity::v1::Decision::Kind kind,
                 const std::string& from);

// The error CONTRADICTS_DECISION.
absl::Status ContradictsDecision(const storage::Snapshot& snapshot, const HeldDecision& earlier);

// Whether the two stand in such a relation already.
absl::StatusOr<bool> HasRelation(const storage::Snapshot& snapshot,
                                 const v1::AssociationRelation& wanted);

// Takes away the relation that the decision made, if it is still there.
absl::Status RemoveRelationOf(storage::Transaction& transaction,
                              const identity::v1::Decision& decision);

}  // namespace brobygger::registry
