#include "core/registry/late_doubts.h"

#include <algorithm>
#include <utility>

#include <absl/time/time.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/registry/ingest.h"
#include "core/registry/members.h"
#include "core/registry/questions.h"
#include "core/registry/settle.h"

namespace brobygger::registry {
namespace {

// As many are looked at, and at most asked about in one write, before it is seen whether to stop.
constexpr std::size_t kDoubtsAtOnce = 100;

struct LateDoubt {
  std::string association_id;
  Standing standing;
};

// Whether there is anything to ask that a person has not decided and is not asked already.
bool IsWorthAsking(const Identity& identity, const LateDoubt& doubt) {
  const std::vector<std::string> asked = identity.DoubtsAbout(doubt.association_id);
  const auto& all = doubt.standing.candidates;
  return std::any_of(all.begin(), all.end(), [&](const Candidate& each) {
    const bool alike = each.verdict == Verdict::kAsk || each.verdict == Verdict::kSame;
    return alike && each.decision_id.empty() &&
           std::find(asked.begin(), asked.end(), each.association_id) == asked.end();
  });
}

void AskInOneWrite(storage::Store& store, const Identity& identity, std::vector<LateDoubt> doubts) {
  if (doubts.empty()) return;
  store.Submit(
      kHubActor,
      [&identity, doubts = std::move(doubts)](storage::Transaction& transaction) -> absl::Status {
        for (const LateDoubt& doubt : doubts) {
          BB_RETURN_IF_ERROR(
              AskAbout(transaction, identity, doubt.association_id, doubt.standing, {}).status());
        }
        return absl::OkStatus();
      },
      [](const absl::StatusOr<storage::Revision>& done) {
        if (!done.ok()) base::LogWarning("late_doubts_not_asked", {});
      });
}

}  // namespace

absl::StatusOr<int> AskAboutChanged(storage::Store& store,
                                    const Identity& identity,
                                    const std::vector<std::string>& association_ids) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  int alike = 0;
  std::vector<LateDoubt> doubts;
  for (const std::string& id : association_ids) {
    BB_ASSIGN_OR_RETURN(const auto association, FindAssociation(*snapshot, id));
    if (!association || association->has_delete_time()) continue;
    LateDoubt doubt{id, identity.Resolve(RecordOf(*association, ""), id)};
    if (!IsWorthAsking(identity, doubt)) continue;
    ++alike;
    doubts.push_back(std::move(doubt));
  }
  AskInOneWrite(store, identity, std::move(doubts));
  return alike;
}

LateDoubts::LateDoubts(storage::Store& store, Identity& identity, std::chrono::milliseconds pause)
    : store_(store), identity_(identity), pause_(absl::FromChrono(pause)) {
  identity_.RememberChanged();
  thread_ = std::thread([this] { Run(); });
}

LateDoubts::~LateDoubts() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void LateDoubts::Run() {
  std::vector<std::string> waiting;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause_)) return;
    }
    const std::vector<std::string> changed = identity_.TakeChanged();
    waiting.insert(waiting.end(), changed.begin(), changed.end());
    if (!changed.empty() || waiting.empty()) continue;
    std::sort(waiting.begin(), waiting.end());
    waiting.erase(std::unique(waiting.begin(), waiting.end()), waiting.end());
    AskInParts(std::exchange(waiting, {}));
  }
}

// A hub that is told to stop need not wait for the rest of a hundred thousand.
void LateDoubts::AskInParts(const std::vector<std::string>& changed) {
  for (std::size_t begin = 0; begin < changed.size(); begin += kDoubtsAtOnce) {
    {
      absl::MutexLock lock(&mutex_);
      if (stopping_) return;
    }
    const std::size_t end = std::min(changed.size(), begin + kDoubtsAtOnce);
    const std::vector<std::string> part(changed.begin() + static_cast<std::ptrdiff_t>(begin),
                                        changed.begin() + static_cast<std::ptrdiff_t>(end));
    const auto asked = AskAboutChanged(store_, identity_, part);
    if (!asked.ok()) base::LogWarning("late_doubts_not_asked", {});
  }
}

}  // namespace brobygger::registry
