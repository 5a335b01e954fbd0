#include "core/sync/outbound.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/model/fields.h"
#include "core/registry/ingest.h"
#include "core/sync/agreement.h"
#include "core/sync/claims.h"
#include "core/sync/express.h"
#include "core/sync/subject.h"

namespace brobygger::sync {
namespace {

using plugin::v1::OperationResult;
using registry::v1::Association;
using storage::Kind;
using v1::Operation;

constexpr std::chrono::seconds kFirstPutOff(10);
constexpr std::chrono::seconds kLeastPutOff(1);
constexpr int kMostDoublings = 9;  // at most 85 minutes

// How the source holds the fields of `set` now, as far as it tells them.
void FillExpected(const plugin::v1::Record& told,
                  const SourceValues& set,
                  plugin::v1::Operation& sent) {
  for (const auto& [field, value] : set) {
    const auto held = told.fields().find(field);
    if (held != told.fields().end()) (*sent.mutable_expected())[field] = held->second;
  }
}

absl::Status LogOverruledChanges(storage::Transaction& transaction,
                                 const OutboundContext& context,
                                 const Operation& operation) {
  for (const auto& change : operation.changes()) {
    if (!change.overrules()) continue;
    v1::OverruledValue value;
    value.set_connection_id(context.decisions.stream.connection_id);
    value.set_external_id(operation.sent().external_id());
    value.set_association_id(operation.association_id());
    value.set_path(change.path());
    value.set_value(change.old_value());
    value.set_replaced_by(change.new_value());
    value.set_at_source(true);
    value.set_run_id(context.run_id);
    BB_RETURN_IF_ERROR(LogOverruled(transaction, std::move(value), context.counts.overruled++));
  }
  return absl::OkStatus();
}

absl::Status RemoveOperation(storage::Transaction& transaction,
                             const OutboundContext& context,
                             const Operation& operation) {
  const std::string key = OperationKey(context.decisions.stream, operation.sent().foreign_id());
  context.known.open.erase(key);
  return transaction.Remove(Kind::kOperation, key);
}

// The source asked to come back later: each time twice as late, if it does not say when.
absl::Status PutOff(storage::Transaction& transaction,
                    const OutboundContext& context,
                    const Operation& operation,
                    const OperationResult& result) {
  ++context.counts.put_off;
  const std::string key = context.decisions.stream.For(operation.association_id());
  BB_ASSIGN_OR_RETURN(auto mark, Load<v1::DirtyMark>(transaction, Kind::kDirty, key));
  v1::DirtyMark next = mark ? *std::move(mark) : v1::DirtyMark();
  auto pause = kFirstPutOff * (1 << std::min<int>(next.attempts(), kMostDoublings));
  for (const auto& diagnostic : result.diagnostics()) {
    if (diagnostic.has_retry_after()) {
      pause = std::max(kLeastPutOff, std::chrono::seconds(diagnostic.retry_after().seconds()));
    }
  }
  context.known.put_off.insert(key);
  next.set_attempts(next.attempts() + 1);
  *next.mutable_not_before_time() = base::ToTimestamp(transaction.now() + pause);
  return MarkDirty(transaction, context.decisions.stream, operation.association_id(), next);
}

absl::Status KeepDeadLetter(storage::Transaction& transaction,
                            const OutboundContext& context,
                            const Operation& operation,
                            const OperationResult& result) {
  ++context.counts.refused;
  const std::string key = context.decisions.stream.For(operation.association_id());
  BB_ASSIGN_OR_RETURN(auto before, Load<v1::DeadLetter>(transaction, Kind::kDeadLetter, key));
  v1::DeadLetter letter;
  letter.set_connection_id(context.decisions.stream.connection_id);
  letter.set_association_id(operation.association_id());
  letter.set_external_id(operation.sent().external_id());
  letter.set_base_revision(operation.base_revision());
  letter.set_attempts(before ? before->attempts() + 1 : 1);
  *letter.mutable_last_time() = base::ToTimestamp(transaction.now());
  *letter.mutable_first_time() = before ? before->first_time() : letter.last_time();
  letter.set_code("sync.refused");
  if (!result.diagnostics().empty()) {
    const auto& why = result.diagnostics(0);
    const auto text = [&](const char* language) {
      const auto found = why.text().find(language);
      return found == why.text().end() ? std::string() : found->second;
    };
    letter.set_code(why.code());
    letter.set_path(why.path());
    letter.set_text_da(text("da"));
    letter.set_text_en(text("en"));
  }
  context.known.letters.insert(key);
  return transaction.Put(Kind::kDeadLetter, key, letter.SerializeAsString());
}

// Whether the association's dead letter is about another record that still stands for it, as one of
// an association that was merged into it does.
absl::StatusOr<bool> IsOfAnotherRecord(const storage::Snapshot& snapshot,
                                       const StreamKey& stream,
                                       const Operation& operation) {
  const std::string& association_id = operation.association_id();
  BB_ASSIGN_OR_RETURN(const auto letter, Load<v1::DeadLetter>(snapshot, Kind::kDeadLetter,
                                                              stream.For(association_id)));
  if (!letter || letter->external_id() == operation.sent().external_id()) return false;
  BB_ASSIGN_OR_RETURN(const auto records, LiveRecordsOf(stream, snapshot, association_id));
  return std::count(records.begin(), records.end(), letter->external_id()) > 0;
}

// It is done: nothing more waits unless somebody has changed the association since, or another of
// its records was put off or refused.
absl::Status NoLongerDirty(storage::Transaction& transaction,
                           const OutboundContext& context,
                           const Operation& operation,
                           const Association& before) {
  const std::string key = context.decisions.stream.For(operation.association_id());
  bool others_wait = context.known.put_off.contains(key);
  if (context.known.letters.contains(key)) {
    BB_ASSIGN_OR_RETURN(const bool is_others,
                        IsOfAnotherRecord(transaction, context.decisions.stream, operation));
    others_wait = others_wait || is_others;
    if (!is_others) {
      context.known.letters.erase(key);
      BB_RETURN_IF_ERROR(transaction.Remove(Kind::kDeadLetter, key));
    }
  }
  if (others_wait) return absl::OkStatus();
  const bool as_sent = registry::RevisionOfEtag(before.etag()) == operation.base_revision();
  if (as_sent) return transaction.Remove(Kind::kDirty, key);
  return MarkDirty(transaction, context.decisions.stream, operation.association_id());
}

absl::Status TakeDone(storage::Transaction& transaction,
                      const OutboundContext& context,
                      const Operation& operation,
                      const OperationResult& result) {
  const bool create = operation.sent().kind() == plugin::v1::Operation::KIND_CREATE;
  BB_ASSIGN_OR_RETURN(const auto before,
                      registry::FindAssociation(transaction, operation.association_id()));
  BB_ASSIGN_OR_RETURN(
      const bool agreed,
      create ? AgreeOnNew(transaction, context, operation, result.stored())
             : AgreeOnWritten(transaction, context.decisions, operation, result.stored()));
  if (!agreed) {
    OperationResult refused;
    auto& why = *refused.add_diagnostics();
    why.set_code("sync.record_taken");
    (*why.mutable_text())["en"] =
        "The source put it on a record that stands for another association. Decide whether the "
        "two are the same: brobygger identity review";
    return KeepDeadLetter(transaction, context, operation, refused);
  }
  ++(create ? context.counts.created : context.counts.updated);
  if (!before) return absl::OkStatus();
  BB_RETURN_IF_ERROR(NoLongerDirty(transaction, context, operation, *before));
  return create ? absl::OkStatus()
                : StandBehindWritten(transaction, context.decisions, operation, *before);
}

}  // namespace

absl::StatusOr<KnownWrites> FindKnownWrites(const storage::Snapshot& snapshot,
                                            const StreamKey& stream) {
  KnownWrites known;
  const auto keys_into = [](absl::flat_hash_set<std::string>& keys) {
    return [&keys](const std::string& key, const std::string& /*bytes*/) {
      keys.insert(key);
      return absl::OkStatus();
    };
  };
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kOperation, stream.prefix(), keys_into(known.open)));
  BB_RETURN_IF_ERROR(
      ForEach(snapshot, Kind::kDeadLetter, stream.prefix(), keys_into(known.letters)));
  const auto look = [&](const std::string& key, const std::string& bytes) {
    v1::DirtyMark mark;
    if (bytes.empty() || !mark.ParseFromString(bytes) || mark.interrupted_count() == 0) {
      return absl::OkStatus();
    }
    known.interrupted[ExternalIdOf(stream, key)] = mark.interrupted_count();
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(ForEach(snapshot, Kind::kDirty, stream.prefix(), look));
  return known;
}

