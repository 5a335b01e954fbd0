#include "core/registry/attached.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "brobygger/sync/v1/claim.pb.h"
#include "brobygger/sync/v1/plan.pb.h"

#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/index_scan.h"
#include "core/registry/links.h"
#include "core/registry/questions.h"
#include "core/registry/records.h"
#include "core/registry/statements.h"

namespace brobygger::registry {
namespace {

using identity::v1::MatchQuestion;
using identity::v1::MovedLink;
using identity::v1::StoredMerge;
using storage::Index;
using storage::Kind;
using sync::v1::Link;
using v1::Association;
using v1::AssociationRelation;

template <typename Record>
absl::StatusOr<std::optional<Record>> Find(const storage::Snapshot& snapshot,
                                           Kind kind,
                                           const std::string& key) {
  BB_ASSIGN_OR_RETURN(const storage::Bytes bytes, snapshot.Find(kind, key));
  if (bytes == nullptr) return std::optional<Record>();
  Record record;
  BB_RETURN_IF_ERROR(ParseRecord(bytes, record));
  return std::optional<Record>(std::move(record));
}

// The registry's side of what both last agreed on is read at `agreed_revision`,
// and the association at the link's other end must be that one then.
Link Moved(Link link, const std::string& to, const storage::Transaction& transaction) {
  link.set_association_id(to);
  link.set_agreed_revision(transaction.revision());
  return link;
}

absl::StatusOr<std::uint64_t> MoveConflicts(storage::Transaction& transaction,
                                            const std::string& link_key,
                                            const std::string& to) {
  BB_ASSIGN_OR_RETURN(
      const auto entries,
      transaction.Scan(Kind::kConflict, {.prefix = link_key + "/", .after = "", .limit = 1000}));
  if (entries.empty()) return std::uint64_t{0};
  BB_ASSIGN_OR_RETURN(const auto home, Find<Association>(transaction, Kind::kAssociation, to));
  for (const storage::Entry& entry : entries) {
    sync::v1::Conflict conflict;
    BB_RETURN_IF_ERROR(ParseRecord(entry.bytes, conflict));
    conflict.set_association_id(to);
    // What stands in the registry now is no answer by anybody.
    const bool about_field =
        !conflict.path().empty() && conflict.kind() != sync::v1::Conflict::KIND_DUPLICATE;
    if (about_field && home) conflict.set_registry_value(TextAt(*home, conflict.path()));
    BB_RETURN_IF_ERROR(transaction.Put(Kind::kConflict, entry.key, conflict.SerializeAsString()));
  }
  return entries.size();
}

absl::Status MoveLinks(storage::Transaction& transaction, StoredMerge& merge) {
  identity::v1::MergeRecord& record = *merge.mutable_record();
  BB_ASSIGN_OR_RETURN(const auto keys, KeysAt(transaction, Index::kLinkByAssociation,
                                              record.absorbed_association_id()));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const auto link, Find<Link>(transaction, Kind::kLink, key));
    if (!link) continue;
    MovedLink& moved = *merge.add_links();
    moved.set_key(key);
    *moved.mutable_before() = *link;
    *moved.mutable_after() = Moved(*link, record.survivor_association_id(), transaction);
    BB_RETURN_IF_ERROR(PutLink(transaction, key, moved.after()));
    BB_ASSIGN_OR_RETURN(const auto conflicts,
                        MoveConflicts(transaction, key, record.survivor_association_id()));
    record.set_moved_conflict_count(record.moved_conflict_count() + conflicts);
  }
  record.set_moved_link_count(keys.size());
  return absl::OkStatus();
}

absl::Status PutRelation(storage::Transaction& transaction, AssociationRelation relation) {
  relation.set_etag(EtagOf(transaction.revision()));
  *relation.mutable_update_time() = base::ToTimestamp(transaction.now());
  return transaction.Put(Kind::kRelation, relation.id(), ToBytes(relation),
                         {{Index::kRelationByAssociation, relation.from_association_id()},
                          {Index::kRelationByAssociation, relation.to_association_id()}});
}

absl::Status MoveRelations(storage::Transaction& transaction, StoredMerge& merge) {
  identity::v1::MergeRecord& record = *merge.mutable_record();
  const std::string& from = record.absorbed_association_id();
  const std::string& to = record.survivor_association_id();
  BB_ASSIGN_OR_RETURN(const auto keys, KeysAt(transaction, Index::kRelationByAssociation, from));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(auto relation,
                        Find<AssociationRelation>(transaction, Kind::kRelation, key));
    if (!relation) continue;
    *merge.add_relations_before() = *relation;
    if (relation->from_association_id() == from) relation->set_from_association_id(to);
    if (relation->to_association_id() == from) relation->set_to_association_id(to);
    if (relation->from_association_id() == relation->to_association_id()) {
      BB_RETURN_IF_ERROR(transaction.Remove(Kind::kRelation, key));
    } else {
      BB_RETURN_IF_ERROR(PutRelation(transaction, *std::move(relation)));
    }
  }
  record.set_moved_relation_count(keys.size());
  return absl::OkStatus();
}

