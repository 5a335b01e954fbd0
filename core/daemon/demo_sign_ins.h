#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include "core/base/clock.h"
#include "core/daemon/demo_issuer.h"
#include "core/daemon/demo_people.h"
#include "core/rpc/sign_ins.h"

namespace brobygger::daemon {

// How long one stays signed in to a demo, and how many may be at once; then whoever signed in first
// is signed out.
inline constexpr std::chrono::hours kDemoSignInLife(12);
inline constexpr std::size_t kMostDemoSignIns = 4096;

// Signs in as the persons of a demo, without a password. Refresh tokens are in memory alone, as the
// key is. Thread-safe.
class DemoSignIns final : public rpc::SignIns {
 public:
  // All must outlive it.
  DemoSignIns(const DemoIssuer& issuer, DemoPeopleKeeper& people, const base::Clock& clock)
      : issuer_(issuer), people_(people), clock_(clock) {}

  access::v1::GetSignInWaysResponse Ways() override;
  // A person who is not in the file any more has `ended`.
  absl::StatusOr<access::v1::RenewSignInResponse> Renew(
      const access::v1::RenewSignInRequest& request) override;
  absl::StatusOr<access::v1::EndSignInResponse> End(
      const access::v1::EndSignInRequest& request) override;
  // FIELD_INVALID if there is no such person.
  absl::StatusOr<access::v1::DemoSignInResponse> Demo(
      const access::v1::DemoSignInRequest& request) override;

 private:
  struct SignedIn {
    std::string person_key;
    base::Instant ends;
  };

  absl::StatusOr<access::v1::SignIn> SignInAs(const DemoPerson& person,
                                              const std::string& refresh_token) const;
  std::string Remember(const std::string& person_key);

  const DemoIssuer& issuer_;
  DemoPeopleKeeper& people_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  std::map<std::string, SignedIn> signed_in_ ABSL_GUARDED_BY(mutex_);  // by refresh token
};

}  // namespace brobygger::daemon
