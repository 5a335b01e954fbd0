#include <chrono>
#include <memory>

#include "tests/conformance/mutant/mutations.h"

namespace brobygger::mutant {
namespace {

using plugin::v1::Operation;
using plugin::v1::OperationResult;
using plugin::v1::Value;

constexpr std::size_t kShortText = 100;

Mutation EachOperation(const std::function<void(Operation&)>& change) {
  return {.write = [change](WriteRequest& request) {
    for (Operation& operation : *request.mutable_operations()) change(operation);
  }};
}

Mutation EachResult(const std::function<void(OperationResult&)>& change) {
  return {.written = [change](plugin::v1::WriteResponse& response) {
    for (OperationResult& result : *response.mutable_results()) change(result);
  }};
}

Mutation Forgets(const std::vector<std::string>& names) {
  return EachOperation([names](Operation& operation) {
    for (const std::string& name : names) operation.mutable_set()->erase(name);
  });
}

Mutation Becomes(OperationResult::Outcome from, OperationResult::Outcome to) {
  return EachResult([from, to](OperationResult& result) {
    if (result.outcome() == from) result.set_outcome(to);
  });
}

void ForgetEmpty(Operation& operation) {
  std::vector<std::string> empty;
  for (const auto& [name, value] : operation.set()) {
    if (value.has_empty()) empty.push_back(name);
  }
  for (const std::string& name : empty) operation.mutable_set()->erase(name);
}

void WriteAnyway(Operation& operation) {
  operation.clear_if_etag();
  operation.clear_expected();
}

void CreateUnknown(Operation& operation) {
  if (operation.external_id() == "kit-no-such-record") operation.set_kind(Operation::KIND_CREATE);
}

// Gives the source another id of each operation each time, so that it knows none again.
Mutation NewOperations() {
  const auto asked = std::make_shared<std::string>();
  Mutation mutation = EachOperation([asked](Operation& operation) {
    *asked = operation.op_id();
    const auto ticks = std::chrono::steady_clock::now().time_since_epoch().count();
    operation.set_op_id(std::to_string(ticks));
  });
  mutation.written = [asked](plugin::v1::WriteResponse& response) {
    for (OperationResult& result : *response.mutable_results()) result.set_op_id(*asked);
  };
  return mutation;
}

}  // namespace

Mutations WriteMutations() {
  Mutations all;
  all["W1"] = Forgets({"purpose"});
  all["W2"] = EachOperation([](Operation& operation) {
    if (operation.kind() != Operation::KIND_UPDATE) return;
    (*operation.mutable_set())["purpose"].mutable_empty();
  });
  all["W3"] = EachOperation(ForgetEmpty);
  all["W4"] = Becomes(OperationResult::OUTCOME_NO_CHANGE, OperationResult::OUTCOME_REJECTED);
  all["W5"] = NewOperations();
  all["W6"] = Becomes(OperationResult::OUTCOME_DOUBTFUL, OperationResult::OUTCOME_RETRY);
  all["W7"] = {.found = [](plugin::v1::LookupResponse& response) { response.clear_records(); }};
  all["W8"] = all["W9"] = EachOperation(WriteAnyway);
  all["W10"] = EachOperation(CreateUnknown);
  all["W11"] = EachResult([](OperationResult& result) {
    for (Diagnostic& diagnostic : *result.mutable_diagnostics()) diagnostic.clear_path();
  });
  all["W12"] = {.written = [](plugin::v1::WriteResponse& response) {
    response.mutable_results()->RemoveLast();
  }};
  all["W13"] = {.write = [](WriteRequest& request) { request.set_dry_run(false); }};
  all["W14"] = EachOperation([](Operation& operation) {
    for (auto& [name, value] : *operation.mutable_set()) {
      if (value.text().size() > kShortText) value.mutable_text()->resize(kShortText);
    }
  });
  all["W15"] = Forgets({"updated", "founded"});
  all["W16"] = {.told = [](ReadResponse event) {
    if (event.has_batch()) {
      for (auto& record : *event.mutable_batch()->mutable_records()) {
        record.set_etag(record.etag() + "x");
      }
    }
    return std::vector<ReadResponse>{std::move(event)};
  }};
  all["W17"] = {.found = [](plugin::v1::LookupResponse& response) {
    for (auto& record : *response.mutable_records()) record.clear_foreign_id();
  }};
  all["W18"] = Forgets({"parent"});
  all["W19"] = Becomes(OperationResult::OUTCOME_NO_CHANGE, OperationResult::OUTCOME_APPLIED);
  all["W20"] = EachResult([](OperationResult& result) {
    for (Diagnostic& diagnostic : *result.mutable_diagnostics()) diagnostic.clear_retry_after();
  });
  return all;
}

}  // namespace brobygger::mutant
