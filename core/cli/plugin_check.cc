#include <filesystem>
#include <fstream>
#include <memory>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/cli/commands.h"
#include "core/cli/errors.h"
#include "core/cli/session.h"
#include "core/conformance/kit.h"

namespace brobygger::cli {
namespace {

namespace fs = std::filesystem;
using conformance::CaseResult;
using conformance::KitReport;
using conformance::Verdict;

struct CheckOptions {
  std::string manifest;
  std::string fixture;
  std::string cases;
  std::string junit;
  std::string host;
  bool longer = false;
  bool shorter = false;
};

// Beside this program, as it is built and as it is installed.
std::string UsualHost() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "brobygger-plugin-host").string();
}

void TellEnd(Session& session, const KitReport& report) {
  session.Write(absl::StrCat(report.Count(Verdict::kOk), " ok, ", report.Count(Verdict::kFailed),
                             " failed, ", report.Count(Verdict::kNotApplicable),
                             " not applicable, ", report.Count(Verdict::kNotBuilt),
                             " not built\n"));
  if (!report.whole) return;
  std::string promise;
  if (report.level < report.promised) {
    promise = absl::StrCat(" (it promises ", LevelName(report.promised), ")");
  }
  session.Write(absl::StrCat(report.plugin, ": ", LevelName(report.level), promise, "\n"));
}

Outcome Check(Session& session, const CheckOptions& options) {
  if (options.longer && options.shorter) {
    return absl::InvalidArgumentError("Give --short or --long, not both.");
  }
  conformance::KitOptions kit{.manifest = options.manifest,
                              .fixture = options.fixture,
                              .host_program = options.host.empty() ? UsualHost() : options.host};
  kit.longer = options.longer;
  if (!options.cases.empty()) kit.only = absl::StrSplit(options.cases, ',', absl::SkipEmpty());
  // The kit starts and kills processes on purpose: no news for a log.
  base::SetLogLevel("error");
  const auto tell = [&](const CaseResult& result) {
    session.Write(conformance::LineOf(result) + "\n");
    session.Flush();
  };
  BB_ASSIGN_OR_RETURN(const KitReport report, conformance::RunKit(kit, tell));
  TellEnd(session, report);
  if (!options.junit.empty()) {
    std::ofstream out(options.junit);
    out << conformance::ToJUnit(report);
    out.close();
    if (!out) return absl::UnknownError(absl::StrCat("Cannot write ", options.junit, "."));
  }
  return report.Passed() ? kExitDone : kExitOther;
}

}  // namespace

void AddPluginCheck(const Command& parent) {
  const auto options = std::make_shared<CheckOptions>();
  Command check = parent.Add("check", "Try a plugin in the real host and jail, case by case");
  check
      .Argument("PLUGIN.JSON", options->manifest,
                {.summary = "The plugin's manifest", .completes = Completes::kFile})
      .Required("--fixture", options->fixture,
                {.summary = "The folder with its fixture.json", .completes = Completes::kFile})
      .Option("--case", options->cases, {.summary = "Only these cases, with commas: R1,W6"})
      .Flag("--short", options->shorter, "Few rounds and few records (usual)")
      .Flag("--long", options->longer, "More rounds and more records: minutes")
      .Option(
          "--junit", options->junit,
          {.summary = "Also write the results here, as JUnit XML", .completes = Completes::kFile})
      .Option("--host", options->host,
              {.summary = "The plugin host; usually the one beside this program",
               .completes = Completes::kFile})
      .Does([options](Session& session) { return Check(session, *options); });
}

}  // namespace brobygger::cli
