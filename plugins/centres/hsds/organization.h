#pragma once

#include <set>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/plugin/v1/schema.pb.h"

#include "plugins/centres/hsds/answer.h"
#include "plugins/centres/hsds/terms.h"

namespace brobygger::hsds {

// An organization with its services, as records tell it.
struct Told {
  const json* organization = nullptr;
  const std::vector<json>* services = nullptr;  // nullptr: not known
  std::string language;                         // of the texts
  const Terms* terms = nullptr;  // what taxonomy terms mean; nullptr: nothing is said
};

// The record of one organization: rule 42, and the table in README.md. Every field that the
// source has and leaves empty is told empty. Where its services are not known, what comes of them
// is not told at all, so that nothing is cleared. The error is a Diagnostic for a RecordError.
absl::StatusOr<plugin::v1::Record> ToRecord(const Told& told);

// What a record may tell.
std::vector<plugin::v1::FieldSchema> RecordFields();

// The keys of the services that `organization` names, and whether all of them stand in it whole.
struct NamedServices {
  std::vector<std::string> ids;
  bool whole = true;
};
NamedServices ServicesOf(const json& organization);

// Whether an item of a list is the whole organization and not only its own plain fields.
bool IsWhole(const json& item);

}  // namespace brobygger::hsds
