#include "core/web/partner_lists.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/strings/str_cat.h>
#include <absl/synchronization/mutex.h>

#include "core/base/error.h"

namespace brobygger::web {
namespace {

using discovery::v1::FindPartnersRequest;
using discovery::v1::FindPartnersResponse;
using discovery::v1::PartnerCriteria;
using List = PartnerLists::List;
using Done = PartnerLists::Done;

constexpr std::chrono::seconds kReadAgain(1);

absl::Status TooLong(std::size_t most) {
  return base::MakeError(errors::v1::ERROR_REASON_LIST_TOO_LONG,
                         absl::StrCat("there are more than can be told as one list (", most,
                                      "); ask for fewer, or read /v1/partners page by page"),
                         {{"limit", std::to_string(most)}});
}

// A reader of a whole list concludes that what is not in it is gone.
absl::Status NotAllThere() {
  return base::MakeRetryError(errors::v1::ERROR_REASON_SEARCH_BEHIND,
                              "the hub cannot tell of all there are just now", kReadAgain);
}

// The view that the list was read from is gone: nobody's mistake, and the next try begins anew.
absl::Status BegunAnew(const absl::Status& status) {
  if (base::ReasonOf(status) != errors::v1::ERROR_REASON_SEARCH_PAGE_GONE) return status;
  return NotAllThere();
}

// A list that is being read, and who waits for it.
struct Reading {
  Caller caller;
  FindPartnersRequest request;
  std::shared_ptr<PartnerList> list = std::make_shared<PartnerList>();
  base::Instant begun;
  std::vector<Done> waiting;
};

}  // namespace

class PartnerLists::Keeper : public std::enable_shared_from_this<Keeper> {
 public:
  Keeper(PartnerClient& client, const base::Clock& clock, const PartnerListLimits& limits)
      : client_(client), clock_(clock), limits_(limits) {}

  void Get(const Caller& caller, const PartnerCriteria& criteria, bool later_page, Done done) {
    const std::string name = caller.digest + criteria.SerializeAsString();
    List kept = Find(name);
    if (kept == nullptr) return Read(caller, criteria, name, done);
    FindPartnersRequest request;
    *request.mutable_criteria() = criteria;
    request.set_page_size(1);
    client_.Find(
        caller, request,
        [self = shared_from_this(), caller, criteria, name, later_page, kept = std::move(kept),
         done = std::move(done)](absl::StatusOr<FindPartnersResponse> answer) {
          if (!answer.ok()) return done(answer.status());
          if (later_page || answer->revision() == kept->revision()) return done(kept);
          self->Read(caller, criteria, name, done);
        });
  }

  std::size_t bytes() const {
    const absl::MutexLock lock(&mutex_);
    return bytes_;
  }

 private:
  struct Kept {
    List list;
    base::Instant made;
    base::Instant used;
  };

  List Find(const std::string& name) {
    const absl::MutexLock lock(&mutex_);
    ForgetOld();
    const auto found = kept_.find(name);
    if (found == kept_.end()) return nullptr;
    found->second.used = clock_.Now();
    return found->second.list;
  }

  void ForgetOld() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const base::Instant now = clock_.Now();
    for (auto kept = kept_.begin(); kept != kept_.end();) {
      const auto each = kept++;
      const bool idle = now - each->second.used > limits_.idle;
      if (idle || now - each->second.made > limits_.age) Forget(each);
    }
  }

  void Read(const Caller& caller,
            const PartnerCriteria& criteria,
            const std::string& name,
            const Done& done) {
    absl::Status refused;
    std::shared_ptr<Reading> begun;
    {
      const absl::MutexLock lock(&mutex_);
      if (const auto reading = reading_.find(name); reading != reading_.end()) {
        reading->second->waiting.push_back(done);
        return;
      }
      refused = MayRead(caller.digest);
      if (refused.ok()) {
        begun = Begin(caller, criteria, name);
        begun->waiting.push_back(done);
      }
    }
    if (begun == nullptr) return done(refused);
    ReadPage(name, begun);
  }

