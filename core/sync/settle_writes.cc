#include "core/sync/settle_writes.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/sync/agreement.h"
#include "core/sync/claims.h"
#include "core/sync/conflicts.h"
#include "core/sync/run_log.h"

namespace brobygger::sync {
namespace {

using plugin::v1::OperationResult;
using plugin::v1::Record;
using plugin::v1::Value;
using storage::Kind;
using v1::Operation;

constexpr std::size_t kLookedUpAtOnce = 200;

// So often the plugin may end while a write is under way: the last time it was sent alone.
constexpr std::uint32_t kMostInterruptions = 3;

// What the source answered.
struct FoundRecords {
  std::map<std::string, Record> by_external_id;
  std::map<std::string, Record> by_foreign_id;
  std::set<std::string> absent;
  bool asked = false;  // false: this source cannot be asked
};

absl::StatusOr<FoundRecords> LookUp(const std::vector<Operation>& open, SourceWriter& writer) {
  std::vector<std::string> external_ids;
  std::vector<std::string> foreign_ids;
  for (const Operation& operation : open) {
    const auto& sent = operation.sent();
    if (!sent.external_id().empty()) external_ids.push_back(sent.external_id());
    if (!sent.foreign_id().empty()) foreign_ids.push_back(sent.foreign_id());
  }
  FoundRecords found;
  auto answer = writer.Lookup(external_ids, foreign_ids);
  if (!answer.ok()) {
    if (base::ReasonOf(answer.status()) != errors::v1::ERROR_REASON_PLUGIN_UNSUPPORTED) {
      return answer.status();
    }
    return found;
  }
  found.asked = true;
  found.absent.insert(answer->definitely_absent().begin(), answer->definitely_absent().end());
  for (Record& record : *answer->mutable_records()) {
    found.by_external_id[record.external_id()] = record;
    if (!record.foreign_id().empty()) found.by_foreign_id[record.foreign_id()] = std::move(record);
  }
  return found;
}

const Record* FindIn(const std::map<std::string, Record>& records, const std::string& id) {
  const auto found = records.find(id);
  return found == records.end() ? nullptr : &found->second;
}

bool Holds(const Record& record, const google::protobuf::Map<std::string, Value>& values) {
  return std::all_of(values.begin(), values.end(), [&](const auto& one) {
    const auto field = record.fields().find(one.first);
    // A field that the source does not tell cannot speak against it.
    return field == record.fields().end() ||
           field->second.SerializeAsString() == one.second.SerializeAsString();
  });
}

OperationResult Result(OperationResult::Outcome outcome, const Record& stored) {
  OperationResult result;
  result.set_outcome(outcome);
  *result.mutable_stored() = stored;
  return result;
}

class Settler {
 public:
  Settler(storage::Transaction& transaction,
          const OutboundContext& context,
          const FoundRecords& found)
      : transaction_(transaction), context_(context), found_(found) {}

  absl::Status Settle(const Operation& operation) {
    const bool create = operation.sent().kind() == plugin::v1::Operation::KIND_CREATE;
    return create ? SettleCreate(operation) : SettleUpdate(operation);
  }

 private:
  absl::Status SettleCreate(const Operation& operation) {
    const std::string& id = operation.sent().foreign_id();
    const Record* record = FindIn(found_.by_foreign_id, id);
    if (record != nullptr && record->deleted()) return TakenAway(operation, *record);
    if (record != nullptr) return Adopt(operation, *record);
    if (found_.absent.count(id) > 0) return PlanAnew(operation);
    return AskAPerson(operation);
  }

  // What it held before, or anything else than what was sent: then it was not done, or
  // somebody has changed it since. Either way the merge decides, from what both agreed
  // on before.
  absl::Status SettleUpdate(const Operation& operation) {
    const Record* record = FindIn(found_.by_external_id, operation.sent().external_id());
    if (record == nullptr || record->deleted()) return PlanAnew(operation);
    if (Holds(*record, operation.sent().set()) && TookOurId(operation, *record)) {
      const OperationResult done = Result(OperationResult::OUTCOME_APPLIED, *record);
      BB_RETURN_IF_ERROR(TakeOutcome(transaction_, context_, operation, done));
      return Log(operation, done);
    }
    if (Holds(*record, operation.sent().expected())) return PlanAnew(operation);
    return TakeOutcome(transaction_, context_, operation,
                       Result(OperationResult::OUTCOME_STALE, *record));
  }

  static bool TookOurId(const Operation& operation, const Record& record) {
    const bool gives_id =
        std::any_of(operation.changes().begin(), operation.changes().end(),
                    [](const auto& change) { return change.path() == kHubAssociationId; });
    return !gives_id || record.foreign_id() == operation.sent().foreign_id();
  }

