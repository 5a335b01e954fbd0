#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <absl/status/statusor.h>

#include "brobygger/collab/v1/alignment.pb.h"

namespace brobygger::collab {

// What both sides are asked in a round.
struct Statements {
  std::string version;
  std::vector<v1::AlignmentStatement> all;
  const std::string& revision() const { return version; }
};

// The statements of now: those of a municipality's own file may change while the hub runs.
using StatementSource = std::function<std::shared_ptr<const Statements>()>;

// Reads a file of them; data/statements.csv has the form. FAILED_PRECONDITION with the line and
// what is wrong with it: not four parts, a topic that there is not, an id twice, a text missing; or
// a topic without a statement.
absl::StatusOr<Statements> ParseStatements(std::string_view file);

// Those that are built into the program.
const Statements& ShippedStatements();

}  // namespace brobygger::collab
