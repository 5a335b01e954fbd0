#include "core/conformance/kit.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include <absl/strings/str_cat.h>

#include "core/base/status_macros.h"
#include "core/conformance/case.h"

namespace brobygger::conformance {
namespace {

constexpr char kSecretsCase[] = "S5";

std::vector<Case> Join(std::initializer_list<std::vector<Case>> families) {
  std::vector<Case> all;
  for (const std::vector<Case>& family : families) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

// Level B writes without etags and without operation ids that the source knows.
bool GoldOnly(const Case& one) {
  return std::any_of(one.needs.begin(), one.needs.end(), [](const std::string& need) {
    return need == "etag" || need == "idempotency_key";
  });
}

void Judge(Bench& bench, const Case& one, const absl::Status& ready, CaseResult& result) {
  result.verdict = Verdict::kFailed;
  if (!ready.ok()) {
    result.text = std::string(ready.message());
    return;
  }
  for (const std::string& need : one.needs) {
    result.text = bench.Missing(need);
    if (result.text.empty()) continue;
    result.verdict = Verdict::kNotApplicable;
    return;
  }
  absl::Status status = bench.mock().Reset();
  try {
    if (status.ok()) status = one.run(bench);
  } catch (const std::exception& problem) {
    status = absl::InternalError(absl::StrCat("the kit failed: ", problem.what()));
  }
  result.text = std::string(status.message());
  if (status.ok()) result.verdict = Verdict::kOk;
  if (IsNotApplicable(status)) result.verdict = Verdict::kNotApplicable;
}

CaseResult RunCase(Bench& bench, const Case& one, const absl::Status& ready) {
  CaseResult result{.id = one.id, .title = one.title};
  result.gold_only = GoldOnly(one);
  if (one.run == nullptr) {
    result.text = one.held_by;
    return result;
  }
  const auto begin = std::chrono::steady_clock::now();
  // The loading cases say themselves what is wrong with a plugin that does not start.
  Judge(bench, one, one.id[0] == 'L' ? absl::OkStatus() : ready, result);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

absl::StatusOr<std::vector<Case>> Chosen(const std::vector<std::string>& only) {
  std::vector<Case> cases = AllCases();
  for (const std::string& id : only) {
    const bool known =
        std::any_of(cases.begin(), cases.end(), [&](const Case& one) { return one.id == id; });
    if (!known) return absl::InvalidArgumentError(absl::StrCat("There is no case '", id, "'."));
  }
  if (!only.empty()) {
    std::erase_if(cases, [&](const Case& one) {
      return std::find(only.begin(), only.end(), one.id) == only.end();
    });
  }
  // Last, when all that is said has been said.
  std::stable_partition(cases.begin(), cases.end(),
                        [](const Case& one) { return one.id != kSecretsCase; });
  return cases;
}

bool FamilyHolds(const KitReport& report, const std::string& families, bool with_gold) {
  return std::none_of(report.results.begin(), report.results.end(), [&](const CaseResult& result) {
    return result.verdict == Verdict::kFailed && families.find(result.id[0]) != std::string::npos &&
           (with_gold || !result.gold_only);
  });
}

// What the abilities allow, whatever the cases say.
Level Ceiling(const Bench& bench) {
  const bool known_again = bench.Can("stores_foreign_id") || bench.Can("client_assigned_id") ||
                           bench.Can("idempotency_key");
  const bool told = bench.Can("delta") || bench.Can("snapshot");
  if (bench.Can("etag") && bench.Can("partial_update") && known_again && told) return Level::kGold;
  return bench.Can("create") || bench.Can("update") ? Level::kSilver : Level::kBronze;
}

Level Reached(const Bench& bench, const KitReport& report) {
  if (!FamilyHolds(report, "LSCR", true)) return Level::kNone;
  if (!FamilyHolds(report, "W", false)) return Level::kBronze;
  const bool gold = FamilyHolds(report, "LSCRWFBUE", true);
  return std::min(Ceiling(bench), gold ? Level::kGold : Level::kSilver);
}

Level ToLevel(const std::string& name) {
  for (const Level level : {Level::kBronze, Level::kSilver, Level::kGold}) {
    if (LevelName(level) == name) return level;
  }
  return Level::kNone;
}

}  // namespace

std::vector<Case> AllCases() {
  return Join({LoadCases(), ConfigCases(), CheckCases(), ReadCases(), WriteCases(), FaultCases(),
               LimitCases(), UpgradeCases(), EngineCases()});
}

absl::Status Expect(bool holds, const std::string& otherwise) {
  return holds ? absl::OkStatus() : absl::FailedPreconditionError(otherwise);
}

absl::Status NotApplicable(const std::string& needs) { return absl::UnimplementedError(needs); }

bool IsNotApplicable(const absl::Status& status) { return absl::IsUnimplemented(status); }

int KitReport::Count(Verdict verdict) const {
  return static_cast<int>(
      std::count_if(results.begin(), results.end(),
                    [&](const CaseResult& result) { return result.verdict == verdict; }));
}

bool KitReport::Passed() const {
  return Count(Verdict::kFailed) == 0 && (!whole || level >= promised);
}

absl::StatusOr<KitReport> RunKit(const KitOptions& options,
                                 const std::function<void(const CaseResult&)>& on_result) {
  BB_ASSIGN_OR_RETURN(const std::vector<Case> cases, Chosen(options.only));
  BB_ASSIGN_OR_RETURN(const std::unique_ptr<Bench> bench, Bench::Make(options));
  KitReport report;
  report.plugin = bench->entry().file.plugin;
  report.promised = ToLevel(bench->fixture().level);
  report.whole = options.only.empty();
  const absl::Status ready = bench->LearnSchema();
  for (const Case& one : cases) {
    report.results.push_back(RunCase(*bench, one, ready));
    if (on_result != nullptr) on_result(report.results.back());
  }
  report.level = Reached(*bench, report);
  return report;
}

}  // namespace brobygger::conformance
