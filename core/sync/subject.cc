#include "core/sync/subject.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/ingest.h"
#include "core/registry/joining.h"
#include "core/sync/claims.h"
#include "core/sync/express.h"
#include "core/sync/fight.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;

// The text forms of the told paths as `association` holds them.
absl::StatusOr<ToldFields> FieldsOf(const Association& association,
                                    const std::string& id,
                                    const ToldFields& told) {
  ToldFields fields;
  for (const auto& [path, text] : told) {
    if (IsHubPath(path)) {
      fields[path] = HubText(association, id, path);
    } else {
      BB_ASSIGN_OR_RETURN(fields[path], model::FieldText(association, path));
    }
  }
  return fields;
}

// What both sides held when they last agreed, if they ever did.
absl::Status AddBases(const DecisionContext& context,
                      const Subject& subject,
                      const std::string& id,
                      MergeInput& input) {
  const v1::Link& link = *subject.link;
  const bool agreed_on_told = subject.claim.told_hash() == link.agreed_hash();
  if (!agreed_on_told && !subject.claim.has_agreed()) return absl::OkStatus();
  if (agreed_on_told) {
    input.agreed_told = input.told;
  } else {
    // A rule that has become stricter since must not stop the record now.
    const auto told_before = context.mapping.Tell(subject.claim.agreed());
    if (!told_before.ok()) return absl::OkStatus();
    BB_ASSIGN_OR_RETURN(input.agreed_told, told_before->Fields());
  }
  BB_ASSIGN_OR_RETURN(const auto then, context.store.At(link.agreed_revision()));
  BB_ASSIGN_OR_RETURN(const auto before, registry::FindAssociation(*then, link.association_id()));
  if (before) {
    BB_ASSIGN_OR_RETURN(input.agreed_registry, FieldsOf(*before, id, input.told));
  }
  for (const v1::FieldBase& base : link.bases()) {
    if (input.told.count(base.path()) == 0) continue;
    (*input.agreed_told)[base.path()] = base.source_value();
    if (!input.agreed_registry) input.agreed_registry = input.registry;
    (*input.agreed_registry)[base.path()] = base.registry_value();
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

// A record of an association that was merged away keeps only what became of it.
bool MayWrite(const std::string& path, bool merged) {
  return !merged || path == kHubStatus || path == kHubSuccessor;
}

void AllowWriting(const Mapping& mapping, bool merged, MergeInput& input) {
  for (const std::string& path : mapping.writable()) {
    if (MayWrite(path, merged)) input.writable.insert(path);
  }
  for (const std::string& path : mapping.hub_decides()) {
    if (MayWrite(path, merged)) input.hub_decides.insert(path);
  }
}

// A value that the source has no word for stays with us.
void DropUnspeakable(const Mapping& mapping,
                     const Association& association,
                     const Standpoint& standpoint,
                     const plugin::v1::Record& told,
                     MergeResult& merge) {
  const auto unspeakable = [&](const std::string& path) {
    return !Express(mapping, association, standpoint.id, {path}, told);
  };
  std::erase_if(merge.source_bases, [&](const auto& base) { return unspeakable(base.path()); });
  std::erase_if(merge.source_changes,
                [&](const auto& change) { return unspeakable(change.path()); });
}

}  // namespace

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

absl::StatusOr<std::vector<std::string>> LiveRecordsOf(const StreamKey& stream,
                                                       const storage::Snapshot& snapshot,
                                                       const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(const auto places,
                      snapshot.ScanIndex(storage::Index::kLinkByAssociation,
                                         {.prefix = association_id, .after = {}, .limit = 500}));
  std::vector<std::string> records;
  for (const auto& place : places) {
    if (place.value != association_id || !place.key.starts_with(stream.prefix())) continue;
    BB_ASSIGN_OR_RETURN(const auto link, Load<v1::Link>(snapshot, Kind::kLink, place.key));
    if (link && link->state() == v1::Link::STATE_LIVE) {
      records.push_back(ExternalIdOf(stream, place.key));
    }
  }
  return records;
}

absl::StatusOr<Standpoint> StandpointOf(const DecisionContext& context,
                                        const storage::Snapshot& snapshot,
                                        const Subject& subject,
                                        const Association& association) {
  Standpoint standpoint{.id = association.id(), .writes = false};
  if (!context.mapping.writes()) return standpoint;
  const std::string& kept_id = subject.claim.told().foreign_id();
  const bool was_passed_over = subject.link && subject.link->passed_over();
  if (kept_id == association.id()) {
    standpoint.writes = true;
    standpoint.takes_over = was_passed_over;
    return standpoint;
  }
  if (!kept_id.empty()) {
    BB_ASSIGN_OR_RETURN(const auto leads_to, registry::FollowMerges(snapshot, kept_id));
    standpoint.writes = leads_to && leads_to->id() == association.id();
    if (standpoint.writes) standpoint.id = kept_id;
    return standpoint;
  }
  const std::string& external_id = subject.claim.told().external_id();
  BB_ASSIGN_OR_RETURN(auto records, LiveRecordsOf(context.stream, snapshot, association.id()));
  std::erase(records, external_id);
  if (!records.empty()) {
    BB_ASSIGN_OR_RETURN(Twins twins, TwinsOf(snapshot, context.stream, association.id()));
    const bool among = std::erase(twins.records, external_id) > 0;
    standpoint.passed_over = twins.id_kept || (was_passed_over && !among);
    if (standpoint.passed_over) return standpoint;
    if (!twins.records.empty()) {
      twins.records.push_back(external_id);
      std::sort(twins.records.begin(), twins.records.end());
      standpoint.twins = std::move(twins.records);
      return standpoint;
    }
  }
  standpoint.takes_over = was_passed_over;
  // Our id may have been moved to a record that is not linked yet.
  standpoint.later = context.waiting.kept.contains(association.id()) ||
                     (!subject.link && context.waiting.twins.contains(external_id));
  standpoint.writes = !standpoint.later;
  return standpoint;
}

absl::StatusOr<MergeResult> MergeSubject(const DecisionContext& context,
                                         const storage::Snapshot& snapshot,
                                         const Subject& subject,
                                         const Standpoint& standpoint,
                                         const Association& association) {
  MergeInput input;
  BB_ASSIGN_OR_RETURN(input.told, subject.told.Fields());
  input.slots = context.mapping.SlotsIn(subject.claim);
  input.owned_here = context.owned_here;
  input.owned_elsewhere = OwnedElsewhere(context, association);
  BB_ASSIGN_OR_RETURN(input.registry, FieldsOf(association, standpoint.id, input.told));
  for (const auto& statement : association.provenance()) {
    if (!statement.connection_id().empty()) continue;
    input.person_behind.insert(statement.paths().begin(), statement.paths().end());
  }
  if (standpoint.writes) {
    AllowWriting(context.mapping, standpoint.id != association.id(), input);
  }
  if (subject.link) {
    if (!standpoint.takes_over) {
      BB_RETURN_IF_ERROR(AddBases(context, subject, standpoint.id, input));
    }
    BB_RETURN_IF_ERROR(AddOpenConflicts(snapshot, subject.key, input));
  }
  if (!standpoint.writes) {
    // What the hub says of itself is nobody's business then.
    std::erase_if(input.told, [](const auto& one) { return IsHubPath(one.first); });
  }
  MergeResult merge = Merge(input);
  BB_RETURN_IF_ERROR(StopFights(context.store, association,
                                base::ToInstant(subject.claim.registered_time()), input.told,
                                merge));
  std::erase_if(merge.stands_behind, [](const auto& path) { return IsHubPath(path); });
  std::erase_if(merge.other_values, [](const auto& one) { return IsHubPath(one.first); });
  if (!merge.source_changes.empty()) {
    DropUnspeakable(context.mapping, association, standpoint, subject.claim.told(), merge);
  }
  return merge;
}

}  // namespace brobygger::sync
