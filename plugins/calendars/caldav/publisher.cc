#include "plugins/calendars/caldav/publisher.h"

#include <algorithm>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include "plugins/calendars/caldav/publish_trouble.h"

namespace brobygger::caldav {
namespace {

using plugin::v1::Operation;
using plugin::v1::OperationResult;
using std::chrono::milliseconds;

constexpr std::size_t kMostIdBytes = 100;
constexpr char kSuffix[] = ".ics";
constexpr char kCalendarType[] = "Content-Type: text/calendar; charset=utf-8";
// What is left of a call's time when nothing more is begun, and when the last request must be over.
constexpr auto kTooLate = milliseconds(1000);
constexpr auto kPublishingTakes = milliseconds(300);
// A person may change the event between our look and our write, but hardly twice.
constexpr int kAttempts = 2;

bool IsGone(long status) { return status == 404 || status == 410; }
bool IsStored(long status) { return status == 200 || status == 201 || status == 204; }
constexpr long kPreconditionFailed = 412;
constexpr long kConflict = 409;
constexpr long kMultistatus = 207;

bool IsId(const std::string& id) {
  return !id.empty() && id.size() <= kMostIdBytes && id.front() != '.' &&
         std::all_of(id.begin(), id.end(), [](char sign) {
           return absl::ascii_isalnum(static_cast<unsigned char>(sign)) || sign == '-' ||
                  sign == '_' || sign == '.';
         });
}

// Whether a request with this answer was surely not done, and may be tried again.
bool IsForLater(long status) {
  return status == 401 || status == 403 || status == 423 || status == 429 || status == 503 ||
         status == 507 || IsGone(status);
}

}  // namespace

Publisher::Publisher(const Config& config,
                     const std::set<std::string>& selected,
                     Dav& dav,
                     const sdk::Call& call)
    : config_(config), selected_(selected), dav_(dav), call_(call) {}

Place Publisher::PlaceOf(const Item& item) {
  return {.what = "'" + item.calendar + "'", .path = "calendars." + item.calendar + ".path"};
}

bool Publisher::OutOfTime() {
  const auto left = std::chrono::duration_cast<milliseconds>(call_.time_left());
  if (call_.cancelled() || left < kTooLate) return true;
  dav_.http().set_patience(left - kPublishingTakes);
  return false;
}

std::optional<Publisher::Item> Publisher::ItemIn(const std::string& calendar,
                                                 const std::string& foreign_id) const {
  const auto found = config_.calendars.find(calendar);
  if (found == config_.calendars.end() || !found->second.publish || !IsId(foreign_id)) {
    return std::nullopt;
  }
  return Item{calendar, foreign_id, found->second.path + foreign_id + kSuffix};
}

std::optional<Publisher::Item> Publisher::ItemOf(const std::string& external_id) const {
  const std::size_t slash = external_id.find('/');
  if (slash == std::string::npos || !absl::EndsWith(external_id, kSuffix)) return std::nullopt;
  const std::size_t end = external_id.size() - (sizeof(kSuffix) - 1);
  if (slash + 1 >= end) return std::nullopt;
  return ItemIn(external_id.substr(0, slash), external_id.substr(slash + 1, end - slash - 1));
}

absl::StatusOr<Publisher::Item> Publisher::NewItem(const Operation& operation) const {
  const auto calendar = operation.set().find("calendar");
  const std::string name = calendar == operation.set().end() ? "" : calendar->second.text();
  const auto found = config_.calendars.find(name);
  if (found == config_.calendars.end() || !found->second.publish) {
    return RefusalOf(Refusal::kNoPublishing, name);
  }
  auto item = ItemIn(name, operation.foreign_id());
  if (!item) return RefusalOf(Refusal::kBadId, name);
  return *std::move(item);
}

absl::StatusOr<std::optional<Publisher::Stored>> Publisher::Fetch(const Item& item) {
  const Place place = PlaceOf(item);
  const auto answer = dav_.Ask({.method = "GET", .path = item.path}, place);
  if (!answer.ok()) return answer.status();
  if (IsGone(answer->status)) {
    // Where the calendar itself is gone, nothing can be said of what was in it.
    const auto calendar =
        dav_.Propfind(config_.calendars.at(item.calendar).path, 0, "<D:resourcetype/>", place);
    if (!calendar.ok()) return calendar.status();
    return std::optional<Stored>();
  }
  if (answer->status != 200) return FailureOf(answer->status, answer->retry_after, place);
  Stored stored{.etag = answer->etag, .text = answer->body};
  stored.event = ReadEventText(stored.text).value_or(StoredEvent());
  return std::optional<Stored>(std::move(stored));
}

std::optional<OperationResult> Publisher::Obstacle(const Item& item,
                                                   const Operation& operation,
                                                   const Stored& stored) const {
  if (stored.event.uid != item.uid()) return ResultOf(Refusal::kNotOurs, item.calendar);
  if (stored.event.invites) return ResultOf(Refusal::kInvites, item.calendar);
  if (stored.etag.empty()) return ResultOf(Refusal::kNoEtag, item.calendar);
  // The version that was planned for, or at least the same values of ours in it: a person's
  // alarm makes another version too.
  const bool same_version = operation.if_etag().empty() || operation.if_etag() == stored.etag;
  const bool told = !operation.expected().empty();
  if (told && Holds(operation.expected(), FieldsOf(stored.event.event, item.calendar))) {
    return std::nullopt;
  }
  if (!told && same_version) return std::nullopt;
  OperationResult result = ResultOf(Refusal::kChanged, item.calendar);
  *result.mutable_stored() = RecordOf(item, stored.event, stored.etag);
  return result;
}

absl::StatusOr<HttpResponse> Publisher::Put(const Item& item,
                                            const std::string& text,
                                            const std::string& condition,
                                            Sent& sent) {
  return dav_.Ask(
      {.method = "PUT", .path = item.path, .headers = {kCalendarType, condition}, .body = text},
      PlaceOf(item), &sent);
}

plugin::v1::Record Publisher::RecordOf(const Item& item,
                                       const StoredEvent& event,
                                       std::string etag) const {
  plugin::v1::Record record;
  record.set_external_id(item.external_id());
  record.set_foreign_id(item.foreign_id);
  record.set_etag(std::move(etag));
  *record.mutable_fields() = FieldsOf(event.event, item.calendar);
  KeepSelected(selected_, record);
  return record;
}

OperationResult Publisher::Done(const Item& item, const std::string& text, std::string etag) {
  if (etag.empty()) {
    // RFC 4791 section 5.3.4: without one the server stored something else than it was sent.
    const auto stored = Fetch(item);
    if (stored.ok() && *stored) etag = (*stored)->etag;
  }
  OperationResult result = ResultWith(OperationResult::OUTCOME_APPLIED);
  *result.mutable_stored() = RecordOf(item, *ReadEventText(text), std::move(etag));
  return result;
}

OperationResult Publisher::After(const Item& item,
                                 const absl::StatusOr<HttpResponse>& answer,
                                 const Sent& sent) const {
  if (!answer.ok()) {
    return ResultWith(
        sent.maybe ? OperationResult::OUTCOME_DOUBTFUL : OperationResult::OUTCOME_RETRY,
        answer.status());
  }
  const absl::Status why = FailureOf(answer->status, answer->retry_after, PlaceOf(item));
  if (IsForLater(answer->status)) return ResultWith(OperationResult::OUTCOME_RETRY, why);
  if (answer->status >= 500) return ResultWith(OperationResult::OUTCOME_DOUBTFUL, why);
  return ResultWith(
      OperationResult::OUTCOME_REJECTED,
      RefusalOf(Refusal::kRefusedByServer, item.calendar, absl::StrCat("HTTP ", answer->status)));
}

// What it means that a create met something: the same event, another version, or its UID elsewhere.
OperationResult Publisher::Existing(const Item& item, const Event& wanted) {
  const auto stored = Fetch(item);
  if (!stored.ok()) return ResultWith(OperationResult::OUTCOME_RETRY, stored.status());
  if (!*stored) return ResultOf(Refusal::kElsewhere, item.calendar);
  const StoredEvent& event = (*stored)->event;
  if (event.uid != item.uid()) return ResultOf(Refusal::kNotOurs, item.calendar);
  OperationResult result = Says(event.event, wanted)
                               ? ResultWith(OperationResult::OUTCOME_NO_CHANGE)
                               : ResultOf(Refusal::kExists, item.calendar);
  *result.mutable_stored() = RecordOf(item, event, (*stored)->etag);
  return result;
}

OperationResult Publisher::Create(const Operation& operation, bool dry_run) {
  const auto item = NewItem(operation);
  if (!item.ok()) return ResultWith(OperationResult::OUTCOME_REJECTED, item.status());
  const auto event = WithFields({}, operation.set());
  if (!event.ok()) return ResultWith(OperationResult::OUTCOME_REJECTED, event.status());
  const std::string text = NewEventText(*event, item->uid(), absl::Now());
  if (dry_run) {
    const auto stored = Fetch(*item);
    if (!stored.ok()) return ResultWith(OperationResult::OUTCOME_RETRY, stored.status());
    if (*stored) return Existing(*item, *event);
    OperationResult result = ResultWith(OperationResult::OUTCOME_APPLIED);
    *result.mutable_stored() = RecordOf(*item, *ReadEventText(text), "");
    return result;
  }
  Sent sent;
  const auto answer = Put(*item, text, "If-None-Match: *", sent);
  if (answer.ok() && IsStored(answer->status)) return Done(*item, text, answer->etag);
  // Xandikos hides a 412 about the UID in a 207; Radicale tells the same as a 409.
  const bool met_something =
      answer.ok() && (answer->status == kPreconditionFailed || answer->status == kConflict ||
                      answer->status == kMultistatus);
  return met_something ? Existing(*item, *event) : After(*item, answer, sent);
}

OperationResult Publisher::Update(const Operation& operation, bool dry_run) {
  const auto item = ItemOf(operation.external_id());
  if (!item) return ResultOf(Refusal::kNoSuchEvent, "");
  const auto calendar = operation.set().find("calendar");
  if (calendar != operation.set().end() && calendar->second.text() != item->calendar) {
    return ResultOf(Refusal::kCalendarIsFixed, item->calendar);
  }
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto stored = Fetch(*item);
    if (!stored.ok()) return ResultWith(OperationResult::OUTCOME_RETRY, stored.status());
    if (!*stored) return ResultOf(Refusal::kGone, item->calendar);
    if (auto obstacle = Obstacle(*item, operation, **stored)) return *obstacle;
    const auto event = WithFields((*stored)->event.event, operation.set());
    if (!event.ok()) return ResultWith(OperationResult::OUTCOME_REJECTED, event.status());
    const std::string text = ChangedEventText((*stored)->text, *event, absl::Now());
    if (dry_run || text == (*stored)->text) {
      OperationResult result =
          ResultWith(text == (*stored)->text ? OperationResult::OUTCOME_NO_CHANGE
                                             : OperationResult::OUTCOME_APPLIED);
      *result.mutable_stored() = RecordOf(*item, *ReadEventText(text), (*stored)->etag);
      return result;
    }
    Sent sent;
    const auto answer = Put(*item, text, "If-Match: " + (*stored)->etag, sent);
    if (answer.ok() && IsStored(answer->status)) return Done(*item, text, answer->etag);
    const bool raced =
        answer.ok() && (answer->status == kPreconditionFailed || answer->status == kMultistatus);
    if (!raced) return After(*item, answer, sent);
  }
  return ResultOf(Refusal::kChanged, item->calendar);
}

