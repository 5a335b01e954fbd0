#include "core/sync/divergence.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/ingest.h"
#include "core/sync/claims.h"
#include "core/sync/conflicts.h"
#include "core/sync/connections.h"
#include "core/sync/express.h"
#include "core/sync/list_slots.h"
#include "core/sync/outbound.h"
#include "core/sync/rejects.h"
#include "core/sync/subject.h"
#include "core/sync/told_ahead.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;
using storage::Snapshot;
using v1::Conflict;

constexpr int kRecordsAtOnce = 500;

// A field whose two sides differ.
struct Difference {
  std::string path;
  std::string held;
  std::string told;
};

// A record with differences that nothing explains.
struct Finding {
  std::string external_id;
  std::string association_id;
  std::vector<Difference> differences = {};
};

class Auditor {
 public:
  Auditor(storage::Store& store, const DecisionContext& context)
      : store_(store), context_(context), stream_(context.stream) {
    for (const std::string& path : context.mapping.writable()) {
      if (!IsHubPath(path) && !context.owned_here.contains(path)) paths_.insert(path);
    }
  }

  absl::StatusOr<v1::AuditConnectionResponse> Run(const supervisor::CancelToken& cancel) {
    BB_ASSIGN_OR_RETURN(const bool agreed, EverAgreed());
    for (std::string after; agreed && !paths_.empty();) {
      if (cancel.cancelled()) return absl::CancelledError("cancelled by the caller");
      BB_ASSIGN_OR_RETURN(after, LookAtSome(after));
      if (after.empty()) break;
    }
    BB_RETURN_IF_ERROR(Close());
    return response_;
  }

 private:
  // Before the first sync was applied nothing is agreed on, so nothing can have come apart.
  absl::StatusOr<bool> EverAgreed() const {
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    BB_ASSIGN_OR_RETURN(const auto state,
                        Load<v1::StreamState>(*latest, Kind::kStreamState, stream_.prefix()));
    return state && state->ever_applied();
  }

  // Looks at the records after the key; returns the last one's key, or "" at the end.
  absl::StatusOr<std::string> LookAtSome(const std::string& after) {
    BB_ASSIGN_OR_RETURN(const auto snapshot, store_.Latest());
    BB_ASSIGN_OR_RETURN(const auto links, snapshot->Scan(Kind::kLink, {.prefix = stream_.prefix(),
                                                                       .after = after,
                                                                       .limit = kRecordsAtOnce}));
    std::vector<std::string> found;
    for (const storage::Entry& entry : links) {
      v1::Link link;
      if (!link.ParseFromString(*entry.bytes) || link.state() != v1::Link::STATE_LIVE) continue;
      BB_ASSIGN_OR_RETURN(const bool differs, Differs(*snapshot, entry.key, link));
      if (!differs) continue;
      const std::string external_id = ExternalIdOf(stream_, entry.key);
      BB_ASSIGN_OR_RETURN(const auto finding, Judge(*snapshot, external_id));
      if (finding) found.push_back(external_id);
    }
    if (!found.empty()) BB_RETURN_IF_ERROR(Open(found));
    return links.empty() ? std::string() : links.back().key;
  }