// What was asked about the absorbed association is asked about the survivor.
absl::Status MoveQuestions(storage::Transaction& transaction, const StoredMerge& merge) {
  const std::string& from = merge.record().absorbed_association_id();
  const std::string& to = merge.record().survivor_association_id();
  BB_ASSIGN_OR_RETURN(const auto questions, QuestionsAbout(transaction, from));
  for (const MatchQuestion& question : questions) {
    if (question.state() != MatchQuestion::STATE_OPEN) continue;
    const bool left = question.left_association_id() == from;
    const std::string& other =
        left ? question.right_association_id() : question.left_association_id();
    BB_RETURN_IF_ERROR(SetQuestionState(transaction, question.id(), MatchQuestion::STATE_SETTLED,
                                        merge.record().decision_id()));
    if (other != to) BB_RETURN_IF_ERROR(AskAgain(transaction, question, to, other));
  }
  return absl::OkStatus();
}

absl::Status MoveQuestionsBack(storage::Transaction& transaction, const StoredMerge& merge) {
  const std::string& id = merge.record().absorbed_association_id();
  const std::string& survivor = merge.record().survivor_association_id();
  BB_ASSIGN_OR_RETURN(const auto questions, QuestionsAbout(transaction, id));
  for (const MatchQuestion& question : questions) {
    const bool of_the_two =
        question.left_association_id() == survivor || question.right_association_id() == survivor;
    const bool by_the_merge = question.state() == MatchQuestion::STATE_SETTLED &&
                              question.decision_id() == merge.record().decision_id();
    if (of_the_two || !by_the_merge) continue;
    BB_RETURN_IF_ERROR(SetQuestionState(transaction, question.id(), MatchQuestion::STATE_OPEN, ""));
  }
  return absl::OkStatus();
}

// What the source said of a field when the two were merged, and says otherwise since, is news to
// the association that is itself again; so is to the source what another one said of it. Both
// last agreed on what was before.
void AddNews(const StoredMerge& merge,
             const Association& home,
             const std::string& key,
             Link& link) {
  const auto said_in = [&](const Association& association) {
    const v1::Provenance* statement = StatementBy(association, SourceKeyOfLink(key));
    return statement == nullptr ? std::map<std::string, std::string>()
                                : SaidIn(association, *statement);
  };
  const Association& before = merge.absorbed_before();
  const auto then = said_in(merge.survivor_after());
  const auto now = said_in(home);
  std::set<std::string> paths;
  for (const auto* said : {&then, &now}) {
    for (const auto& [path, text] : *said) paths.insert(path);
  }
  for (const std::string& path : model::ChangedPaths(before, home)) paths.insert(path);
  auto& bases = *link.mutable_bases();
  for (const std::string& path : paths) {
    const std::string held = TextAt(before, path);
    const std::string old_word = then.contains(path) ? then.at(path) : held;
    const std::string word = now.contains(path) ? now.at(path) : old_word;
    const bool same =
        model::SameValue(path, old_word, word) && model::SameValue(path, held, TextAt(home, path));
    if (same) continue;
    const auto old = std::remove_if(bases.begin(), bases.end(),
                                    [&](const auto& base) { return base.path() == path; });
    bases.erase(old, bases.end());
    sync::v1::FieldBase& base = *bases.Add();
    base.set_path(path);
    base.set_source_value(old_word);
    base.set_registry_value(held);
  }
}

// `before` is the link as the merge found it, if it did: what somebody had edited then, and no
// source had heard of, is still to be told.
Link BackTo(const Association& home,
            Link link,
            const Link* before,
            const storage::Transaction& transaction) {
  Link back = Moved(std::move(link), home.id(), transaction);
  back.clear_bases();
  if (before != nullptr) {
    back.set_agreed_revision(before->agreed_revision());
    *back.mutable_bases() = before->bases();
  }
  return back;
}

// The next sync looks at the record anew: its source is to hear what it stands for again.
absl::Status MoveLinkBack(storage::Transaction& transaction,
                          const StoredMerge& merge,
                          const Association& home,
                          const std::string& key,
                          Link back) {
  AddNews(merge, home, key, back);
  BB_RETURN_IF_ERROR(PutLink(transaction, key, back));
  BB_RETURN_IF_ERROR(MoveConflicts(transaction, key, home.id()).status());
  BB_ASSIGN_OR_RETURN(const storage::Bytes waits, transaction.Find(Kind::kPending, key));
  if (waits != nullptr || back.state() != Link::STATE_LIVE) return absl::OkStatus();
  return transaction.Put(Kind::kPending, key, kPendingTold);
}

