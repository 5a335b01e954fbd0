#pragma once

#include <chrono>

#include "brobygger/sync/v1/sync_service.pb.h"

#include "core/cli/session.h"

namespace brobygger::cli {

// A bar on standard error for work that takes more than two seconds while a
// person looks on; nothing otherwise. The destructor takes it away.
class ProgressBar {
 public:
  explicit ProgressBar(const Session& session);
  ~ProgressBar();

  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void Show(const sync::v1::Progress& progress);

 private:
  bool wanted_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The bar's line: "Reading the source [######      ] 50 %, 2000 of 4000", or
// without a bar if nobody knows how many there are.
std::string ProgressLine(const sync::v1::Progress& progress);

}  // namespace brobygger::cli
