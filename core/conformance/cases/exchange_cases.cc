// U3, U4: another version of the plugin takes its place while the hub is at work. The hub upgrades
// by stopping and starting; what is at work until then is the old process.
#include <algorithm>
#include <set>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/conformance/cases/engine_cases.h"
#include "core/conformance/cases/hub.h"
#include "core/conformance/cases/upgrade_cases.h"
#include "core/conformance/installation.h"

namespace brobygger::conformance {
namespace {

// At how many of a run's commits it is interrupted when there is little time.
constexpr int kFewPlaces = 3;

std::string InstalledVersion(const supervisor::Supervisor& supervisor) {
  const auto plugins = supervisor.Plugins();
  return plugins.size() == 1 ? plugins[0].version : "";
}

// What people did on both sides before the run that the upgrade interrupts.
struct Work {
  std::string here;   // the first record's purpose, from here
  std::string there;  // the second one's, from the source
  std::string made;   // an association's name; "": none was made
};

// The upgrade in the middle of a run, one play.
class Upgrade {
 public:
  explicit Upgrade(Bench& bench) : bench_(bench) {}

  // `place`: before which of the run's writes; -1 if it is never interrupted.
  absl::Status Run(int place);
  int writes() const { return writes_; }

 private:
  absl::Status DoWork();
  absl::Status Finish();
  absl::Status CheckNothingLost();
  absl::Status CheckNothingTwice(std::size_t there_before);

