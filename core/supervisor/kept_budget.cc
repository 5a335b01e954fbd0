#include "core/supervisor/kept_budget.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace brobygger::supervisor {
namespace {

namespace fs = std::filesystem;

CallBudget Load(const std::string& file) {
  std::ifstream in(file);
  return CallBudget::FromText(std::string(std::istreambuf_iterator<char>(in), {}));
}

}  // namespace

KeptBudget::KeptBudget(std::string file) : file_(std::move(file)), budget_(Load(file_)) {}

void KeptBudget::Set(std::vector<CallLimit> limits, base::Instant now) {
  absl::MutexLock lock(&mutex_);
  budget_.Set(std::move(limits), now);
}

std::chrono::microseconds KeptBudget::Take(const std::string& verb, base::Instant now) {
  absl::MutexLock lock(&mutex_);
  const std::chrono::microseconds wait = budget_.Take(verb, now);
  if (budget_.limited() && !file_.empty()) Keep();
  return wait;
}

// A budget that cannot be kept is still held while this hub lives.
void KeptBudget::Keep() const {
  std::error_code ignored;
  fs::create_directories(fs::path(file_).parent_path(), ignored);
  const std::string beside = file_ + ".new";
  std::ofstream(beside) << budget_.ToText();
  fs::rename(beside, file_, ignored);
}

}  // namespace brobygger::supervisor
