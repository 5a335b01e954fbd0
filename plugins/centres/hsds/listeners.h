#pragma once

#include <chrono>
#include <cstdint>

#include "brobygger/sdk/connector.h"

#include "plugins/centres/hsds/client.h"

namespace brobygger::hsds {

// The hub that reads: it is told what we wait for.
class ReadListener final : public Listener {
 public:
  // `sink` must outlive it.
  explicit ReadListener(sdk::Sink& sink) : sink_(sink) {}

  absl::Status StillWanted() override;
  bool MayWait(std::chrono::seconds time) const override;
  absl::Status Waiting() override;
  absl::Status Progress() override;

 private:
  sdk::Sink& sink_;
  std::uint64_t position_ = 0;
  std::chrono::steady_clock::time_point told_at_;
};

// A person who waits for the answer to Check: nothing is waited for.
class CheckListener final : public Listener {
 public:
  // `call` must outlive it.
  explicit CheckListener(const sdk::Call& call) : call_(call) {}

  absl::Status StillWanted() override;
  bool MayWait(std::chrono::seconds /*time*/) const override { return false; }
  absl::Status Waiting() override { return absl::OkStatus(); }
  absl::Status Progress() override { return absl::OkStatus(); }

 private:
  const sdk::Call& call_;
};

}  // namespace brobygger::hsds