  Bench& bench_;
  std::vector<std::string> ids_;
  std::unique_ptr<EngineHub> hub_;
  Work work_;
  int writes_ = 0;  // of the run
};

absl::Status Upgrade::Run(int place) {
  BB_RETURN_IF_ERROR(bench_.mock().Reset());
  BB_ASSIGN_OR_RETURN(ids_, WithPurpose(bench_, 2));
  BB_ASSIGN_OR_RETURN(const Installation installation,
                      Installation::Make(bench_, Installation::Next::kWorks));
  BB_ASSIGN_OR_RETURN(
      hub_, EngineHub::MakeAgreed(bench_, {.plugin_root = installation.root(), .creates = true}));
  BB_ASSIGN_OR_RETURN(const Content before, bench_.mock().List());
  BB_RETURN_IF_ERROR(DoWork());
  absl::Status exchanged;
  const int begin = hub_->disk().writes();
  if (place >= 0) {
    hub_->disk().ActAfter(place, [&] {
      exchanged = installation.Exchange();
      hub_->Cancel();
    });
  }
  // Cut off in the middle, it may fail.
  const absl::Status run = hub_->Sync().status();
  writes_ = hub_->disk().writes() - begin;
  if (place < 0) return run;
  BB_RETURN_IF_ERROR(exchanged);
  BB_RETURN_IF_ERROR(hub_->Restart());
  BB_RETURN_IF_ERROR(Expect(InstalledVersion(hub_->supervisor()) == kNextVersion,
                            "the hub that starts does not find the new version"));
  BB_RETURN_IF_ERROR(Finish());
  BB_RETURN_IF_ERROR(CheckNothingLost());
  return CheckNothingTwice(before.size());
}

absl::Status Upgrade::DoWork() {
  work_.there = "Mens kilden blev opdateret";
  BB_RETURN_IF_ERROR(hub_->EditThere(ids_[1], kPurpose, work_.there));
  if (bench_.Can("update")) {
    work_.here = "Mens hub'en blev opdateret";
    BB_RETURN_IF_ERROR(hub_->EditHere(ids_[0], kPurpose, work_.here));
  }
  if (bench_.Can("create")) {
    work_.made = "Kastanjens Korforening";
    BB_RETURN_IF_ERROR(hub_->MakeHere(work_.made, "At synge sammen"));
  }
  return absl::OkStatus();
}

absl::Status Upgrade::Finish() {
  for (int round = 0; round < 2; ++round) {
    hub_->PassTime(std::chrono::hours(1));
    BB_RETURN_IF_ERROR(hub_->RunOutbound());
    BB_RETURN_IF_ERROR(hub_->Sync().status());
  }
  return hub_->NothingToDo();
}

absl::Status Upgrade::CheckNothingLost() {
  BB_ASSIGN_OR_RETURN(const std::string here, hub_->TextHere(ids_[1], kPurpose));
  BB_RETURN_IF_ERROR(Expect(here == work_.there, "an edit at the source is lost in the upgrade"));
  if (work_.here.empty()) return absl::OkStatus();
  BB_ASSIGN_OR_RETURN(const std::string there, hub_->TextThere(ids_[0], kPurpose));
  return Expect(there == work_.here, "an edit here is lost in the upgrade");
}

absl::Status Upgrade::CheckNothingTwice(std::size_t there_before) {
  const std::size_t made = work_.made.empty() ? 0 : 1;
  BB_ASSIGN_OR_RETURN(const Content there, bench_.mock().List());
  BB_ASSIGN_OR_RETURN(const std::size_t here, hub_->CountHere());
  BB_RETURN_IF_ERROR(Expect(there.size() == there_before + made,
                            absl::StrCat("the source has ", there.size(),
                                         " records after the upgrade, not ", there_before + made)));
  return Expect(here == there.size(), absl::StrCat(there.size(), " records are ", here,
                                                   " associations after the upgrade"));
}

}  // namespace

// U3
absl::Status UpgradeUnderLoad(Bench& bench) {
  Upgrade whole(bench);
  BB_RETURN_IF_ERROR(whole.Run(-1));
  const int stride = bench.longer() ? 1 : std::max(1, whole.writes() / kFewPlaces);
  for (int place = 0; place < whole.writes(); place += stride) {
    const absl::Status status = Upgrade(bench).Run(place);
    BB_RETURN_IF_ERROR(Expect(status.ok(), absl::StrCat("upgraded before write ", place + 1, ": ",
                                                        std::string(status.message()))));
  }
  return absl::OkStatus();
}

// U4
absl::Status FailedUpgrade(Bench& bench) {
  BB_ASSIGN_OR_RETURN(const Installation installation,
                      Installation::Make(bench, Installation::Next::kFails));
  BB_ASSIGN_OR_RETURN(const Content before, bench.mock().List());
  Hub hub(bench);
  hub.options.plugin_roots = {installation.root()};
  hub.Restart();
  int old_pid = 0;
  {
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    old_pid = hub.pid();
    BB_RETURN_IF_ERROR(installation.Exchange());
    BB_RETURN_IF_ERROR(session->Check().status());
    BB_RETURN_IF_ERROR(ReadSnapshot(*session, bench).status);
  }
  {
    // Also for the next talk, as long as the hub lives.
    BB_ASSIGN_OR_RETURN(const auto session, hub.Open());
    BB_RETURN_IF_ERROR(Expect(hub.pid() == old_pid, "the old process is not at work any more"));
    const SnapshotRead read = ReadSnapshot(*session, bench);
    BB_RETURN_IF_ERROR(read.status);
    BB_RETURN_IF_ERROR(Expect(read.records == before.size(), "the old process does not read all"));
  }
  hub.Restart();
  const absl::Status refused = hub.Open().status();
  const auto reason = base::ReasonOf(refused);
  BB_RETURN_IF_ERROR(Expect(
      reason == errors::v1::ERROR_REASON_PLUGIN_REFUSED ||
          reason == errors::v1::ERROR_REASON_PLUGIN_UNAVAILABLE,
      absl::StrCat("of the version that fails the hub is told ", std::string(refused.message()))));
  BB_RETURN_IF_ERROR(Unchanged(bench, before));
  // Whoever sees it puts the old version back.
  BB_RETURN_IF_ERROR(installation.Exchange());
  return NextOneWorks(hub, bench, 0);
}

}  // namespace brobygger::conformance
