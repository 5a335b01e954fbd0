#pragma once

#include <map>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "core/conformance/fixture.h"

namespace brobygger::conformance {

using Content = std::map<std::string, plugin::v1::Record>;

// The fixture's program that stands for the people at the source: it changes the source
// and tells what is in it, without the plugin.
class Mock {
 public:
  // `fixture` must outlive it.
  explicit Mock(const Fixture& fixture) : fixture_(fixture) {}

  // Runs the program with `words`, and `input` on standard input. Returns what it
  // wrote. INTERNAL if it fails or takes more than a minute.
  absl::StatusOr<std::string> Run(const std::vector<std::string>& words,
                                  const std::string& input = "") const;

  absl::Status Reset() const;
  absl::StatusOr<Content> List() const;
  absl::Status Add(const std::string& id, const Fields& fields) const;
  absl::Status Edit(const std::string& id, const Fields& fields) const;
  absl::Status Remove(const std::string& id) const;
  // Adds so many records, all with one time stamp.
  absl::Status Fill(int count) const;

 private:
  const Fixture& fixture_;
};

}  // namespace brobygger::conformance
