#include "core/events/events.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <google/protobuf/util/field_mask_util.h>
#include <google/protobuf/util/message_differencer.h>

#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/events/kept.h"
#include "core/events/publications.h"
#include "core/model/rules.h"
#include "core/registry/page.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/registry/update_mask.h"

namespace brobygger::events {
namespace {

using event::v1::ListEventsRequest;
using event::v1::ListEventsResponse;
using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;
using google::protobuf::util::MessageDifferencer;
using storage::Kind;

// What a person may say of an event.
const FieldMask& Writable() {
  static const auto* const kMask = [] {
    auto* made = new FieldMask;
    for (const char* const path :
         {"kind", "title", "description", "place", "url", "start_time", "end_time", "start_date",
          "end_date", "host_department_ids", "theme"}) {
      made->add_paths(path);
    }
    return made;
  }();
  return *kMask;
}

absl::Status CheckHosts(const storage::Snapshot& snapshot, const Event& event) {
  for (const std::string& id : event.host_department_ids()) {
    BB_RETURN_IF_ERROR(registry::GetDepartment(snapshot, id).status());
  }
  return absl::OkStatus();
}

// Stores what readers of a calendar must see.
absl::StatusOr<Event> StoreChanged(storage::Transaction& transaction, Event event) {
  event.set_sequence(event.sequence() + 1);
  BB_RETURN_IF_ERROR(StoreEvent(transaction, event));
  BB_RETURN_IF_ERROR(LetPublicationsWait(transaction, event.id()));
  return Shown(transaction, std::move(event));
}

// How many associations are asked, answered and came.
absl::Status CountInvitations(const storage::Snapshot& snapshot, Event& event) {
  BB_ASSIGN_OR_RETURN(const auto invitations, InvitationsOf(snapshot, event.id()));
  std::uint32_t answered = 0;
  std::uint32_t attended = 0;
  std::uint32_t to_call = 0;
  for (const Invitation& each : invitations) {
    // Absence is what an employee saw, after it had said that it comes.
    if (each.state() != Invitation::STATE_INVITED) ++answered;
    if (each.state() == Invitation::STATE_ATTENDED) ++attended;
    if (each.follow_up_open()) ++to_call;
  }
  event.set_invited_count(static_cast<std::uint32_t>(invitations.size()));
  event.set_answered_count(answered);
  event.set_attended_count(attended);
  event.set_follow_up_count(to_call);
  return absl::OkStatus();
}

// An event after which nobody has to be called is left out.
absl::Status KeepThoseToCall(const storage::Snapshot& snapshot, std::vector<Event>& events) {
  std::vector<Event> kept;
  for (Event& event : events) {
    Event counted = event;
    BB_RETURN_IF_ERROR(CountInvitations(snapshot, counted));
    if (counted.follow_up_count() > 0) kept.push_back(std::move(event));
  }
  events = std::move(kept);
  return absl::OkStatus();
}

// Where an event stands in lists. As text it sorts the same way.
std::string PlaceOf(const Event& event) {
  return fmt::format("{} {:012} {}", FirstDay(event), event.start_time().seconds(), event.id());
}

bool Earlier(const Event& left, const Event& right) { return PlaceOf(left) < PlaceOf(right); }

bool IsHost(const Event& event, const std::string& department_id) {
  const auto& hosts = event.host_department_ids();
  return std::find(hosts.begin(), hosts.end(), department_id) != hosts.end();
}

// The event that `typed` means: a whole id, or the beginning of just one.
absl::StatusOr<Event> FindMeant(const storage::Snapshot& snapshot, const std::string& typed) {
  if (!typed.empty()) {
    BB_ASSIGN_OR_RETURN(const auto entries,
                        snapshot.Scan(Kind::kEvent, {.prefix = typed, .after = "", .limit = 2}));
    if (entries.size() == 1) return LoadEvent(snapshot, entries.front().key);
  }
  return LoadEvent(snapshot, typed);
}

}  // namespace

absl::StatusOr<Event> CreateEvent(storage::Transaction& transaction, const Event& wanted) {
  Event event;
  FieldMaskUtil::MergeMessageTo(wanted, Writable(), {}, &event);
  BB_RETURN_IF_ERROR(NormalizeAndCheck(event));
  BB_RETURN_IF_ERROR(CheckHosts(transaction, event));
  event.set_id(base::MakeUuid());
  BB_RETURN_IF_ERROR(StoreEvent(transaction, event));
  return Shown(transaction, std::move(event));
}

absl::StatusOr<Event> UpdateEvent(storage::Transaction& transaction,
                                  const Event& wanted,
                                  const FieldMask& mask) {
  BB_RETURN_IF_ERROR(registry::CheckUpdateMask(mask, Writable()));
  BB_ASSIGN_OR_RETURN(const Event before, LoadEvent(transaction, wanted.id()));
  if (!wanted.etag().empty() && wanted.etag() != before.etag()) {
    return base::MakeError(errors::v1::ERROR_REASON_ETAG_MISMATCH,
                           "the event was changed since it was read; read it again",
                           {{"event_id", wanted.id()}, {"current_etag", before.etag()}});
  }
  Event event = before;
  FieldMaskUtil::MergeOptions replace;
  replace.set_replace_message_fields(true);
  replace.set_replace_repeated_fields(true);
  FieldMaskUtil::MergeMessageTo(wanted, mask, replace, &event);
  BB_RETURN_IF_ERROR(NormalizeAndCheck(event));
  BB_RETURN_IF_ERROR(CheckHosts(transaction, event));
  if (MessageDifferencer::Equals(before, event)) return Shown(transaction, std::move(event));
  return StoreChanged(transaction, std::move(event));
}

absl::StatusOr<Event> CancelEvent(storage::Transaction& transaction, const std::string& id) {
  BB_ASSIGN_OR_RETURN(Event event, LoadEvent(transaction, id));
  if (event.has_cancel_time()) return Shown(transaction, std::move(event));
  *event.mutable_cancel_time() = base::ToTimestamp(transaction.now());
  return StoreChanged(transaction, std::move(event));
}

absl::StatusOr<event::v1::GetEventResponse> GetEvent(const storage::Snapshot& snapshot,
                                                     const std::string& id) {
  event::v1::GetEventResponse answer;
  BB_ASSIGN_OR_RETURN(Event event, FindMeant(snapshot, id));
  BB_ASSIGN_OR_RETURN(*answer.mutable_event(), Shown(snapshot, std::move(event)));
  BB_ASSIGN_OR_RETURN(auto invitations, InvitationsOf(snapshot, answer.event().id()));
  for (Invitation& each : invitations) *answer.add_invitations() = std::move(each);
  BB_ASSIGN_OR_RETURN(auto publications, PublicationsOfEvent(snapshot, answer.event().id()));
  for (Publication& each : publications) *answer.add_publications() = std::move(each);
  return answer;
}

absl::StatusOr<ListEventsResponse> ListEvents(const storage::Store& store,
                                              const base::Clock& clock,
                                              const ListEventsRequest& request) {
  BB_ASSIGN_OR_RETURN(const int size, registry::PageSize(request.page_size()));
  std::string from = request.from_date();
  BB_RETURN_IF_ERROR(model::FixDate({nullptr, "from_date"}, from));
  const bool to_call = request.follow_up_open();
  const std::string arguments = registry::PageArguments(
      {"events", request.department_id(), request.from_date(), to_call ? "to call" : ""});
  registry::PagePlace place;
  if (!request.page_token().empty()) {
    BB_ASSIGN_OR_RETURN(place, registry::ReadPageToken(request.page_token(), arguments));
    from = place.value;  // as on the first page, though the day may have changed since
  } else if (from.empty() && !to_call) {
    from = base::DanishDayOf(clock.Now());
  }
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  BB_ASSIGN_OR_RETURN(auto events, LoadEvents(*snapshot));
  std::erase_if(events, [&](const Event& event) {
    const bool other = !request.department_id().empty() && !IsHost(event, request.department_id());
    return other || LastDay(event) < from;
  });
  if (to_call) BB_RETURN_IF_ERROR(KeepThoseToCall(*snapshot, events));
  std::sort(events.begin(), events.end(), Earlier);
  auto next = events.begin();
  while (next != events.end() && !place.key.empty() && PlaceOf(*next) <= place.key) ++next;
  ListEventsResponse response;
  std::string last;
  for (; next != events.end() && response.events_size() < size; ++next) {
    last = PlaceOf(*next);
    BB_ASSIGN_OR_RETURN(*response.add_events(), Shown(*snapshot, std::move(*next)));
    BB_RETURN_IF_ERROR(CountInvitations(*snapshot, *response.mutable_events()->rbegin()));
  }
  if (next != events.end()) {
    response.set_next_page_token(
        registry::MakePageToken({snapshot->revision(), from, last}, arguments));
  }
  return response;
}

}  // namespace brobygger::events
