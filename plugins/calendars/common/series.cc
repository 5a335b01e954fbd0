#include "plugins/calendars/common/series.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <tuple>
#include <utility>

#include "plugins/calendars/common/instances.h"

namespace brobygger::calendars {
namespace {

using absl::CivilDay;

constexpr std::size_t kMaxInstances = 2'000;
constexpr long long kMaxShiftDays = 366;
// A day in one zone is one of three in another; one more for good measure.
constexpr int kMarginDays = 2;
constexpr std::string_view kOwnDomain = "@brobygger";

// Who was asked, and which associations are named.
struct Who {
  std::vector<std::string> codes;
  std::vector<std::string> addresses;
  std::vector<std::string> domains;
  bool operator<(const Who& other) const {
    return std::tie(codes, addresses, domains) <
           std::tie(other.codes, other.addresses, other.domains);
  }
};

void SortOut(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

Who WhoOf(const Event& event, const Pseudonyms& pseudonyms) {
  Who who;
  who.codes = event.codes;
  for (const Person& person : event.people) {
    if (person.declined) continue;
    who.addresses.push_back(pseudonyms.Of("address", person.address));
    const std::string domain = person.address.substr(person.address.rfind('@') + 1);
    if (!domain.empty()) who.domains.push_back(pseudonyms.Of("domain", domain));
  }
  SortOut(who.codes);
  SortOut(who.addresses);
  SortOut(who.domains);
  return who;
}

bool IsMaster(const Event& event) { return !event.instance; }

// A change of one instance and of all after it.
struct Change {
  Instance from;
  const Event* event;
  long long shift_days = 0;
};

class Builder {
 public:
  Builder(const std::string& uid, const SeriesContext& context) : uid_(uid), context_(context) {}

  MeetingObject Build(const std::vector<Event>& events) {
    object_.uid_digest = context_.pseudonyms.Of("href", uid_);
    object_.own = uid_.ends_with(kOwnDomain);
    if (object_.own) return std::move(object_);
    for (const Event& event : events) {
      remarks_.insert(event.remarks.begin(), event.remarks.end());
      object_.opted_out |= IsMaster(event) && event.hidden;
    }
    if (!object_.opted_out) {
      ChooseMaster(events);
      FindInstances(events);
      TellInstances();
      TellParts();
    }
    object_.remarks.assign(remarks_.begin(), remarks_.end());
    return std::move(object_);
  }

 private:
  void ChooseMaster(const std::vector<Event>& events) {
    for (const Event& event : events) {
      repeats_ |= !IsMaster(event) || !event.rules.empty() || !event.dates.empty();
      if (!IsMaster(event)) continue;
      if (master_ != nullptr) remarks_.insert("duplicate_uid");
      if (master_ == nullptr || event.sequence >= master_->sequence) master_ = &event;
    }
  }

  // The civil times at which an instance may start that is told, wherever it is.
  CivilRange RangeFor(const std::vector<Event>& events) const {
    const bool shifted = std::any_of(events.begin(), events.end(),
                                     [](const Event& event) { return event.and_later; });
    const long long margin = kMarginDays + (shifted ? kMaxShiftDays : 0);
    return {absl::CivilSecond(context_.window.first - margin),
            absl::CivilSecond(context_.window.last + margin + 1)};
  }

  void FindInstances(const std::vector<Event>& events) {
    bool unknown = false;
    if (master_ != nullptr) {
      instances_ = InstancesOf(*master_, RangeFor(events), context_.zones, unknown);
    }
    if (instances_.size() > kMaxInstances) {
      remarks_.insert("too_many_instances");
      instances_.erase(std::next(instances_.begin(), kMaxInstances), instances_.end());
    }
    for (const Event& event : events) {
      if (IsMaster(event)) continue;
      Instance instance =
          FindInstance(*event.instance, master_, instances_, context_.zones, unknown);
      if (event.and_later) {
        AddChange(event, std::move(instance), unknown);
      } else {
        AddOverride(event, instance.key);
      }
    }
    std::stable_sort(changes_.begin(), changes_.end(), [](const Change& left, const Change& right) {
      return left.from.time < right.from.time;
    });
    for (const auto& [key, event] : overrides_) {
      Tell(key, ToInstance(event->start, context_.zones, unknown).day, *event);
    }
    if (unknown) remarks_.insert("unknown_zone");
  }

  void AddOverride(const Event& event, const std::string& key) {
    const Event*& told = overrides_[key];
    if (told == nullptr || event.sequence >= told->sequence) told = &event;
  }

  void AddChange(const Event& event, Instance from, bool& unknown) {
    const CivilDay day = ToInstance(event.start, context_.zones, unknown).day;
    long long shift = day - from.day;
    // A new rhythm, or a move so far that it is no move, is told as the old one.
    if (!event.rules.empty() || std::llabs(shift) > kMaxShiftDays) {
      remarks_.insert("this_and_future");
      shift = 0;
    }
    changes_.push_back({.from = std::move(from), .event = &event, .shift_days = shift});
  }

  void TellInstances() {
    for (const auto& [key, instance] : instances_) {
      if (overrides_.count(key) > 0) continue;
      const auto after = std::upper_bound(
          changes_.begin(), changes_.end(), instance.time,
          [](absl::Time time, const Change& change) { return time < change.from.time; });
      if (after == changes_.begin()) {
        Tell(key, instance.day, *master_);
      } else {
        const Change& change = *std::prev(after);
        Tell(key, instance.day + change.shift_days, *change.event);
      }
    }
    // One that the master does not give, or that stands alone.
    for (const Change& change : changes_) {
      const std::string& key = change.from.key;
      if (instances_.count(key) > 0 || overrides_.count(key) > 0) continue;
      Tell(key, change.from.day + change.shift_days, *change.event);
    }
  }

  void Tell(const std::string& key, CivilDay day, const Event& event) {
    if (event.hidden || day < context_.window.first || day > context_.window.last) return;
    const std::string text = uid_ + "\n" + (repeats_ ? key : "");
    const bool cancelled = event.cancelled || (master_ != nullptr && master_->cancelled);
    told_[&event].push_back(
        {.key = context_.pseudonyms.Of("meeting", text), .date = day, .cancelled = cancelled});
  }

  void TellParts() {
    std::map<Who, std::vector<Meeting>> parts;
    for (auto& [event, meetings] : told_) {
      std::vector<Meeting>& all = parts[WhoOf(*event, context_.pseudonyms)];
      all.insert(all.end(), meetings.begin(), meetings.end());
    }
    for (auto& [who, meetings] : parts) {
      std::sort(meetings.begin(), meetings.end(), [](const Meeting& left, const Meeting& right) {
        return std::tie(left.date, left.key) < std::tie(right.date, right.key);
      });
      object_.parts.push_back({.meetings = std::move(meetings),
                               .codes = who.codes,
                               .addresses = who.addresses,
                               .domains = who.domains});
    }
  }

  const std::string& uid_;
  const SeriesContext& context_;
  const Event* master_ = nullptr;
  bool repeats_ = false;
  std::map<std::string, Instance> instances_;      // By key, of the master.
  std::map<std::string, const Event*> overrides_;  // By the key of the instance they replace.
  std::vector<Change> changes_;                    // By time.
  std::map<const Event*, std::vector<Meeting>> told_;
  std::set<std::string> remarks_;
  MeetingObject object_;
};

}  // namespace

MeetingObject BuildObject(const std::string& uid,
                          const std::vector<Event>& events,
                          const SeriesContext& context) {
  return Builder(uid, context).Build(events);
}

}  // namespace brobygger::calendars
