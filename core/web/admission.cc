#include "core/web/admission.h"

#include <utility>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/synchronization/mutex.h>

#include "core/base/error.h"
#include "core/base/status_macros.h"

namespace brobygger::web {
namespace {

constexpr std::chrono::seconds kComeAgain(1);
constexpr std::chrono::seconds kComeAgainForBytes(5);

absl::Status TooMuchOfOne(const std::string& text, const std::string& limit) {
  return base::MakeRetryError(errors::v1::ERROR_REASON_QUOTA_EXCEEDED, text, kComeAgain,
                              {{"quota", "at_once"}, {"limit", limit}});
}

absl::Status TooMuchOfAll(std::chrono::seconds delay) {
  return base::MakeRetryError(errors::v1::ERROR_REASON_OVERLOADED,
                              "there are too many requests at once", delay);
}

struct Use {
  int requests = 0;
  std::size_t bytes = 0;
};

}  // namespace

struct Admission::State {
  explicit State(const AdmissionLimits& its_limits) : limits(its_limits) {}

  absl::Status Take(const std::string& digest) {
    const absl::MutexLock lock(&mutex);
    if (all.requests >= limits.requests) return TooMuchOfAll(kComeAgain);
    Use& own = by_digest[digest];
    if (own.requests >= limits.requests_of_one) {
      return TooMuchOfOne(absl::StrCat("one key has at most ", limits.requests_of_one,
                                       " requests under way, until their answers are read"),
                          std::to_string(limits.requests_of_one));
    }
    ++own.requests;
    ++all.requests;
    return absl::OkStatus();
  }

  absl::Status Claim(const std::string& digest, std::size_t bytes) {
    const absl::MutexLock lock(&mutex);
    Use& own = by_digest[digest];
    if (own.bytes + bytes > limits.answer_bytes_of_one) {
      return TooMuchOfOne("the answers to this key that are not read yet take up all they may",
                          absl::StrCat(limits.answer_bytes_of_one, " bytes"));
    }
    if (all.bytes + bytes > limits.answer_bytes) return TooMuchOfAll(kComeAgainForBytes);
    own.bytes += bytes;
    all.bytes += bytes;
    return absl::OkStatus();
  }

  void Leave(const std::string& digest, std::size_t bytes) {
    const absl::MutexLock lock(&mutex);
    const auto own = by_digest.find(digest);
    own->second.bytes -= bytes;
    all.bytes -= bytes;
    --all.requests;
    if (--own->second.requests == 0) by_digest.erase(own);
  }

  const AdmissionLimits limits;
  absl::Mutex mutex;
  Use all ABSL_GUARDED_BY(mutex);
  // Only of those who have a request under way.
  absl::flat_hash_map<std::string, Use> by_digest ABSL_GUARDED_BY(mutex);
};

namespace {

template <typename State>
class TakenPlace final : public Admission::Ticket {
 public:
  TakenPlace(std::shared_ptr<State> state, std::string digest)
      : state_(std::move(state)), digest_(std::move(digest)) {}
  ~TakenPlace() override { state_->Leave(digest_, bytes_); }

  absl::Status Claim(std::size_t bytes) override {
    BB_RETURN_IF_ERROR(state_->Claim(digest_, bytes));
    bytes_ += bytes;
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<State> state_;
  const std::string digest_;
  std::size_t bytes_ = 0;  // whoever holds the ticket uses it from one thread at a time
};

}  // namespace

Admission::Admission(const AdmissionLimits& limits) : state_(std::make_shared<State>(limits)) {}

absl::StatusOr<std::shared_ptr<Admission::Ticket>> Admission::Enter(const std::string& digest) {
  BB_RETURN_IF_ERROR(state_->Take(digest));
  return std::make_shared<TakenPlace<State>>(state_, digest);
}

}  // namespace brobygger::web