std::string OperationKey(const StreamKey& stream, const std::string& stands_for) {
  return stream.For(stands_for);
}

absl::Status MarkDirty(storage::Transaction& transaction,
                       const StreamKey& stream,
                       const std::string& association_id,
                       const v1::DirtyMark& mark) {
  return transaction.Put(Kind::kDirty, stream.For(association_id), mark.SerializeAsString());
}

absl::Status LogOverruled(storage::Transaction& transaction,
                          v1::OverruledValue value,
                          std::uint64_t number) {
  *value.mutable_time() = base::ToTimestamp(transaction.now());
  const auto micros = transaction.now().time_since_epoch().count();
  const std::string key =
      fmt::format("{}/{:016x}/{:08x}/{}{:08x}", value.connection_id(), micros,
                  transaction.revision(), value.at_source() ? 's' : 'r', number);
  return transaction.Put(Kind::kOverruled, key, value.SerializeAsString());
}

absl::StatusOr<std::optional<Operation>> PutIntent(storage::Transaction& transaction,
                                                   const OutboundContext& context,
                                                   const Decision& decision,
                                                   const Association& stored) {
  const Mapping& mapping = context.decisions.mapping;
  const bool create = decision.action.kind() == v1::PlannedAction::KIND_SOURCE_CREATE;
  Operation operation;
  const std::string stands_for = decision.stands_for.empty() ? stored.id() : decision.stands_for;
  const std::string key = OperationKey(context.decisions.stream, stands_for);
  if (context.known.open.contains(key)) return std::optional<Operation>();

  std::set<std::string> paths = {kHubRevision};
  for (const auto& change : decision.merge.source_changes) {
    paths.insert(change.path());
    *operation.add_changes() = change;
  }
  const auto set = Express(mapping, stored, stands_for, paths, decision.told_record);
  if (!set) return std::optional<Operation>();
  operation.set_state(Operation::STATE_INTENT);
  operation.set_association_id(stored.id());
  operation.set_base_revision(registry::RevisionOfEtag(stored.etag()));
  operation.set_run_id(context.run_id);
  const auto interrupted = context.known.interrupted.find(stored.id());
  if (interrupted != context.known.interrupted.end()) {
    operation.set_interrupted_count(interrupted->second);
  }
  *operation.mutable_create_time() = base::ToTimestamp(transaction.now());
  plugin::v1::Operation& sent = *operation.mutable_sent();
  sent.set_op_id(base::MakeUuid());
  sent.set_kind(create ? plugin::v1::Operation::KIND_CREATE : plugin::v1::Operation::KIND_UPDATE);
  sent.set_external_id(create ? "" : decision.action.external_id());
  sent.set_foreign_id(stands_for);
  sent.set_if_etag(decision.told_record.etag());
  for (const auto& [field, value] : *set) (*sent.mutable_set())[field] = value;
  FillExpected(decision.told_record, *set, sent);
  BB_RETURN_IF_ERROR(LogOverruledChanges(transaction, context, operation));
  context.known.open.insert(key);
  BB_RETURN_IF_ERROR(transaction.Put(Kind::kOperation, key, operation.SerializeAsString()));
  return std::optional<Operation>(std::move(operation));
}

