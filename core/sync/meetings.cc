#include "core/sync/meetings.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/contact/case_work.h"
#include "core/contact/sightings.h"
#include "core/model/rules.h"
#include "core/registry/query.h"
#include "core/sync/calendar_losses.h"
#include "core/sync/record_text.h"

namespace brobygger::sync {
namespace {

using contact::Sighting;
using contact::SightingCounts;
using contact::Sightings;
using plugin::v1::Record;
using plugin::v1::Value;

constexpr std::size_t kDigestLength = 32;
constexpr std::size_t kLongestCode = 40;
constexpr std::size_t kMostCodes = 20;

// What a reduced record says; the names are stored.
constexpr char kCalendar[] = "calendar";
constexpr char kDepartment[] = "department";
constexpr char kContacts[] = "contacts";
constexpr char kCancelled[] = "cancelled";
constexpr char kOptedOut[] = "opted_out";

const Value* Find(const google::protobuf::Map<std::string, Value>& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

std::vector<std::string> TextsIn(const google::protobuf::Map<std::string, Value>& fields,
                                 const char* name) {
  const Value* const value = Find(fields, name);
  return value == nullptr ? std::vector<std::string>() : TextsOf(*value);
}

std::string TextIn(const google::protobuf::Map<std::string, Value>& fields, const char* name) {
  const Value* const value = Find(fields, name);
  return value == nullptr ? "" : TextOf(*value);
}

bool FlagIn(const google::protobuf::Map<std::string, Value>& fields, const char* name) {
  const Value* const value = Find(fields, name);
  return value != nullptr && value->flag();
}

absl::Status CheckDigest(const std::string& text, const char* field) {
  const bool digest =
      text.size() == kDigestLength && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      });
  return digest ? absl::OkStatus() : model::BrokenRule({nullptr, field}, "is no digest");
}

Value Text(const std::string& text) {
  Value value;
  value.set_text(text);
  return value;
}

Value Contact(const Sighting& sighting) {
  Value value;
  auto& fields = *value.mutable_group()->mutable_fields();
  fields["key"] = Text(sighting.meeting_key);
  fields["date"].set_date(sighting.date);
  fields["association"] = Text(sighting.with.association_id);
  fields["basis"].set_number(sighting.with.basis);
  fields["review"].set_flag(sighting.with.in_review);
  return value;
}

Sighting ToSighting(const Value& value) {
  const auto& fields = value.group().fields();
  Sighting sighting;
  sighting.meeting_key = TextIn(fields, "key");
  sighting.date = TextIn(fields, "date");
  sighting.with.association_id = TextIn(fields, "association");
  if (const Value* const basis = Find(fields, "basis"); basis != nullptr) {
    sighting.with.basis = static_cast<contact::v1::Touchpoint::Basis>(basis->number());
  }
  sighting.with.in_review = FlagIn(fields, "review");
  return sighting;
}

// What a calendar object says of associations.
struct Found {
  Value::List contacts;
  Value::List cancelled;  // keys of meetings that are off
};

// Adds what one part of the object tells.
absl::Status AddPart(const google::protobuf::Map<std::string, Value>& part,
                     const std::vector<contact::Recognised>& with,
                     Found& found) {
  const Value* const meetings = Find(part, "meetings");
  if (meetings == nullptr) return absl::OkStatus();
  for (const Value& meeting : meetings->list().items()) {
    const auto& fields = meeting.group().fields();
    Sighting sighting;
    sighting.meeting_key = TextIn(fields, "key");
    sighting.date = TextIn(fields, "date");
    BB_RETURN_IF_ERROR(CheckDigest(sighting.meeting_key, "key"));
    if (FlagIn(fields, "cancelled")) {
      *found.cancelled.add_items() = Text(sighting.meeting_key);
      continue;
    }
    BB_RETURN_IF_ERROR(model::FixDate({nullptr, "date"}, sighting.date));
    for (const contact::Recognised& each : with) {
      sighting.with = each;
      *found.contacts.add_items() = Contact(sighting);
    }
  }
  return absl::OkStatus();
}

// What is done with meetings: see side_stream.h.
class MeetingRecords {
 public:
  // Once it is applied, what an object told is in touchpoints; a claim would keep it longer.
  static constexpr bool kKeepsClaims = false;

  explicit MeetingRecords(StreamKey stream) : stream_(std::move(stream)) {}

  v1::MeetingCounts counts;

