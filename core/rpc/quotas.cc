#include "core/rpc/quotas.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <absl/strings/str_cat.h>

#include "core/base/error.h"

namespace brobygger::rpc {
namespace {

// Of what a caller has, this much is for writes alone.
constexpr double kForWrites = 0.2;
// Callers are those that somebody vouches for; whoever has been idle for a minute is forgotten.
constexpr std::size_t kManyCallers = 10'000;

using Minutes = std::chrono::duration<double, std::ratio<60>>;

bool HasQuota(const access::Caller& caller) {
  return caller.kind != access::CallerKind::kOperator && caller.kind != access::CallerKind::kDoor;
}

// `of` is what of the quota is used up.
absl::Status Exceeded(const char* quota, const char* of, double limit, std::int64_t seconds) {
  const std::string most = absl::StrCat(static_cast<std::int64_t>(limit));
  return base::MakeRetryError(
      errors::v1::ERROR_REASON_QUOTA_EXCEEDED,
      absl::StrCat("this caller has used ", of, " its ", most, " ", quota, " a minute"),
      std::chrono::seconds(seconds), {{"quota", quota}, {"limit", most}});
}

}  // namespace

void Quotas::Bucket::Fill(double minutes) { left = std::min(most, left + minutes * most); }

std::int64_t Quotas::Bucket::SecondsUntil(double wanted) const {
  constexpr double kSeconds = 60;
  if (most == 0 || left >= wanted) return 0;
  return std::max<std::int64_t>(1, std::llround(std::ceil((wanted - left) / most * kSeconds)));
}

Quotas::Left& Quotas::LeftOf(const access::Caller& caller) {
  const base::Instant now = clock_.Now();
  if (left_.size() >= kManyCallers) ForgetIdle(now);
  const double calls =
      caller.calls_per_minute > 0 ? caller.calls_per_minute : limits_.calls_per_minute;
  const double rows = limits_.rows_per_minute;
  auto [found, is_new] = left_.try_emplace(caller.actor, Left{{calls, calls}, {rows, rows}, now});
  Left& left = found->second;
  if (is_new) return left;
  // A key's limit may be another one by now.
  left.calls.most = calls;
  const double minutes = std::max(0.0, Minutes(now - left.filled).count());
  left.calls.Fill(minutes);
  left.rows.Fill(minutes);
  left.filled = now;
  return left;
}

void Quotas::ForgetIdle(base::Instant now) {
  absl::erase_if(left_, [now](const auto& entry) {
    const Left& left = entry.second;
    // With debts there is still something to remember.
    return now - left.filled >= std::chrono::minutes(1) && left.rows.left >= 0;
  });
}

absl::Status Quotas::Enter(const access::Caller& caller, bool writes) {
  if (!HasQuota(caller)) return absl::OkStatus();
  absl::MutexLock lock(&mutex_);
  Left& left = LeftOf(caller);
  const double spared = writes ? 0 : kForWrites * left.calls.most;
  // Nobody ever has more than `most`: of one call a minute nothing can be spared.
  const double wanted = std::min(1 + spared, std::max(left.calls.most, 1.0));
  if (const auto wait = left.calls.SecondsUntil(wanted); wait > 0) {
    const bool some_left = left.calls.left >= 1;
    return Exceeded("calls", some_left ? "what reads may use of" : "all of", left.calls.most, wait);
  }
  if (const auto wait = left.rows.SecondsUntil(0); wait > 0 && !writes) {
    return Exceeded("rows", "all of", left.rows.most, wait);
  }
  left.calls.left -= 1;
  return absl::OkStatus();
}

void Quotas::Told(const access::Caller& caller, std::size_t rows) {
  if (!HasQuota(caller)) return;
  absl::MutexLock lock(&mutex_);
  LeftOf(caller).rows.left -= static_cast<double>(rows);
}

std::size_t Quotas::callers() const {
  absl::MutexLock lock(&mutex_);
  return left_.size();
}

std::size_t RowsIn(const google::protobuf::Message& answer) {
  using google::protobuf::FieldDescriptor;
  const auto* const descriptor = answer.GetDescriptor();
  int most = 1;
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const FieldDescriptor* const field = descriptor->field(i);
    if (!field->is_repeated() || field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    most = std::max(most, answer.GetReflection()->FieldSize(answer, field));
  }
  return static_cast<std::size_t>(most);
}

}  // namespace brobygger::rpc
