#pragma once

#include <chrono>
#include <cstddef>
#include <string>

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
  // The same for work of the command line itself. `total` 0: nobody knows.
  void Show(const char* what, std::size_t done, std::size_t total);

 private:
  void ShowLine(const std::string& line);

  bool wanted_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// The bar's line: "Reading the source [######      ] 50 %, 2000 of 4000", or
// without a bar if nobody knows how many there are.
std::string ProgressLine(const sync::v1::Progress& progress);
std::string ProgressLine(const char* what, std::size_t done, std::size_t total);

}  // namespace brobygger::cli
