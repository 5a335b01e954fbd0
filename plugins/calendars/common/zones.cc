#include "plugins/calendars/common/zones.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include <sys/stat.h>

#include "brobygger/sdk/error.h"

#include "plugins/calendars/common/ical_values.h"
#include "plugins/calendars/common/windows_zones.h"

namespace brobygger::calendars {
namespace {

constexpr std::size_t kMaxObservances = 64;
constexpr char kFolder[] = "/usr/share/zoneinfo/";

bool IsNameSign(char sign) {
  constexpr std::string_view kOthers = "/_+-";
  return (sign >= 'A' && sign <= 'Z') || (sign >= 'a' && sign <= 'z') ||
         (sign >= '0' && sign <= '9') || kOthers.find(sign) != std::string_view::npos;
}

// The zone of an IANA name that is on this system. Looked for as a file first: Abseil never
// forgets a name that it was asked for, and a feed may hold thousands. No sign that could lead
// out of the folder passes.
std::optional<absl::TimeZone> Load(std::string_view name) {
  constexpr std::size_t kMaxName = 64;
  const bool clean =
      !name.empty() && name.size() <= kMaxName && std::all_of(name.begin(), name.end(), IsNameSign);
  // All zones begin with a capital; "right/" (leap seconds) and this machine's own do not.
  if (!clean || name.front() < 'A' || name.front() > 'Z') return std::nullopt;
  struct stat about {};
  const std::string path = kFolder + std::string(name);
  if (stat(path.c_str(), &about) != 0 || !S_ISREG(about.st_mode)) return std::nullopt;
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(std::string(name), &zone)) return std::nullopt;
  return zone;
}

// Some programs put a path of their own before the IANA name:
// "/freeassociation.sourceforge.net/Tzfile/Europe/Copenhagen".
std::optional<absl::TimeZone> LoadWithoutPrefix(std::string_view name) {
  if (!name.starts_with('/')) return std::nullopt;
  for (std::size_t at = name.find('/'); at != std::string_view::npos; at = name.find('/', at + 1)) {
    if (auto zone = Load(name.substr(at + 1))) return zone;
  }
  return std::nullopt;
}

// What programs write: nothing, or one month and a day in it.
bool IsPlainYearly(const Rule& rule) {
  return rule.frequency == Rule::Frequency::kYearly && rule.interval == 1 && rule.hours.empty() &&
         rule.minutes.empty() && rule.seconds.empty() && rule.positions.empty() &&
         rule.week_numbers.empty() && rule.year_days.empty() && !rule.count &&
         (rule.months.size() == 1 || (rule.days.empty() && rule.month_days.empty()));
}

// Reads one STANDARD or DAYLIGHT.
class ObservanceReader {
 public:
  // False if the zone cannot be read.
  bool Take(icalproperty* property) {
    switch (icalproperty_isa(property)) {
      case ICAL_DTSTART_PROPERTY:
        read_.start = ToEventTime(icalproperty_get_dtstart(property), nullptr).civil;
        has_start_ = true;
        return true;
      case ICAL_TZOFFSETFROM_PROPERTY:
        read_.offset_before = icalproperty_get_tzoffsetfrom(property);
        has_before_ = true;
        return true;
      case ICAL_TZOFFSETTO_PROPERTY:
        read_.offset = icalproperty_get_tzoffsetto(property);
        has_offset_ = true;
        return true;
      case ICAL_RDATE_PROPERTY:
        read_.dates.push_back(ToEventTime(icalproperty_get_rdate(property).time, nullptr).civil);
        return true;
      case ICAL_RRULE_PROPERTY:
        return TakeRule(icalproperty_get_rrule(property));
      default:
        return icalproperty_isa(property) != ICAL_XLICERROR_PROPERTY;
    }
  }

  std::optional<FileZone::Observance> Finish() {
    if (!has_start_ || !has_before_ || !has_offset_) return std::nullopt;
    return std::move(read_);
  }

 private:
  bool TakeRule(const icalrecurrencetype& from) {
    absl::StatusOr<EventRule> rule = ToEventRule(from);
    if (!rule.ok() || read_.rule || !IsPlainYearly(rule->rule)) return false;
    read_.rule = *std::move(rule);
    return true;
  }

  FileZone::Observance read_;
  bool has_start_ = false;
  bool has_before_ = false;
  bool has_offset_ = false;
};

// Whether an onset comes after its rule has ended.
bool IsPast(const EventRule& rule, absl::CivilSecond onset, int offset_before) {
  if (!rule.until) return false;
  const bool utc = rule.until->form == EventTime::Form::kUtc;
  return (utc ? onset - offset_before : onset) > rule.until->civil;
}

// The years that hold the rule's last onset before the end of `year`: its last ones, if it ended.
CivilRange LastYears(const EventRule& rule, absl::CivilYear year) {
  if (rule.until) year = std::min(year, absl::CivilYear(rule.until->civil) + 1);
  return {absl::CivilSecond(year - 1), absl::CivilSecond(year + 1)};
}

}  // namespace

