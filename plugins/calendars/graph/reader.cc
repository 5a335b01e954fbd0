#include "plugins/calendars/graph/reader.h"

#include <algorithm>
#include <utility>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "plugins/calendars/graph/meeting_object.h"
#include "plugins/common/digest.h"

namespace brobygger::graph {
namespace {

// plugins/calendars/README.md.
constexpr int kDaysBack = 180;
constexpr int kDaysAhead = 90;
constexpr int kLastOfWeek = 6;

// A meeting that has left the window is told as a record without meetings for as long as the hub
// keeps its contact: were it absent, the hub would take it for deleted.
constexpr int kDaysKept = 730 - kDaysBack;
constexpr std::uint64_t kToTellAgain = 0;
constexpr std::uint64_t kPast = 1;
constexpr std::size_t kReferenceSigns = 16;

absl::Status BadEvent(const std::string& calendar, const std::string& why) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = "calendars.graph." + why,
       .da = absl::StrCat("En aftale i kalenderen '", calendar, "' kan ikke læses (", why,
                          "). De andre læses. Gem den igen i kalenderen, hvis den skal tælle med."),
       .en =
           absl::StrCat("An event in the calendar '", calendar, "' cannot be read (", why,
                        "). The others are read. Save it again in the calendar if it is to count."),
       .path = absl::StrCat("calendars.", calendar)});
}

// Another digest key tells all records otherwise, and so do other fields.
std::string WhatIsRead(const ReaderParts& parts) {
  std::string what = absl::StrCat(parts.scope, "\n", parts.pseudonyms.Of("cursor", ""));
  for (const std::string& field : parts.selected) absl::StrAppend(&what, "\n", field);
  return common::Sha256(what).substr(0, 16);
}

void KeepSelected(const std::set<std::string>& selected, sdk::Record& record) {
  if (selected.empty()) return;
  auto& fields = *record.mutable_fields();
  for (auto field = fields.begin(); field != fields.end();) {
    field = selected.count(field->first) > 0 ? std::next(field) : fields.erase(field);
  }
}

template <typename Value>
void Append(std::string& text, const std::optional<Value>& value) {
  absl::StrAppend(&text, "\n", value ? absl::StrCat(*value) : "-");
}

// All that an event says and that makes a record other.
void Append(std::string& text, const Event& event) {
  absl::StrAppend(&text, "\n", event.id, "\n", event.uid, event.bad_date ? " bad" : "");
  for (const auto& time : {event.start, event.original_start}) {
    Append(text, time ? std::optional(absl::ToUnixSeconds(*time)) : std::nullopt);
  }
  for (const auto& flag : {event.all_day, event.cancelled, event.hidden}) Append(text, flag);
  if (event.codes) {
    for (const std::string& code : *event.codes) absl::StrAppend(&text, "\nc ", code);
  }
  if (!event.people) return;
  for (const Event::Person& person : *event.people) {
    absl::StrAppend(&text, person.declined ? "\nd " : "\np ", person.address);
  }
}

absl::CivilDay LastDay(const Group& group) {
  absl::CivilDay last;
  for (const Event& event : group.instances) {
    if (event.start) last = std::max(last, DayOf(event, event.all_day.value_or(false)));
  }
  return last;
}

}  // namespace

absl::CivilDay WeekOf(absl::CivilDay today) {
  return absl::PrevWeekday(today + 1, absl::Weekday::monday);
}

calendars::Window WindowIn(absl::CivilDay week) {
  return {.first = week - kDaysBack, .last = week + kLastOfWeek + kDaysAhead};
}

MeetingReader::MeetingReader(const ReaderParts& parts, absl::CivilDay today, sdk::Sink& sink)
    : parts_(parts), today_(today), week_(WeekOf(today)), window_(WindowIn(week_)), sink_(sink) {}

CalendarView MeetingReader::ViewOf(const std::string& name) {
  const CalendarConfig& calendar = parts_.config.calendars.at(name);
  return {
      parts_.client,
      calendar,
      window_,
      {.place = {.what = absl::StrCat("'", name, "'"), .path = absl::StrCat("calendars.", name)},
       .mailbox = calendar.mailbox}};
}

std::string MeetingReader::ReferenceTo(const std::string& graph_id) const {
  return parts_.pseudonyms.Of("reference", graph_id).substr(0, kReferenceSigns);
}

std::string MeetingReader::ExternalId(const std::string& uid) const {
  const CalendarConfig& calendar = parts_.config.calendars.at(calendar_);
  return parts_.pseudonyms.Of(
      "href", absl::StrCat("/", calendar.mailbox, "/", calendar.calendar_id, "/", uid));
}

