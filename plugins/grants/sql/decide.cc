#include "plugins/grants/sql/decide.h"

#include <algorithm>
#include <utility>

#include "brobygger/sdk/error.h"

namespace brobygger::sql {
namespace {

using plugin::v1::Value;

constexpr std::size_t kMostNamedRows = 5;

bool IsOneOf(const std::string& field, const std::vector<std::string>& fields) {
  return std::find(fields.begin(), fields.end(), field) != fields.end();
}

Decision Refused(absl::Status why, const FoundRow* row = nullptr) {
  Decision decision;
  decision.outcome = OperationResult::OUTCOME_REJECTED;
  decision.why = std::move(why);
  decision.row = row;
  return decision;
}

Decision Settled(OperationResult::Outcome outcome, const FoundRow& row) {
  Decision decision;
  decision.outcome = outcome;
  decision.row = &row;
  return decision;
}

std::vector<const FoundRow*> LiveOf(const std::vector<const FoundRow*>& rows) {
  std::vector<const FoundRow*> live;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(live),
               [](const FoundRow* row) { return row->live; });
  return live;
}

absl::Status Ambiguous(const std::vector<const FoundRow*>& rows, const std::string& path) {
  std::string keys;
  for (std::size_t at = 0; at < rows.size() && at < kMostNamedRows; ++at) {
    keys += (at == 0 ? "" : ", ") + rows[at]->key_text();
  }
  if (rows.size() > kMostNamedRows) keys += ", ...";
  const std::string count = std::to_string(rows.size());
  return Refusal("ambiguous",
                 count + " rækker i kildesystemet passer (" + keys +
                     "). Intet er skrevet: et menneske må afgøre, hvilken der er den rigtige.",
                 count + " rows of the source system fit (" + keys +
                     "). Nothing was written: a person must say which is the right one.",
                 path);
}

absl::Status RowGone(const FoundRow& row) {
  return Refusal(
      "row_gone",
      "Rækken " + row.key_text() +
          " er slettet eller lukket i kildesystemet. Den ændres ikke og laves ikke igen.",
      "The row " + row.key_text() +
          " is deleted or closed in the source system. It is neither changed nor made "
          "again.");
}

absl::Status Taken(const FoundRow& row) {
  return Refusal(
      "taken",
      "Rækken " + row.key_text() +
          " hører allerede til en anden forening i Brobygger. Intet er skrevet.",
      "The row " + row.key_text() +
          " belongs to another association of Brobygger's already. Nothing was written.");
}

absl::Status NotWritable(const std::string& field) {
  return Refusal("not_writable",
                 "Feltet '" + field +
                     "' må ikke skrives. Intet er skrevet: ret planen, eller sæt feltet på "
                     "'write.columns'.",
                 "The field '" + field +
                     "' may not be written. Nothing was written: mend the plan, or put the field "
                     "into 'write.columns'.",
                 field);
}

absl::Status Missing(const std::string& what) {
  return Refusal("incomplete", "Ændringen mangler " + what + ".", "The change lacks " + what + ".",
                 what);
}

}  // namespace

absl::Status Decider::Vet(const Operation& operation) const {
  if (operation.kind() == Operation::KIND_DELETE) {
    return Refusal("never_deletes",
                   "Brobygger sletter aldrig i et tilskudssystem. Skal rækken væk, må en "
                   "medarbejder gøre det dér.",
                   "Brobygger never deletes in a grant system. If the row must go, an employee has "
                   "to do it there.");
  }
  const bool create = operation.kind() == Operation::KIND_CREATE;
  if (!create && operation.kind() != Operation::KIND_UPDATE) return Missing("kind");
  if (create && operation.foreign_id().empty()) return Missing("foreign_id");
  if (!create && operation.external_id().empty()) return Missing("external_id");
  const absl::Status fits =
      FitsColumn("foreign_id", operation.foreign_id(), database_.Info(write_.id));
  if (!fits.ok()) return fits;
  return VetFields(operation, create);
}

absl::Status Decider::VetFields(const Operation& operation, bool create) const {
  for (const auto& [field, value] : operation.set()) {
    const bool known = IsOneOf(field, write_.columns) ||
                       (create && IsOneOf(field, write_.insert_columns)) ||
                       (create && field == write_.link_by);
    if (!known) return NotWritable(field);
    if (value.kind_case() == Value::KIND_NOT_SET) return Missing("set." + field);
  }
  return absl::OkStatus();
}

Cell Decider::LinkOf(const Operation& operation) const {
  if (operation.kind() != Operation::KIND_CREATE || write_.link_by.empty()) return std::nullopt;
  const auto value = operation.set().find(write_.link_by);
  if (value == operation.set().end()) return std::nullopt;
  const Column& column = *config_.ColumnOf(write_.link_by);
  const auto cell = ToCell(column, database_.Info(column.source), value->second, nullptr);
  return cell.ok() && !cell->value_or("").empty() ? *cell : std::nullopt;
}

Decision Decider::Decide(const Operation& operation, const Candidates& candidates) const {
  if (operation.kind() == Operation::KIND_CREATE) return Create(operation, candidates);
  for (const FoundRow* row : candidates.by_key) {
    // A database may find more than asked for, such as other letters' case.
    if (row->key_text() != operation.external_id()) continue;
    return row->live ? ChangeRow(operation, *row) : Refused(RowGone(*row), row);
  }
  return Refused(sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_NOT_FOUND,
       .code = "grants.sql.not_found",
       .da = "Rækken " + operation.external_id() +
             " findes ikke i kildesystemet. Der er ikke lavet en ny.",
       .en = "The source system has no row " + operation.external_id() + ". None was made.",
       .path = "external_id"}));
}

