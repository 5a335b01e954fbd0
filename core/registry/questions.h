#pragma once

#include <optional>
#include <string>

#include <absl/status/statusor.h>

#include "brobygger/identity/v1/identity_service.pb.h"
#include "brobygger/identity/v1/question.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"

namespace brobygger::registry {

// Match questions: "Er det den samme forening?"

// The id of the question about two associations, whichever comes first: a pair is
// asked about once.
std::string QuestionIdOf(const std::string& left, const std::string& right);

// Asks, in the write that `transaction` is, whether the two are the same. Nothing
// happens if that was asked before, or if a person has decided; what the hub settled by
// itself is asked again. Returns whether it was asked now.
absl::StatusOr<bool> AskQuestion(storage::Transaction& transaction,
                                 const Identity& identity,
                                 const std::string& association_id,
                                 const Candidate& candidate,
                                 const identity::v1::RecordReference& cause);

// Asks about every candidate that may be the association, at most three. Returns
// how many were asked.
absl::StatusOr<int> AskAbout(storage::Transaction& transaction,
                             const Identity& identity,
                             const std::string& association_id,
                             const Standing& standing,
                             const identity::v1::RecordReference& cause);

// Open or closed; nothing if there is none.
absl::StatusOr<std::optional<identity::v1::MatchQuestion>> FindQuestion(
    const storage::Snapshot& snapshot, const std::string& id);

// Closes the question if it is open, or opens it again (STATE_OPEN).
absl::Status SetQuestionState(storage::Transaction& transaction,
                              const std::string& id,
                              identity::v1::MatchQuestion::State state,
                              const std::string& decision_id);

// Asks what `question` asked of another two, unless that was asked before.
absl::Status AskAgain(storage::Transaction& transaction,
                      const identity::v1::MatchQuestion& question,
                      const std::string& left,
                      const std::string& right);

// Every question about the association, open or closed.
absl::StatusOr<std::vector<identity::v1::MatchQuestion>> QuestionsAbout(
    const storage::Snapshot& snapshot, const std::string& association_id);

// One page. FIELD_INVALID, PAGE_TOKEN_INVALID.
absl::StatusOr<identity::v1::ListQuestionsResponse> ListQuestions(
    const storage::Snapshot& snapshot, const identity::v1::ListQuestionsRequest& request);

}  // namespace brobygger::registry
