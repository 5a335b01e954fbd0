#include "core/sync/publish.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/events/publications.h"

namespace brobygger::sync {
namespace {

using event::v1::Event;
using event::v1::Publication;
using plugin::v1::Diagnostic;
using plugin::v1::Operation;
using plugin::v1::OperationResult;
using plugin::v1::Value;

// One look-up has half a minute.
constexpr std::size_t kLookedForAtOnce = 20;

Value TextValue(const std::string& text) {
  Value value;
  text.empty() ? void(value.mutable_empty()) : value.set_text(text);
  return value;
}

// plugins/calendars/README.md says what the stream `events` holds.
void Tell(const Event& event, const Publication& publication, Operation& operation) {
  auto& set = *operation.mutable_set();
  set["calendar"] = TextValue(publication.calendar());
  set["title"] = TextValue(event.title());
  set["description"] = TextValue(event.description());
  set["place"] = TextValue(event.place());
  set["url"] = TextValue(event.url());
  if (event.start_date().empty()) {
    *set["start"].mutable_instant() = event.start_time();
    *set["end"].mutable_instant() = event.end_time();
  } else {
    set["start"].set_date(event.start_date());
    set["end"].set_date(event.end_date());
  }
  set["sequence"].set_number(event.sequence());
  set["cancelled"].set_flag(event.has_cancel_time());
}

Operation OperationOf(const Event& event, const Publication& publication) {
  Operation operation;
  operation.set_op_id("publish/" + event.id() + "/" + std::to_string(event.sequence()));
  operation.set_foreign_id(event.id());
  operation.set_external_id(publication.external_id());
  if (publication.state() == Publication::STATE_WITHDRAWING) {
    operation.set_kind(Operation::KIND_DELETE);
    return operation;
  }
  const bool stands = !publication.external_id().empty();
  operation.set_kind(stands ? Operation::KIND_UPDATE : Operation::KIND_CREATE);
  operation.set_if_etag(publication.remote_etag());
  Tell(event, publication, operation);
  return operation;
}

bool IsGone(const OperationResult& result) {
  for (const Diagnostic& why : result.diagnostics()) {
    if (why.class_() == Diagnostic::CLASS_NOT_FOUND) return true;
  }
  return false;
}

std::string WhyOf(const OperationResult& result) {
  for (const Diagnostic& why : result.diagnostics()) {
    if (why.code() == "sync.cannot_write") return "this connector writes into no calendar";
    if (const auto en = why.text().find("en"); en != why.text().end()) return en->second;
  }
  return "the calendar refused it without saying why";
}

bool IsDone(const OperationResult& result) {
  return result.outcome() == OperationResult::OUTCOME_APPLIED ||
         result.outcome() == OperationResult::OUTCOME_NO_CHANGE;
}

// What became of one publication, on the way to the store.
class Settling {
 public:
  Settling(storage::Store& store, v1::PublicationCounts& counts) : store_(store), counts_(counts) {}

  // Of `publication` that was sent as `event` then was.
  absl::Status Settle(const Event& event, Publication publication, const OperationResult& result) {
    const bool withdrawing = publication.state() == Publication::STATE_WITHDRAWING;
    const Publication sent = publication;
    if (IsDone(result) && withdrawing) {
      counts_.set_withdrawn_count(counts_.withdrawn_count() + 1);
      Leave(publication, Publication::STATE_UNSPECIFIED);
    } else if (IsDone(result)) {
      counts_.set_written_count(counts_.written_count() + 1);
      publication.set_state(Publication::STATE_PUBLISHED);
      publication.set_sequence(event.sequence());
      if (!result.stored().external_id().empty()) {
        publication.set_external_id(result.stored().external_id());
      }
      publication.set_remote_etag(result.stored().etag());
    } else if (IsGone(result)) {
      counts_.set_removed_there_count(counts_.removed_there_count() + 1);
      Leave(publication,
            withdrawing ? Publication::STATE_UNSPECIFIED : Publication::STATE_REMOVED_THERE);
    } else if (result.outcome() == OperationResult::OUTCOME_REJECTED) {
      counts_.set_refused_count(counts_.refused_count() + 1);
      publication.set_state(Publication::STATE_REFUSED);
      publication.set_withdrawing(withdrawing);
      publication.set_trouble(WhyOf(result));
    } else {
      return absl::UnavailableError("the calendar of connection '" + publication.connection_id() +
                                    "' put off event '" + event.id() +
                                    "'; the next sync tries again");
    }
    return Keep(event, sent, publication);
  }

 private:
  // It does not stand in the calendar any more.
  static void Leave(Publication& publication, Publication::State state) {
    publication.set_state(state);
    publication.clear_external_id();
    publication.clear_remote_etag();
  }

  // A person may have wanted something else while it was written: then that waits, with what
  // is known of the item now.
  absl::Status Keep(const Event& event, const Publication& sent, const Publication& publication) {
    const auto body = [&](storage::Transaction& transaction) -> absl::Status {
      Publication kept = publication;
      BB_ASSIGN_OR_RETURN(const auto now, events::PublicationNow(transaction, sent));
      if (now && now->state() != sent.state()) {
        kept.set_state(now->state());
        return events::StorePublication(transaction, std::move(kept));
      }
      BB_ASSIGN_OR_RETURN(const Event newest, events::EventOf(transaction, publication));
      if (kept.state() == Publication::STATE_PUBLISHED && newest.sequence() != event.sequence()) {
        kept.set_state(Publication::STATE_WAITING);
      }
      return events::StorePublication(transaction, std::move(kept));
    };
    return store_.Write("sync", body).status();
  }

