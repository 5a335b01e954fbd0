#include "plugins/grants/sql/write.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <unordered_set>
#include <utility>

#include "brobygger/sdk/error.h"

#include "plugins/grants/sql/insert.h"
#include "plugins/grants/sql/rights.h"

namespace brobygger::sql {
namespace {

constexpr std::size_t kMostTasks = 500;  // in a transaction
constexpr std::chrono::seconds kTimeForOne = std::chrono::seconds(5);

std::vector<const FoundRow*> RowsAt(const RowIndex& index, const std::string& key) {
  std::vector<const FoundRow*> rows;
  const auto [begin, end] = index.equal_range(key);
  for (auto at = begin; at != end; ++at) rows.push_back(at->second);
  return rows;
}

template <typename KeyOf>
RowIndex IndexOf(const std::vector<FoundRow>& rows, KeyOf key_of) {
  RowIndex index;
  for (const FoundRow& row : rows) index.emplace(key_of(row), &row);
  return index;
}

void SetResult(const Decision& decision, OperationResult& result) {
  result.set_outcome(decision.outcome);
  if (!decision.why.ok()) *result.add_diagnostics() = sdk::DiagnosticOf(decision.why);
  if (decision.row != nullptr && decision.row->fault.ok()) {
    *result.mutable_stored() = decision.row->record;
  }
}

absl::Status NotKept(const std::string& id) {
  return Refusal("not_kept",
                 "Kildesystemet gemte ikke foreningens id (" + id +
                     "), så rækken kunne ikke findes igen. Intet er skrevet.",
                 "The source system did not keep the association's id (" + id +
                     "), so the row could not be found again. Nothing was written.",
                 "write.id");
}

absl::Status TooLate() {
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_TRANSIENT,
                         .code = "grants.sql.no_time",
                         .da = "Tiden slap op, før ændringen kom til. Der prøves igen.",
                         .en = "The time ran out before the change's turn. It is tried again."});
}

}  // namespace

plugin::v1::WriteResponse AllAlike(const plugin::v1::WriteRequest& request,
                                   OperationResult::Outcome outcome,
                                   const absl::Status& why) {
  plugin::v1::WriteResponse response;
  for (const Operation& operation : request.operations()) {
    OperationResult& result = *response.add_results();
    result.set_op_id(operation.op_id());
    result.set_outcome(outcome);
    *result.add_diagnostics() = sdk::DiagnosticOf(why);
  }
  return response;
}

Writer::Writer(const TableConfig& config,
               const std::vector<Column>& shown,
               Database& database,
               const sdk::Call& call)
    : config_(config),
      database_(database),
      call_(call),
      finder_(config, shown, database),
      decider_(config, finder_, database) {}

void Writer::Write(const plugin::v1::WriteRequest& request, plugin::v1::WriteResponse& response) {
  dry_run_ = request.dry_run();
  Tasks tasks;
  tasks.reserve(static_cast<std::size_t>(request.operations_size()));
  Group group;
  for (const Operation& operation : request.operations()) {
    Task& task = tasks.emplace_back(Task{.operation = &operation});
    if (const absl::Status wrong = decider_.Vet(operation); !wrong.ok()) {
      SetResult({.outcome = OperationResult::OUTCOME_REJECTED, .why = wrong}, task.result);
    } else {
      task.link = decider_.LinkOf(operation);
      group.push_back(&task);
    }
  }
  RunAll(group);
  for (Task& task : tasks) {
    task.result.set_op_id(task.operation->op_id());
    *response.add_results() = std::move(task.result);
  }
}

