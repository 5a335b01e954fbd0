#include "core/rpc/event_service.h"

#include <algorithm>
#include <string>
#include <utility>

#include "core/access/disclosure.h"
#include "core/base/day.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/collab/deadlines.h"
#include "core/contact/telling.h"
#include "core/events/events.h"
#include "core/events/feeds.h"
#include "core/events/invitations.h"
#include "core/events/meetings.h"
#include "core/events/publications.h"
#include "core/registry/query.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& EventDescriptor() {
  return *event::v1::GetEventRequest::descriptor()->file()->FindServiceByName("EventService");
}

// What is still to be done together, as days of a calendar.
absl::StatusOr<std::vector<event::v1::Event>> Deadlines(const storage::Snapshot& snapshot,
                                                        const std::string& department_id,
                                                        const std::string& from_date) {
  BB_ASSIGN_OR_RETURN(const auto deadlines,
                      collab::DeadlinesOf(snapshot, department_id, from_date));
  std::vector<event::v1::Event> days;
  for (const collab::Deadline& each : deadlines) {
    event::v1::Event& day = days.emplace_back();
    day.set_id(each.task_id);
    day.set_kind(event::v1::EVENT_KIND_OTHER);
    day.set_title("Frist: " + each.task_title);
    day.set_description(each.collaboration_title);
    day.set_start_date(each.due_date);
    day.set_end_date(each.due_date);
    day.set_etag(each.etag);
    *day.mutable_update_time() = each.update_time;
  }
  return days;
}

// Who works for one of its hosts writes down for all of its hosts whom they met: they were there
// together. For whoever else was there each department writes itself.
absl::Status CheckWritesMeetings(const storage::Snapshot& snapshot,
                                 const event::v1::RecordMeetingsRequest& wanted,
                                 const access::Caller& caller) {
  BB_ASSIGN_OR_RETURN(const auto found, events::GetEvent(snapshot, wanted.event_id()));
  const auto& hosts = found.event().host_department_ids();
  const bool hosts_it = std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) {
    return access::WorksIn(caller, host);
  });
  const auto& told = wanted.department_ids();
  for (const std::string& department : told.empty() ? hosts : told) {
    const bool is_host = std::find(hosts.begin(), hosts.end(), department) != hosts.end();
    if (hosts_it && is_host) continue;
    BB_RETURN_IF_ERROR(contact::CheckWritesFor(snapshot, caller, {department}));
  }
  return absl::OkStatus();
}

}  // namespace

EventService::EventService(storage::Store& store,
                           const base::Clock& clock,
                           Door& door,
                           Settings settings)
    : stores_(store),
      clock_(clock),
      entrance_{door, MethodsOf(EventDescriptor())},
      settings_(std::move(settings)) {}

grpc::ServerUnaryReactor* EventService::GetEvent(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return ServeRead<event::v1::GetEventRequest>(
      entrance_, stores_, {"GetEvent", context, request, response},
      [](const storage::Store& store,
         const event::v1::GetEventRequest& wanted) -> absl::StatusOr<event::v1::GetEventResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        return events::GetEvent(*snapshot, wanted.event_id());
      });
}

grpc::ServerUnaryReactor* EventService::ListEvents(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  return ServeRead<event::v1::ListEventsRequest>(
      entrance_, stores_, {"ListEvents", context, request, response},
      [this](const storage::Store& store, const event::v1::ListEventsRequest& wanted) {
        return events::ListEvents(store, clock_, wanted);
      });
}

grpc::ServerUnaryReactor* EventService::ListFeedKeys(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return ServeRead<event::v1::ListFeedKeysRequest>(
      entrance_, stores_, {"ListFeedKeys", context, request, response},
      [](const storage::Store& store, const event::v1::ListFeedKeysRequest& wanted)
          -> absl::StatusOr<event::v1::ListFeedKeysResponse> {
        BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
        return events::ListFeedKeys(*snapshot, wanted);
      });
}

grpc::ServerUnaryReactor* EventService::GetFeed(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return ServeUnary<event::v1::GetFeedRequest>(
      entrance_, {"GetFeed", context, request, response},
      [this](const event::v1::GetFeedRequest& wanted, UnaryCall* call) {
        return TellFeed(wanted, call);
      });
}