// Records that were made, or found again, after the merge, and that keep the absorbed one's id.
absl::Status MoveLaterLinksBack(storage::Transaction& transaction,
                                const StoredMerge& merge,
                                const Association& home) {
  BB_ASSIGN_OR_RETURN(const auto keys, KeysAt(transaction, Index::kLinkByAssociation,
                                              merge.record().survivor_association_id()));
  for (const std::string& key : keys) {
    BB_ASSIGN_OR_RETURN(const auto claim, Find<sync::v1::Claim>(transaction, Kind::kClaim, key));
    BB_ASSIGN_OR_RETURN(const auto link, Find<Link>(transaction, Kind::kLink, key));
    if (!claim || !link || claim->told().foreign_id() != home.id()) continue;
    BB_RETURN_IF_ERROR(
        MoveLinkBack(transaction, merge, home, key, BackTo(home, *link, nullptr, transaction)));
  }
  return absl::OkStatus();
}

absl::Status MoveLinksBack(storage::Transaction& transaction, const StoredMerge& merge) {
  const std::string& home_id = merge.record().absorbed_association_id();
  BB_ASSIGN_OR_RETURN(const auto home, Find<Association>(transaction, Kind::kAssociation, home_id));
  if (!home) return absl::OkStatus();
  for (const MovedLink& moved : merge.links()) {
    BB_ASSIGN_OR_RETURN(const auto link, Find<Link>(transaction, Kind::kLink, moved.key()));
    if (!link) continue;
    const bool untouched = ToBytes(*link) == ToBytes(moved.after());
    // One that was moved on since, or split off, is not ours any more.
    if (!untouched && link->association_id() != merge.record().survivor_association_id()) continue;
    if (!untouched) {
      BB_RETURN_IF_ERROR(MoveLinkBack(transaction, merge, *home, moved.key(),
                                      BackTo(*home, *link, &moved.before(), transaction)));
      continue;
    }
    BB_RETURN_IF_ERROR(PutLink(transaction, moved.key(), moved.before()));
    BB_RETURN_IF_ERROR(MoveConflicts(transaction, moved.key(), home_id).status());
  }
  return MoveLaterLinksBack(transaction, merge, *home);
}

absl::Status MoveRelationsBack(storage::Transaction& transaction, const StoredMerge& merge) {
  const std::string& absorbed = merge.record().absorbed_association_id();
  const std::string& survivor = merge.record().survivor_association_id();
  for (const AssociationRelation& before : merge.relations_before()) {
    BB_ASSIGN_OR_RETURN(auto now,
                        Find<AssociationRelation>(transaction, Kind::kRelation, before.id()));
    const auto is_of_both = [&](const std::string& id) { return id == absorbed || id == survivor; };
    const bool between =
        is_of_both(before.from_association_id()) && is_of_both(before.to_association_id());
    // Gone, and not by the merge: somebody took it away since.
    if (!now && !between) continue;
    AssociationRelation next = now ? *now : before;
    next.set_from_association_id(before.from_association_id());
    next.set_to_association_id(before.to_association_id());
    BB_RETURN_IF_ERROR(PutRelation(transaction, std::move(next)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status MoveAttached(storage::Transaction& transaction, StoredMerge& merge) {
  BB_RETURN_IF_ERROR(MoveLinks(transaction, merge));
  BB_RETURN_IF_ERROR(MoveRelations(transaction, merge));
  return MoveQuestions(transaction, merge);
}

absl::Status MoveAttachedBack(storage::Transaction& transaction, const StoredMerge& merge) {
  BB_RETURN_IF_ERROR(MoveLinksBack(transaction, merge));
  BB_RETURN_IF_ERROR(MoveRelationsBack(transaction, merge));
  return MoveQuestionsBack(transaction, merge);
}

absl::Status MoveLinkOf(storage::Transaction& transaction,
                        const identity::v1::RecordReference& record,
                        const std::string& from_association_id,
                        const std::string& to_association_id) {
  BB_ASSIGN_OR_RETURN(const auto keys,
                      KeysAt(transaction, Index::kLinkByAssociation, from_association_id));
  for (const std::string& key : keys) {
    // A key is connection/stream/external id, and a stream has no "/".
    const std::size_t stream = record.connection_id().size() + 1;
    const std::size_t slash = key.find('/', stream);
    const bool this_one = key.starts_with(record.connection_id() + "/") &&
                          slash != std::string::npos &&
                          key.substr(slash + 1) == record.external_id();
    if (!this_one) continue;
    BB_ASSIGN_OR_RETURN(const auto link, Find<Link>(transaction, Kind::kLink, key));
    if (!link) continue;
    BB_RETURN_IF_ERROR(PutLink(transaction, key, Moved(*link, to_association_id, transaction)));
    BB_RETURN_IF_ERROR(MoveConflicts(transaction, key, to_association_id).status());
  }
  return absl::OkStatus();
}

}  // namespace brobygger::registry
