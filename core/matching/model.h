#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/matching/scorecard.h"

namespace brobygger::matching {

// A model: scorecards with their thresholds, as read from one file. Immutable;
// safe to share across threads.
class Model {
 public:
  // The one that is built into the program.
  static std::shared_ptr<const Model> Shipped();

  // Reads a model file (core/matching/README.md has its form). MODEL_INVALID,
  // with what is wrong and where: cut short, edited since it was made (its digest
  // does not fit), of another format, or made for other comparisons than this
  // program knows.
  static absl::StatusOr<std::shared_ptr<const Model>> Parse(const std::string& text);

  // The file's text, with its digest.
  static std::string Write(const std::string& version,
                           const std::string& made_from,
                           const std::vector<Scorecard>& scorecards);

  const std::string& version() const { return version_; }      // "2026-11-24.1"
  const std::string& digest() const { return digest_; }        // SHA-256, in hexadecimal digits
  const std::string& made_from() const { return made_from_; }  // in words
  const std::vector<Scorecard>& scorecards() const { return scorecards_; }

  // The scorecard with this key, or null.
  const Scorecard* Find(const std::string& key) const;

  // The one for a registry of associations: the first.
  const Scorecard& associations() const { return scorecards_.front(); }

 private:
  Model() = default;

  std::string version_;
  std::string digest_;
  std::string made_from_;
  std::vector<Scorecard> scorecards_;
};

}  // namespace brobygger::matching
