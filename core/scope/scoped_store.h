#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/status/statusor.h>

#include "core/access/access.h"
#include "core/scope/scoped_transaction.h"
#include "core/storage/store.h"

namespace brobygger::scope {

// A store through one caller's eyes: each snapshot, version and change is what the caller may see,
// and each write is a ScopedTransaction. A change that takes a record out of the caller's sight (it
// moved, or its association took a consent back) is told as its end. For who sees all it is the
// store itself, at the cost of one call more. Belongs to one call and one thread.
class ScopedStore final : public storage::Store {
 public:
  // Both must outlive it.
  ScopedStore(storage::Store& whole, const access::Caller& caller)
      : whole_(whole), caller_(caller), all_(access::SeesAll(caller)) {}

  absl::StatusOr<std::shared_ptr<const storage::Snapshot>> Latest() const override;
  absl::StatusOr<std::shared_ptr<const storage::Snapshot>> At(
      storage::Revision revision) const override;
  absl::StatusOr<storage::Revision> RevisionAt(base::Instant instant) const override {
    return whole_.RevisionAt(instant);
  }
  void Submit(std::string actor, Body body, Done done) override;
  absl::StatusOr<std::vector<storage::Change>> ChangesAfter(storage::Revision after,
                                                            int limit) const override;
  absl::StatusOr<std::vector<storage::Version>> VersionsOf(storage::Kind kind,
                                                           const std::string& key,
                                                           storage::Revision before,
                                                           int limit) const override;
  absl::Status Scrub() override { return whole_.Scrub(); }
  void OnCommit(std::function<void(storage::Revision)> listener) override {
    whole_.OnCommit(std::move(listener));
  }

 private:
  absl::StatusOr<bool> Keep(Sieve& now, storage::Change& change) const;
  absl::StatusOr<bool> WasSeenBefore(const storage::Change& change) const;

  storage::Store& whole_;
  const access::Caller& caller_;
  const bool all_;
};

// What a service has of the store: nothing but what a caller may see of it. A method cannot read
// or write past its caller's eyes without asking for Whole(), which answers only to methods whose
// access option says that they do not reach anybody's records as anybody.
class Stores {
 public:
  using Body = std::function<absl::Status(ScopedTransaction&)>;

  // `whole` must outlive it.
  explicit Stores(storage::Store& whole) : whole_(whole) {}

  // `caller` must outlive what it gives.
  ScopedStore For(const access::Caller& caller) const { return {whole_, caller}; }

  // Hands a write to the store; see Store::Submit(). `caller` must outlive it.
  void Submit(const access::Caller& caller, Body body, storage::Store::Done done) const;

  // INTERNAL for a method whose records are its caller's.
  absl::StatusOr<storage::Store*> Whole(const access::MethodAccess& access) const;

 private:
  storage::Store& whole_;
};

}  // namespace brobygger::scope
