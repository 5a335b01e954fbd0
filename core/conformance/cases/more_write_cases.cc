// W11-W20: refusals, batches, dry runs, echoes, and what a schema says of writing.
#include <algorithm>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/cases/writing.h"

namespace brobygger::conformance {
namespace {

using plugin::v1::FieldSchema;
using plugin::v1::ReadRequest;

constexpr std::size_t kUsualLength = 200;
constexpr int kLonger = 10;

// Rejected, with the path of a field.
absl::Status ExpectRejected(const absl::StatusOr<OperationResult>& result,
                            const std::string& path) {
  BB_RETURN_IF_ERROR(ExpectOutcome(result, OperationResult::OUTCOME_REJECTED));
  const bool named = std::any_of(result->diagnostics().begin(), result->diagnostics().end(),
                                 [&](const Diagnostic& d) { return d.path() == path; });
  return Expect(named, absl::StrCat("the refusal does not name '", path, "'"));
}

// A create with these fields over the fixture's own, or an update where nothing can be
// created.
absl::StatusOr<OperationResult> WriteFields(Conversation& talk, Bench& bench, const Fields& set) {
  if (bench.Can("create")) {
    // As the hub makes a record: a source that can keep our id gets it.
    const std::string foreign_id =
        bench.Can("stores_foreign_id") ? "kit-foreign-" + bench.NewOpId() : "";
    Operation operation = CreateOperation(bench, foreign_id);
    for (const auto& [name, value] : set) (*operation.mutable_set())[name] = value;
    return WriteOne(talk, bench, operation);
  }
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(talk, bench));
  return WriteOne(talk, bench, UpdateOperation(bench, record, set));
}

// W11
absl::Status RefusalNamesField(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Fields set, ParseFields(bench.fixture().rejected.at("set")));
  BB_RETURN_IF_ERROR(
      ExpectRejected(WriteFields(*talk, bench, set), bench.fixture().rejected.value("path", "")));
  return Unchanged(bench, before);
}

// W12
absl::Status OneBadInBatch(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record first, SomeRecord(*talk, bench, 0));
  BB_ASSIGN_OR_RETURN(const Record second, SomeRecord(*talk, bench, 1));
  Record nobody;
  nobody.set_external_id("kit-no-such-record");
  plugin::v1::WriteRequest request;
  request.set_stream(bench.fixture().stream);
  std::map<std::string, OperationResult::Outcome> want;
  for (const Record* record : {&first, static_cast<const Record*>(&nobody), &second}) {
    auto& operation = *request.add_operations();
    operation = UpdateOperation(bench, *record, OneText(bench, "In a batch"));
    want[operation.op_id()] =
        record == &nobody ? OperationResult::OUTCOME_REJECTED : OperationResult::OUTCOME_APPLIED;
  }
  BB_ASSIGN_OR_RETURN(const auto response, talk->Write(request));
  BB_RETURN_IF_ERROR(Expect(response.results_size() == 3, "there are not three results"));
  for (const OperationResult& result : response.results()) {
    BB_RETURN_IF_ERROR(Expect(want.count(result.op_id()) == 1, "a result has a strange op_id"));
    BB_RETURN_IF_ERROR(ExpectOutcome(result, want[result.op_id()]));
    want.erase(result.op_id());
  }
  return absl::OkStatus();
}

// W13
absl::Status DryRunWritesNothing(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(*talk, bench));
  const Fields set = OneText(bench, "As it would be");
  const auto predicted =
      WriteOne(*talk, bench, UpdateOperation(bench, record, set), /*dry_run=*/true);
  BB_RETURN_IF_ERROR(ExpectOutcome(predicted, OperationResult::OUTCOME_APPLIED));
  BB_RETURN_IF_ERROR(Unchanged(bench, before));
  const auto done = WriteOne(*talk, bench, UpdateOperation(bench, record, set));
  BB_RETURN_IF_ERROR(ExpectOutcome(done, OperationResult::OUTCOME_APPLIED));
  if (!bench.Can("read_back")) return absl::OkStatus();
  for (const auto& [name, value] : set) {
    const auto told = predicted->stored().fields().find(name);
    const auto stored = done->stored().fields().find(name);
    BB_RETURN_IF_ERROR(Expect(told != predicted->stored().fields().end() &&
                                  stored != done->stored().fields().end() &&
                                  Same(told->second, stored->second),
                              absl::StrCat("'", name, "' was predicted otherwise")));
  }
  return absl::OkStatus();
}

