#include "core/sync/decide.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/rules.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/express.h"
#include "core/sync/subject.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;

// A number that another association has stays beside the record: the source goes on
// saying it, and the association that is found by it stays the one.
absl::Status KeepTakenNumbersBeside(const storage::Snapshot& snapshot, MergeResult& merge) {
  const std::string prefix = "identifiers.";
  for (auto change = merge.changes.begin(); change != merge.changes.end();) {
    const std::string path = change->path();
    const std::string number = change->new_value();
    const bool sets_number = path.starts_with(prefix) && !change->conflict() && !number.empty();
    if (sets_number) {
      BB_ASSIGN_OR_RETURN(const auto owner,
                          registry::FindByIdentifier(snapshot, path.substr(prefix.size()), number));
      if (owner) {
        std::erase(merge.stands_behind, path);
        merge.other_values[path] = number;
        change = merge.changes.erase(change);
        continue;
      }
    }
    ++change;
  }
  return absl::OkStatus();
}

// Finds the association the record belongs to and says why.
absl::Status PutHome(const DecisionContext& context,
                     const storage::Snapshot& snapshot,
                     const Subject& subject,
                     bool known_new,
                     Decision& decision) {
  const HomeSeeker seeker{known_new ? nullptr : &context.identity, snapshot,
                          context.stream.connection_id, subject.claim.told().foreign_id()};
  BB_ASSIGN_OR_RETURN(Home home, FindHome(seeker, subject.link, subject.told));
  v1::PlannedAction& action = decision.action;
  action.set_link_reason(home.reason);
  if (home.reason == kByMatch || home.reason == kInDoubt || home.reason == kBranch) {
    action.set_match_score(home.candidate.score);
  }
  if (home.association && (home.reason == kByMatch || home.reason == kByCvr)) {
    KeepOtherName(subject.told.association, *home.association, action);
  }
  if (home.reason == kInDoubt || home.reason == kBranch) {
    action.set_other_association_id(home.candidate.association_id);
    BB_ASSIGN_OR_RETURN(const auto other,
                        registry::FindAssociation(snapshot, home.candidate.association_id));
    if (other) action.set_other_official_name(other->official_name());
  }
  decision.association = std::move(home.association);
  decision.standing = std::move(home.standing);
  decision.candidate = std::move(home.candidate);
  return absl::OkStatus();
}

v1::PlannedAction::Kind KindOf(const Decision& decision) {
  if (!decision.association) return v1::PlannedAction::KIND_CREATE;
  if (decision.merge.ChangesRegistry() || decision.undelete) return v1::PlannedAction::KIND_UPDATE;
  if (decision.merge.HasConflict()) return v1::PlannedAction::KIND_CONFLICT;
  return decision.merge.source_changes.empty() ? v1::PlannedAction::KIND_LINK
                                               : v1::PlannedAction::KIND_SOURCE_UPDATE;
}

std::string NameAfter(const Decision& decision) {
  if (!decision.association) return decision.told.association.official_name();
  const auto& changes = decision.merge.changes;
  const auto renamed = std::find_if(changes.begin(), changes.end(), [](const auto& change) {
    return change.path() == "official_name" && !change.conflict();
  });
  return renamed != changes.end() ? renamed->new_value() : decision.association->official_name();
}

// Whether a person has changed the association since the link was last agreed. While
// the clock is set back all times are the same, and only revisions go on.
bool EditedSince(const Association& association, const v1::Link& link) {
  if (registry::RevisionOfEtag(association.etag()) <= link.agreed_revision()) return false;
  const auto agreed = base::ToInstant(link.since_time());
  return std::any_of(association.provenance().begin(), association.provenance().end(),
                     [&](const auto& statement) {
                       return statement.connection_id().empty() &&
                              base::ToInstant(statement.registered_time()) >= agreed;
                     });
}

absl::StatusOr<bool> HasOtherLink(const storage::Snapshot& snapshot,
                                  const std::string& association_id,
                                  const std::string& own_key) {
  BB_ASSIGN_OR_RETURN(const auto links,
                      snapshot.ScanIndex(storage::Index::kLinkByAssociation,
                                         {.prefix = association_id, .after = {}, .limit = 3}));
  return std::any_of(links.begin(), links.end(), [&](const auto& link) {
    return link.value == association_id && link.key != own_key;
  });
}

// Whether the source had a record of the association and no longer has it, or no longer
// shows it. Somebody there took it away, or it is there and hidden.
absl::StatusOr<bool> HadRecord(const StreamKey& stream,
                               const storage::Snapshot& snapshot,
                               const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto places,
                      snapshot.ScanIndex(storage::Index::kPastLinkByAssociation,
                                         {.prefix = association_id, .after = {}, .limit = 500}));
  return std::any_of(places.begin(), places.end(), [&](const auto& place) {
    return place.value == association_id && place.key.starts_with(stream.prefix());
  });
}

