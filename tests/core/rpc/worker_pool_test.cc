#include "core/rpc/worker_pool.h"

#include <atomic>

#include <absl/synchronization/notification.h>
#include <catch2/catch.hpp>

#include "core/base/error.h"

namespace brobygger::rpc {
namespace {

TEST_CASE("a full queue refuses work, and takes it again when there is room") {
  WorkerPool pool(1, 1);
  absl::Notification begun;
  absl::Notification release;
  absl::Notification second;
  REQUIRE(pool.Push([&] {
                begun.Notify();
                release.WaitForNotification();
              })
              .ok());
  begun.WaitForNotification();
  REQUIRE(pool.Push([&] { second.Notify(); }).ok());
  CHECK(base::ReasonOf(pool.Push([] {})) == errors::v1::ERROR_REASON_OVERLOADED);
  release.Notify();
  second.WaitForNotification();
  CHECK(pool.Push([] {}).ok());
}

TEST_CASE("stopping does what was taken and refuses the rest") {
  std::atomic<int> done = 0;
  WorkerPool pool(2, 100);
  for (int i = 0; i < 50; ++i) REQUIRE(pool.Push([&] { ++done; }).ok());
  pool.Stop();
  CHECK(done == 50);
  CHECK(base::ReasonOf(pool.Push([] {})) == errors::v1::ERROR_REASON_STOPPING);
}

}  // namespace
}  // namespace brobygger::rpc
