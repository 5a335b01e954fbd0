#include "core/daemon/refusal_digest.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "core/access/access.h"

namespace brobygger::daemon {
namespace {

std::string SortOf(const rpc::AuditedCall& call) {
  const bool known = call.actor != access::Stranger().actor;
  return absl::StrCat(call.actor, "\n", known ? call.method : "", "\n", call.refused);
}

}  // namespace

std::optional<rpc::AuditedCall> RefusalDigest::Add(rpc::AuditedCall call, base::Instant now) {
  absl::MutexLock lock(&mutex_);
  std::string sort = SortOf(call);
  if (sorts_.size() >= kMostSorts && !sorts_.contains(sort)) {
    call.actor = "several";
    sort = absl::StrCat(call.actor, "\n", call.refused);
  }
  const auto [found, is_new] = sorts_.try_emplace(std::move(sort), Sort{call, now});
  if (is_new) return call;
  ++found->second.more;
  return std::nullopt;
}

std::vector<rpc::AuditedCall> RefusalDigest::Take(base::Instant now) { return TakeUntil(now); }

std::vector<rpc::AuditedCall> RefusalDigest::TakeAll() { return TakeUntil(std::nullopt); }

std::vector<rpc::AuditedCall> RefusalDigest::TakeUntil(std::optional<base::Instant> now) {
  absl::MutexLock lock(&mutex_);
  std::vector<rpc::AuditedCall> taken;
  for (auto each = sorts_.begin(); each != sorts_.end();) {
    Sort& sort = each->second;
    // A minute that begins in the future is of a clock that was set back.
    if (now && *now >= sort.since && *now - sort.since < kWithin) {
      ++each;
      continue;
    }
    sort.call.times = sort.more;
    if (sort.more > 0) taken.push_back(std::move(sort.call));
    each = sorts_.erase(each);
  }
  return taken;
}

}  // namespace brobygger::daemon