// Once: a question that is open already is no news.
absl::Status AskBetweenTwins(const DecisionContext& context,
                             const storage::Snapshot& snapshot,
                             const Standpoint& standpoint,
                             Decision& decision) {
  if (standpoint.twins.empty() || decision.association->has_delete_time()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const bool asked,
                      IsTwinAskedAbout(snapshot, context.stream, decision.action.external_id()));
  if (asked) return absl::OkStatus();
  decision.twins = standpoint.twins;
  decision.merge.changes.push_back(TwinQuestion(decision.association->id(), decision.twins));
  return absl::OkStatus();
}

// A new association of the record's: what the source is told of it in return.
absl::Status MergeNew(const DecisionContext& context,
                      const storage::Snapshot& snapshot,
                      const Subject& subject,
                      Decision& decision) {
  const std::string& kept_id = subject.claim.told().foreign_id();
  if (!context.mapping.writes() || subject.link || !kept_id.empty()) return absl::OkStatus();
  decision.written_later = context.waiting.twins.contains(subject.claim.told().external_id());
  if (decision.written_later) return absl::OkStatus();
  Association made = subject.told.association;
  made.set_id(kIdWhenMade);
  BB_ASSIGN_OR_RETURN(decision.merge,
                      MergeSubject(context, snapshot, subject, {made.id(), true}, made));
  decision.merge.changes.clear();
  return absl::OkStatus();
}

// Somebody here deleted the association: the source is told, and no more. Where the
// source has news of it, that is a person's call.
void KeepDeleted(const Subject& subject, Decision& decision) {
  MergeResult said;
  const auto is_hubs = [](const auto& one) { return IsHubPath(one.path()); };
  const MergeResult& merge = decision.merge;
  std::copy_if(merge.source_changes.begin(), merge.source_changes.end(),
               std::back_inserter(said.source_changes), is_hubs);
  std::copy_if(merge.source_bases.begin(), merge.source_bases.end(),
               std::back_inserter(said.source_bases), is_hubs);
  decision.merge = std::move(said);
  const bool news = !subject.link || subject.link->agreed_hash() != subject.claim.told_hash();
  decision.action.set_kind(news || decision.merge.source_changes.empty()
                               ? v1::PlannedAction::KIND_CONFLICT
                               : v1::PlannedAction::KIND_SOURCE_UPDATE);
}

