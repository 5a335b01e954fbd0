// A hub for tests: `daemon_hub CONFIG [FAULT]`, where FAULT is "slow" (a write
// takes a while) or "broken" (the disk fails at the first write).
#include <iostream>
#include <string>
#include <thread>

#include "core/daemon/config.h"
#include "core/daemon/serve.h"
#include "core/storage/store_around.h"

namespace brobygger::daemon {
namespace {

constexpr std::chrono::milliseconds kSlowWrite(100);

// A store with one fault in its writes.
class FaultyStore final : public storage::StoreAround {
 public:
  FaultyStore(std::unique_ptr<storage::Store> store, std::string fault, OnFatal on_fatal)
      : StoreAround(std::move(store)), fault_(std::move(fault)), on_fatal_(std::move(on_fatal)) {}

  void Submit(std::string actor, Body body, Done done) override {
    StoreAround::Submit(
        std::move(actor),
        [this, body = std::move(body)](storage::Transaction& transaction) {
          if (fault_ == "broken") on_fatal_(absl::DataLossError("the disk failed, as seeded"));
          if (fault_ == "slow") std::this_thread::sleep_for(kSlowWrite);
          return body(transaction);
        },
        std::move(done));
  }

 private:
  const std::string fault_;
  const OnFatal on_fatal_;
};

int Main(const std::string& config_path, const std::string& fault) {
  const auto config = LoadConfig(config_path);
  if (!config.ok()) {
    std::cerr << config.status().message() << '\n';
    return kExitFailed;
  }
  ServeOptions options;
  options.open_store = [fault](
                           const Config& chosen, const base::Clock& clock,
                           OnFatal on_fatal) -> absl::StatusOr<std::unique_ptr<storage::Store>> {
    auto store = OpenStore(chosen, clock, on_fatal);
    if (!store.ok() || fault.empty()) return store;
    return std::make_unique<FaultyStore>(*std::move(store), fault, std::move(on_fatal));
  };
  return Serve(*config, options);
}

}  // namespace
}  // namespace brobygger::daemon

int main(int count, char** words) {
  return brobygger::daemon::Main(count > 1 ? words[1] : "", count > 2 ? words[2] : "");
}
