#include "core/daemon/policy_keeper.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <absl/strings/str_cat.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"

namespace brobygger::daemon {
namespace {

constexpr std::chrono::seconds kBetweenLooks(2);

absl::StatusOr<access::Policy> Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": the policy cannot be read; access.policy names it"));
  }
  return access::Policy::Parse(text, path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<PolicyKeeper>> PolicyKeeper::Open(const std::string& path,
                                                                 const base::Clock& clock) {
  if (path.empty()) {
    return std::unique_ptr<PolicyKeeper>(new PolicyKeeper("", clock, access::Policy::Shipped()));
  }
  BB_ASSIGN_OR_RETURN(access::Policy policy, Read(path));
  return std::unique_ptr<PolicyKeeper>(new PolicyKeeper(path, clock, std::move(policy)));
}

PolicyKeeper::PolicyKeeper(std::string path, const base::Clock& clock, access::Policy policy)
    : path_(std::move(path)),
      clock_(clock),
      policy_(std::make_shared<const access::Policy>(std::move(policy))),
      looked_(clock.Now()) {
  std::error_code none;
  if (!path_.empty()) written_ = std::filesystem::last_write_time(path_, none);
}

std::shared_ptr<const access::Policy> PolicyKeeper::Current() {
  absl::MutexLock lock(&mutex_);
  if (!path_.empty() && clock_.Now() - looked_ >= kBetweenLooks) LookAgain();
  return policy_;
}

void PolicyKeeper::LookAgain() {
  looked_ = clock_.Now();
  std::error_code trouble;
  const auto written = std::filesystem::last_write_time(path_, trouble);
  if (!trouble && written == written_) return;
  written_ = written;
  auto policy = Read(path_);
  if (!policy.ok()) {
    base::LogError("policy_refused",
                   {{"why", base::LogValue::Vetted(std::string(policy.status().message()))},
                    {"effect", "the policy before it goes on"}});
    return;
  }
  policy_ = std::make_shared<const access::Policy>(*std::move(policy));
  base::LogInfo("policy_read", {{"revision", base::LogValue::Vetted(policy_->revision())}});
}

}  // namespace brobygger::daemon