// Two operations that may be about the same row never share a transaction: the later
// must see what the earlier did.
void Writer::RunAll(const Group& group) {
  Group waiting = group;
  while (!waiting.empty()) {
    Group now;
    Group later;
    std::unordered_set<std::string> seen;
    auto at = waiting.begin();
    for (; at != waiting.end() && now.size() < kMostTasks; ++at) {
      const Operation& operation = *(*at)->operation;
      bool fresh = true;
      for (const std::string& name :
           {"key:" + operation.external_id(), "id:" + operation.foreign_id(),
            "link:" + (*at)->link.value_or("")}) {
        if (name.back() != ':') fresh = seen.insert(name).second && fresh;
      }
      (fresh ? now : later).push_back(*at);
    }
    later.insert(later.end(), at, waiting.end());
    RunOrHalve(now);
    waiting = std::move(later);
  }
}

bool Writer::OutOfTime() const { return call_.cancelled() || call_.time_left() < kTimeForOne; }

void Writer::RunOrHalve(const Group& group) {
  if (lost_.ok() && OutOfTime()) lost_ = TooLate();
  if (!lost_.ok()) return Settle(group, lost_);
  absl::Status done = Attempt(group);
  // Somebody else may have made the row since we looked.
  if (group.size() == 1 && sdk::DiagnosticOf(done).code() == "grants.sql.duplicate") {
    done = Attempt(group);
  }
  if (done.ok()) return;
  const bool answered = database_.alive();
  const sdk::Diagnostic about = sdk::DiagnosticOf(done);
  const bool undone = answered && (about.class_() == sdk::Diagnostic::CLASS_REJECTED ||
                                   about.code() == "grants.sql.busy");
  if (committing_ && !undone) {
    lost_ = done;
    return Settle(group, done);
  }
  committing_ = false;
  if (!answered || about.code() == "grants.sql.unreachable") {
    lost_ = done;
    return Settle(group, done);
  }
  if (group.size() == 1) return Settle(group, done);
  const auto middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
  RunOrHalve(Group(group.begin(), middle));
  RunOrHalve(Group(middle, group.end()));
}

// Says of each task what a failure means for it.
void Writer::Settle(const Group& group, const absl::Status& failed) {
  absl::Status why = failed;
  if (group.size() == 1 && lost_.ok() &&
      sdk::DiagnosticOf(failed).code() == "grants.sql.no_right") {
    if (const absl::Status missing = MissingRights(config_, database_); !missing.ok())
      why = missing;
  }
  const bool refused = sdk::DiagnosticOf(why).class_() == sdk::Diagnostic::CLASS_REJECTED;
  for (Task* task : group) {
    task->result.Clear();
    if (committing_ && task->decision.act == Decision::Act::kNothing) {
      SetResult(task->decision, task->result);
      continue;
    }
    task->result.set_outcome(committing_ ? OperationResult::OUTCOME_DOUBTFUL
                             : refused   ? OperationResult::OUTCOME_REJECTED
                                         : OperationResult::OUTCOME_RETRY);
    *task->result.add_diagnostics() = sdk::DiagnosticOf(why);
  }
  committing_ = false;
}

absl::Status Writer::UpdateAll(const Group& group) {
  for (Task* task : group) {
    if (task->decision.act != Decision::Act::kUpdate) continue;
    const absl::StatusOr<bool> changed = Update(*task);
    if (!changed.ok()) return changed.status();
    // Somebody changed the row under our eyes; what it holds now is read back.
    if (!*changed) task->decision.outcome = OperationResult::OUTCOME_STALE;
  }
  return absl::OkStatus();
}

absl::Status Writer::Carry(const Group& group) {
  if (absl::Status found = FindAndDecide(group); !found.ok()) return found;
  if (dry_run_) {
    for (Task* task : group) Predict(*task);
    return absl::OkStatus();
  }
  if (absl::Status made = Insert(group); !made.ok()) return made;
  if (absl::Status changed = UpdateAll(group); !changed.ok()) return changed;
  return ReadBack(group);
}