Decision Decider::Create(const Operation& operation, const Candidates& candidates) const {
  std::vector<const FoundRow*> ours;
  for (const FoundRow* row : candidates.by_id) {
    if (row->id_text() == operation.foreign_id()) ours.push_back(row);
  }
  const std::vector<const FoundRow*> live = LiveOf(ours);
  if (live.size() > 1) return Refused(Ambiguous(live, "foreign_id"));
  if (live.size() == 1) return ChangeRow(operation, *live[0]);
  if (!ours.empty()) return Refused(RowGone(*ours[0]), ours[0]);

  const std::vector<const FoundRow*> linked = LiveOf(candidates.by_link);
  if (linked.size() > 1) return Refused(Ambiguous(linked, write_.link_by));
  if (linked.size() == 1) return ChangeRow(operation, *linked[0]);
  if (!write_.insert) {
    return Refused(Refusal("no_insert",
                           "Kildesystemet har ikke foreningen, og forbindelsen må ikke lave nye "
                           "rækker ('write.insert').",
                           "The source system does not have the association, and the connection "
                           "may not make rows ('write.insert')."));
  }
  return Insert(operation);
}

Decision Decider::Insert(const Operation& operation) const {
  Decision decision;
  decision.act = Decision::Act::kInsert;
  for (const Filter& value : write_.defaults) decision.values[value.column] = value.value;
  for (const Filter& filter : config_.filters) decision.values[filter.column] = filter.value;
  if (!write_.version.empty()) decision.values.emplace(write_.version, "1");
  for (const auto& [field, value] : operation.set()) {
    if (!IsOneOf(field, write_.columns) && !IsOneOf(field, write_.insert_columns)) continue;
    const Column& column = *config_.ColumnOf(field);
    auto cell = ToCell(column, database_.Info(column.source), value, nullptr);
    if (!cell.ok()) return Refused(cell.status());
    decision.values[column.source] = *std::move(cell);
  }
  decision.values[write_.id] = operation.foreign_id();
  return decision;
}

absl::Status Decider::CollectChanges(const Operation& operation, Decision& decision) const {
  for (std::size_t at = 0; at < finder_.columns().size(); ++at) {
    const Column& column = finder_.columns()[at];
    const auto value = operation.set().find(column.field);
    if (value == operation.set().end() || !IsOneOf(column.field, write_.columns)) continue;
    const SqlValue& held = decision.row->CellAt(at, finder_.shown());
    auto cell = ToCell(column, database_.Info(column.source), value->second, &held);
    if (!cell.ok()) return cell.status();
    const Value* told = decision.row->Held(column.field);
    const bool same = told != nullptr && SameValue(*told, FromCell(column, *cell));
    if (!same) decision.changes.push_back({at, *std::move(cell)});
  }
  return absl::OkStatus();
}

bool Decider::IsOlder(const Operation& operation, const FoundRow& row) const {
  if (write_.revision.empty()) return false;
  const auto wanted = operation.set().find(write_.revision);
  const Value* held = row.Held(write_.revision);
  if (wanted == operation.set().end() || held == nullptr) return false;
  const auto wanted_number = NumberIn(wanted->second);
  const auto held_number = NumberIn(*held);
  return wanted_number && held_number && *wanted_number < *held_number;
}

bool Decider::IsExpected(const Operation& operation, const FoundRow& row) {
  const bool as_expected = std::all_of(
      operation.expected().begin(), operation.expected().end(), [&](const auto& expected) {
        const Value* told = row.Held(expected.first);
        return told != nullptr && SameValue(*told, expected.second);
      });
  if (!as_expected || operation.if_etag().empty()) return as_expected;
  // Other columns may change freely where it is known what each written field held; what
  // nobody says that of, only the etag can tell unchanged.
  const bool all_known =
      !operation.expected().empty() &&
      std::all_of(operation.set().begin(), operation.set().end(),
                  [&](const auto& field) { return operation.expected().count(field.first) > 0; });
  return all_known || operation.if_etag() == row.record.etag();
}

Decision Decider::ChangeRow(const Operation& operation, const FoundRow& row) const {
  if (!row.fault.ok()) return Refused(row.fault);
  const std::string id = row.id_text();
  if (!id.empty() && !operation.foreign_id().empty() && id != operation.foreign_id()) {
    return Refused(Taken(row), &row);
  }
  if (IsOlder(operation, row)) return Settled(OperationResult::OUTCOME_STALE, row);
  Decision decision;
  decision.act = Decision::Act::kUpdate;
  decision.row = &row;
  decision.set_id = id.empty() && !operation.foreign_id().empty();
  if (absl::Status wrong = CollectChanges(operation, decision); !wrong.ok()) {
    return Refused(std::move(wrong), &row);
  }
  // Done already, so it does not matter what was expected: the same change, sent twice.
  if (decision.changes.empty() && !decision.set_id) {
    return Settled(OperationResult::OUTCOME_NO_CHANGE, row);
  }
  if (!IsExpected(operation, row)) return Settled(OperationResult::OUTCOME_STALE, row);
  return decision;
}

}  // namespace brobygger::sql
