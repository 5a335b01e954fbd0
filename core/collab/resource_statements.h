#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/resource_check.pb.h"

namespace brobygger::collab {

// What is asked in a resource check, in the words for both sides.
struct ResourceStatements {
  std::string version;
  std::vector<v1::ResourceStatement> of_associations;
  std::vector<v1::ResourceStatement> of_municipalities;  // the same ids, in the same order

  const std::string& revision() const { return version; }
  const std::vector<v1::ResourceStatement>& For(v1::ResourceSubject subject) const {
    return subject == v1::RESOURCE_SUBJECT_ASSOCIATION ? of_associations : of_municipalities;
  }
};

// The statements of now: those of a municipality's own file may change while the hub runs.
using ResourceStatementSource = std::function<std::shared_ptr<const ResourceStatements>()>;

// Reads a file of them; data/resource_statements.csv has the form. FAILED_PRECONDITION with the
// line and what is wrong with it; or a topic that has not three to five statements.
absl::StatusOr<ResourceStatements> ParseResourceStatements(std::string_view file);

// Those that are built into the program.
const ResourceStatements& ShippedResourceStatements();

}  // namespace brobygger::collab
