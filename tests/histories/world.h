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

 private:
  using Association = registry::v1::Association;

  int Dice(int sides) { return static_cast<int>(random_() % static_cast<unsigned>(sides)); }
  bool Chance(int percent) { return Dice(100) < percent; }
  template <typename List>
  const auto& OneOf(const List& list) {
    return list[static_cast<std::size_t>(Dice(static_cast<int>(list.size())))];
  }

  void Start();  // a hub's process begins
  void Step();
  void EditHere();
  void EditThere();
  void EditRecord(support::FakeSource& source, plugin::v1::Record& record);
  void MakeHere();
  void MakeThere();
  void AnswerConflict();
  void LoseState(const std::string& connection);
  void DeleteOrUndelete();
  void TakeAwayOrBringBack();
  void SetAClock();
  void PassTime(std::chrono::minutes passed);
  void RunOne();
  void RunWith(const std::string& connection, bool may_write);
  void Sync(const std::string& connection);
  void ComeToRest();

  std::string NewValue(const std::string& path);
  void Typed(const std::string& value, const std::string& over);
  std::string SomeConnection() { return Chance(50) ? "tilskud" : "frivillig"; }
  std::vector<Association> All() const;
  std::vector<Association> Live() const;

  void CheckNothingLost();
  void CheckOneRecordEach();
  void CheckQuiet();
  void CheckWorkIsForChanges();
  void CheckBothSidesAgree();
  void CheckNobodyDeleted();
  void CheckOwners();
  void CheckWhoSaidIt();
  void Wrong(const std::string& what) { wrong_.push_back(what); }
  void Tell(const std::string& what) { story_.push_back(what); }

  const Without without_;
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
  std::map<std::string, std::string> names_there_;  // "site/record" to the name there
  std::vector<std::string> wrong_;
  std::vector<std::string> story_;
};

}  // namespace brobygger::histories