  // A person may have changed it since: what was sent is what both agree on.
  absl::Status Adopt(const Operation& operation, const Record& record) {
    BB_ASSIGN_OR_RETURN(const bool agreed,
                        AgreeOnNew(transaction_, context_, operation, record, /*found=*/true));
    if (!agreed) {
      return Refuse(operation, "sync.record_taken",
                    "The record was put on another association's record.");
    }
    ++context_.counts.created;
    BB_RETURN_IF_ERROR(Forget(operation));
    return Log(operation, Result(OperationResult::OUTCOME_APPLIED, record));
  }

  absl::Status TakenAway(const Operation& operation, const Record& record) {
    Operation known = operation;
    known.mutable_sent()->set_external_id(record.external_id());
    return Refuse(
        known, "sync.record_gone",
        "The record was made, and taken away again by somebody there; it is not made a second "
        "time.");
  }

  absl::Status Refuse(const Operation& operation, const char* code, const char* why) {
    OperationResult refused;
    refused.set_outcome(OperationResult::OUTCOME_REJECTED);
    auto& diagnostic = *refused.add_diagnostics();
    diagnostic.set_code(code);
    (*diagnostic.mutable_text())["en"] = why;
    return TakeOutcome(transaction_, context_, operation, refused);
  }

  // It is not there. If that is because the plugin ended each time, the last time with this
  // write alone, it is not tried again by itself.
  absl::Status PlanAnew(const Operation& operation) {
    const bool cut_off = operation.state() == Operation::STATE_DOUBTFUL;
    const std::uint32_t count = operation.interrupted_count() + (cut_off ? 1 : 0);
    if (count > kMostInterruptions) {
      return Refuse(
          operation, "sync.plugin_ends",
          "The source's plugin ends each time this record is written; the others are written. "
          "Mend the association, or show the plugin's maker this message.");
    }
    BB_RETURN_IF_ERROR(TakeOutcome(transaction_, context_, operation,
                                   Result(OperationResult::OUTCOME_STALE, Record())));
    if (count == 0) return absl::OkStatus();
    v1::DirtyMark mark;
    mark.set_interrupted_count(count);
    return MarkDirty(transaction_, context_.decisions.stream, operation.association_id(), mark);
  }

  // It stays as it is until somebody has looked.
  absl::Status AskAPerson(const Operation& operation) {
    v1::Conflict conflict = NewConflict(transaction_, context_.decisions.stream,
                                        operation.sent().foreign_id(), operation.association_id());
    conflict.set_kind(v1::Conflict::KIND_MAYBE_CREATED);
    ++context_.counts.doubtful;
    return OpenConflict(transaction_, context_.decisions.stream, std::move(conflict)).status();
  }

  // The run that sent it has done it: undoing that run must find it.
  absl::Status Log(const Operation& operation, const OperationResult& done) {
    RunLog log(operation.run_id());
    log.Add(operation, done);
    return log.Store(transaction_);
  }

  absl::Status Forget(const Operation& operation) {
    const std::string& id = operation.sent().foreign_id();
    return transaction_.Remove(Kind::kOperation, OperationKey(context_.decisions.stream, id));
  }

  storage::Transaction& transaction_;
  const OutboundContext& context_;
  const FoundRecords& found_;
};

}  // namespace

absl::Status SettleWrites(storage::Store& store,
                          const OutboundContext& context,
                          SourceWriter& writer) {
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  std::vector<Operation> open;
  BB_RETURN_IF_ERROR(ForEach(*latest, Kind::kOperation, context.decisions.stream.prefix(),
                             [&](const std::string& /*key*/, const std::string& bytes) {
                               open.emplace_back().ParseFromString(bytes);
                               return absl::OkStatus();
                             }));
  for (std::size_t begin = 0; begin < open.size(); begin += kLookedUpAtOnce) {
    const std::vector<Operation> some(
        open.begin() + static_cast<std::ptrdiff_t>(begin),
        open.begin() + static_cast<std::ptrdiff_t>(std::min(begin + kLookedUpAtOnce, open.size())));
    BB_ASSIGN_OR_RETURN(const FoundRecords found, LookUp(some, writer));
    const auto settled =
        store.Write("sync", [&](storage::Transaction& transaction) -> absl::Status {
          Settler settler(transaction, context, found);
          for (const Operation& operation : some) BB_RETURN_IF_ERROR(settler.Settle(operation));
          return CountLive(transaction, context.decisions.stream,
                           std::exchange(context.counts.live, 0));
        });
    BB_RETURN_IF_ERROR(settled.status());
  }
  if (!open.empty()) {
    base::LogInfo("doubtful_writes_settled",
                  {{"connection", base::ConnectionId(context.decisions.stream.connection_id)},
                   {"count", open.size()}});
  }
  return absl::OkStatus();
}

}  // namespace brobygger::sync
