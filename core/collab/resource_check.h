#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/resource_check_service.pb.h"

#include "core/collab/collaborations.h"
#include "core/collab/resource_statements.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// Rounds of looking at a subject's resources. Who sees which decides the store that is given
// (core/scope): its subject, and the other side where the subject shares it. An association that
// was merged keeps its rounds under the id it had; whoever asks for it is shown those of both.

// Writes a round down after those there are, as an answer to these statements: what they add up to
// is kept with it, so that other statements later change no round that was. FIELD_INVALID,
// CPR_REFUSED, ASSOCIATION_NOT_FOUND, DEPARTMENT_NOT_FOUND; NOT_ALLOWED for an employee who writes
// one down for an association that does not share it, and for an association that speaks for
// another.
absl::StatusOr<v1::ResourceCheck> RecordResourceCheck(storage::Transaction& transaction,
                                                      const v1::ResourceCheck& wanted,
                                                      const Actor& actor,
                                                      const ResourceStatements& statements);

// All that are there for whoever asks, the first one first, with what they add up to.
absl::StatusOr<std::vector<v1::ResourceCheck>> ListResourceChecks(const storage::Snapshot& snapshot,
                                                                  v1::ResourceSubject subject,
                                                                  const std::string& subject_id);

// The subject decides. RESOURCE_CHECK_NOT_FOUND, NOT_ALLOWED.
absl::StatusOr<v1::ResourceCheck> ShareResourceCheck(storage::Transaction& transaction,
                                                     const v1::ShareResourceCheckRequest& wanted,
                                                     const Actor& actor);

// What the scores of a round add up to, topic by topic: the mean of what was answered, if at least
// half of it was. There is no total. Pure.
std::vector<v1::TopicMean> TopicMeans(const v1::ResourceCheck& check,
                                      const ResourceStatements& statements);

// Says of each topic of a round how far it changed since the round before, where both have a mean.
// Pure.
void SetChanges(const v1::ResourceCheck& before, v1::ResourceCheck& check);

}  // namespace brobygger::collab