  absl::Status MayRead(const std::string& digest) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto own = std::count_if(reading_.begin(), reading_.end(), [&](const auto& each) {
      return each.second->caller.digest == digest;
    });
    if (static_cast<std::size_t>(own) >= limits_.reading_of_one) {
      return base::MakeRetryError(
          errors::v1::ERROR_REASON_QUOTA_EXCEEDED, "one key may ask for only so many lists at once",
          kReadAgain,
          {{"quota", "lists_at_once"}, {"limit", std::to_string(limits_.reading_of_one)}});
    }
    return reading_.size() < limits_.reading ? absl::OkStatus() : Busy();
  }

  static absl::Status Busy() {
    return base::MakeRetryError(errors::v1::ERROR_REASON_OVERLOADED,
                                "too many lists are asked for at once", kReadAgain);
  }

  std::shared_ptr<Reading> Begin(const Caller& caller,
                                 const PartnerCriteria& criteria,
                                 const std::string& name) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    auto reading = std::make_shared<Reading>();
    reading->caller = caller;
    *reading->request.mutable_criteria() = criteria;
    reading->request.set_page_size(static_cast<int>(limits_.page));
    // Neither a table nor HSDS can say that what stands there is only most of what was asked.
    reading->request.set_all_must_hold(true);
    reading->begun = clock_.Now();
    reading_[name] = reading;
    return reading;
  }

  // One page after the other: the callback of one asks for the next.
  void ReadPage(const std::string& name, const std::shared_ptr<Reading>& reading) {
    client_.Find(
        reading->caller, reading->request,
        [self = shared_from_this(), name, reading](absl::StatusOr<FindPartnersResponse> page) {
          if (!page.ok()) return self->End(name, *reading, BegunAnew(page.status()));
          const absl::Status taken = self->Take(*reading, *page);
          const bool whole = page->next_page_token().empty();
          if (!taken.ok() || whole) return self->End(name, *reading, taken);
          reading->request.set_page_token(page->next_page_token());
          self->ReadPage(name, reading);
        });
  }

  absl::Status Take(Reading& reading, const FindPartnersResponse& page) {
    if (page.catching_up() || page.partial()) return NotAllThere();
    PartnerList& list = *reading.list;
    const std::size_t before = list.bytes();
    list.Add(page);
    const absl::MutexLock lock(&mutex_);
    bytes_ += list.bytes() - before;
    if (list.size() > limits_.partners || list.bytes() > limits_.list_bytes) {
      return TooLong(limits_.partners);
    }
    while (bytes_ > limits_.bytes && !kept_.empty()) ForgetOldest();
    if (bytes_ > limits_.bytes) return Busy();
    return clock_.Now() - reading.begun > limits_.patience ? NotAllThere() : absl::OkStatus();
  }

  void End(const std::string& name, Reading& reading, const absl::Status& status) {
    if (status.ok()) reading.list->Finish();
    std::vector<Done> waiting;
    {
      const absl::MutexLock lock(&mutex_);
      waiting.swap(reading.waiting);
      reading_.erase(name);
      if (status.ok()) {
        Keep(name, reading.list);
      } else {
        bytes_ -= reading.list->bytes();
      }
    }
    for (const Done& done : waiting) {
      if (status.ok()) {
        done(List(reading.list));
      } else {
        done(status);
      }
    }
  }

  void Keep(const std::string& name, List list) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (const auto older = kept_.find(name); older != kept_.end()) Forget(older);
    while (kept_.size() >= limits_.lists) ForgetOldest();
    const base::Instant now = clock_.Now();
    kept_[name] = {.list = std::move(list), .made = now, .used = now};
  }

  using Lists = absl::flat_hash_map<std::string, Kept>;

  void Forget(Lists::iterator kept) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    bytes_ -= kept->second.list->bytes();
    kept_.erase(kept);
  }

  void ForgetOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    Forget(std::min_element(kept_.begin(), kept_.end(), [](const auto& one, const auto& other) {
      return one.second.used < other.second.used;
    }));
  }

  PartnerClient& client_;
  const base::Clock& clock_;
  const PartnerListLimits limits_;
  mutable absl::Mutex mutex_;
  Lists kept_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::string, std::shared_ptr<Reading>> reading_ ABSL_GUARDED_BY(mutex_);
  std::size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

PartnerLists::PartnerLists(PartnerClient& client,
                           const base::Clock& clock,
                           const PartnerListLimits& limits)
    : keeper_(std::make_shared<Keeper>(client, clock, limits)) {}

void PartnerLists::Get(const Caller& caller,
                       const PartnerCriteria& criteria,
                       bool later_page,
                       Done done) {
  keeper_->Get(caller, criteria, later_page, std::move(done));
}

std::size_t PartnerLists::bytes() const { return keeper_->bytes(); }

}  // namespace brobygger::web
