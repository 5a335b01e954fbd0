#include "core/sync/resolve.h"

#include <utility>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/model/provenance.h"
#include "core/registry/edit.h"
#include "core/registry/ingest.h"
#include "core/registry/links.h"
#include "core/sync/claims.h"
#include "core/sync/conflicts.h"
#include "core/sync/connections.h"
#include "core/sync/list_slots.h"
#include "core/sync/outbound.h"
#include "core/sync/subject.h"
#include "core/sync/twins.h"

namespace brobygger::sync {
namespace {

using registry::v1::Association;
using storage::Kind;
using v1::Conflict;
using v1::ResolveConflictRequest;

absl::Status Gone(const std::string& conflict_id) {
  return base::MakeError(
      errors::v1::ERROR_REASON_CONFLICT_NOT_FOUND,
      "there is no open conflict '" + conflict_id + "'; see brobygger sync conflicts",
      {{"conflict_id", conflict_id}});
}

// A conflict that somebody may settle: where it is kept, and what it is about.
struct Case {
  std::string key;
  Conflict conflict;
  StreamKey stream;
  std::string actor;
  Slots slots = {};  // of the record's lists
};

// The value that is not kept was somebody's.
absl::Status LogGivenUp(storage::Transaction& transaction,
                        const Case& settled,
                        const std::string& held,
                        const std::string& kept) {
  const Conflict& conflict = settled.conflict;
  std::uint64_t number = 0;
  for (const bool at_source : {false, true}) {
    const std::string& value = at_source ? conflict.source_value() : held;
    if (value.empty() || model::SameValue(conflict.path(), value, kept)) continue;
    v1::OverruledValue given_up;
    given_up.set_connection_id(conflict.connection_id());
    given_up.set_external_id(conflict.external_id());
    given_up.set_association_id(conflict.association_id());
    given_up.set_path(conflict.path());
    given_up.set_value(value);
    given_up.set_replaced_by(kept);
    given_up.set_at_source(at_source);
    BB_RETURN_IF_ERROR(LogOverruled(transaction, std::move(given_up), number++));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> SettleField(storage::Transaction& transaction,
                                        const Case& settled,
                                        const ResolveConflictRequest& request) {
  BB_ASSIGN_OR_RETURN(auto association,
                      registry::FindAssociation(transaction, settled.conflict.association_id()));
  if (!association) return std::string();
  const std::string& path = settled.conflict.path();
  // It may have changed since the conflict was opened.
  BB_ASSIGN_OR_RETURN(const std::string held, model::FieldText(*association, path));
  std::string kept = held;
  if (request.choice() == ResolveConflictRequest::CHOICE_SOURCE) {
    const auto slots = settled.slots.find(path);
    const std::string& told = settled.conflict.source_value();
    kept = slots == settled.slots.end() ? told : WithToldEntries(held, slots->second, told);
  }
  if (request.choice() == ResolveConflictRequest::CHOICE_VALUE) kept = request.value();
  Association next = *association;
  BB_RETURN_IF_ERROR(model::SetFieldText(next, path, kept));
  registry::v1::Provenance who;
  who.set_actor(settled.actor);
  *who.mutable_registered_time() = base::ToTimestamp(transaction.now());
  model::SettleStatements(*association, next);
  model::RecordStatement(next, who, {path});
  BB_RETURN_IF_ERROR(registry::IngestAssociation(transaction, std::move(next)).status());
  BB_RETURN_IF_ERROR(LogGivenUp(transaction, settled, held, kept));
  BB_RETURN_IF_ERROR(AgreeOnTold(transaction, settled.stream, settled.conflict));
  return kept;
}

// One side deleted what the other changed. "deleted" in the registry's value: it was
// deleted here.
absl::StatusOr<std::string> SettleDeletion(storage::Transaction& transaction,
                                           const Case& settled,
                                           const ResolveConflictRequest& request) {
  if (request.choice() == ResolveConflictRequest::CHOICE_VALUE) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "this conflict is about a whole record; choose one of the two sides",
                           {{"field", "choice"}});
  }
  const std::string& id = settled.conflict.association_id();
  const bool deleted_here = settled.conflict.registry_value() == "deleted";
  if (request.choice() == ResolveConflictRequest::CHOICE_REGISTRY) {
    return std::string(deleted_here ? "deleted" : "kept");
  }
  if (deleted_here) {
    BB_RETURN_IF_ERROR(registry::UndeleteAssociation(transaction, id, "", settled.actor).status());
    return std::string("undeleted");
  }
  BB_RETURN_IF_ERROR(registry::DeleteAssociation(transaction, id, "", settled.actor).status());
  return std::string("deleted");
}

// CHOICE_REGISTRY: it is not there, make it. CHOICE_SOURCE: it is there; the next
// reading finds it by our id.
absl::StatusOr<std::string> SettleMaybeCreated(storage::Transaction& transaction,
                                               const Case& settled,
                                               const ResolveConflictRequest& request) {
  const std::string key = OperationKey(settled.stream, settled.conflict.external_id());
  BB_RETURN_IF_ERROR(transaction.Remove(Kind::kOperation, key));
  const std::string& id = settled.conflict.association_id();
  if (request.choice() == ResolveConflictRequest::CHOICE_REGISTRY) {
    BB_RETURN_IF_ERROR(MarkDirty(transaction, settled.stream, id));
    return std::string("made again");
  }
  BB_ASSIGN_OR_RETURN(const auto records, LiveRecordsOf(settled.stream, transaction, id));
  // One that was read meanwhile may have to be told what has changed since.
  BB_RETURN_IF_ERROR(records.empty() ? transaction.Remove(Kind::kDirty, settled.stream.For(id))
                                     : MarkDirty(transaction, settled.stream, id));
  return std::string("there");
}

// What a person decided need not change anything in the registry, and is to be written all the
// same, not when the connection runs next: a mark with a time is looked at by itself. It is a time
// that is long past, whatever our clock says, and another one for each decision.
absl::Status WriteSoon(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const std::string& association_id) {
  BB_ASSIGN_OR_RETURN(auto mark,
                      Load<v1::DirtyMark>(transaction, Kind::kDirty, stream.For(association_id)));
  if (!mark) return absl::OkStatus();
  const std::chrono::microseconds decision(transaction.revision());
  *mark->mutable_not_before_time() = base::ToTimestamp(base::Instant(decision));
  return MarkDirty(transaction, stream, association_id, *mark);
}

absl::StatusOr<std::string> Settle(storage::Transaction& transaction,
                                   const Case& settled,
                                   const ResolveConflictRequest& request) {
  switch (settled.conflict.kind()) {
    case Conflict::KIND_BOTH_CHANGED:
    case Conflict::KIND_FORMAT_FIGHT:
    case Conflict::KIND_SILENT_DIVERGENCE:
      return SettleField(transaction, settled, request);
    case Conflict::KIND_MAYBE_CREATED:
      return SettleMaybeCreated(transaction, settled, request);
    case Conflict::KIND_DUPLICATE:
      return SettleTwin(transaction, settled.stream, settled.conflict, request.choice());
    default:
      return SettleDeletion(transaction, settled, request);
  }
}

}  // namespace

absl::StatusOr<v1::ResolveConflictResponse> ResolveConflict(storage::Transaction& transaction,
                                                            const ResolveConflictRequest& request,
                                                            const std::string& actor) {
  if (request.choice() == ResolveConflictRequest::CHOICE_UNSPECIFIED) {
    return base::MakeError(errors::v1::ERROR_REASON_FIELD_INVALID,
                           "say which value stays: the registry's, the source's or another",
                           {{"field", "choice"}});
  }
  BB_ASSIGN_OR_RETURN(auto found,
                      Load<Conflict>(transaction, Kind::kConflict, request.conflict_id()));
  if (!found) return Gone(request.conflict_id());
  BB_ASSIGN_OR_RETURN(const auto connection, FindConnection(transaction, found->connection_id()));
  Case settled{.key = request.conflict_id(),
               .conflict = *found,
               .stream = StreamOf(connection),
               .actor = actor};
  BB_ASSIGN_OR_RETURN(const Mapping mapping, Mapping::Make(connection));
  BB_ASSIGN_OR_RETURN(settled.slots,
                      SlotsOf(transaction, settled.stream, mapping, found->external_id()));
  v1::ResolveConflictResponse response;
  BB_ASSIGN_OR_RETURN(*response.mutable_registry_value(), Settle(transaction, settled, request));
  BB_RETURN_IF_ERROR(transaction.Remove(Kind::kConflict, settled.key));
  BB_RETURN_IF_ERROR(WriteSoon(transaction, settled.stream, found->association_id()));
  *response.mutable_conflict() = *std::move(found);
  return response;
}

absl::StatusOr<v1::ReplayDeadLettersResponse> ReplayDeadLetters(
    storage::Transaction& transaction, const v1::ReplayDeadLettersRequest& request) {
  BB_ASSIGN_OR_RETURN(const auto connection, FindConnection(transaction, request.connection_id()));
  const StreamKey stream = StreamOf(connection);
  std::vector<std::string> replayed;
  BB_RETURN_IF_ERROR(ForEach(transaction, Kind::kDeadLetter, stream.prefix(),
                             [&](const std::string& key, const std::string& /*bytes*/) {
                               const std::string id = ExternalIdOf(stream, key);
                               const bool wanted = request.association_id().empty() ||
                                                   request.association_id() == id;
                               if (wanted) replayed.push_back(id);
                               return absl::OkStatus();
                             }));
  for (const std::string& id : replayed) {
    BB_RETURN_IF_ERROR(transaction.Remove(Kind::kDeadLetter, stream.For(id)));
    BB_RETURN_IF_ERROR(MarkDirty(transaction, stream, id));
    BB_RETURN_IF_ERROR(WriteSoon(transaction, stream, id));
  }
  v1::ReplayDeadLettersResponse response;
  response.set_replayed_count(replayed.size());
  return response;
}

}  // namespace brobygger::sync