absl::Status TakeOutcome(storage::Transaction& transaction,
                         const OutboundContext& context,
                         const Operation& operation,
                         const OperationResult& result) {
  const bool create = operation.sent().kind() == plugin::v1::Operation::KIND_CREATE;
  const bool has_record = !result.stored().external_id().empty();
  OperationResult::Outcome outcome = result.outcome();
  const bool done =
      outcome == OperationResult::OUTCOME_APPLIED || outcome == OperationResult::OUTCOME_NO_CHANGE;
  // Done, but nobody knows where: it has to be looked for.
  if (done && create && !has_record) outcome = OperationResult::OUTCOME_DOUBTFUL;
  if (outcome == OperationResult::OUTCOME_DOUBTFUL ||
      outcome == OperationResult::OUTCOME_UNSPECIFIED) {
    ++context.counts.doubtful;
    Operation doubtful = operation;
    doubtful.set_state(Operation::STATE_DOUBTFUL);
    return transaction.Put(Kind::kOperation,
                           OperationKey(context.decisions.stream, operation.sent().foreign_id()),
                           doubtful.SerializeAsString());
  }
  BB_RETURN_IF_ERROR(RemoveOperation(transaction, context, operation));
  if (done) return TakeDone(transaction, context, operation, result);
  if (outcome == OperationResult::OUTCOME_RETRY) {
    return PutOff(transaction, context, operation, result);
  }
  BB_RETURN_IF_ERROR(MarkDirty(transaction, context.decisions.stream, operation.association_id()));
  if (outcome == OperationResult::OUTCOME_STALE) {
    ++context.counts.stale;
    return has_record ? TakeNews(transaction, context.decisions, result.stored())
                      : absl::OkStatus();
  }
  return KeepDeadLetter(transaction, context, operation, result);
}

}  // namespace brobygger::sync
