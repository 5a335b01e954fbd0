#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/conformance/mutant/mutations.h"

namespace brobygger::mutant {
namespace {

using plugin::v1::Operation;
using plugin::v1::OperationResult;
using plugin::v1::Record;
using Texts = std::function<void(std::string& text)>;

Mutation EachTold(const std::function<void(Record&)>& change) {
  return {.told = [change](ReadResponse event) {
    if (event.has_batch()) {
      for (Record& record : *event.mutable_batch()->mutable_records()) change(record);
    }
    return std::vector<ReadResponse>{std::move(event)};
  }};
}

// Changes a text field of each record that tells it.
Mutation EachToldText(const std::string& field, const Texts& change) {
  return EachTold([field, change](Record& record) {
    const auto found = record.mutable_fields()->find(field);
    if (found != record.mutable_fields()->end() && found->second.has_text()) {
      change(*found->second.mutable_text());
    }
  });
}

// Never says that it has told everything.
Mutation NeverComplete() {
  return {.told = [](ReadResponse event) {
    if (event.has_snapshot_end()) event.mutable_snapshot_end()->set_complete(false);
    return std::vector<ReadResponse>{std::move(event)};
  }};
}

// Tells everything again each time, and never the same twice.
Mutation NeverTheSame() {
  const auto count = std::make_shared<int>(0);
  Mutation mutation =
      EachToldText("name", [count](std::string& text) { text += " " + std::to_string(++*count); });
  mutation.read = [](plugin::v1::ReadRequest& request) { request.clear_cursor(); };
  return mutation;
}

Mutation EachWrite(const std::function<void(Operation&)>& change) {
  return {.write = [change](WriteRequest& request) {
    for (Operation& operation : *request.mutable_operations()) change(operation);
  }};
}

// Takes a refusal for nothing to do.
Mutation SwallowsRefusals() {
  return {.written = [](plugin::v1::WriteResponse& response) {
    for (OperationResult& result : *response.mutable_results()) {
      if (result.outcome() == OperationResult::OUTCOME_REJECTED) {
        result.set_outcome(OperationResult::OUTCOME_NO_CHANGE);
      }
    }
  }};
}

// Tells things otherwise once it had to be started again.
Mutation ForgetsWhoItWas() {
  return {.told = [](ReadResponse event) {
    if (event.epoch() > 1 && event.has_batch()) {
      for (Record& record : *event.mutable_batch()->mutable_records()) {
        (*record.mutable_fields())["purpose"].set_text("Fra en anden start");
      }
    }
    return std::vector<ReadResponse>{std::move(event)};
  }};
}

// Tells empty fields as if nobody had asked for them.
void ForgetsEmpty(Record& record) {
  const auto purpose = record.fields().find("purpose");
  if (purpose != record.fields().end() && purpose->second.has_empty()) {
    record.mutable_fields()->erase("purpose");
  }
}

}  // namespace

Mutations EngineMutations() {
  Mutations all;
  all["E1"] = EachToldText("name", [](std::string& text) { text = "En anden forening"; });
  all["E2"] = NeverTheSame();
  all["E4"] = ForgetsWhoItWas();
  all["E5"] = NeverComplete();
  all["E6"] = EachTold(ForgetsEmpty);
  all["E3"] = all["E7"] =
      EachWrite([](Operation& operation) { operation.mutable_set()->erase("purpose"); });
  all["E8"] = NeverComplete();
  all["E9"] = NeverTheSame();
  all["E10"] = SwallowsRefusals();
  all["E11"] = EachTold([](Record& record) { record.mutable_fields()->erase("purpose"); });
  all["E12"] = NeverTheSame();
  return all;
}

}  // namespace brobygger::mutant