// Keyed, since it stands in the cursor and is made of addresses and times.
std::uint64_t MeetingReader::StateOf(const Group& group) const {
  std::string text = group.is_series ? "series" : "single";
  for (const Event& event : group.instances) Append(text, event);
  std::uint64_t state = 0;
  (void)absl::SimpleHexAtoi(parts_.pseudonyms.Of("state", text).substr(0, kReferenceSigns), &state);
  return std::max(state, kPast + 1);
}

absl::Status MeetingReader::Save() {
  return sink_.Checkpoint(CursorText(cursor_), Cursor::kVersion);
}

absl::Status MeetingReader::End(bool unchanged) {
  sdk::SnapshotEnd end;
  end.set_record_count(ids_.size());
  end.set_complete(true);
  end.set_unchanged(unchanged);
  end.set_scope_hash(parts_.scope);
  return sink_.EndSnapshot(std::move(end));
}

absl::Status MeetingReader::Read(const sdk::ReadRequest& request) {
  snapshot_ = request.mode() == sdk::ReadRequest::MODE_SNAPSHOT;
  most_records_ = request.max_records();
  cursor_ = ParseCursor(request.cursor(), request.cursor_version(), WhatIsRead(parts_));
  if (cursor_.week != week_) {
    for (auto& [name, at] : cursor_.calendars) at.link.clear();
    cursor_.week = week_;
  }
  if (snapshot_ && most_records_ == 0) {
    const auto nothing = NothingChanged();
    if (!nothing.ok()) return nothing.status();
    if (*nothing) return End(/*unchanged=*/true);
  }
  if (snapshot_) BeginSnapshot();
  if (absl::Status wrong = ReadAll(); !wrong.ok()) return wrong;
  if (enough_) return Save();
  return snapshot_ ? End(/*unchanged=*/false) : absl::OkStatus();
}

// Whether every calendar is as it was when the cursor's snapshot ended.
absl::StatusOr<bool> MeetingReader::NothingChanged() {
  for (const auto& [name, calendar] : parts_.config.calendars) {
    const auto at = cursor_.calendars.find(name);
    if (at == cursor_.calendars.end()) return false;
    const CalendarCursor& known = at->second;
    if (known.link.empty() || known.due || known.listed != today_) return false;
    const auto round = ViewOf(name).Continue(known.link);
    if (!round.ok()) {
      // ReadCalendar finds out what it is about.
      if (StopsEverything(round.status())) return round.status();
      return false;
    }
    if (round->rang) return false;
  }
  return true;
}

// All is told again, but for what a snapshot told that goes on, page after page.
void MeetingReader::BeginSnapshot() {
  for (auto& [name, at] : cursor_.calendars) {
    at.due = true;
    if (at.begun && most_records_ > 0) continue;
    for (auto& [reference, told] : at.told) told.state = kToTellAgain;
  }
}

absl::Status MeetingReader::ReadAll() {
  absl::Status first_wrong;
  for (const auto& [name, calendar] : parts_.config.calendars) {
    const absl::Status status = ReadCalendar(name);
    if (enough_) return absl::OkStatus();
    if (status.ok()) continue;
    if (StopsEverything(status)) return status;
    first_wrong.Update(status);
  }
  return first_wrong;
}

absl::Status MeetingReader::ReadCalendar(const std::string& name) {
  calendar_ = name;
  at_ = &cursor_.calendars[name];
  pending_ = false;
  CalendarView view = ViewOf(name);
  const auto round = NextRound(view, *at_);
  if (!round.ok()) return round.status();
  if (!at_->due) return Save();
  const auto groups = ListWhole(view, round->has_events);
  if (!groups.ok()) return groups.status();
  at_->begun = true;
  if (absl::Status wrong = TellAll(view, *groups); !wrong.ok()) return wrong;
  at_->begun = false;
  at_->due = pending_;
  at_->listed = today_;
  return Save();
}

absl::StatusOr<Round> MeetingReader::NextRound(CalendarView& view, CalendarCursor& at) {
  absl::StatusOr<Round> round = at.link.empty() ? view.Begin() : view.Continue(at.link);
  if (FaultOf(round.status()) == Fault::kExpiredState && !at.link.empty()) {
    parts_.log.Warn("calendars.graph: a delta link is not good any more, the calendar '" +
                    calendar_ + "' is read whole");
    at.link.clear();
    round = view.Begin();
  }
  if (!round.ok()) return round;
  const bool full = at.link.empty();
  // A deleted occurrence may not even ring.
  at.due = at.due || full || round->rang || at.listed != today_;
  at.link = round->link;
  // A full round names all there is; what changed is found by comparing.
  if (full) return round;
  // What it touched has to outlive a read that ends before it was told.
  for (const std::string& id : round->touched) {
    const auto known = at.told.find(ReferenceTo(id));
    if (known != at.told.end()) known->second.state = kToTellAgain;
  }
  return round;
}

