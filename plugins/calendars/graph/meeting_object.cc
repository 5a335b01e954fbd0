#include "plugins/calendars/graph/meeting_object.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <absl/strings/match.h>

namespace brobygger::graph {
namespace {

using calendars::Meeting;
using calendars::MeetingObject;

constexpr char kOwnDomain[] = "@brobygger";

// Codes, addresses and domains: instances with the same ones are one part.
using Who =
    std::tuple<std::vector<std::string>, std::vector<std::string>, std::vector<std::string>>;

absl::TimeZone Copenhagen() {
  static const absl::TimeZone kZone = [] {
    absl::TimeZone zone;
    if (!absl::LoadTimeZone("Europe/Copenhagen", &zone)) {
      throw std::runtime_error("no time zone data for Europe/Copenhagen");
    }
    return zone;
  }();
  return kZone;
}

absl::CivilDay DayAt(absl::Time time, bool all_day) {
  const absl::CivilSecond utc = absl::ToCivilSecond(time, absl::UTCTimeZone());
  const absl::CivilDay date(utc);
  // A date's midnight is the mailbox's own in some answers, and UTC's in others.
  if (all_day && utc == absl::CivilSecond(date)) return date;
  return absl::ToCivilDay(time, Copenhagen());
}

void SortOut(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

Who WhoOf(const Event& event, const calendars::Pseudonyms& pseudonyms) {
  Who who;
  auto& [codes, addresses, domains] = who;
  codes = event.codes.value_or(std::vector<std::string>());
  if (event.people) {
    for (const Event::Person& person : *event.people) {
      if (person.declined) continue;
      addresses.push_back(pseudonyms.Of("address", person.address));
      const std::string domain = person.address.substr(person.address.rfind('@') + 1);
      if (!domain.empty()) domains.push_back(pseudonyms.Of("domain", domain));
    }
  }
  SortOut(codes);
  SortOut(addresses);
  SortOut(domains);
  return who;
}

template <typename Value>
void FillIn(std::optional<Value>& own, const std::optional<Value>& of_master) {
  if (!own) own = of_master;
}

Event Completed(Event instance, const Event& master) {
  FillIn(instance.all_day, master.all_day);
  FillIn(instance.cancelled, master.cancelled);
  FillIn(instance.hidden, master.hidden);
  FillIn(instance.codes, master.codes);
  FillIn(instance.people, master.people);
  return instance;
}

// What names an instance in its series: plugins/calendars/README.md, kind `meeting`.
std::string InstanceName(const Event& instance, bool all_day) {
  const absl::Time start = instance.original_start.value_or(*instance.start);
  if (all_day) {
    const absl::CivilDay date = DayAt(start, true);
    return absl::FormatTime("%Y%m%d", absl::FromCivil(date, absl::UTCTimeZone()),
                            absl::UTCTimeZone());
  }
  return absl::FormatTime("%Y%m%dT%H%M%SZ", start, absl::UTCTimeZone());
}

}  // namespace

absl::CivilDay DayOf(const Event& event, bool all_day) { return DayAt(*event.start, all_day); }

MeetingObject ToMeetingObject(const Event& master, const Group& group, const TellingRules& rules) {
  MeetingObject object;
  object.uid_digest = rules.pseudonyms.Of("href", master.uid);
  object.own = absl::EndsWith(master.uid, kOwnDomain);
  // Without a word on it, nothing says that it may count.
  object.opted_out = master.hidden.value_or(true);
  if (object.own || object.opted_out) return object;
  const bool all_day_series = master.all_day.value_or(false);
  std::map<Who, std::vector<Meeting>> parts;
  std::set<std::string> remarks;
  for (const Event& told : group.instances) {
    if (!told.start) {
      remarks.insert("bad_date");
      continue;
    }
    const Event instance = Completed(told, master);
    const absl::CivilDay day = DayOf(instance, instance.all_day.value_or(false));
    const bool outside = day < rules.window.first || day > rules.window.last;
    if (outside || instance.hidden.value_or(true)) continue;
    const std::string name = group.is_series ? InstanceName(instance, all_day_series) : "";
    const bool cancelled = instance.cancelled.value_or(false) || master.cancelled.value_or(false);
    parts[WhoOf(instance, rules.pseudonyms)].push_back(
        {.key = rules.pseudonyms.Of("meeting", master.uid + "\n" + name),
         .date = day,
         .cancelled = cancelled});
  }
  for (auto& [who, meetings] : parts) {
    std::sort(meetings.begin(), meetings.end(), [](const Meeting& left, const Meeting& right) {
      return std::tie(left.date, left.key) < std::tie(right.date, right.key);
    });
    object.parts.push_back({.meetings = std::move(meetings),
                            .codes = std::get<0>(who),
                            .addresses = std::get<1>(who),
                            .domains = std::get<2>(who)});
  }
  object.remarks.assign(remarks.begin(), remarks.end());
  return object;
}

}  // namespace brobygger::graph
