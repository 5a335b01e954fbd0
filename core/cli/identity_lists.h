// What the commands for lists outside the hub share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/cli/command.h"
#include "core/cli/progress.h"
#include "core/cli/record_file.h"
#include "core/matching/lists.h"
#include "core/matching/model.h"

namespace brobygger::cli {

// How a list is to be read and matched.
struct MatchOptions {
  std::string columns;
  std::string model_file;
  std::string scorecard;
};
void AddMatchOptions(Command& command, MatchOptions& options);

// The model asked for, else the one that is built in. INVALID_ARGUMENT,
// MODEL_INVALID.
absl::StatusOr<std::shared_ptr<const matching::Model>> LoadModel(const MatchOptions& options);

// The scorecard asked for; null where the list shall choose.
absl::StatusOr<const matching::Scorecard*> FindScorecard(const matching::Model& model,
                                                         const MatchOptions& options);

// Files of "A.csv,B.csv".
std::vector<std::string> SplitPaths(const std::string& paths);

// Writes a whole file, or nothing: beside it first, then in its place.
absl::Status WriteFile(const std::string& path, const std::string& text);

void AddIdentityCluster(const Command& identity);
void AddIdentityLink(const Command& identity);
void AddIdentityTrain(const Command& identity);
void AddIdentityEvaluate(const Command& identity);

}  // namespace brobygger::cli
