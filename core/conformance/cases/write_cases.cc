// W1-W10: what a write does, once, and what becomes of it when its answer is lost.
#include <thread>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/writing.h"

namespace brobygger::conformance {
namespace {

constexpr char kForeignId[] = "kit-foreign-1";
constexpr char kNowhere[] = "kit-no-such-record";

// How many records the mock holds beyond those in `before`.
absl::StatusOr<int> NewRecords(Bench& bench, const Content& before) {
  BB_ASSIGN_OR_RETURN(const Content after, bench.mock().List());
  return static_cast<int>(after.size()) - static_cast<int>(before.size());
}

absl::Status ExpectNew(Bench& bench, const Content& before, int count) {
  BB_ASSIGN_OR_RETURN(const int got, NewRecords(bench, before));
  return Expect(got == count, absl::StrCat("the source has ", got, " new records, not ", count));
}

Operation DeleteOperation(Bench& bench, const Record& record) {
  Operation operation;
  operation.set_op_id(bench.NewOpId());
  operation.set_kind(Operation::KIND_DELETE);
  operation.set_external_id(record.external_id());
  return operation;
}

// W1
absl::Status CreateIsReadable(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  const auto created = WriteOne(*talk, bench, CreateOperation(bench, kForeignId));
  BB_RETURN_IF_ERROR(ExpectOutcome(created, OperationResult::OUTCOME_APPLIED));
  BB_RETURN_IF_ERROR(ExpectNew(bench, before, 1));
  const std::string id = created->stored().external_id();
  BB_RETURN_IF_ERROR(Expect(!id.empty(), "nobody is told the new record's id"));
  BB_ASSIGN_OR_RETURN(const Record read, Get(*talk, bench, id));
  for (const auto& [name, value] : bench.fixture().new_record) {
    const auto found = read.fields().find(name);
    BB_RETURN_IF_ERROR(Expect(found != read.fields().end() && Same(found->second, value),
                              absl::StrCat("'", name, "' was not stored as it was sent")));
  }
  if (!bench.Can("read_back")) return absl::OkStatus();
  BB_RETURN_IF_ERROR(SameFields(created->stored(), read, bench));
  return Expect(created->stored().etag() == read.etag(), "`stored` and a read have other etags");
}

// W2
absl::Status UpdateIsPartial(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(*talk, bench));
  BB_ASSIGN_OR_RETURN(Record want, AtMock(bench, record.external_id()));
  const Fields set = OneText(bench, "Renamed by the kit");
  BB_RETURN_IF_ERROR(ExpectOutcome(WriteOne(*talk, bench, UpdateOperation(bench, record, set)),
                                   OperationResult::OUTCOME_APPLIED));
  (*want.mutable_fields())[bench.fixture().text_field] = set.at(bench.fixture().text_field);
  BB_ASSIGN_OR_RETURN(const Record now, AtMock(bench, record.external_id()));
  return SameFields(now, want, bench);
}

// A field that may be emptied and that holds something in `record`.
std::string Emptiable(const Bench& bench, const Record& record) {
  for (const auto& field : bench.schema().fields()) {
    const auto found = record.fields().find(field.name());
    const bool holds = found != record.fields().end() && !found->second.has_empty();
    if (holds && field.writable() && !field.required() && !field.write_once()) return field.name();
  }
  return "";
}

// W3
absl::Status EmptyClears(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(*talk, bench));
  const std::string name = Emptiable(bench, record);
  if (name.empty()) return NotApplicable("a field that may be emptied");
  Fields set;
  set[name].mutable_empty();
  BB_RETURN_IF_ERROR(ExpectOutcome(WriteOne(*talk, bench, UpdateOperation(bench, record, set)),
                                   OperationResult::OUTCOME_APPLIED));
  BB_ASSIGN_OR_RETURN(const Record now, Get(*talk, bench, record.external_id()));
  const auto found = now.fields().find(name);
  BB_RETURN_IF_ERROR(Expect(found != now.fields().end() && found->second.has_empty(),
                            absl::StrCat("'", name, "' was not emptied")));
  BB_ASSIGN_OR_RETURN(Record want, AtMock(bench, record.external_id()));
  return SameFields(now, want, bench);
}

// W4
absl::Status DeleteTwice(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(*talk, bench));
  BB_RETURN_IF_ERROR(ExpectOutcome(WriteOne(*talk, bench, DeleteOperation(bench, record)),
                                   OperationResult::OUTCOME_APPLIED));
  BB_RETURN_IF_ERROR(ExpectNew(bench, before, -1));
  return ExpectOutcome(WriteOne(*talk, bench, DeleteOperation(bench, record)),
                       OperationResult::OUTCOME_NO_CHANGE);
}

// W5
absl::Status SameOperationTwice(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  Operation operation = CreateOperation(bench, "");
  for (int time = 0; time < 2; ++time) {
    // In two processes: the source must know it, not the plugin's memory.
    BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
    BB_RETURN_IF_ERROR(WriteOne(*talk, bench, operation).status());
  }
  return ExpectNew(bench, before, 1);
}