  // The cheap look at every record; a difference is the exception.
  absl::StatusOr<bool> Differs(const Snapshot& snapshot,
                               const std::string& key,
                               const v1::Link& link) {
    BB_ASSIGN_OR_RETURN(storage::Bytes bytes, snapshot.Find(Kind::kClaim, key));
    if (bytes == nullptr) return false;
    BB_ASSIGN_OR_RETURN(const ToldClaim claim, TellClaim(context_.mapping, std::move(bytes)));
    // What breaks a rule is kept aside, where somebody sees it.
    if (!claim.told.ok()) return false;
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FindAssociation(snapshot, link.association_id()));
    // Of an association that is deleted nothing is agreed on.
    if (!association || association->has_delete_time()) return false;
    response_.set_compared_count(response_.compared_count() + 1);
    BB_ASSIGN_OR_RETURN(const auto differences,
                        DifferencesOf(*claim.told, claim.claim, *association));
    return !differences.empty();
  }

  absl::StatusOr<std::vector<Difference>> DifferencesOf(const ToldAssociation& told,
                                                        const v1::Claim& claim,
                                                        const Association& association) const {
    std::vector<Difference> differences;
    std::optional<Slots> slots;
    for (const std::string& path : paths_) {
      if (!told.paths.contains(path)) continue;
      Difference one{.path = path, .held = {}, .told = {}};
      BB_ASSIGN_OR_RETURN(one.told, model::FieldText(told.association, path));
      BB_ASSIGN_OR_RETURN(one.held, model::FieldText(association, path));
      if (model::SameValue(path, one.told, one.held)) continue;
      if (!slots) slots = context_.mapping.SlotsIn(claim);
      const auto room = slots->find(path);
      // What the source has no field for it cannot tell.
      const bool same = room != slots->end() &&
                        model::SameValue(path, one.told, FirstEntries(one.held, room->second));
      if (!same) differences.push_back(std::move(one));
    }
    return differences;
  }

  // What nothing explains, or nothing at all.
  absl::StatusOr<std::optional<Finding>> Judge(const Snapshot& snapshot,
                                               const std::string& external_id) const {
    BB_ASSIGN_OR_RETURN(const auto subject, LoadSubject(context_, snapshot, external_id));
    if (!subject || !subject->link) return std::nullopt;
    BB_ASSIGN_OR_RETURN(const auto association,
                        registry::FindAssociation(snapshot, subject->link->association_id()));
    if (!association || association->has_delete_time()) return std::nullopt;
    BB_ASSIGN_OR_RETURN(const Standpoint standpoint,
                        StandpointOf(context_, snapshot, *subject, *association));
    // Of several records of one association a single one is written to.
    if (!standpoint.writes || standpoint.id != association->id()) return std::nullopt;
    BB_ASSIGN_OR_RETURN(const bool waits, Waits(snapshot, external_id, *association));
    if (waits) return std::nullopt;
    BB_ASSIGN_OR_RETURN(auto differences,
                        DifferencesOf(subject->told, subject->claim, *association));
    if (differences.empty()) return std::nullopt;
    BB_ASSIGN_OR_RETURN(const MergeResult merge,
                        MergeSubject(context_, snapshot, *subject, standpoint, *association));
    const Known known{*subject, *association, merge};
    Finding finding{.external_id = external_id, .association_id = association->id()};
    for (Difference& one : differences) {
      BB_ASSIGN_OR_RETURN(const bool explained, IsExplained(snapshot, known, one));
      if (!explained) finding.differences.push_back(std::move(one));
    }
    if (finding.differences.empty()) return std::nullopt;
    return std::optional<Finding>(std::move(finding));
  }

  // Whether the record or its association is under way in any form.
  absl::StatusOr<bool> Waits(const Snapshot& snapshot,
                             const std::string& external_id,
                             const Association& association) const {
    const std::string record = stream_.For(external_id);
    const std::string here = stream_.For(association.id());
    const std::pair<Kind, std::string> places[] = {
        {Kind::kPending, record},
        {Kind::kDirty, here},
        {Kind::kOperation, OperationKey(stream_, association.id())},
        {Kind::kDeadLetter, here},
        {Kind::kConflict, record + "/"}};  // about the whole record
    for (const auto& [kind, key] : places) {
      BB_ASSIGN_OR_RETURN(const storage::Bytes there, snapshot.Find(kind, key));
      if (there != nullptr) return true;
    }
    BB_ASSIGN_OR_RETURN(const bool aside, IsAside(snapshot, stream_, external_id));
    if (aside) return true;
    // Changed since the last time that the registry's changes were marked for the source.
    BB_ASSIGN_OR_RETURN(const auto state,
                        Load<v1::StreamState>(snapshot, Kind::kStreamState, stream_.prefix()));
    return !state || registry::RevisionOfEtag(association.etag()) >= state->followed_revision();
  }

  struct Known {
    const Subject& subject;
    const Association& association;
    const MergeResult& merge;
  };

  absl::StatusOr<bool> IsExplained(const Snapshot& snapshot,
                                   const Known& known,
                                   const Difference& difference) const {
    const std::string& path = difference.path;
    BB_ASSIGN_OR_RETURN(const storage::Bytes open,
                        snapshot.Find(Kind::kConflict, known.subject.key + "/" + path));
    if (open != nullptr) return true;
    const auto is_path = [&](const auto& one) { return one.path() == path; };
    const Association& association = known.association;
    const auto word = Express(context_.mapping, association, association.id(), {path},
                              known.subject.claim.told());
    if (!word) return true;
    // There is something to do, and yet nothing waits.
    const MergeResult& merge = known.merge;
    if (std::any_of(merge.changes.begin(), merge.changes.end(), is_path) ||
        std::any_of(merge.source_changes.begin(), merge.source_changes.end(), is_path)) {
      return false;
    }
    registry::v1::Provenance who;
    who.set_connection_id(stream_.connection_id);
    who.set_external_id(known.subject.claim.told().external_id());
    const auto* statement = model::FindStatement(association, who);
    if (statement == nullptr) return false;
    const auto beside = statement->other_values().find(path);
    return beside != statement->other_values().end() &&
           model::SameValue(path, beside->second, difference.told);
  }

  // Judged again within the write: people go on working meanwhile.
  absl::Status Open(const std::vector<std::string>& found) {
    v1::AuditConnectionResponse counts = response_;
    const auto body = [&](storage::Transaction& transaction) -> absl::Status {
      counts = response_;
      for (const std::string& external_id : found) {
        BB_ASSIGN_OR_RETURN(const auto finding, Judge(transaction, external_id));
        if (finding) BB_RETURN_IF_ERROR(OpenOne(transaction, *finding, counts));
      }
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(store_.Write("sync", body).status());
    response_ = std::move(counts);
    return absl::OkStatus();
  }

  absl::Status OpenOne(storage::Transaction& transaction,
                       const Finding& finding,
                       v1::AuditConnectionResponse& counts) const {
    for (const Difference& difference : finding.differences) {
      counts.set_found_count(counts.found_count() + 1);
      if (counts.opened_count() >= kMostOpened) continue;
      Conflict conflict =
          NewConflict(transaction, stream_, finding.external_id, finding.association_id);
      conflict.set_kind(Conflict::KIND_SILENT_DIVERGENCE);
      conflict.set_path(difference.path);
      conflict.set_registry_value(difference.held);
      conflict.set_source_value(difference.told);
      BB_RETURN_IF_ERROR(OpenConflict(transaction, stream_, std::move(conflict)).status());
      counts.set_opened_count(counts.opened_count() + 1);
    }
    return absl::OkStatus();
  }

  // Counts what waits for a person now, also from earlier audits, and keeps when it was looked.
  absl::Status Close() {
    BB_ASSIGN_OR_RETURN(const auto latest, store_.Latest());
    const auto count = [&](const std::string& /*key*/, const std::string& bytes) {
      Conflict conflict;
      const bool ours =
          conflict.ParseFromString(bytes) && conflict.kind() == Conflict::KIND_SILENT_DIVERGENCE;
      if (ours) response_.set_open_count(response_.open_count() + 1);
      return absl::OkStatus();
    };
    BB_RETURN_IF_ERROR(ForEach(*latest, Kind::kConflict, stream_.prefix(), count));
    const auto keep = [&](storage::Transaction& transaction) -> absl::Status {
      BB_ASSIGN_OR_RETURN(auto state,
                          Load<v1::StreamState>(transaction, Kind::kStreamState, stream_.prefix()));
      v1::StreamState next = state ? *std::move(state) : v1::StreamState();
      *next.mutable_audit_time() = base::ToTimestamp(transaction.now());
      return transaction.Put(Kind::kStreamState, stream_.prefix(), next.SerializeAsString());
    };
    return store_.Write("sync", keep).status();
  }

  storage::Store& store_;
  const DecisionContext& context_;
  const StreamKey& stream_;
  std::set<std::string> paths_;
  v1::AuditConnectionResponse response_;
};

}  // namespace

