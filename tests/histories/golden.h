// One run of everything the sync does, the same each time, with a hub that dies once.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/registry/identity.h"
#include "core/storage/store.h"
#include "core/sync/engine.h"
#include "tests/histories/without.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_source.h"

namespace brobygger::histories {

class CrashingStore;

// When the hub's process ends.
struct Death {
  int after_writes = -1;  // -1: it lives
  bool durable = false;   // one more write reaches the disk, and nobody hears of it
};

// A registry, a source it may write to, the people on both sides, and a hub between
// them. Whoever was at the hub when it died does that step again afterwards.
class Golden {
 public:
  explicit Golden(Death death, Without without = Without::kNothing);
  ~Golden();

  // Plays it all until nothing is left to do. Returns what stands then on both sides,
  // in the queues and in the logs, a line for each, without what may differ: ids,
  // times, and how often.
  std::vector<std::string> Play();

  // What should never have happened on the way.
  const std::vector<std::string>& wrong() const { return wrong_; }
  // How many writes the hub and its people have made since the connection was set up.
  int writes() const;
  // The step in which the hub died, or "".
  const std::string& died_in() const { return died_in_; }

 private:
  using Association = registry::v1::Association;
  using Choice = sync::v1::ResolveConflictRequest::Choice;

  void Step(const std::string& what, const std::function<void()>& action);
  void Run(const std::string& what, void (Golden::*run)());
  void Start();  // a hub's process begins
  void FirstSync();
  void BothWays();
  void Clashes();
  void Disappearances();
  void Refusals();
  void Undoing();
  void ComeToRest();

  // What people do at the hub. Who does it again looks first what is there.
  void MakeHere(int number);
  void EditHere(int number, const std::string& path, const std::string& value);
  void DeleteHere(int number);
  void Resolve(int number, const std::string& path, Choice choice);
  void UndoSince(base::Instant start);
  void Sync();
  void Outbound();

  // What people do at the source. It lives on.
  void MakeThere(int number, const std::string& phone);
  void EditThere(int number, const std::string& field, const std::string& value);
  void TakeAway(int number);
  void BringBack(int number);

  Association Here(int number) const;
  std::vector<Association> All() const;
  std::string NameOfId(const std::string& id) const;
  bool Write(const std::function<absl::Status(storage::Transaction&)>& body);
  void Expect(const absl::Status& status, const std::string& what);
  void CheckNothingTypedIsLost(const std::vector<std::string>& end);

  std::vector<std::string> End() const;
  void TellRegistry(std::vector<std::string>& end) const;
  void TellSource(std::vector<std::string>& end) const;
  void TellQueues(std::vector<std::string>& end) const;
  void TellLinks(std::vector<std::string>& end) const;

  support::FakeClock clock_;
  std::unique_ptr<registry::Identity> identity_;
  CrashingStore* disk_ = nullptr;  // within store_
  std::unique_ptr<storage::Store> store_;
  support::FakeSource source_;
  std::unique_ptr<sync::Engine> engine_;
  supervisor::CancelToken cancel_;
  int writes_before_ = 0;
  std::set<std::string> typed_;
  std::set<std::string> given_up_;  // values a person saw and typed over, or undid
  std::vector<std::string> wrong_;
  std::string died_in_;
};

}  // namespace brobygger::histories
