#pragma once

#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/collaboration_calls.pb.h"

#include "core/collab/collaborations.h"
#include "core/collab/statements.h"
#include "core/storage/store.h"

namespace brobygger::collab {

// Rounds of expectations. The newest of a collaboration is meant. What comes back is what `actor`
// may see of it. Common errors: COLLABORATION_NOT_FOUND, ALIGNMENT_NOT_FOUND, FIELD_INVALID,
// CPR_REFUSED; NOT_ALLOWED for an association that acts for another side.

// Begins one with these statements. COLLABORATION_NOT_READY unless both sides have a party.
absl::StatusOr<v1::AlignmentRound> StartAlignment(storage::Transaction& transaction,
                                                  const std::string& collaboration_id,
                                                  const Actor& actor,
                                                  const Statements& statements);

// All answers of one side; they may be given anew until the other side has answered, too.
// ALIGNMENT_CLOSED.
absl::StatusOr<v1::AlignmentRound> AnswerAlignment(storage::Transaction& transaction,
                                                   const v1::AnswerAlignmentRequest& wanted,
                                                   const Actor& actor);

// ALIGNMENT_CLOSED until both have answered, and once both have accepted. A side that had accepted
// has to do so again.
absl::StatusOr<v1::AlignmentRound> RecordTalk(storage::Transaction& transaction,
                                              const v1::RecordTalkRequest& wanted,
                                              const Actor& actor);

// ALIGNMENT_CLOSED until both have answered; ALIGNMENT_NOT_READY while a difference has not been
// talked about. Again changes nothing.
absl::StatusOr<v1::AlignmentRound> AcceptAlignment(storage::Transaction& transaction,
                                                   const v1::AcceptAlignmentRequest& wanted,
                                                   const Actor& actor);

// Where the sides differ by two or more, or one of them left a statement open; none until both have
// answered. Pure.
std::vector<v1::AlignmentDifference> DifferencesOf(const v1::AlignmentRound& round);

// The round without what is hidden from whoever looks: until both sides have answered, an employee
// sees the municipality's answers and an association its own. Pure.
v1::AlignmentRound SeenBy(const Actor& actor, const v1::AlignmentRound& round);

}  // namespace brobygger::collab