absl::Status Writer::Attempt(const Group& group) {
  committing_ = false;
  const absl::Status done = Carry(group);
  const bool acted = std::any_of(group.begin(), group.end(), [](const Task* task) {
    return task->decision.act != Decision::Act::kNothing;
  });
  if (!done.ok() || dry_run_ || !acted) {
    database_.Rollback();
    return done;
  }
  committing_ = true;
  if (absl::Status failed = database_.Commit(); !failed.ok()) {
    if (database_.alive()) database_.Rollback();
    return failed;
  }
  committing_ = false;
  return absl::OkStatus();
}

absl::Status Writer::FindAndDecide(const Group& group) {
  const Lock lock = dry_run_ ? Lock::kNone : group.size() == 1 ? Lock::kWait : Lock::kAtOnce;
  std::vector<std::string> keys;
  std::vector<std::string> ids;
  for (const Task* task : group) {
    const bool create = task->operation->kind() == Operation::KIND_CREATE;
    (create ? ids : keys)
        .push_back(create ? task->operation->foreign_id() : task->operation->external_id());
  }
  auto by_key = finder_.Find(config_.key, keys, lock);
  if (!by_key.ok()) return by_key.status();
  by_key_ = *std::move(by_key);
  auto by_id = finder_.Find(config_.write->id, ids, lock);
  if (!by_id.ok()) return by_id.status();
  by_id_ = *std::move(by_id);
  const RowIndex key_index = IndexOf(by_key_, [](const FoundRow& row) { return row.key_text(); });
  const RowIndex id_index = IndexOf(by_id_, [](const FoundRow& row) { return row.id_text(); });

  const auto link_index = FindLinks(group, id_index, lock);
  if (!link_index.ok()) return link_index.status();
  DecideAll(group, {key_index, id_index, *link_index});
  return absl::OkStatus();
}

absl::StatusOr<RowIndex> Writer::FindLinks(const Group& group,
                                           const RowIndex& id_index,
                                           Lock lock) {
  const std::string& link = config_.write->link_by;
  std::vector<std::string> links;
  for (const Task* task : group) {
    const Cell& cell = task->link;
    if (cell && id_index.count(task->operation->foreign_id()) == 0) links.push_back(*cell);
  }
  if (links.empty()) return RowIndex();
  auto by_link = finder_.Find(config_.ColumnOf(link)->source, links, lock);
  if (!by_link.ok()) return by_link.status();
  by_link_ = *std::move(by_link);
  return IndexOf(by_link_, [&](const FoundRow& row) {
    const plugin::v1::Value* told = row.Held(link);
    return told == nullptr ? "" : Canonical(*told);
  });
}

void Writer::DecideAll(const Group& group, const Indexes& indexes) {
  const std::string& link = config_.write->link_by;
  for (Task* task : group) {
    const Operation& operation = *task->operation;
    const Cell& cell = task->link;
    const auto& column = link.empty() ? config_.columns[0] : *config_.ColumnOf(link);
    task->decision = decider_.Decide(
        operation, {.by_key = RowsAt(indexes.by_key, operation.external_id()),
                    .by_id = RowsAt(indexes.by_id, operation.foreign_id()),
                    .by_link = cell ? RowsAt(indexes.by_link, Canonical(FromCell(column, cell)))
                                    : std::vector<const FoundRow*>()});
    task->result.Clear();
    SetResult(task->decision, task->result);
  }
}

absl::Status Writer::Insert(const Group& group) {
  std::vector<const NewRow*> rows;
  for (const Task* task : group) {
    if (task->decision.act == Decision::Act::kInsert) rows.push_back(&task->decision.values);
  }
  return InsertRows(config_, database_, rows);
}

