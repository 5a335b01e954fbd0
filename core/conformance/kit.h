// The conformance kit: tries a plugin, in the real host and its jail, against a source
// that its fixture stands for, case by case.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/supervisor/supervisor.h"

namespace brobygger::conformance {

using SupervisorMaker = std::function<absl::StatusOr<std::unique_ptr<supervisor::Supervisor>>(
    supervisor::SupervisorOptions)>;

struct KitOptions {
  std::string manifest;                // the plugin's plugin.json
  std::string fixture;                 // the folder with fixture.json
  std::string host_program;            // brobygger-plugin-host
  std::vector<std::string> only = {};  // ids of cases; empty: all
  bool longer = false;                 // more rounds and more records
  // The hub's own end of the plugin. Another one only proves that the cases see its faults.
  SupervisorMaker make_supervisor = supervisor::MakeSupervisor;
};

enum class Verdict { kOk, kFailed, kNotApplicable, kNotBuilt };

struct CaseResult {
  std::string id;
  std::string title;
  Verdict verdict = Verdict::kNotBuilt;
  std::string text = {};  // why it failed, what it needs, or who holds it instead
  double seconds = 0;
  bool gold_only = false;  // a writing case that level B need not pass
};

// What a plugin may promise: plugins-and-sync 8.8.
enum class Level { kNone, kBronze, kSilver, kGold };

struct KitReport {
  std::string plugin;
  std::vector<CaseResult> results;
  Level level = Level::kNone;
  Level promised = Level::kNone;  // by the fixture; kNone: it says nothing
  bool whole = false;             // every case was asked for, so `level` means something

  int Count(Verdict verdict) const;
  // No case failed, and the promised level is reached.
  bool Passed() const;
};

std::string LevelName(Level level);

// Runs the cases, telling `on_result` of each as it ends. INVALID_ARGUMENT if the
// fixture, the manifest or a case's id is wrong. Takes seconds to minutes.
absl::StatusOr<KitReport> RunKit(const KitOptions& options,
                                 const std::function<void(const CaseResult&)>& on_result);

// One line of text about a case: "R1 ok    a full snapshot ...".
std::string LineOf(const CaseResult& result);

// The report as JUnit XML.
std::string ToJUnit(const KitReport& report);

}  // namespace brobygger::conformance