  // What may not count any more goes at once: nobody has to agree to that.
  absl::StatusOr<bool> Plan(storage::Transaction& transaction, const v1::Claim& claim) {
    const Sightings told = Told(claim);
    if (told.opted_out) {
      BB_ASSIGN_OR_RETURN(const SightingCounts gone, contact::See(transaction, told));
      if (gone.any()) counts.set_opted_out_count(counts.opted_out_count() + 1);
      return false;
    }
    BB_ASSIGN_OR_RETURN(const SightingCounts would,
                        contact::WouldSee(transaction, told, transaction.now()));
    Count(would);
    return would.any();
  }

  absl::Status Apply(storage::Transaction& transaction, const v1::Claim& claim) {
    BB_ASSIGN_OR_RETURN(const SightingCounts done, contact::See(transaction, Told(claim)));
    Count(done);
    return absl::OkStatus();
  }

  static std::string GroupOf(const v1::Claim& claim) {
    return TextIn(claim.told().fields(), kCalendar);
  }

  absl::Status Gone(storage::Transaction& transaction, const std::string& external_id) {
    BB_ASSIGN_OR_RETURN(const SightingCounts done,
                        contact::LoseSight(transaction, stream_.For(external_id)));
    counts.set_removed_count(counts.removed_count() + done.removed);
    return absl::OkStatus();
  }

  // A calendar that the department withdrew tells of nothing that is to come.
  absl::StatusOr<bool> PlanHidden(const storage::Transaction& transaction,
                                  const std::string& external_id) {
    BB_ASSIGN_OR_RETURN(
        const SightingCounts would,
        contact::WouldLoseSight(transaction, stream_.For(external_id), transaction.now()));
    counts.set_removed_count(counts.removed_count() + would.removed);
    return would.any();
  }
  absl::Status Hidden(storage::Transaction& transaction, const std::string& external_id) {
    return Gone(transaction, external_id);
  }

 private:
  Sightings Told(const v1::Claim& claim) const {
    const auto& fields = claim.told().fields();
    Sightings sightings;
    sightings.record = stream_.For(claim.told().external_id());
    sightings.department_id = TextIn(fields, kDepartment);
    sightings.opted_out = FlagIn(fields, kOptedOut);
    sightings.cancelled = TextsIn(fields, kCancelled);
    if (const Value* const contacts = Find(fields, kContacts); contacts != nullptr) {
      for (const Value& each : contacts->list().items()) {
        sightings.meetings.push_back(ToSighting(each));
      }
    }
    return sightings;
  }

  void Count(const SightingCounts& done) {
    counts.set_new_count(counts.new_count() + done.added);
    counts.set_removed_count(counts.removed_count() + done.removed);
    counts.set_review_count(counts.review_count() + done.in_review);
    counts.set_changed_count(counts.changed_count() + (done.changed > 0 ? 1 : 0));
  }

  StreamKey stream_;
};

absl::Status InvalidMeetings(const std::string& why) {
  return base::MakeError(errors::v1::ERROR_REASON_CONNECTION_INVALID,
                         "the connection's meetings.calendars " + why,
                         {{"field", "meetings.calendars"}});
}

}  // namespace

StreamKey MeetingStreamOf(const v1::Connection& connection) {
  const std::string& stream = connection.meetings().stream();
  return {.connection_id = connection.id(), .stream = stream.empty() ? "meetings" : stream};
}