// What a text of this many signs comes to, against what the schema says of the field.
absl::Status LengthIsTrue(Conversation& talk,
                          Bench& bench,
                          const FieldSchema& field,
                          std::size_t length) {
  Fields set;
  set[field.name()] = TextValue(std::string(length, 'x'));
  BB_ASSIGN_OR_RETURN(const auto result, WriteFields(talk, bench, set));
  const std::string what = absl::StrCat(length, " signs in '", field.name(), "'");
  const bool allowed = field.max_length() == 0 || length <= field.max_length();
  if (result.outcome() == OperationResult::OUTCOME_REJECTED) {
    return Expect(!allowed, absl::StrCat(what, " are refused, and the schema allows them"));
  }
  BB_RETURN_IF_ERROR(ExpectOutcome(result, OperationResult::OUTCOME_APPLIED));
  BB_RETURN_IF_ERROR(
      Expect(allowed || field.lossy(), absl::StrCat(what, " are taken, beyond max_length")));
  BB_ASSIGN_OR_RETURN(const Record now, Get(talk, bench, result.stored().external_id()));
  const auto found = now.fields().find(field.name());
  const bool same = found != now.fields().end() && Same(found->second, set.at(field.name()));
  return Expect(same || field.lossy(), absl::StrCat(what, " are stored otherwise, not as lossy"));
}

// W14
absl::Status LengthsAreDeclared(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  for (const FieldSchema& field : bench.schema().fields()) {
    // Only free text: other texts are refused for their form.
    const bool free = field.type() == FieldSchema::TYPE_TEXT && field.writable() &&
                      (field.name() == bench.fixture().text_field || field.max_length() == 0);
    if (!free || bench.fixture().new_record.count(field.name()) == 0) continue;
    const std::size_t most = field.max_length() > 0 ? field.max_length() : kUsualLength;
    BB_RETURN_IF_ERROR(LengthIsTrue(*talk, bench, field, most));
    BB_RETURN_IF_ERROR(LengthIsTrue(*talk, bench, field, most * kLonger));
  }
  return absl::OkStatus();
}

Value OtherValue(const FieldSchema& field) {
  Value value;
  if (field.type() == FieldSchema::TYPE_INSTANT) {
    value.mutable_instant()->set_seconds(1'000'000'000);
  } else if (field.type() == FieldSchema::TYPE_DATE) {
    value.set_date("2001-09-09");
  } else if (field.type() == FieldSchema::TYPE_INT) {
    value.set_number(123456);
  } else {
    value.set_text("Another value");
  }
  return value;
}

// W15
absl::Status ComputedFieldsRefuse(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(*talk, bench));
  for (const FieldSchema& field : bench.schema().fields()) {
    if (!field.computed() && !field.write_once()) continue;
    Fields set;
    set[field.name()] = OtherValue(field);
    BB_RETURN_IF_ERROR(
        ExpectRejected(WriteOne(*talk, bench, UpdateOperation(bench, record, set)), field.name()));
  }
  return absl::OkStatus();
}

// W16
absl::Status EchoIsKnown(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const ReadOutcome all, ReadAll(*talk, bench));
  BB_ASSIGN_OR_RETURN(const Record record, SomeRecord(*talk, bench));
  const auto done =
      WriteOne(*talk, bench, UpdateOperation(bench, record, OneText(bench, "Told back to us")));
  BB_RETURN_IF_ERROR(ExpectOutcome(done, OperationResult::OUTCOME_APPLIED));
  BB_ASSIGN_OR_RETURN(const ReadOutcome delta,
                      ReadAll(*talk, bench, {.mode = ReadRequest::MODE_DELTA, .from = all.last()}));
  for (const Record& echo : delta.records) {
    if (echo.external_id() != record.external_id()) continue;
    BB_RETURN_IF_ERROR(SameFields(echo, done->stored(), bench));
    return Expect(echo.etag() == done->stored().etag(), "the echo of a write has another etag");
  }
  return Expect(false, "the delta does not tell what was written");
}

