#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/storage/store.h"

namespace brobygger::storage {

// A store that passes all on to another one, for one that changes a single thing.
class StoreAround : public Store {
 public:
  explicit StoreAround(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() const override {
    return inner_->Latest();
  }
  absl::StatusOr<std::shared_ptr<const Snapshot>> At(Revision revision) const override {
    return inner_->At(revision);
  }
  absl::StatusOr<Revision> RevisionAt(base::Instant instant) const override {
    return inner_->RevisionAt(instant);
  }
  void Submit(std::string actor, Body body, Done done) override {
    inner_->Submit(std::move(actor), std::move(body), std::move(done));
  }
  absl::StatusOr<std::vector<Change>> ChangesAfter(Revision after, int limit) const override {
    return inner_->ChangesAfter(after, limit);
  }
  absl::StatusOr<std::vector<Version>> VersionsOf(Kind kind,
                                                  const std::string& key,
                                                  Revision before,
                                                  int limit) const override {
    return inner_->VersionsOf(kind, key, before, limit);
  }
  absl::Status Scrub() override { return inner_->Scrub(); }
  void OnCommit(std::function<void(Revision)> listener) override {
    inner_->OnCommit(std::move(listener));
  }

 protected:
  Store& inner() const { return *inner_; }

 private:
  const std::unique_ptr<Store> inner_;
};

}  // namespace brobygger::storage
