#include "plugins/calendars/common/series.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "plugins/calendars/common/occurrences.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kMaxInstances = 2'000;
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
      const Occurrences occurrences(
          events, {.starts = context_.window, .most_instances = kMaxInstances}, context_.zones);
      remarks_.insert(occurrences.remarks().begin(), occurrences.remarks().end());
      occurrences.ForEach(
          [&](const Occurrence& occurrence) { Tell(occurrence, occurrences.repeats()); });
      TellParts();
    }
    object_.remarks.assign(remarks_.begin(), remarks_.end());
    return std::move(object_);
  }

 private:
  void Tell(const Occurrence& occurrence, bool repeats) {
    if (occurrence.event.hidden) return;
    const std::string text = uid_ + "\n" + (repeats ? occurrence.key : "");
    told_[&occurrence.event].push_back({.key = context_.pseudonyms.Of("meeting", text),
                                        .date = occurrence.day,
                                        .cancelled = occurrence.cancelled});
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