// After a create whose answer nobody got: looking finds it, and it is there once.
absl::Status SettledByLooking(Bench& bench, const Content& before) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const auto found, LookUpForeign(*talk, bench, kForeignId));
  BB_RETURN_IF_ERROR(Expect(found.records_size() == 1,
                            absl::StrCat("Lookup finds ", found.records_size(), " records")));
  BB_RETURN_IF_ERROR(Expect(found.records(0).foreign_id() == kForeignId,
                            "the record that was found does not tell our id"));
  BB_ASSIGN_OR_RETURN(const auto other, LookUpForeign(*talk, bench, kNowhere));
  BB_RETURN_IF_ERROR(Expect(other.records().empty(), "Lookup finds what is not there"));
  return ExpectNew(bench, before, 1);
}

// W6
absl::Status AnswerIsLost(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  {
    BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("lost_answer"));
    const auto result = WriteOne(*talk, bench, CreateOperation(bench, kForeignId));
    // An error of the whole call is as doubtful.
    if (result.ok()) {
      BB_RETURN_IF_ERROR(ExpectOutcome(result, OperationResult::OUTCOME_DOUBTFUL));
    }
  }
  return SettledByLooking(bench, before);
}

// W7
absl::Status KilledBeforeAnswer(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("held_answer"));
  bool stored = false;
  std::thread killer([&] {
    stored = Eventually([&] {
      const auto now = NewRecords(bench, before);
      return now.ok() && *now > 0;
    });
    talk->Kill();
  });
  const auto result = WriteOne(*talk, bench, CreateOperation(bench, kForeignId));
  killer.join();
  BB_RETURN_IF_ERROR(Expect(stored, "nothing was stored"));
  BB_RETURN_IF_ERROR(Expect(!result.ok(), "the write was answered after all"));
  return SettledByLooking(bench, before);
}

// W8
absl::Status StaleEtag(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(Record record, SomeRecord(*talk, bench));
  record.set_etag(record.etag() + "0");
  const Operation operation = UpdateOperation(bench, record, OneText(bench, "Must not be stored"));
  BB_RETURN_IF_ERROR(
      ExpectOutcome(WriteOne(*talk, bench, operation), OperationResult::OUTCOME_STALE));
  return Unchanged(bench, before);
}

// W9
absl::Status SomebodyElseWasFirst(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record planned, SomeRecord(*talk, bench));
  BB_RETURN_IF_ERROR(bench.mock().Edit(planned.external_id(), OneText(bench, "A person's edit")));
  Operation operation = UpdateOperation(bench, planned, OneText(bench, "The hub's edit"));
  if (!bench.Can("etag")) *operation.mutable_expected() = planned.fields();
  BB_RETURN_IF_ERROR(
      ExpectOutcome(WriteOne(*talk, bench, operation), OperationResult::OUTCOME_STALE));
  BB_ASSIGN_OR_RETURN(const Record now, AtMock(bench, planned.external_id()));
  return Expect(now.fields().at(bench.fixture().text_field).text() == "A person's edit",
                "a person's edit was overwritten");
}

// W10
absl::Status UnknownIsNotCreated(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  Record nobody;
  nobody.set_external_id(kNowhere);
  const auto result =
      WriteOne(*talk, bench, UpdateOperation(bench, nobody, OneText(bench, "Nobody")));
  BB_RETURN_IF_ERROR(ExpectOutcome(result, OperationResult::OUTCOME_REJECTED));
  BB_RETURN_IF_ERROR(Expect(!result->diagnostics().empty() &&
                                result->diagnostics(0).class_() == Diagnostic::CLASS_NOT_FOUND,
                            "it is not said that the record is not there"));
  return Unchanged(bench, before);
}

}  // namespace

std::vector<Case> WriteCases() {
  std::vector<Case> cases = {
      {"W1", "a created record can be read as it was stored", {"create"}, CreateIsReadable},
      {"W2",
       "an update changes only the named fields",
       {"update", "partial_update"},
       UpdateIsPartial},
      {"W3", "empty clears and absent keeps", {"update"}, EmptyClears},
      {"W4", "to delete again changes nothing", {"remove"}, DeleteTwice},
      {"W5",
       "one operation sent twice has one effect",
       {"create", "idempotency_key"},
       SameOperationTwice},
      {"W6",
       "a lost answer is doubtful, and looking settles it",
       {"create", "by_ids", "stores_foreign_id", "fault:lost_answer"},
       AnswerIsLost},
      {"W7",
       "a kill before the answer is settled by looking",
       {"create", "by_ids", "stores_foreign_id", "fault:held_answer"},
       KilledBeforeAnswer},
      {"W8", "a stale etag writes nothing", {"update", "etag"}, StaleEtag},
      {"W9",
       "an edit between plan and write survives",
       {"update", "verb:edit"},
       SomebodyElseWasFirst},
      {"W10", "an unknown id is told and not created", {"update"}, UnknownIsNotCreated},
  };
  for (Case& one : MoreWriteCases()) cases.push_back(std::move(one));
  return cases;
}

}  // namespace brobygger::conformance