absl::StatusOr<v1::AuditConnectionResponse> AuditDivergence(storage::Store& store,
                                                            const DecisionContext& context,
                                                            const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(v1::AuditConnectionResponse audited, Auditor(store, context).Run(cancel));
  const base::ConnectionId connection(context.stream.connection_id);
  if (audited.found_count() > 0) {
    base::LogWarning("silent_divergence",
                     {{"connection", connection}, {"count", audited.found_count()}});
  }
  base::LogInfo("connection_audited",
                {{"connection", connection}, {"compared", audited.compared_count()}});
  return audited;
}

absl::StatusOr<std::vector<std::string>> DueAudits(const Snapshot& snapshot,
                                                   base::Instant now,
                                                   std::chrono::milliseconds every) {
  std::vector<std::string> due;
  if (every.count() == 0) return due;
  BB_ASSIGN_OR_RETURN(const auto connections, AllConnections(snapshot));
  for (const v1::Connection& connection : connections) {
    const auto mapping = Mapping::Make(connection);
    if (connection.disabled() || !mapping.ok() || !mapping->writes()) continue;
    BB_ASSIGN_OR_RETURN(const auto state, Load<v1::StreamState>(snapshot, Kind::kStreamState,
                                                                StreamOf(connection).prefix()));
    if (!state || !state->ever_applied()) continue;
    const bool young =
        state->has_audit_time() && now - base::ToInstant(state->audit_time()) < every;
    if (!young) due.push_back(connection.id());
  }
  return due;
}

}  // namespace brobygger::sync