std::optional<FileZone> FileZone::Parse(const std::string& text) {
  const Component component = ParseComponent(text);
  if (!component) return std::nullopt;
  FileZone zone;
  for (icalcomponent* part = icalcomponent_get_first_component(component.get(), ICAL_ANY_COMPONENT);
       part != nullptr;
       part = icalcomponent_get_next_component(component.get(), ICAL_ANY_COMPONENT)) {
    ObservanceReader reader;
    for (icalproperty* property : PropertiesOf(part)) {
      if (!reader.Take(property)) return std::nullopt;
    }
    auto observance = reader.Finish();
    if (!observance || zone.observances_.size() == kMaxObservances) return std::nullopt;
    zone.observances_.push_back(*std::move(observance));
  }
  if (zone.observances_.empty()) return std::nullopt;
  return zone;
}

const std::vector<FileZone::Onset>& FileZone::OnsetsAround(absl::CivilYear year) {
  const auto [place, is_new] = onsets_.try_emplace(year.year());
  std::vector<Onset>& onsets = place->second;
  if (!is_new) return onsets;
  const absl::CivilSecond end(year + 1);
  for (const Observance& observance : observances_) {
    const auto add = [&](absl::CivilSecond civil) {
      if (civil < end) {
        onsets.push_back({civil, observance.offset_before, observance.offset});
      }
    };
    add(observance.start);
    std::for_each(observance.dates.begin(), observance.dates.end(), add);
    if (!observance.rule) continue;
    const CivilRange around = LastYears(*observance.rule, year);
    for (const absl::CivilSecond civil : Expand(observance.rule->rule, observance.start, around)) {
      if (!IsPast(*observance.rule, civil, observance.offset_before)) add(civil);
    }
  }
  std::sort(onsets.begin(), onsets.end(),
            [](const Onset& left, const Onset& right) { return left.civil < right.civil; });
  return onsets;
}

int FileZone::OffsetAt(absl::CivilSecond civil) {
  const std::vector<Onset>& onsets = OnsetsAround(absl::CivilYear(civil));
  const auto later = std::find_if(onsets.begin(), onsets.end(),
                                  [&](const Onset& onset) { return onset.civil > civil; });
  if (later == onsets.begin()) {
    return onsets.empty() ? observances_.front().offset_before : later->offset_before;
  }
  const Onset& onset = *std::prev(later);
  const bool in_gap = civil < onset.civil + (onset.offset - onset.offset_before);
  return in_gap ? onset.offset_before : onset.offset;
}

absl::Time FileZone::ToTime(absl::CivilSecond civil) {
  return absl::FromCivil(civil - OffsetAt(civil), absl::UTCTimeZone());
}

absl::StatusOr<absl::TimeZone> Copenhagen() {
  absl::TimeZone zone;
  if (absl::LoadTimeZone("Europe/Copenhagen", &zone)) return zone;
  // Abseil would go on in UTC, and meetings after midnight would be on the day before.
  return sdk::MakeError({.kind = sdk::Diagnostic::CLASS_CONFIG,
                         .code = "calendars.no_time_zones",
                         .da = "Maskinen kender ikke tidszonen Europe/Copenhagen. Installer pakken "
                               "tzdata på den.",
                         .en =
                             "This machine does not know the time zone Europe/Copenhagen. Install "
                             "the package tzdata on it."});
}

Zones::Zone& Zones::Find(std::size_t number) {
  const auto [place, is_new] = found_.try_emplace(number);
  Zone& zone = place->second;
  if (!is_new || number >= text_.zone_names.size()) return zone;
  const std::string& name = text_.zone_names[number];
  zone.system = Load(name);
  if (!zone.system) zone.system = LoadWithoutPrefix(name);
  if (!zone.system) zone.system = Load(IanaNameOf(name));
  const auto own = text_.zones.find(name);
  if (!zone.system && own != text_.zones.end()) zone.file = FileZone::Parse(own->second);
  return zone;
}

absl::Time Zones::ToTime(const EventTime& time, bool& unknown) {
  absl::TimeZone system = copenhagen_;
  if (time.form == EventTime::Form::kUtc) system = absl::UTCTimeZone();
  if (time.form == EventTime::Form::kZoned) {
    Zone& zone = Find(time.zone);
    if (zone.file) return zone.file->ToTime(time.civil);
    if (zone.system) system = *zone.system;
    unknown |= !zone.system;
  }
  return system.At(time.civil).pre;
}

absl::CivilSecond Zones::Local(absl::Time instant) const { return copenhagen_.At(instant).cs; }

}  // namespace brobygger::calendars
