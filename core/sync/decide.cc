#include "core/sync/decide.h"

#include <algorithm>
#include <utility>

#include "core/base/clock.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;

// The text forms of the told paths as `association` holds them.
absl::StatusOr<ToldFields> FieldsOf(const Association& association, const ToldFields& told) {
  ToldFields fields;
  for (const auto& [path, text] : told) {
    BB_ASSIGN_OR_RETURN(fields[path], model::FieldText(association, path));
  }
  return fields;
}

// What both sides held when they last agreed, if they ever did.
absl::Status AddBases(const DecisionContext& context,
                      const v1::Claim& claim,
                      const v1::Link& link,
                      MergeInput& input) {
  const bool agreed_on_told = claim.told_hash() == link.agreed_hash();
  if (!agreed_on_told && !claim.has_agreed()) return absl::OkStatus();
  if (agreed_on_told) {
    input.agreed_told = input.told;
  } else {
    // A rule that has become stricter since must not stop the record now.
    const auto told_before = context.mapping.Tell(claim.agreed());
    if (!told_before.ok()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(input.agreed_told, told_before->Fields());
  }
  BB_ASSIGN_OR_RETURN(const auto then, context.store.At(link.agreed_revision()));
  BB_ASSIGN_OR_RETURN(const auto before, registry::FindAssociation(*then, link.association_id()));
  if (before) {
    BB_ASSIGN_OR_RETURN(input.agreed_registry, FieldsOf(*before, input.told));
  }
  return absl::OkStatus();
}

absl::Status AddOpenConflicts(const storage::Snapshot& snapshot,
                              const std::string& key,
                              MergeInput& input) {
  return ForEach(snapshot, Kind::kConflict, key + "/",
                 [&](const std::string& /*key*/, const std::string& bytes) {
                   v1::Conflict conflict;
                   if (conflict.ParseFromString(bytes)) input.open[conflict.path()] = conflict;
                   return absl::OkStatus();
                 });
}

// One record with its claim, its link and what it tells.
struct Subject {
  std::string key;
  v1::Claim claim;
  std::optional<v1::Link> link;
  ToldAssociation told;
};

// The fields another source decides. One that has never spoken of this association
// decides nothing about it: else nobody could ever correct the field.
std::set<std::string> OwnedElsewhere(const DecisionContext& context,
                                     const Association& association) {
  std::set<std::string> owned;
  for (const auto& statement : association.provenance()) {
    const std::string& source = statement.connection_id();
    if (source.empty() || source == context.stream.connection_id) continue;
    const auto keep = [&](const std::string& path) {
      if (context.owned_elsewhere.count(path) > 0) owned.insert(path);
    };
    std::for_each(statement.paths().begin(), statement.paths().end(), keep);
    for (const auto& [path, value] : statement.other_values()) keep(path);
  }
  return owned;
}

absl::StatusOr<MergeResult> MergeSubject(const DecisionContext& context,
                                         const storage::Snapshot& snapshot,
                                         const Subject& subject,
                                         const Association& association) {
  MergeInput input;
  BB_ASSIGN_OR_RETURN(input.told, subject.told.Fields());
  input.owned_here = context.owned_here;
  input.owned_elsewhere = OwnedElsewhere(context, association);
  BB_ASSIGN_OR_RETURN(input.registry, FieldsOf(association, input.told));
  for (const auto& statement : association.provenance()) {
    if (!statement.connection_id().empty()) continue;
    input.person_behind.insert(statement.paths().begin(), statement.paths().end());
  }
  if (subject.link) {
    BB_RETURN_IF_ERROR(AddBases(context, subject.claim, *subject.link, input));
    BB_RETURN_IF_ERROR(AddOpenConflicts(snapshot, subject.key, input));
  }
  return Merge(input);
}

absl::StatusOr<std::optional<Subject>> LoadSubject(const DecisionContext& context,
                                                   const storage::Snapshot& snapshot,
                                                   const std::string& external_id) {
  Subject subject{.key = context.stream.For(external_id), .claim = {}, .link = {}, .told = {}};
  BB_ASSIGN_OR_RETURN(storage::Bytes bytes, snapshot.Find(Kind::kClaim, subject.key));
  if (bytes == nullptr) return std::optional<Subject>();
  auto claim = context.ahead->Take(subject.key, bytes);
  if (!claim) {
    BB_ASSIGN_OR_RETURN(claim, TellClaim(context.mapping, std::move(bytes)));
  }
  subject.claim = std::move(claim->claim);
  BB_ASSIGN_OR_RETURN(subject.link, Load<v1::Link>(snapshot, Kind::kLink, subject.key));
  BB_ASSIGN_OR_RETURN(subject.told, std::move(claim->told));
  return std::optional<Subject>(std::move(subject));
}

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
                          context.stream.connection_id};
  BB_ASSIGN_OR_RETURN(Home home, FindHome(seeker, subject.link, subject.told));
  v1::PlannedAction& action = decision.action;
  action.set_link_reason(home.reason);
  if (home.reason == kByMatch || home.reason == kInDoubt || home.reason == kBranch) {
    action.set_match_score(home.candidate.score);
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
  return decision.merge.HasConflict() ? v1::PlannedAction::KIND_CONFLICT
                                      : v1::PlannedAction::KIND_LINK;
}

std::string NameAfter(const Decision& decision) {
  if (!decision.association) return decision.told.association.official_name();
  const auto& changes = decision.merge.changes;
  const auto renamed = std::find_if(changes.begin(), changes.end(), [](const auto& change) {
    return change.path() == "official_name" && !change.conflict();
  });
  return renamed != changes.end() ? renamed->new_value() : decision.association->official_name();
}

// Whether a person has changed the association since the link was last agreed.
bool EditedSince(const Association& association, const v1::Link& link) {
  const auto agreed = base::ToInstant(link.since_time());
  return std::any_of(association.provenance().begin(), association.provenance().end(),
                     [&](const auto& statement) {
                       return statement.connection_id().empty() &&
                              base::ToInstant(statement.registered_time()) > agreed;
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
  if (decision.association) {
    BB_ASSIGN_OR_RETURN(decision.merge,
                        MergeSubject(context, snapshot, *subject, *decision.association));
    if (decision.action.link_reason() == kByMatch) {
      BB_RETURN_IF_ERROR(KeepTakenNumbersBeside(snapshot, decision.merge));
    }
    decision.action.set_association_id(decision.association->id());
    decision.action.set_base_revision(registry::RevisionOfEtag(decision.association->etag()));
  }
  decision.told = std::move(subject->told);
  const bool deleted = decision.association && decision.association->has_delete_time();
  decision.undelete = deleted && decision.link && decision.link->state() != v1::Link::STATE_LIVE;
  decision.action.set_kind(KindOf(decision));
  decision.action.set_official_name(NameAfter(decision));
  if (deleted && !decision.undelete) {
    // Somebody here deleted it, and the source still changes it: a person's call.
    decision.merge = {};
    decision.action.set_kind(v1::PlannedAction::KIND_CONFLICT);
  }
  if (decision.association) {
    for (const auto& change : decision.merge.changes) *decision.action.add_changes() = change;
  }
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

absl::StatusOr<MergeResult> MergeInto(const DecisionContext& context,
                                      const storage::Snapshot& snapshot,
                                      const std::string& external_id,
                                      const Association& association) {
  BB_ASSIGN_OR_RETURN(const auto subject, LoadSubject(context, snapshot, external_id));
  if (!subject) return MergeResult();
  return MergeSubject(context, snapshot, *subject, association);
}

}  // namespace brobygger::sync
