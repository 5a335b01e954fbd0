#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/status_macros.h"
#include "tests/support/counted_reads.h"
#include "tests/support/store_around.h"

namespace brobygger::histories {

// Passes a write on without what the sync should be tried without.
class ForgetfulTransaction final : public storage::Transaction {
 public:
  ForgetfulTransaction(storage::Transaction& inner, std::vector<storage::Kind> forgets, bool bases)
      : inner_(inner), forgets_(std::move(forgets)), forgets_bases_(bases) {}

  storage::Revision revision() const override { return inner_.revision(); }
  base::Instant now() const override { return inner_.now(); }
  absl::StatusOr<storage::Bytes> Find(storage::Kind kind, const std::string& key) const override {
    return inner_.Find(kind, key);
  }
  absl::StatusOr<std::vector<storage::Entry>> Scan(storage::Kind kind,
                                                   const storage::KeyRange& range) const override {
    return inner_.Scan(kind, range);
  }
  absl::StatusOr<std::vector<storage::IndexEntry>> ScanIndex(
      storage::Index index, const storage::IndexRange& range) const override {
    return inner_.ScanIndex(index, range);
  }
  absl::Status Put(storage::Kind kind,
                   const std::string& key,
                   std::string bytes,
                   std::vector<storage::IndexTerm> terms) override {
    for (const storage::Kind forgotten : forgets_) {
      if (kind == forgotten) return absl::OkStatus();
    }
    if (kind == storage::Kind::kLink && forgets_bases_) {
      sync::v1::Link link;
      link.ParseFromString(bytes);
      link.clear_bases();
      bytes = link.SerializeAsString();
    }
    return inner_.Put(kind, key, std::move(bytes), std::move(terms));
  }
  absl::Status Remove(storage::Kind kind, const std::string& key) override {
    return inner_.Remove(kind, key);
  }

 private:
  storage::Transaction& inner_;
  const std::vector<storage::Kind> forgets_;
  const bool forgets_bases_;
};

// The disk of a hub that is killed: after so many writes nothing more reaches it.
class CrashingStore final : public support::StoreAround {
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

  void Submit(std::string actor, Body body, Done done) override {
    const int left = writes_left_;
    const bool dies = left == 0 || left == kDead;
    if (left == 0) writes_left_ = kDead;
    if (left > 0) --writes_left_;
    if (dies && !(left == 0 && last_is_durable_)) return done(Killed());
    ++writes_;
    if (dies) {
      done = [done = std::move(done)](const absl::StatusOr<storage::Revision>& /*unheard*/) {
        done(Killed());
      };
    }
    StoreAround::Submit(
        std::move(actor),
        [this, body = std::move(body)](storage::Transaction& transaction) {
          if (forgets.empty() && !forgets_bases) return body(transaction);
          ForgetfulTransaction forgetful(transaction, forgets, forgets_bases);
          return body(forgetful);
        },
        std::move(done));
  }

  absl::StatusOr<std::shared_ptr<const storage::Snapshot>> Latest() const override {
    BB_ASSIGN_OR_RETURN(auto latest, StoreAround::Latest());
    return std::make_shared<support::CountedReads>(std::move(latest), reads_);
  }
  // How often a snapshot has been asked.
  int reads() const { return reads_; }

  std::vector<storage::Kind> forgets;
  bool forgets_bases = false;

 private:
  static constexpr int kLives = -1;
  static constexpr int kDead = -2;

  static absl::Status Killed() { return absl::UnavailableError("the hub was killed"); }

  // The store's thread writes too, where it settles questions.
  std::atomic<int> writes_left_ = kLives;
  std::atomic<int> writes_ = 0;
  mutable std::atomic<int> reads_ = 0;
  bool last_is_durable_ = false;
};

}  // namespace brobygger::histories