absl::StatusOr<std::vector<Group>> MeetingReader::ListWhole(CalendarView& view,
                                                            bool rows_are_expected) {
  auto groups = view.List();
  if (!groups.ok() || !groups->empty()) return groups;
  // Nothing at all: the other way to ask must say the same.
  if (!rows_are_expected) {
    const auto other = view.Begin();
    if (!other.ok()) return other.status();
    rows_are_expected = other->has_events;
  }
  if (rows_are_expected) {
    return Failure(Fault::kDisagrees, {.what = absl::StrCat("'", calendar_, "'"),
                                       .path = absl::StrCat("calendars.", calendar_)});
  }
  return groups;
}

absl::Status MeetingReader::TellAll(CalendarView& view, const std::vector<Group>& groups) {
  std::unordered_set<std::string> listed;
  for (const Group& group : groups) listed.insert(ReferenceTo(group.id));
  for (const Group& group : groups) {
    if (absl::Status wrong = TellGroup(view, group); !wrong.ok()) return wrong;
  }
  return TellMissing(listed);
}

absl::Status MeetingReader::TellGroup(CalendarView& view, const Group& group) {
  if (group.id.empty()) return Reject("", "no_id");
  const auto known = at_->told.find(ReferenceTo(group.id));
  if (known != at_->told.end() && known->second.state == StateOf(group)) {
    ids_.insert(known->second.external_id);
    return absl::OkStatus();
  }
  if (!group.is_series) return TellObject(group.instances[0], group);
  const auto master = view.Master(group.id);
  if (FaultOf(master.status()) == Fault::kNotThere) return NoMaster(group);
  if (!master.ok()) return master.status();
  return TellObject(*master, group);
}

// Graph at times lists a new series before its master can be had.
absl::Status MeetingReader::NoMaster(const Group& group) {
  pending_ = true;
  const auto known = at_->told.find(ReferenceTo(group.id));
  if (known == at_->told.end()) return Reject("", "no_master");
  known->second.state = kToTellAgain;
  ids_.insert(known->second.external_id);
  return Reject(known->second.external_id, "no_master");
}

absl::Status MeetingReader::TellObject(const Event& master, const Group& group) {
  if (master.uid.empty()) return Reject("", "no_uid");
  const std::string id = ExternalId(master.uid);
  const bool unreadable = !group.is_series && !master.start;
  const auto object = calendars::MeetingObject(
      unreadable
          ? calendars::MeetingObject()
          : ToMeetingObject(master, group, {.window = window_, .pseudonyms = parts_.pseudonyms}));
  // A copy in the same calendar is the same meeting.
  if (object.own || !ids_.insert(id).second) return absl::OkStatus();
  if (unreadable) return Reject(id, "bad_start");
  Told& told = at_->told[ReferenceTo(group.id)];
  const std::string before = std::exchange(told.external_id, id);
  told.last = LastDay(group);
  told.state = kToTellAgain;
  if (!before.empty() && before != id) {
    if (absl::Status gone = TellRemoved(before); !gone.ok()) return gone;
  }
  told.state = StateOf(group);
  return TellRecord(calendars::ToRecord(object, id, calendar_));
}

absl::Status MeetingReader::TellMissing(const std::unordered_set<std::string>& listed) {
  auto& all = at_->told;
  for (auto each = all.begin(); each != all.end();) {
    const auto here = each++;
    Told& told = here->second;
    if (listed.count(here->first) > 0) continue;
    absl::Status gone;
    if (told.last < window_.first && told.last >= window_.first - kDaysKept) {
      gone = TellPast(told);
    } else {
      const std::string id = told.external_id;
      const bool silent = told.last < window_.first || ids_.count(id) > 0;
      all.erase(here);
      if (!silent) gone = TellRemoved(id);
    }
    if (!gone.ok()) return gone;
  }
  return absl::OkStatus();
}

absl::Status MeetingReader::TellPast(Told& told) {
  ids_.insert(told.external_id);
  if (told.state == kPast) return absl::OkStatus();
  told.state = kPast;
  return TellRecord(calendars::ToRecord({}, told.external_id, calendar_));
}

absl::Status MeetingReader::TellRecord(sdk::Record record) {
  KeepSelected(parts_.selected, record);
  if (absl::Status gone = sink_.Add(std::move(record)); !gone.ok()) return gone;
  enough_ = most_records_ > 0 && ++told_ >= most_records_;
  if (enough_) return absl::CancelledError("enough");
  return sink_.full() ? Save() : absl::OkStatus();
}

absl::Status MeetingReader::TellRemoved(const std::string& external_id) {
  sdk::Record record;
  record.set_external_id(external_id);
  record.set_deleted(true);
  return TellRecord(std::move(record));
}

absl::Status MeetingReader::Reject(const std::string& external_id, const std::string& why) {
  sdk::RecordError error;
  error.set_external_id(external_id);
  *error.mutable_diagnostic() = sdk::DiagnosticOf(BadEvent(calendar_, why));
  return sink_.Reject(std::move(error));
}

}  // namespace brobygger::graph