absl::Status EventService::TellFeed(const event::v1::GetFeedRequest& wanted,
                                    UnaryCall* call) const {
  const Method& method = entrance_.methods.at("GetFeed");
  BB_ASSIGN_OR_RETURN(const storage::Store* const store, stores_.Whole(method.access));
  BB_ASSIGN_OR_RETURN(const auto snapshot, store->Latest());
  BB_ASSIGN_OR_RETURN(const auto key, events::FeedKeyOf(*snapshot, wanted.secret()));
  const std::string year_ago = base::DayOf(clock_.Now(), -365);
  auto feed = events::GetFeed(*snapshot, wanted, year_ago, [&](const std::string& department) {
    return Deadlines(*snapshot, department, year_ago);
  });
  Auditor* const auditor = entrance_.door.options().auditor;
  // Events are more than public facts. A calendar asks again and again; that nothing changed tells
  // it nothing. Who reads it is not known, but whose secret it is.
  if (auditor != nullptr && !(feed.ok() && feed->unchanged())) {
    AuditedCall audited{.actor = call->caller().actor,
                        .purpose = "",
                        .method = method.path,
                        .data_class = method.access.data_class(),
                        .object_id = key.id(),
                        .department_id = key.department_id()};
    const auto department = registry::GetDepartment(*snapshot, key.department_id());
    if (department.ok()) audited.municipality_code = department->municipality_code();
    call->AuditAnswer(*auditor, std::move(audited));
  }
  call->Answer(feed);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* EventService::CreateEvent(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::CreateEventRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::CreateEventResponse> {
    event::v1::CreateEventResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_event(), events::CreateEvent(transaction, wanted.event()));
    return answer;
  };
  return ServeUnary<event::v1::CreateEventRequest>(
      entrance_, {"CreateEvent", context, request, response},
      [this, run](event::v1::CreateEventRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::CreateEventResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* EventService::UpdateEvent(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::UpdateEventRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::UpdateEventResponse> {
    event::v1::UpdateEventResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_event(),
                        events::UpdateEvent(transaction, wanted.event(), wanted.update_mask()));
    return answer;
  };
  return ServeUnary<event::v1::UpdateEventRequest>(
      entrance_, {"UpdateEvent", context, request, response},
      [this, run](event::v1::UpdateEventRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::UpdateEventResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* EventService::CancelEvent(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::CancelEventRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::CancelEventResponse> {
    event::v1::CancelEventResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_event(),
                        events::CancelEvent(transaction, wanted.event_id()));
    return answer;
  };
  return ServeUnary<event::v1::CancelEventRequest>(
      entrance_, {"CancelEvent", context, request, response},
      [this, run](event::v1::CancelEventRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::CancelEventResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* EventService::InviteAssociations(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  const auto run = [this](storage::Transaction& transaction,
                          const event::v1::InviteAssociationsRequest& wanted,
                          [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::InviteAssociationsResponse> {
    if (wanted.by_mail() && !settings_.has_mail) {
      return base::MakeError(errors::v1::ERROR_REASON_MAIL_NOT_CONFIGURED,
                             "the hub's configuration names no mail.server, so nobody can be asked "
                             "by mail; see brobygger.example.toml");
    }
    return events::InviteAssociations(transaction, wanted);
  };
  return ServeUnary<event::v1::InviteAssociationsRequest>(
      entrance_, {"InviteAssociations", context, request, response},
      [this, run](event::v1::InviteAssociationsRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::InviteAssociationsResponse>(stores_, std::move(wanted), call,
                                                                  run);
      });
}

grpc::ServerUnaryReactor* EventService::RecordAttendance(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::RecordAttendanceRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::RecordAttendanceResponse> {
    event::v1::RecordAttendanceResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_invitation(),
                        events::RecordAttendance(transaction, wanted));
    return answer;
  };
  return ServeUnary<event::v1::RecordAttendanceRequest>(
      entrance_, {"RecordAttendance", context, request, response},
      [this, run](event::v1::RecordAttendanceRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::RecordAttendanceResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

grpc::ServerUnaryReactor* EventService::AnswerInvitation(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::AnswerInvitationRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::AnswerInvitationResponse> {
    event::v1::AnswerInvitationResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_invitation(),
                        events::AnswerInvitation(transaction, wanted));
    return answer;
  };
  return ServeUnary<event::v1::AnswerInvitationRequest>(
      entrance_, {"AnswerInvitation", context, request, response},
      [this, run](event::v1::AnswerInvitationRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::AnswerInvitationResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

grpc::ServerUnaryReactor* EventService::RecordMeetings(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return ServeUnary<event::v1::RecordMeetingsRequest>(
      entrance_, {"RecordMeetings", context, request, response},
      [this](event::v1::RecordMeetingsRequest wanted, UnaryCall* call) {
        // The call outlives its write, and with it who makes it.
        const auto run =
            [call](storage::Transaction& transaction, const event::v1::RecordMeetingsRequest& asked,
                   const std::string& actor) -> absl::StatusOr<event::v1::RecordMeetingsResponse> {
          BB_RETURN_IF_ERROR(CheckWritesMeetings(transaction, asked, call->caller()));
          return events::RecordMeetings(transaction, asked, actor);
        };
        return SubmitWrite<event::v1::RecordMeetingsResponse>(stores_, std::move(wanted), call,
                                                              run);
      });
}

grpc::ServerUnaryReactor* EventService::PublishEvent(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::PublishEventRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::PublishEventResponse> {
    event::v1::PublishEventResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_publication(), events::PublishEvent(transaction, wanted));
    return answer;
  };
  return ServeUnary<event::v1::PublishEventRequest>(
      entrance_, {"PublishEvent", context, request, response},
      [this, run](event::v1::PublishEventRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::PublishEventResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* EventService::CreateFeedKey(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  const auto run = [url = settings_.public_url](storage::Transaction& transaction,
                                                const event::v1::CreateFeedKeyRequest& wanted,
                                                [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::CreateFeedKeyResponse> {
    BB_ASSIGN_OR_RETURN(auto answer, events::CreateFeedKey(transaction, wanted.department_id()));
    if (!url.empty()) answer.set_url(absl::StrCat(url, "/feeds/", answer.secret(), ".ics"));
    return answer;
  };
  return ServeUnary<event::v1::CreateFeedKeyRequest>(
      entrance_, {"CreateFeedKey", context, request, response},
      [this, run](event::v1::CreateFeedKeyRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::CreateFeedKeyResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* EventService::RevokeFeedKey(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const event::v1::RevokeFeedKeyRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<event::v1::RevokeFeedKeyResponse> {
    event::v1::RevokeFeedKeyResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_feed_key(),
                        events::RevokeFeedKey(transaction, wanted.feed_key_id()));
    return answer;
  };
  return ServeUnary<event::v1::RevokeFeedKeyRequest>(
      entrance_, {"RevokeFeedKey", context, request, response},
      [this, run](event::v1::RevokeFeedKeyRequest wanted, UnaryCall* call) {
        return SubmitWrite<event::v1::RevokeFeedKeyResponse>(stores_, std::move(wanted), call, run);
      });
}

}  // namespace brobygger::rpc
