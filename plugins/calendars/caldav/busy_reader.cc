#include "plugins/calendars/caldav/busy_reader.h"

#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "plugins/calendars/caldav/event_fields.h"

namespace brobygger::caldav {
namespace {

using calendars::BusyDays;

absl::Status BadObject(const std::string& calendar, const std::string& why) {
  return sdk::MakeError(
      {.kind = sdk::Diagnostic::CLASS_REJECTED,
       .code = "calendars.caldav.bad_object",
       .da =
           absl::StrCat("En aftale i kalenderen '", calendar, "' kan ikke læses, som den er ment (",
                        why, "). Dage, den optager, kan stå som ledige. Ret den i kalenderen."),
       .en = absl::StrCat("An object in the calendar '", calendar,
                          "' cannot be read as it is meant (", why,
                          "). Days that it takes may seem free. Mend it in the calendar."),
       .path = absl::StrCat("calendars.", calendar)});
}

class BusyReader {
 public:
  BusyReader(const ReaderParts& parts,
             const calendars::Window& window,
             const sdk::ReadRequest& request,
             sdk::Sink& sink)
      : parts_(parts), window_(window), most_records_(request.max_records()), sink_(sink) {}

  absl::Status Read() {
    absl::Status first_wrong;
    for (const auto& [name, calendar] : parts_.config.calendars) {
      const absl::Status status = ReadCalendar(name, calendar.path);
      if (!status.ok() && StopsEverything(status)) return status;
      first_wrong.Update(status);
    }
    if (!first_wrong.ok()) return first_wrong;
    sdk::SnapshotEnd end;
    end.set_record_count(told_);
    end.set_complete(!cut_);
    end.set_scope_hash(parts_.scope);
    return sink_.EndSnapshot(std::move(end));
  }

 private:
  absl::Status ReadCalendar(const std::string& name, const std::string& path) {
    Collection collection(
        parts_.dav, path,
        {.what = absl::StrCat("'", name, "'"), .path = absl::StrCat("calendars.", name, ".path")});
    BusyDays days(window_, parts_.pseudonyms);
    const absl::Status read =
        ReadWhole(collection, [&](const Object& object) { return Take(object, name, days); });
    return read.ok() ? Tell(days, name) : read;
  }

  static absl::Status ReadWhole(Collection& collection,
                                absl::FunctionRef<absl::Status(const Object&)> take) {
    absl::StatusOr<Page> page = collection.List();
    for (int number = 0; number < kMostPages; ++number) {
      if (!page.ok()) return page.status();
      if (absl::Status wrong = collection.Fetch(page->present, take); !wrong.ok()) return wrong;
      if (!page->more) return absl::OkStatus();
      page = collection.Changes(page->token);
    }
    return Failure(Fault::kStuckToken, collection.place(), "too many pages");
  }

  absl::Status Take(const Object& object, const std::string& calendar, BusyDays& days) {
    if (++looked_at_ % 100 == 0) {
      const absl::Status gone = sink_.Beat(sdk::Heartbeat::STATE_WORKING, looked_at_);
      if (!gone.ok()) return gone;
    }
    if (!object.error.ok()) return Reject(object, object.error);
    const auto bad = days.Add(object.text);
    if (!bad.ok()) return Reject(object, BadObject(calendar, "no_calendar"));
    return bad->empty() ? absl::OkStatus() : Reject(object, BadObject(calendar, bad->at(0).why));
  }

  absl::Status Reject(const Object& object, const absl::Status& why) {
    sdk::RecordError error;
    error.set_external_id(parts_.pseudonyms.Of("href", object.path));
    *error.mutable_diagnostic() = sdk::DiagnosticOf(why);
    return sink_.Reject(std::move(error));
  }

  absl::Status Tell(const BusyDays& days, const std::string& calendar) {
    for (const calendars::BusyDay& day : days.Days()) {
      cut_ = cut_ || (most_records_ > 0 && told_ >= most_records_);
      if (cut_) break;
      sdk::Record record = calendars::ToRecord(day, calendar);
      KeepSelected(parts_.selected, record);
      if (absl::Status gone = sink_.Add(std::move(record)); !gone.ok()) return gone;
      ++told_;
    }
    return absl::OkStatus();
  }

  const ReaderParts& parts_;
  const calendars::Window window_;
  const std::uint64_t most_records_;
  sdk::Sink& sink_;
  std::uint64_t told_ = 0;
  std::uint64_t looked_at_ = 0;
  bool cut_ = false;
};

}  // namespace

absl::Status ReadBusy(const ReaderParts& parts,
                      const calendars::Window& window,
                      const sdk::ReadRequest& request,
                      sdk::Sink& sink) {
  return BusyReader(parts, window, request, sink).Read();
}

}  // namespace brobygger::caldav