OperationResult Publisher::Delete(const Operation& operation, bool dry_run) {
  const auto item = ItemOf(operation.external_id());
  if (!item) return ResultOf(Refusal::kNoSuchEvent, "");
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const auto stored = Fetch(*item);
    if (!stored.ok()) return ResultWith(OperationResult::OUTCOME_RETRY, stored.status());
    if (!*stored) return ResultWith(OperationResult::OUTCOME_NO_CHANGE);
    if (auto obstacle = Obstacle(*item, operation, **stored)) return *obstacle;
    if (dry_run) return ResultWith(OperationResult::OUTCOME_APPLIED);
    Sent sent;
    const auto answer = dav_.Ask(
        {.method = "DELETE", .path = item->path, .headers = {"If-Match: " + (*stored)->etag}},
        PlaceOf(*item), &sent);
    if (answer.ok() && IsStored(answer->status)) {
      return ResultWith(OperationResult::OUTCOME_APPLIED);
    }
    if (answer.ok() && IsGone(answer->status)) {
      return ResultWith(OperationResult::OUTCOME_NO_CHANGE);
    }
    if (!answer.ok() || answer->status != kPreconditionFailed) return After(*item, answer, sent);
  }
  return ResultOf(Refusal::kChanged, item->calendar);
}

OperationResult Publisher::Do(const Operation& operation, bool dry_run) {
  if (OutOfTime()) return ResultOf(Refusal::kOutOfTime, "");
  switch (operation.kind()) {
    case Operation::KIND_CREATE:
      return Create(operation, dry_run);
    case Operation::KIND_UPDATE:
      return Update(operation, dry_run);
    case Operation::KIND_DELETE:
      return Delete(operation, dry_run);
    default:
      return ResultOf(Refusal::kNoSuchEvent, "");
  }
}