// False: the row no longer holds what it did.
absl::StatusOr<bool> Writer::Update(const Task& task) {
  const FoundRow& row = *task.decision.row;
  const WriteConfig& write = *config_.write;
  std::string set;
  std::string where = " WHERE " + database_.Quoted(config_.key) + " = ?";
  Parameters values;
  Parameters held = {{&database_.Info(config_.key), row.key.text}};
  const auto still = [&](const std::string& column, const SqlValue& value) {
    where += " AND " + database_.Quoted(column) + (value.null ? " IS NULL" : " = ?");
    if (!value.null) held.push_back({&database_.Info(column), value.text});
  };
  for (const Change& change : task.decision.changes) {
    const std::string& column = finder_.columns()[change.column].source;
    const ColumnInfo& info = database_.Info(column);
    set += (set.empty() ? "" : ", ") + database_.Quoted(column) + " = ?";
    values.push_back({&info, change.cell});
    const SqlValue& before = row.CellAt(change.column, finder_.shown());
    if (info.comparable || before.null) still(column, before);
  }
  if (task.decision.set_id) {
    set += (set.empty() ? "" : ", ") + database_.Quoted(write.id) + " = ?";
    values.push_back({&database_.Info(write.id), task.operation->foreign_id()});
    still(write.id, row.id);
  }
  if (!write.version.empty()) {
    const std::string version = database_.Quoted(write.version);
    set += ", " + version + " = COALESCE(" + version + ", 0) + 1";
    still(write.version, row.version);
  }
  values.insert(values.end(), held.begin(), held.end());
  const auto changed =
      database_.Execute("UPDATE " + database_.Table(config_) + " SET " + set + where, values);
  if (!changed.ok()) return changed.status();
  return *changed > 0;
}

void Writer::KeepStored(const FoundRow& row, Task& task) {
  task.result.Clear();
  SetResult({.outcome = task.decision.outcome, .row = &row}, task.result);
  if (row.fault.ok()) return;
  *task.result.add_diagnostics() = sdk::DiagnosticOf(row.fault);
}

// What the database made of it, its triggers included.
absl::Status Writer::ReadBack(const Group& group) {
  std::vector<std::string> keys;
  std::vector<std::string> ids;
  for (const Task* task : group) {
    if (task->decision.act == Decision::Act::kUpdate)
      keys.push_back(task->decision.row->key_text());
    if (task->decision.act == Decision::Act::kInsert) ids.push_back(task->operation->foreign_id());
  }
  auto by_key = finder_.Find(config_.key, keys, Lock::kNone);
  if (!by_key.ok()) return by_key.status();
  auto by_id = finder_.Find(config_.write->id, ids, Lock::kNone);
  if (!by_id.ok()) return by_id.status();
  const RowIndex key_index = IndexOf(*by_key, [](const FoundRow& row) { return row.key_text(); });
  const RowIndex id_index = IndexOf(*by_id, [](const FoundRow& row) { return row.id_text(); });
  for (Task* task : group) {
    if (task->decision.act == Decision::Act::kNothing) continue;
    const std::string& id = task->operation->foreign_id();
    const auto rows = task->decision.act == Decision::Act::kInsert
                          ? RowsAt(id_index, id)
                          : RowsAt(key_index, task->decision.row->key_text());
    if (rows.empty()) return NotKept(id);
    KeepStored(*rows[0], *task);
  }
  return absl::OkStatus();
}

// The record as it would be. What the database itself would add is not known.
void Writer::Predict(Task& task) const {
  if (task.decision.act == Decision::Act::kNothing) return;
  plugin::v1::Record& stored = *task.result.mutable_stored();
  stored.clear_etag();
  if (task.decision.set_id || task.decision.act == Decision::Act::kInsert) {
    stored.set_foreign_id(task.operation->foreign_id());
  }
  for (const Change& change : task.decision.changes) {
    if (change.column >= finder_.shown()) continue;
    const Column& column = finder_.columns()[change.column];
    (*stored.mutable_fields())[column.field] = FromCell(column, change.cell);
  }
  for (std::size_t at = 0; at < finder_.shown(); ++at) {
    const Column& column = finder_.columns()[at];
    const auto value = task.decision.values.find(column.source);
    if (value == task.decision.values.end()) continue;
    (*stored.mutable_fields())[column.field] = FromCell(column, value->second);
  }
}

}  // namespace brobygger::sql