absl::Status Merge(const DecisionContext& context,
                   const storage::Snapshot& snapshot,
                   const Subject& subject,
                   Decision& decision) {
  if (!decision.association) {
    if (subject.told.association.municipality_code().empty()) {
      return model::BrokenRule({nullptr, "municipality_code"},
                               "is not told, and a new association needs one: set "
                               "default_municipality_code in the connection");
    }
    return MergeNew(context, snapshot, subject, decision);
  }
  BB_ASSIGN_OR_RETURN(const Standpoint standpoint,
                      StandpointOf(context, snapshot, subject, *decision.association));
  decision.stands_for = standpoint.id;
  decision.written_later = standpoint.later;
  decision.passed_over = standpoint.passed_over;
  BB_ASSIGN_OR_RETURN(decision.merge,
                      MergeSubject(context, snapshot, subject, standpoint, *decision.association));
  BB_RETURN_IF_ERROR(AskBetweenTwins(context, snapshot, standpoint, decision));
  const std::string& reason = decision.action.link_reason();
  const bool never_agreed = decision.link && decision.link->agreed_hash() == 0;
  if (reason == kByMatch || reason == kById || never_agreed) {
    BB_RETURN_IF_ERROR(KeepTakenNumbersBeside(snapshot, decision.merge));
  }
  decision.action.set_association_id(decision.association->id());
  decision.action.set_base_revision(registry::RevisionOfEtag(decision.association->etag()));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Decision> DecideTold(const DecisionContext& context,
                                    const storage::Snapshot& snapshot,
                                    const std::string& external_id,
                                    bool known_new) {
  Decision decision;
  decision.action.set_external_id(external_id);
  BB_ASSIGN_OR_RETURN(auto subject, LoadSubject(context, snapshot, external_id));
  if (!subject) {
    decision.nothing = true;
    return decision;
  }
  decision.link = subject->link;
  decision.told_hash = subject->claim.told_hash();
  decision.action.set_record_hash(decision.told_hash);
  BB_RETURN_IF_ERROR(PutHome(context, snapshot, *subject, known_new, decision));
  decision.undelete = decision.association && decision.association->has_delete_time() &&
                      decision.link && decision.link->state() != v1::Link::STATE_LIVE;
  // Its source is to be told that it is there again.
  if (decision.undelete) decision.association->clear_delete_time();
  BB_RETURN_IF_ERROR(Merge(context, snapshot, *subject, decision));
  decision.told = std::move(subject->told);
  const bool deleted = decision.association && decision.association->has_delete_time();
  decision.action.set_kind(KindOf(decision));
  decision.action.set_official_name(NameAfter(decision));
  if (deleted) KeepDeleted(*subject, decision);
  if (decision.association) {
    for (const auto& change : decision.merge.changes) *decision.action.add_changes() = change;
  }
  for (const auto& change : decision.merge.source_changes) {
    *decision.action.add_source_changes() = change;
  }
  decision.told_record = std::move(*subject->claim.mutable_told());
  return decision;
}

absl::StatusOr<Decision> DecideAbsent(const DecisionContext& context,
                                      const storage::Snapshot& snapshot,
                                      const std::string& external_id,
                                      bool hidden) {
  Decision decision;
  decision.action.set_external_id(external_id);
  const std::string key = context.stream.For(external_id);
  BB_ASSIGN_OR_RETURN(decision.link, Load<v1::Link>(snapshot, Kind::kLink, key));
  if (!decision.link || decision.link->state() != v1::Link::STATE_LIVE) {
    decision.nothing = true;
    return decision;
  }
  const std::string& id = decision.link->association_id();
  BB_ASSIGN_OR_RETURN(decision.association, registry::FindAssociation(snapshot, id));
  BB_ASSIGN_OR_RETURN(const bool others, HasOtherLink(snapshot, id, key));
  v1::PlannedAction& action = decision.action;
  action.set_association_id(id);
  action.set_link_reason(hidden ? "out_of_scope" : "vanished");
  action.set_kind(v1::PlannedAction::KIND_UNLINK);
  if (!decision.association) return decision;
  action.set_official_name(decision.association->official_name());
  action.set_base_revision(registry::RevisionOfEtag(decision.association->etag()));
  if (hidden || others || decision.association->has_delete_time()) return decision;
  action.set_kind(EditedSince(*decision.association, *decision.link)
                      ? v1::PlannedAction::KIND_CONFLICT
                      : v1::PlannedAction::KIND_DELETE);
  return decision;
}

absl::StatusOr<Decision> DecideMissing(const DecisionContext& context,
                                       const storage::Snapshot& snapshot,
                                       const std::string& association_id) {
  Decision decision;
  decision.nothing = true;
  BB_ASSIGN_OR_RETURN(const bool had, HadRecord(context.stream, snapshot, association_id));
  if (had) return decision;
  BB_ASSIGN_OR_RETURN(decision.association, registry::FindAssociation(snapshot, association_id));
  if (!context.creates || !decision.association || decision.association->has_delete_time()) {
    return decision;
  }
  const Association& association = *decision.association;
  if (!context.creates_municipality_code.empty() &&
      association.municipality_code() != context.creates_municipality_code) {
    return decision;
  }
  decision.in_doubt = !context.identity.DoubtsAbout(association_id).empty();
  if (decision.in_doubt) return decision;
  decision.nothing = false;
  decision.stands_for = association_id;
  v1::PlannedAction& action = decision.action;
  action.set_kind(v1::PlannedAction::KIND_SOURCE_CREATE);
  action.set_link_reason(kNew);
  action.set_association_id(association_id);
  action.set_official_name(association.official_name());
  action.set_base_revision(registry::RevisionOfEtag(association.etag()));
  for (const std::string& path : PathsOfNewRecord(context.mapping)) {
    const std::string text = IsHubPath(path) ? HubText(association, association_id, path)
                                             : model::FieldText(association, path).value_or("");
    if (text.empty()) continue;
    auto& change = decision.merge.source_changes.emplace_back();
    change.set_path(path);
    change.set_new_value(text);
    change.set_decides("hub");
    *action.add_source_changes() = change;
  }
  return decision;
}

absl::StatusOr<MergeResult> MergeInto(const DecisionContext& context,
                                      const storage::Snapshot& snapshot,
                                      const std::string& external_id,
                                      const Association& association) {
  BB_ASSIGN_OR_RETURN(const auto subject, LoadSubject(context, snapshot, external_id));
  if (!subject) return MergeResult();
  Standpoint standpoint{.id = association.id(), .writes = false};
  if (!association.id().empty()) {
    BB_ASSIGN_OR_RETURN(standpoint, StandpointOf(context, snapshot, *subject, association));
  }
  return MergeSubject(context, snapshot, *subject, standpoint, association);
}

}  // namespace brobygger::sync
