#include "core/registry/decision_log.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/registry/index_scan.h"
#include "core/registry/records.h"

namespace brobygger::registry {
namespace {

using identity::v1::Decision;
using identity::v1::StoredMerge;
using storage::Index;
using storage::Kind;

std::string TimeTerm(const Decision& decision) {
  const auto micros = base::ToInstant(decision.decide_time()).time_since_epoch().count();
  std::array<char, 17> term{};
  std::snprintf(term.data(), term.size(), "%016llx", static_cast<unsigned long long>(micros));
  return term.data();
}

template <typename Record>
absl::StatusOr<std::vector<Record>> RecordsAbout(const storage::Snapshot& snapshot,
                                                 Index index,
                                                 Kind kind,
                                                 const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto keys, KeysAt(snapshot, index, association_id));
  std::vector<Record> records;
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, key));
    if (bytes == nullptr) continue;
    Record record;
    BB_RETURN_IF_ERROR(ParseRecord(bytes, record));
    records.push_back(std::move(record));
  }
  return records;
}

}  // namespace

absl::StatusOr<Decision> AppendDecision(storage::Transaction& transaction, Decision decision) {
  decision.set_id(base::MakeUuid());
  *decision.mutable_decide_time() = base::ToTimestamp(transaction.now());
  BB_RETURN_IF_ERROR(StoreDecision(transaction, decision));
  return decision;
}

absl::Status StoreDecision(storage::Transaction& transaction, const Decision& decision) {
  std::vector<storage::IndexTerm> terms = {
      {Index::kDecisionByTime, TimeTerm(decision)},
      {Index::kDecisionByAssociation, decision.from_association_id()}};
  if (!decision.to_association_id().empty()) {
    terms.push_back({Index::kDecisionByAssociation, decision.to_association_id()});
  }
  return transaction.Put(Kind::kDecision, decision.id(), ToBytes(decision), std::move(terms));
}

absl::StatusOr<Decision> GetDecision(const storage::Snapshot& snapshot, const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kDecision, id));
  if (bytes == nullptr) {
    return base::MakeError(errors::v1::ERROR_REASON_DECISION_NOT_FOUND,
                           "There is no decision with the id \"" + Shown(id) + "\".",
                           {{"decision_id", Shown(id)}});
  }
  Decision decision;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, decision));
  return decision;
}

absl::StatusOr<std::vector<Decision>> DecisionsAbout(const storage::Snapshot& snapshot,
                                                     const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(auto decisions,
                      RecordsAbout<Decision>(snapshot, Index::kDecisionByAssociation,
                                             Kind::kDecision, association_id));
  std::stable_sort(decisions.begin(), decisions.end(), [](const auto& left, const auto& right) {
    return base::ToInstant(left.decide_time()) < base::ToInstant(right.decide_time());
  });
  return decisions;
}

absl::Status StoreMerge(storage::Transaction& transaction, const StoredMerge& merge) {
  return transaction.Put(Kind::kMerge, merge.record().id(), ToBytes(merge),
                         {{Index::kMergeByAssociation, merge.record().survivor_association_id()},
                          {Index::kMergeByAssociation, merge.record().absorbed_association_id()}});
}

absl::StatusOr<std::optional<StoredMerge>> FindMerge(const storage::Snapshot& snapshot,
                                                     const std::string& id) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(Kind::kMerge, id));
  if (bytes == nullptr) return std::optional<StoredMerge>();
  StoredMerge merge;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, merge));
  return std::optional<StoredMerge>(std::move(merge));
}

absl::StatusOr<std::vector<StoredMerge>> MergesOf(const storage::Snapshot& snapshot,
                                                  const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(auto merges, RecordsAbout<StoredMerge>(snapshot, Index::kMergeByAssociation,
                                                             Kind::kMerge, association_id));
  std::stable_sort(merges.begin(), merges.end(), [](const auto& left, const auto& right) {
    return base::ToInstant(left.record().merge_time()) <
           base::ToInstant(right.record().merge_time());
  });
  return merges;
}

}  // namespace brobygger::registry
