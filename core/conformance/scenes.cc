#include "core/conformance/scenes.h"

#include <iterator>
#include <thread>

#include <absl/strings/str_cat.h>
#include <google/protobuf/util/message_differencer.h>

#include "core/base/status_macros.h"

namespace brobygger::conformance {
namespace {

bool IsComputed(const Bench& bench, const std::string& name) {
  for (const auto& field : bench.schema().fields()) {
    if (field.name() == name) return field.computed();
  }
  return false;
}

}  // namespace

Value TextValue(const std::string& text) {
  Value value;
  value.set_text(text);
  return value;
}

bool Same(const Value& a, const Value& b) {
  return google::protobuf::util::MessageDifferencer::Equals(a, b);
}

absl::StatusOr<ReadOutcome> ReadAll(Conversation& talk, Bench& bench, ReadPlan plan) {
  if (plan.stream.empty()) plan.stream = bench.fixture().stream;
  ReadOutcome outcome = talk.Read(plan);
  BB_RETURN_IF_ERROR(outcome.status);
  const bool whole = plan.mode == plugin::v1::ReadRequest::MODE_SNAPSHOT && plan.max_records == 0;
  if (whole) BB_RETURN_IF_ERROR(Expect(outcome.complete(), "the snapshot was not complete"));
  return outcome;
}

void Fold(const std::vector<Record>& records, Content& content) {
  for (const Record& record : records) {
    if (record.deleted()) {
      content.erase(record.external_id());
    } else {
      content[record.external_id()] = record;
    }
  }
}

absl::Status SameFields(const Record& got, const Record& want, const Bench& bench) {
  const std::string who = absl::StrCat("record '", want.external_id(), "'");
  for (const auto& [name, value] : want.fields()) {
    const auto found = got.fields().find(name);
    if (found == got.fields().end()) {
      return Expect(false, absl::StrCat(who, " does not tell '", name, "'"));
    }
    if (!Same(found->second, value)) {
      return Expect(false, absl::StrCat(who, " tells '", name, "' as ",
                                        found->second.ShortDebugString().substr(0, 80),
                                        ", and it is ", value.ShortDebugString().substr(0, 80)));
    }
  }
  for (const auto& [name, value] : got.fields()) {
    if (want.fields().count(name) > 0 || IsComputed(bench, name)) continue;
    return Expect(false, absl::StrCat(who, " tells '", name, "', which the source does not"));
  }
  return absl::OkStatus();
}

absl::Status SameAsMock(const Content& got, Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Content want, bench.mock().List());
  for (const auto& [id, record] : want) {
    const auto found = got.find(id);
    if (found == got.end()) return Expect(false, absl::StrCat("record '", id, "' is missing"));
    BB_RETURN_IF_ERROR(SameFields(found->second, record, bench));
  }
  for (const auto& [id, record] : got) {
    BB_RETURN_IF_ERROR(Expect(want.count(id) > 0, absl::StrCat("there is no record '", id, "'")));
  }
  return absl::OkStatus();
}

absl::StatusOr<OperationResult> WriteOne(Conversation& talk,
                                         Bench& bench,
                                         Operation operation,
                                         bool dry_run) {
  plugin::v1::WriteRequest request;
  request.set_stream(bench.fixture().stream);
  request.set_dry_run(dry_run);
  const std::string op_id = operation.op_id();
  *request.add_operations() = std::move(operation);
  BB_ASSIGN_OR_RETURN(const auto response, talk.Write(std::move(request)));
  if (response.results_size() != 1 || response.results(0).op_id() != op_id) {
    return absl::FailedPreconditionError("one operation did not get one result by its op_id");
  }
  return response.results(0);
}

Operation CreateOperation(Bench& bench, const std::string& foreign_id) {
  Operation operation;
  operation.set_op_id(bench.NewOpId());
  operation.set_kind(Operation::KIND_CREATE);
  operation.set_foreign_id(foreign_id);
  *operation.mutable_set() = bench.fixture().new_record;
  return operation;
}

Operation UpdateOperation(Bench& bench, const Record& record, const Fields& set) {
  Operation operation;
  operation.set_op_id(bench.NewOpId());
  operation.set_kind(Operation::KIND_UPDATE);
  operation.set_external_id(record.external_id());
  operation.set_if_etag(record.etag());
  *operation.mutable_set() = set;
  return operation;
}

absl::Status ExpectOutcome(const absl::StatusOr<OperationResult>& result,
                           OperationResult::Outcome outcome) {
  BB_RETURN_IF_ERROR(result.status());
  const std::string why =
      result->diagnostics().empty() ? "" : " (" + result->diagnostics(0).code() + ")";
  return Expect(result->outcome() == outcome,
                absl::StrCat("the outcome is ", OperationResult::Outcome_Name(result->outcome()),
                             why, ", not ", OperationResult::Outcome_Name(outcome)));
}

absl::StatusOr<Record> Get(Conversation& talk, Bench& bench, const std::string& external_id) {
  std::vector<Record> records;
  if (bench.Can("by_ids")) {
    plugin::v1::LookupRequest request;
    request.set_stream(bench.fixture().stream);
    request.add_external_ids(external_id);
    BB_ASSIGN_OR_RETURN(const auto response, talk.Lookup(std::move(request)));
    records.assign(response.records().begin(), response.records().end());
  } else {
    BB_ASSIGN_OR_RETURN(const ReadOutcome outcome, ReadAll(talk, bench));
    records = outcome.records;
  }
  for (const Record& record : records) {
    if (record.external_id() == external_id && !record.deleted()) return record;
  }
  return absl::NotFoundError(absl::StrCat("record '", external_id, "' cannot be found"));
}

absl::StatusOr<plugin::v1::LookupResponse> LookUpForeign(Conversation& talk,
                                                         Bench& bench,
                                                         const std::string& foreign_id) {
  plugin::v1::LookupRequest request;
  request.set_stream(bench.fixture().stream);
  request.add_foreign_ids(foreign_id);
  return talk.Lookup(std::move(request));
}

absl::StatusOr<Record> SomeRecord(Conversation& talk, Bench& bench, std::size_t at) {
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  if (at >= content.size()) return absl::FailedPreconditionError("the fixture has too few records");
  return Get(talk, bench, std::next(content.begin(), static_cast<std::ptrdiff_t>(at))->first);
}

absl::StatusOr<Record> AtMock(Bench& bench, const std::string& external_id) {
  BB_ASSIGN_OR_RETURN(const Content content, bench.mock().List());
  const auto found = content.find(external_id);
  if (found != content.end()) return found->second;
  return absl::NotFoundError(absl::StrCat("the source has no record '", external_id, "'"));
}

Fields OneText(const Bench& bench, const std::string& text) {
  Fields fields;
  fields[bench.fixture().text_field] = TextValue(text);
  return fields;
}

absl::Status Unchanged(Bench& bench, const Content& before) {
  BB_ASSIGN_OR_RETURN(const Content after, bench.mock().List());
  const auto same = [](const Content::value_type& a, const Content::value_type& b) {
    return google::protobuf::util::MessageDifferencer::Equals(a.second, b.second);
  };
  return Expect(std::equal(before.begin(), before.end(), after.begin(), after.end(), same),
                "the source is not as it was before");
}

bool Eventually(const std::function<bool()>& what, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!what()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace brobygger::conformance
