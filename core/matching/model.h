#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <absl/status/statusor.h>

namespace brobygger::matching {

class Scorecard;

// A model: weights, thresholds and their version, as read from one file.
// Immutable; safe to share across threads.
class Model {
 public:
  // The one that is built into the program.
  static std::shared_ptr<const Model> Shipped();

  // Reads a model file (core/matching/README.md has its form). MODEL_INVALID,
  // with what is wrong and where: cut short, edited since it was made (its digest
  // does not fit), of another format, or made for other comparisons than this
  // program knows.
  static absl::StatusOr<std::shared_ptr<const Model>> Parse(const std::string& text);

  ~Model();

  const std::string& version() const;  // "2026-11-24.1"
  const std::string& digest() const;   // SHA-256, as hexadecimal digits

 private:
  Model();
};

}  // namespace brobygger::matching
