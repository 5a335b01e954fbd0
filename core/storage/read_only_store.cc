#include "core/storage/read_only_store.h"

#include <utility>

#include "core/base/error.h"

namespace brobygger::storage {
namespace {

class ReadOnlyStore final : public Store {
 public:
  explicit ReadOnlyStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}

  absl::StatusOr<std::shared_ptr<const Snapshot>> Latest() const override {
    return inner_->Latest();
  }
  absl::StatusOr<std::shared_ptr<const Snapshot>> At(Revision revision) const override {
    return inner_->At(revision);
  }
  absl::StatusOr<Revision> RevisionAt(base::Instant instant) const override {
    return inner_->RevisionAt(instant);
  }
  void Submit(std::string /*actor*/, Body /*body*/, Done done) override {
    done(base::MakeError(errors::v1::ERROR_REASON_READ_ONLY, "this store serves reads only"));
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

 private:
  const std::unique_ptr<Store> inner_;
};

}  // namespace

std::unique_ptr<Store> MakeReadOnlyStore(std::unique_ptr<Store> inner) {
  return std::make_unique<ReadOnlyStore>(std::move(inner));
}

}  // namespace brobygger::storage