absl::Status CheckMeetings(const storage::Snapshot& snapshot, const v1::Connection& connection) {
  if (!connection.mappings().empty() || connection.has_applications()) {
    return InvalidMeetings(
        "stand beside mappings; a connection to calendars reads no associations");
  }
  if (connection.meetings().calendars().empty()) return InvalidMeetings("are missing");
  std::set<std::string> names;
  for (const auto& calendar : connection.meetings().calendars()) {
    if (calendar.calendar().empty()) return InvalidMeetings("have one without a name");
    if (!names.insert(calendar.calendar()).second) {
      return InvalidMeetings("name '" + calendar.calendar() + "' twice");
    }
    BB_RETURN_IF_ERROR(registry::GetDepartment(snapshot, calendar.department_id()).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<MeetingScreen> MeetingScreen::Make(
    const storage::Snapshot& snapshot,
    const v1::Connection& connection,
    std::shared_ptr<const contact::AddressBook> book) {
  MeetingScreen screen;
  screen.book_ = std::move(book);
  for (const auto& calendar : connection.meetings().calendars()) {
    BB_ASSIGN_OR_RETURN(const auto department,
                        registry::GetDepartment(snapshot, calendar.department_id()));
    // Whatever the configuration says: a citizen's own case must not become a contact.
    const bool by_address = calendar.match() == v1::CalendarMapping::MATCH_ADDRESS &&
                            !contact::DoesCaseWork(department);
    screen.calendars_[calendar.calendar()] = {department.id(), !by_address};
  }
  return screen;
}

absl::Status MeetingScreen::Reduce(Record& record) const {
  BB_RETURN_IF_ERROR(CheckDigest(record.external_id(), "external_id"));
  record.clear_etag();
  record.clear_changed_by();
  record.clear_place();
  record.clear_foreign_id();
  const auto told = std::move(*record.mutable_fields());
  auto& kept = *record.mutable_fields();
  kept.clear();
  if (record.deleted()) return absl::OkStatus();
  if (FlagIn(told, kOptedOut)) {
    kept[kOptedOut].set_flag(true);
    return absl::OkStatus();
  }
  const auto calendar = calendars_.find(TextIn(told, kCalendar));
  // Of a calendar that is not named nothing that is to come is told; what was, was.
  if (calendar == calendars_.end()) return absl::OkStatus();
  kept[kCalendar] = Text(calendar->first);
  kept[kDepartment] = Text(calendar->second.department_id);
  Found found;
  if (const Value* const parts = Find(told, "parts"); parts != nullptr) {
    for (const Value& part : parts->list().items()) {
      const auto& fields = part.group().fields();
      const auto with = book_->Recognise(
          {TextsIn(fields, "codes"), TextsIn(fields, "addresses"), TextsIn(fields, "domains")},
          calendar->second.category_only);
      BB_RETURN_IF_ERROR(AddPart(fields, with, found));
    }
  }
  if (!found.contacts.items().empty()) *kept[kContacts].mutable_list() = found.contacts;
  if (!found.cancelled.items().empty()) *kept[kCancelled].mutable_list() = found.cancelled;
  return absl::OkStatus();
}

std::vector<std::string> MeetingRemarks::Of(const Record& record) {
  std::vector<std::string> codes = TextsIn(record.fields(), "remarks");
  // Words of a plugin's own: whatever else stands there is nobody's to read.
  std::erase_if(codes, [](const std::string& code) {
    return code.empty() || code.size() > kLongestCode ||
           !std::all_of(code.begin(), code.end(),
                        [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
  });
  return codes;
}

void MeetingRemarks::Add(const std::vector<std::string>& codes) {
  for (const std::string& code : codes) {
    if (counts_.size() < kMostCodes || counts_.contains(code)) ++counts_[code];
  }
}

void MeetingRemarks::WriteTo(v1::MeetingCounts& counts) const {
  for (const auto& [code, count] : counts_) {
    auto& remark = *counts.add_oddities();
    remark.set_code(code);
    remark.set_count(count);
  }
}

bool MeetingScreen::SaysNothing(const Record& record) {
  return !record.fields().contains(kContacts);
}

std::uint64_t MeetingScreen::fingerprint() const {
  std::string all = std::to_string(book_->fingerprint());
  for (const auto& [name, calendar] : calendars_) {
    all += "\n" + name + "\n" + calendar.department_id + (calendar.category_only ? " c" : " a");
  }
  return contact::StableHash(all);
}

absl::StatusOr<WaitingMeetings> PlanMeetings(const SideContext& context,
                                             base::Instant now,
                                             const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(const auto planned,
                      PlanWaiting(context, cancel, MeetingRecords(context.stream)));
  WaitingMeetings waiting{.counts = planned.counts};
  if (planned.counts.gone_count() > 0) {
    BB_ASSIGN_OR_RETURN(waiting.losses, LossesByCalendar(context, now));
  }
  return waiting;
}

absl::StatusOr<v1::MeetingCounts> ApplyMeetings(const SideContext& context,
                                                bool with_gone,
                                                const supervisor::CancelToken& cancel) {
  BB_ASSIGN_OR_RETURN(const auto applied,
                      ApplyWaiting(context, with_gone, cancel, MeetingRecords(context.stream)));
  return applied.counts;
}

bool AnyWaiting(const v1::MeetingCounts& counts) {
  return counts.new_count() + counts.removed_count() + counts.changed_count() +
             counts.gone_count() >
         0;
}

}  // namespace brobygger::sync
