// A registry and a few source systems that people edit at random, with everything
// going wrong that can: the world in which the sync's invariants must hold.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"
#include "tests/histories/without.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_source.h"

namespace brobygger::histories {

// Two or more source systems behind the one supervisor the engine has.
class Sites final : public supervisor::Supervisor {
 public:
  support::FakeSource& at(const std::string& connection) { return sources_[connection]; }
  std::map<std::string, support::FakeSource>& all() { return sources_; }
  const std::map<std::string, support::FakeSource>& all() const { return sources_; }

  std::vector<supervisor::PluginFile> Plugins() const override { return {}; }
  absl::StatusOr<std::unique_ptr<supervisor::Session>> Open(
      const supervisor::ProcessSpec& spec) override {
    return sources_[spec.connection.text()].Open(spec);
  }
  void Committed(const base::ConnectionId& /*connection*/) override {}
  supervisor::ProcessStatus StatusOf(const base::ConnectionId& /*connection*/) const override {
    return {};
  }
  void Stop(const base::ConnectionId& /*connection*/) override {}

 private:
  std::map<std::string, support::FakeSource> sources_;
};

class CrashingStore;

// What a run found and left of each association: what undoing it is held against.
struct RunSeen {
  std::string id;
  std::map<std::string, registry::v1::Association> before;
  std::map<std::string, registry::v1::Association> after;
};

// Two associations that a person took for one.
struct PersonsMerge {
  std::string decision_id;
  std::string survivor;
  std::string absorbed;
  std::vector<std::string> cvr_numbers;
  bool relied_on = false;  // neither had been deleted by anybody, as far as people know
  bool undone = false;
};

// Whether people do all they can: also take associations for one and apart again, and make second
// rows, and whether columns cut. BROBYGGER_HISTORY_ALL=1; README.md says what then goes wrong.
bool PlaysAll();

// One history, decided by its seed.
class World {
 public:
  World(std::uint64_t seed, Without without);
  ~World();

  // Plays `steps` random steps, lets all come to rest, and returns what went against
  // an invariant; empty if all held.
  std::vector<std::string> Play(int steps);

  // What happened, for whoever looks for the reason.
  const std::vector<std::string>& story() const { return story_; }

  // How often people did what, and what the sources made of it.
  const std::map<std::string, int>& happened() const { return happened_; }

 private:
  using Association = registry::v1::Association;

  int Dice(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }
  bool Chance(int percent) { return Dice(100) < percent; }
  template <typename List>
  const auto& OneOf(const List& list) {
    return list[static_cast<std::size_t>(Dice(static_cast<int>(list.size())))];
  }

  void SetUp(const std::string& id);
  void Start();  // a hub's process begins
  void Step();
  void StepOfPeople(int dice);
  void EditHere();
  void EditThere();
  void EditRecord(support::FakeSource& source, plugin::v1::Record& record);
  void MakeHere();
  void MakeThere();
  void MakeAgainThere();
  void AnswerConflict();
  void RefuseOrAllow();
  void ReplayRefused(const std::string& connection);
  void UndoARun();
  absl::StatusOr<sync::v1::UndoRunResponse> UndoOnce(const sync::v1::UndoRunRequest& request);
  void MergeTwo();
  void TakeAMergeBack();
  void LoseState(const std::string& connection);
  void RenameThere(const std::string& connection);
  void DeleteOrUndelete();
  void TakeAwayOrBringBack();
  void SetAClock();
  void PassTime(std::chrono::minutes passed);
  void RunOne();
  void RunWith(const std::string& connection, bool may_write);
  void RunOnce(const std::string& connection, bool may_write);
  std::string NewestRun(const std::string& connection) const;
  void Sync(const std::string& connection);
  void ComeToRest();

  std::string NewValue(const std::string& path);
  void Typed(const std::string& value, const std::string& over);
  std::string SomeConnection() { return Chance(50) ? "tilskud" : "frivillig"; }
  std::vector<Association> All() const;
  std::vector<Association> Live() const;
  std::map<std::string, Association> ById() const;
  // The association that an id leads to, by what people merged.
  std::string RootOf(std::string id) const;
  // Somebody has deleted it, or may have: it need not be there in the end.
  void NobodyReliesOn(const std::string& cvr_number);
  // Whether the source refuses to hold what the association does.
  bool Refuses(const std::string& connection, const Association& association) const;
  bool HasDeadLetter(const std::string& connection, const std::string& association_id) const;

  void CheckNothingLost();
  void CheckOneRecordEach();
  void CheckQuiet();
  void CheckWorkIsForChanges();
  void CheckBothSidesAgree();
  void CheckAuditFindsNothing();
  void CheckNobodyDeleted();
  void CheckOwners();
  void CheckWhoSaidIt();
  void CheckLettersHaveAReason();
  void CheckSourcesKnowWhatBecame();
  void CheckNothingIsMadeTwice();
  void CheckUndone(const RunSeen& run,
                   const std::map<std::string, Association>& held,
                   const sync::v1::UndoRunResponse& told);
  void Wrong(const std::string& what) { wrong_.push_back(what); }
  void Tell(const std::string& what) { story_.push_back(what); }
  void Happened(const std::string& what) { ++happened_[what]; }

  const Without without_;
  const bool plays_all_;
  std::mt19937_64 random_;
  support::FakeClock clock_;  // the hub's
  base::Instant time_ = clock_.Now();
  std::chrono::minutes hub_is_fast_by_{0};
  std::map<std::string, std::chrono::minutes> there_is_fast_by_;
  std::unique_ptr<registry::Identity> identity_;
  CrashingStore* disk_ = nullptr;  // within store_
  std::unique_ptr<storage::Store> store_;
  Sites sites_;
  std::unique_ptr<sync::Engine> engine_;
  supervisor::CancelToken cancel_;
  int counter_ = 0;
  std::set<std::string> typed_;       // every value a person has typed
  std::set<std::string> had_second_;  // "association path": lists that had more than one entry
  std::set<std::string> seen_over_;   // values a person saw and typed over
  std::set<std::string> made_;        // associations there must be, by CVR number
  int people_made_ = 0;               // associations, or records that may be one of their own
  std::map<std::string, std::string> names_there_;  // "site/record" to the name there
  std::map<std::string, RunSeen> last_run_;         // by connection
  std::vector<PersonsMerge> merges_;
  std::map<std::string, int> happened_;
  std::vector<std::string> wrong_;
  std::vector<std::string> story_;
};

}  // namespace brobygger::histories
