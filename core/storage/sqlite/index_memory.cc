#include "core/storage/sqlite/index_memory.h"

#include <algorithm>
#include <utility>

#include <absl/hash/hash.h>

#include "core/base/status_macros.h"

namespace brobygger::storage {
namespace {

constexpr char kLastMove[] = "SELECT max(until) FROM past_term WHERE idx=?1";
constexpr char kValues[] =
    "SELECT value FROM term WHERE idx=?1 UNION SELECT value FROM past_term WHERE idx=?1";

// What hangs on an association, a number or a source's record, and mostly does not.
constexpr std::array kMostlyEmpty = {Index::kRelationByAssociation,
                                     Index::kDecisionByAssociation,
                                     Index::kMergeByAssociation,
                                     Index::kQuestionByAssociation,
                                     Index::kPastLinkByAssociation,
                                     Index::kGrantByApplicant,
                                     Index::kGrantByCvr,
                                     Index::kGrantByAssignment,
                                     Index::kTouchpointByRecord,
                                     Index::kInvitationByAssociation,
                                     Index::kPublicationByEvent,
                                     Index::kPersonByAssociation,
                                     Index::kPersonByDigest};

bool IsMostlyEmpty(Index index) {
  return std::find(kMostlyEmpty.begin(), kMostlyEmpty.end(), index) != kMostlyEmpty.end();
}

std::uint64_t DigestOf(Index index, const std::string& value) {
  return absl::HashOf(static_cast<int>(index), value);
}

}  // namespace

absl::Status IndexMemory::Load(Connection& connection) {
  for (int index = 1; index < std::ssize(last_move_); ++index) {
    Statement last = connection.Use(kLastMove);
    BB_RETURN_IF_ERROR(last.Bind(index).Step().status());
    last_move_[static_cast<std::size_t>(index)] = static_cast<Revision>(last.Int(0));
  }
  for (const Index index : kMostlyEmpty) {
    Statement values = connection.Use(kValues);
    values.Bind(index);
    while (true) {
      BB_ASSIGN_OR_RETURN(const bool row, values.Step());
      if (!row) break;
      Places(index, values.Text(0));
    }
  }
  return absl::OkStatus();
}

void IndexMemory::Moves(Index index, Revision revision) {
  last_move_[static_cast<std::size_t>(index)] = revision;
}

bool IndexMemory::MovedSince(Index index, Revision at) const {
  return last_move_[static_cast<std::size_t>(index)] > at;
}

void IndexMemory::Places(Index index, const std::string& value) {
  if (!IsMostlyEmpty(index)) return;
  const std::uint64_t digest = DigestOf(index, value);
  absl::MutexLock lock(&mutex_);
  placed_.insert(digest);
}

bool IndexMemory::MayHold(Index index, const std::string& value) const {
  if (!IsMostlyEmpty(index)) return true;
  const std::uint64_t digest = DigestOf(index, value);
  absl::ReaderMutexLock lock(&mutex_);
  return placed_.contains(digest);
}

}  // namespace brobygger::storage
