#include "core/storage/read_only_store.h"

#include "core/base/error.h"
#include "core/storage/store_around.h"

namespace brobygger::storage {
namespace {

class ReadOnlyStore final : public StoreAround {
 public:
  using StoreAround::StoreAround;

  void Submit(std::string /*actor*/, Body /*body*/, Done done) override {
    done(base::MakeError(errors::v1::ERROR_REASON_READ_ONLY, "this store serves reads only"));
  }
};

}  // namespace

std::unique_ptr<Store> MakeReadOnlyStore(std::unique_ptr<Store> inner) {
  return std::make_unique<ReadOnlyStore>(std::move(inner));
}

}  // namespace brobygger::storage