  storage::Store& store_;
  v1::PublicationCounts& counts_;
};

absl::StatusOr<OperationResult> Send(const Operation& operation, SourceWriter& writer) {
  BB_ASSIGN_OR_RETURN(auto results, writer.Write({operation}));
  return std::move(results.front());
}

// It is there already, written by a hub that died before it could say so: from here on it
// is changed and not made.
absl::StatusOr<bool> Adopt(const Event& event, SourceWriter& writer, Publication& publication) {
  BB_ASSIGN_OR_RETURN(const auto found, writer.Lookup({}, {event.id()}));
  const std::string prefix = publication.calendar() + "/";
  for (const auto& record : found.records()) {
    if (!record.external_id().starts_with(prefix)) continue;
    publication.set_external_id(record.external_id());
    publication.set_remote_etag(record.etag());
    return true;
  }
  return false;
}

absl::Status PublishOne(Settling& settling,
                        const Event& event,
                        Publication publication,
                        SourceWriter& writer) {
  // To be taken out before anybody could say that it was put in.
  if (publication.state() == Publication::STATE_WITHDRAWING && publication.external_id().empty()) {
    BB_ASSIGN_OR_RETURN(const bool there, Adopt(event, writer, publication));
    OperationResult nothing;
    nothing.set_outcome(OperationResult::OUTCOME_NO_CHANGE);
    if (!there) return settling.Settle(event, std::move(publication), nothing);
  }
  Operation operation = OperationOf(event, publication);
  BB_ASSIGN_OR_RETURN(OperationResult result, Send(operation, writer));
  const bool clash = result.outcome() == OperationResult::OUTCOME_STALE ||
                     result.outcome() == OperationResult::OUTCOME_DOUBTFUL;
  if (clash) {
    BB_ASSIGN_OR_RETURN(const bool there, Adopt(event, writer, publication));
    if (there) {
      operation = OperationOf(event, publication);
      BB_ASSIGN_OR_RETURN(result, Send(operation, writer));
    }
  }
  return settling.Settle(event, std::move(publication), result);
}

absl::Status LookForSome(storage::Store& store,
                         const std::vector<Publication>& published,
                         SourceWriter& writer,
                         v1::PublicationCounts& counts) {
  std::vector<std::string> external_ids;
  for (const Publication& each : published) external_ids.push_back(each.external_id());
  BB_ASSIGN_OR_RETURN(const auto found, writer.Lookup(external_ids, {}));
  const std::set<std::string> absent(found.definitely_absent().begin(),
                                     found.definitely_absent().end());
  if (absent.empty()) return absl::OkStatus();
  std::uint64_t removed = 0;
  const auto body = [&](storage::Transaction& transaction) -> absl::Status {
    removed = 0;
    for (const Publication& each : published) {
      if (!absent.contains(each.external_id())) continue;
      BB_ASSIGN_OR_RETURN(auto now, events::PublicationNow(transaction, each));
      // Somebody wants something else of it meanwhile.
      if (!now || now->state() != Publication::STATE_PUBLISHED) continue;
      now->set_state(Publication::STATE_REMOVED_THERE);
      BB_RETURN_IF_ERROR(events::StorePublication(transaction, *std::move(now)));
      ++removed;
    }
    return absl::OkStatus();
  };
  BB_RETURN_IF_ERROR(store.Write("sync", body).status());
  counts.set_removed_there_count(counts.removed_there_count() + removed);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::PublicationCounts> PublishWaiting(storage::Store& store,
                                                     const std::string& connection_id,
                                                     SourceWriter& writer) {
  v1::PublicationCounts counts;
  Settling settling(store, counts);
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(auto waiting, events::WaitingPublications(*latest, connection_id));
  absl::Status put_off;
  for (Publication& publication : waiting) {
    BB_ASSIGN_OR_RETURN(const Event event, events::EventOf(*latest, publication));
    const absl::Status one = PublishOne(settling, event, std::move(publication), writer);
    // One that is put off keeps no other back.
    if (absl::IsUnavailable(one)) put_off = one;
    if (!one.ok() && !absl::IsUnavailable(one)) return one;
  }
  BB_RETURN_IF_ERROR(put_off);
  return counts;
}

absl::StatusOr<v1::PublicationCounts> LookForPublished(storage::Store& store,
                                                       const base::Clock& clock,
                                                       const std::string& connection_id,
                                                       SourceWriter& writer) {
  v1::PublicationCounts counts;
  BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
  BB_ASSIGN_OR_RETURN(const auto published,
                      events::StandingPublications(*latest, connection_id, clock.Now()));
  for (std::size_t at = 0; at < published.size(); at += kLookedForAtOnce) {
    const std::size_t end = std::min(at + kLookedForAtOnce, published.size());
    const std::vector<Publication> some(published.begin() + static_cast<std::ptrdiff_t>(at),
                                        published.begin() + static_cast<std::ptrdiff_t>(end));
    BB_RETURN_IF_ERROR(LookForSome(store, some, writer, counts));
  }
  return counts;
}

}  // namespace brobygger::sync
