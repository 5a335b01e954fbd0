#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <utility>

#include "core/storage/store_around.h"

namespace brobygger::conformance {

// The disk of a hub that is killed: after so many writes nothing more reaches it. Thread-safe,
// but for what is set up between runs.
class MortalStore : public storage::StoreAround {
 public:
  using StoreAround::StoreAround;

  // The hub dies after `writes` more. `durable`: so does the write after those reach
  // the disk, but nobody lives to hear of it.
  void DieAfter(int writes, bool durable = false) {
    writes_left_ = writes;
    last_is_durable_ = durable;
  }
  void Live() { writes_left_ = kLives; }
  bool dead() const { return writes_left_ == kDead; }
  // How many writes have been asked for, those of the dead left out.
  int writes() const { return writes_; }

  // Calls `act` once, before the write that follows `writes` more; on the thread that writes.
  void ActAfter(int writes, std::function<void()> act) {
    act_ = std::move(act);
    act_at_ = writes_ + writes;
  }

  void ActNever() { act_at_ = kNever; }

  void Submit(std::string actor, Body body, Done done) override {
    const int left = writes_left_;
    const bool dies = left == 0 || left == kDead;
    if (left == 0) writes_left_ = kDead;
    if (left > 0) --writes_left_;
    if (dies && !(left == 0 && last_is_durable_)) return done(Killed());
    if (writes_++ == act_at_) std::exchange(act_, nullptr)();
    if (dies) {
      done = [done = std::move(done)](const absl::StatusOr<storage::Revision>& /*unheard*/) {
        done(Killed());
      };
    }
    StoreAround::Submit(std::move(actor), std::move(body), std::move(done));
  }

 private:
  static constexpr int kLives = -1;
  static constexpr int kDead = -2;
  static constexpr int kNever = -1;

  static absl::Status Killed() { return absl::UnavailableError("the hub was killed"); }

  // The store's thread writes too, where it settles questions.
  std::atomic<int> writes_left_ = kLives;
  std::atomic<int> writes_ = 0;
  std::atomic<int> act_at_ = kNever;
  std::function<void()> act_;
  bool last_is_durable_ = false;
};

}  // namespace brobygger::conformance
