#pragma once

#include <string>
#include <vector>

#include <absl/status/status.h>

#include "core/conformance/bench.h"

namespace brobygger::conformance {

// One thing a plugin must do.
struct Case {
  std::string id;     // "R1"
  std::string title;  // a sentence
  // Abilities, "verb:X" and "fault:X" of the fixture, and others: see Bench::Missing().
  std::vector<std::string> needs = {};
  // OK, or what was wrong. The mock has just been reset. Null: not built.
  absl::Status (*run)(Bench& bench) = nullptr;
  std::string held_by = {};  // where the thing is tested, for a case that is not built
};

// All cases in the order they are told in; one table a family, written out.
std::vector<Case> AllCases();
std::vector<Case> LoadCases();
std::vector<Case> ConfigCases();
std::vector<Case> CheckCases();
std::vector<Case> ReadCases();
std::vector<Case> WriteCases();
std::vector<Case> FaultCases();
std::vector<Case> LimitCases();
std::vector<Case> UpgradeCases();
std::vector<Case> EngineCases();

// OK, or a failure that says `otherwise`.
absl::Status Expect(bool holds, const std::string& otherwise);

// A failure of another kind: the case finds that it cannot be asked here.
absl::Status NotApplicable(const std::string& needs);
bool IsNotApplicable(const absl::Status& status);

}  // namespace brobygger::conformance