// W17
absl::Status ForeignIdSurvives(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  const auto created = WriteOne(*talk, bench, CreateOperation(bench, "kit-foreign-2"));
  BB_RETURN_IF_ERROR(ExpectOutcome(created, OperationResult::OUTCOME_APPLIED));
  BB_RETURN_IF_ERROR(
      bench.mock().Edit(created->stored().external_id(), OneText(bench, "A person's edit")));
  BB_ASSIGN_OR_RETURN(const auto found, LookUpForeign(*talk, bench, "kit-foreign-2"));
  return Expect(found.records_size() == 1 && found.records(0).foreign_id() == "kit-foreign-2",
                "our id was lost when a person edited the record");
}

// W18
absl::Status NoOrphans(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(const Fields set, ParseFields(bench.fixture().orphan.at("set")));
  BB_ASSIGN_OR_RETURN(const auto result, WriteFields(*talk, bench, set));
  BB_RETURN_IF_ERROR(Expect(result.outcome() == OperationResult::OUTCOME_REJECTED ||
                                result.outcome() == OperationResult::OUTCOME_RETRY,
                            "a record was stored whose parent is not there"));
  return Unchanged(bench, before);
}

// W19
absl::Status SecondWriteChangesNothing(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const auto talk, bench.Start());
  BB_ASSIGN_OR_RETURN(Record record, SomeRecord(*talk, bench));
  const Fields set = OneText(bench, "Written twice");
  BB_RETURN_IF_ERROR(ExpectOutcome(WriteOne(*talk, bench, UpdateOperation(bench, record, set)),
                                   OperationResult::OUTCOME_APPLIED));
  BB_ASSIGN_OR_RETURN(record, Get(*talk, bench, record.external_id()));
  BB_RETURN_IF_ERROR(ExpectOutcome(WriteOne(*talk, bench, UpdateOperation(bench, record, set)),
                                   OperationResult::OUTCOME_NO_CHANGE));
  BB_ASSIGN_OR_RETURN(const Record again, Get(*talk, bench, record.external_id()));
  return Expect(again.etag() == record.etag(), "a write of the same values made a new etag");
}

// W20
absl::Status RetryHasTime(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  BB_ASSIGN_OR_RETURN(const auto talk, bench.StartOn("retry"));
  Record record;
  record.set_external_id(before.begin()->first);
  const auto result = WriteOne(*talk, bench, UpdateOperation(bench, record, OneText(bench, "No")));
  BB_RETURN_IF_ERROR(ExpectOutcome(result, OperationResult::OUTCOME_RETRY));
  BB_RETURN_IF_ERROR(Unchanged(bench, before));
  return Expect(
      !result->diagnostics().empty() && result->diagnostics(0).retry_after().seconds() > 0,
      "it is not said when to try again");
}

}  // namespace

std::vector<Case> MoreWriteCases() {
  return {
      {"W11", "a refusal names the field", {"update", "rejected"}, RefusalNamesField},
      {"W12", "one bad operation in a batch costs one operation", {"update"}, OneBadInBatch},
      {"W13", "a dry run writes nothing and predicts", {"update", "dry_run"}, DryRunWritesNothing},
      {"W14", "max_length and lossy are true", {"update", "read_back"}, LengthsAreDeclared},
      {"W15",
       "computed and write_once fields refuse",
       {"update", "refusing"},
       ComputedFieldsRefuse},
      {"W16",
       "the echo of a write is known again",
       {"update", "delta", "etag", "read_back"},
       EchoIsKnown},
      {"W17",
       "our id survives a person's edit",
       {"create", "by_ids", "stores_foreign_id", "verb:edit"},
       ForeignIdSurvives},
      {"W18", "a record without its parent is not stored", {"update", "orphan"}, NoOrphans},
      {"W19", "the same write again changes nothing", {"update"}, SecondWriteChangesNothing},
      {"W20", "a busy source says when to try again", {"update", "fault:retry"}, RetryHasTime},
  };
}

}  // namespace brobygger::conformance
