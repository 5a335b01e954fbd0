#include "core/daemon/demo_sign_ins.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/daemon/sign_in_fields.h"

namespace brobygger::daemon {
namespace {

namespace v1 = access::v1;

constexpr std::size_t kRefreshBytes = 32;

absl::Status Ended() { return NotSignedIn("ended", "the sign-in has ended; sign in again"); }

}  // namespace

v1::GetSignInWaysResponse DemoSignIns::Ways() {
  v1::GetSignInWaysResponse ways;
  const auto people = people_.Current();
  for (const DemoPerson& person : people->people()) {
    v1::DemoPerson& told = *ways.add_demo_people();
    told.set_key(person.key);
    told.set_title_da(person.title_da);
    told.set_title_en(person.title_en);
    for (const std::string& role : person.roles) told.add_roles(role);
  }
  return ways;
}

absl::StatusOr<v1::SignIn> DemoSignIns::SignInAs(const DemoPerson& person,
                                                 const std::string& refresh_token) const {
  const base::Instant now = clock_.Now();
  v1::SignIn sign_in;
  BB_ASSIGN_OR_RETURN(*sign_in.mutable_access_token(), issuer_.TokenFor(person, now));
  SetExpireTime(now + kDemoTokenLife, sign_in);
  sign_in.set_refresh_token(refresh_token);
  sign_in.set_display_name(person.title_da);
  return sign_in;
}

std::string DemoSignIns::Remember(const std::string& person_key) {
  const base::Instant now = clock_.Now();
  std::string token = RandomText(kRefreshBytes);
  absl::MutexLock lock(&mutex_);
  std::erase_if(signed_in_, [now](const auto& each) { return each.second.ends <= now; });
  if (signed_in_.size() >= kMostDemoSignIns) {
    signed_in_.erase(std::min_element(
        signed_in_.begin(), signed_in_.end(),
        [](const auto& left, const auto& right) { return left.second.ends < right.second.ends; }));
  }
  signed_in_[token] = {person_key, now + kDemoSignInLife};
  return token;
}

absl::StatusOr<v1::DemoSignInResponse> DemoSignIns::Demo(const v1::DemoSignInRequest& request) {
  const auto people = people_.Current();
  const DemoPerson* const person = people->Find(request.person_key());
  if (person == nullptr) {
    return WrongSignInField("person_key", "the key of a person of the demo; GetSignInWays tells");
  }
  v1::DemoSignInResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_sign_in(), SignInAs(*person, Remember(person->key)));
  return answer;
}

absl::StatusOr<v1::RenewSignInResponse> DemoSignIns::Renew(const v1::RenewSignInRequest& request) {
  std::string person_key;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = signed_in_.find(request.refresh_token());
    if (found == signed_in_.end()) {
      return NotSignedIn("wrong_refresh_token", "the refresh token is not one of this hub's");
    }
    if (found->second.ends <= clock_.Now()) return Ended();
    person_key = found->second.person_key;
  }
  const auto people = people_.Current();
  const DemoPerson* const person = people->Find(person_key);
  if (person == nullptr) return Ended();
  v1::RenewSignInResponse answer;
  BB_ASSIGN_OR_RETURN(*answer.mutable_sign_in(), SignInAs(*person, request.refresh_token()));
  return answer;
}

absl::StatusOr<v1::EndSignInResponse> DemoSignIns::End(const v1::EndSignInRequest& request) {
  absl::MutexLock lock(&mutex_);
  signed_in_.erase(request.refresh_token());
  return v1::EndSignInResponse();
}

}  // namespace brobygger::daemon