sdk::WriteResponse Publisher::Write(const sdk::WriteRequest& request) {
  sdk::WriteResponse response;
  for (const Operation& operation : request.operations()) {
    OperationResult result = Do(operation, request.dry_run());
    result.set_op_id(operation.op_id());
    *response.add_results() = std::move(result);
  }
  return response;
}

absl::StatusOr<sdk::LookupResponse> Publisher::Lookup(const sdk::LookupRequest& request) {
  sdk::LookupResponse response;
  // Whether a record was found; an error is the call's.
  const auto look = [&](const Item& item) -> absl::StatusOr<bool> {
    if (OutOfTime()) return RefusalOf(Refusal::kOutOfTime, item.calendar);
    const auto stored = Fetch(item);
    if (!stored.ok()) return stored.status();
    const bool ours = *stored && (*stored)->event.uid == item.uid();
    if (ours) *response.add_records() = RecordOf(item, (*stored)->event, (*stored)->etag);
    return ours;
  };
  for (const std::string& id : request.external_ids()) {
    const auto item = ItemOf(id);
    if (!item) continue;
    const auto found = look(*item);
    if (!found.ok()) return found.status();
    if (!*found) response.add_definitely_absent(id);
  }
  for (const std::string& id : request.foreign_ids()) {
    bool anywhere = false;
    for (const auto& [name, calendar] : config_.calendars) {
      const auto item = ItemIn(name, id);
      if (!item) continue;
      const auto found = look(*item);
      if (!found.ok()) return found.status();
      anywhere = anywhere || *found;
    }
    if (!anywhere) response.add_definitely_absent(id);
  }
  return response;
}

}  // namespace brobygger::caldav
