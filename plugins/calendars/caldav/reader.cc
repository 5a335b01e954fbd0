#include "plugins/calendars/caldav/reader.h"

#include <algorithm>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/calendars/caldav/event_fields.h"
#include "plugins/common/digest.h"

namespace brobygger::caldav {
namespace {

// plugins/calendars/README.md.
constexpr int kDaysBack = 180;
constexpr int kDaysAhead = 90;

absl::Status BadObject(const std::string& calendar, const std::string& why) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = "calendars.caldav.bad_object",
       .da = absl::StrCat("En aftale i kalenderen '", calendar, "' kan ikke læses (", why,
                          "). De andre læses. Ret den i kalenderen, hvis den skal tælle med."),
       .en = absl::StrCat("An object in the calendar '", calendar, "' cannot be read (", why,
                          "). The others are read. Mend it in the calendar if it is to count."),
       .path = absl::StrCat("calendars.", calendar)});
}

// Another digest key tells all records otherwise, and so do other fields.
std::string WhatIsRead(const ReaderParts& parts) {
  std::string what = absl::StrCat(parts.scope, "\n", parts.pseudonyms.Of("cursor", ""));
  for (const std::string& field : parts.selected) absl::StrAppend(&what, "\n", field);
  return common::Sha256(what).substr(0, 16);
}

}  // namespace

MeetingReader::MeetingReader(const ReaderParts& parts, absl::CivilDay today, sdk::Sink& sink)
    : parts_(parts), today_(today), window_{today - kDaysBack, today + kDaysAhead}, sink_(sink) {}

