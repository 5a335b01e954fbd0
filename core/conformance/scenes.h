// What several cases do: reading all, comparing with the mock, writing one operation.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/conformance/case.h"

namespace brobygger::conformance {

using plugin::v1::Operation;
using plugin::v1::OperationResult;
using plugin::v1::Value;

Value TextValue(const std::string& text);
bool Same(const Value& a, const Value& b);

// Reads as `plan` says, from the fixture's stream. The error is the read's own, or that
// a snapshot was not complete.
absl::StatusOr<ReadOutcome> ReadAll(Conversation& talk, Bench& bench, ReadPlan plan = {});

// The records that a reader holds after hearing these, one after the other.
void Fold(const std::vector<Record>& records, Content& content);

// Whether a reader that holds `got` knows all that the mock has: each record with each
// field, and no record more. Computed fields and etags are the source's own.
absl::Status SameAsMock(const Content& got, Bench& bench);
absl::Status SameFields(const Record& got, const Record& want, const Bench& bench);

// Does one operation in a process of its own or in `talk`.
absl::StatusOr<OperationResult> WriteOne(Conversation& talk,
                                         Bench& bench,
                                         Operation operation,
                                         bool dry_run = false);

Operation CreateOperation(Bench& bench, const std::string& foreign_id);
Operation UpdateOperation(Bench& bench, const Record& record, const Fields& set);

// Demands one outcome of a result.
absl::Status ExpectOutcome(const absl::StatusOr<OperationResult>& result,
                           OperationResult::Outcome outcome);

// The record of this id as a lookup, or else a snapshot, tells it. NOT_FOUND if it is
// not there or is deleted.
absl::StatusOr<Record> Get(Conversation& talk, Bench& bench, const std::string& external_id);
absl::StatusOr<plugin::v1::LookupResponse> LookUpForeign(Conversation& talk,
                                                         Bench& bench,
                                                         const std::string& foreign_id);

// A record that lives at the source, as the plugin tells it; `at` counts in id order.
absl::StatusOr<Record> SomeRecord(Conversation& talk, Bench& bench, std::size_t at = 0);

// The record of this id at the mock.
absl::StatusOr<Record> AtMock(Bench& bench, const std::string& external_id);

// Fields with the fixture's text field alone.
Fields OneText(const Bench& bench, const std::string& text);

// Whether the mock holds just what it held before.
absl::Status Unchanged(Bench& bench, const Content& before);

// Waits until `what` holds. Returns false after `patience`.
bool Eventually(const std::function<bool()>& what,
                std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace brobygger::conformance