Collection MeetingReader::CollectionOf(const std::string& name) const {
  return Collection(
      parts_.dav, parts_.config.calendars.at(name).path,
      {.what = absl::StrCat("'", name, "'"), .path = absl::StrCat("calendars.", name, ".path")});
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
  if (cursor_.day != today_) {
    // Other days count from now on, also of what nobody changed.
    for (auto& [name, at] : cursor_.calendars) at.begun = true;
    cursor_.day = today_;
  }
  if (snapshot_ && most_records_ == 0) {
    const auto nothing = NothingChanged();
    if (!nothing.ok()) return nothing.status();
    if (*nothing) return End(/*unchanged=*/true);
  }
  if (absl::Status wrong = ReadAll(); !wrong.ok()) return wrong;
  if (enough_) return Save();
  return snapshot_ ? End(/*unchanged=*/false) : absl::OkStatus();
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

// Whether every calendar is as it was when the cursor's snapshot ended.
absl::StatusOr<bool> MeetingReader::NothingChanged() {
  for (const auto& [name, calendar] : parts_.config.calendars) {
    const auto at = cursor_.calendars.find(name);
    if (at == cursor_.calendars.end() || at->second.begun) return false;
    const auto page = CollectionOf(name).Changes(at->second.token);
    if (!page.ok()) {
      // ReadCalendar finds out what it is about.
      if (StopsEverything(page.status())) return page.status();
      return false;
    }
    if (page->more || !page->present.empty() || !page->removed.empty()) return false;
  }
  return true;
}

absl::Status MeetingReader::ReadCalendar(const std::string& name) {
  calendar_ = name;
  Collection collection = CollectionOf(name);
  CalendarCursor& at = cursor_.calendars[name];
  const CalendarCursor before = at;
  const absl::Status status = ReadOne(collection, at);
  // A calendar that cannot be had now is gone on with from where it was, once it is back.
  if (!status.ok() && !enough_ && at.token.empty()) at = before;
  return status;
}

absl::Status MeetingReader::ReadOne(Collection& collection, CalendarCursor& at) {
  bool whole = snapshot_ || at.begun || at.token.empty();
  // A whole snapshot tells what is gone by its end.
  if (snapshot_ && most_records_ == 0) at = {};
  if (!at.token.empty()) {
    const absl::Status followed = Follow(collection, at, /*only_removed=*/whole);
    if (enough_ || (!followed.ok() && !ServerAnswered(followed))) return followed;
    if (!followed.ok()) {
      parts_.log.Warn("calendars.caldav: a sync token is not good any more, the calendar '" +
                      calendar_ + "' is read whole");
      at = {};
      whole = true;
    }
  }
  return whole ? ListWhole(collection, at) : Save();
}

absl::Status MeetingReader::TellPage(Collection& collection, const Page& page, bool only_removed) {
  for (const std::string& path : page.removed) {
    const absl::Status told = TellRemoved(parts_.pseudonyms.Of("href", path));
    if (!told.ok()) return told;
  }
  return only_removed ? absl::OkStatus() : FetchAndTell(collection, page.present);
}

absl::Status MeetingReader::Follow(Collection& collection, CalendarCursor& at, bool only_removed) {
  for (int number = 0; number < kMostPages; ++number) {
    const auto page = collection.Changes(at.token);
    if (!page.ok()) return page.status();
    const absl::Status told = TellPage(collection, *page, only_removed);
    if (!told.ok()) return told;
    if (enough_) return absl::OkStatus();
    at.token = page->token;
    at.begun = at.begun || only_removed;
    if (!page->more) return absl::OkStatus();
    if (absl::Status gone = Save(); !gone.ok()) return gone;
  }
  return Failure(Fault::kStuckToken, collection.place(), "too many pages");
}

absl::Status MeetingReader::ListWhole(Collection& collection, CalendarCursor& at) {
  const auto page = collection.List();
  if (!page.ok()) return page.status();
  // What was told before is no older than the cursor's own token, and deletions since then are told
  // from there; a listing's newer token would hide them.
  const bool first = at.token.empty();
  if (first) at.token = page->token;
  at.begun = true;
  if (absl::Status wrong = FetchAndTell(collection, page->present); !wrong.ok()) return wrong;
  if (enough_) return absl::OkStatus();
  CalendarCursor rest{.token = page->token};
  // A first listing's pages are each a place to go on from.
  if (first) at.begun = false;
  if (page->more) {
    if (absl::Status gone = Save(); !gone.ok()) return gone;
    const absl::Status wrong = Follow(collection, first ? at : rest, /*only_removed=*/false);
    if (enough_ || !wrong.ok()) return wrong;
  }
  at.begun = false;
  return Save();
}

absl::Status MeetingReader::FetchAndTell(Collection& collection,
                                         const std::vector<std::string>& paths) {
  const absl::Status status = collection.Fetch(paths, [&](const Object& object) {
    // Counts what was looked at, so that a calendar full of what is not told shows progress too.
    if (++looked_at_ % 100 == 0) {
      const absl::Status gone = sink_.Beat(sdk::Heartbeat::STATE_WORKING, looked_at_);
      if (!gone.ok()) return gone;
    }
    return Tell(object);
  });
  return enough_ ? absl::OkStatus() : status;
}

absl::Status MeetingReader::Tell(const Object& object) {
  const std::string id = parts_.pseudonyms.Of("href", object.path);
  if (!object.error.ok()) return Reject(id, object.error);
  const auto reading = calendars::ReadMeetings(object.text, window_, parts_.pseudonyms);
  if (!reading.ok()) return Reject(id, BadObject(calendar_, "no_calendar"));
  if (reading->objects.empty() && !reading->bad.empty()) {
    return Reject(id, BadObject(calendar_, reading->bad[0].why));
  }
  if (reading->objects.size() > 1) return Reject(id, BadObject(calendar_, "several_uids"));
  // A task, or what was a meeting and is none any more.
  if (reading->objects.empty()) return snapshot_ ? absl::OkStatus() : TellRemoved(id);
  if (reading->objects[0].own) return absl::OkStatus();
  return TellRecord(calendars::ToRecord(reading->objects[0], id, calendar_));
}

absl::Status MeetingReader::TellRecord(sdk::Record record) {
  if (snapshot_) {
    // Changed while it was read: its new form is the next read's.
    if (!record.deleted() && !ids_.insert(record.external_id()).second) return absl::OkStatus();
  }
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

absl::Status MeetingReader::Reject(const std::string& external_id, const absl::Status& why) {
  sdk::RecordError error;
  error.set_external_id(external_id);
  *error.mutable_diagnostic() = sdk::DiagnosticOf(why);
  return sink_.Reject(std::move(error));
}

}  // namespace brobygger::caldav
