#include "core/rpc/people_service.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/base/status_macros.h"
#include "core/people/corrections.h"
#include "core/people/own_view.h"
#include "core/rpc/collab_actor.h"
#include "core/rpc/read_call.h"
#include "core/rpc/work_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

constexpr int kQueue = 64;

const google::protobuf::ServiceDescriptor& PeopleDescriptor() {
  return *people::v1::AddPersonRequest::descriptor()->file()->FindServiceByName("PeopleService");
}

using Subjects = std::vector<std::string>;

people::v1::ExportPersonRequest NamedIn(const people::v1::ErasePersonRequest& wanted) {
  people::v1::ExportPersonRequest named;
  named.set_person_id(wanted.person_id());
  named.set_display_name(wanted.display_name());
  named.set_email(wanted.email());
  return named;
}

absl::Status FindOut(const people::People& people,
                     const access::Caller& caller,
                     const people::v1::ExportPersonRequest& named,
                     Subjects& ids) {
  BB_ASSIGN_OR_RETURN(std::string id, people.FindId(caller, named));
  ids = {std::move(id)};
  return absl::OkStatus();
}

// What a worker answers with.
template <typename Response>
absl::StatusOr<std::string> Serialized(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return response->SerializeAsString();
}

}  // namespace

PeopleService::PeopleService(people::People& people,
                             storage::Store& store,
                             const base::Clock& clock,
                             Door& door)
    : people_(people),
      stores_(store),
      clock_(clock),
      entrance_{door, MethodsOf(PeopleDescriptor())},
      // One: writes of persons come one at a time anyway.
      worker_(1, kQueue) {}

grpc::ServerUnaryReactor* PeopleService::AddPerson(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  using Wanted = people::v1::AddPersonRequest;
  // The new person's id stands in the audit log before there is such a person.
  const auto find_out = [this](const Wanted& wanted, const access::Caller& caller, Subjects& ids) {
    const absl::Status may =
        people_.CheckAdd(caller, wanted.person(), wanted.override_suppression());
    const std::string known = base::ErrorMetadata(may, "person_id");
    if (may.ok()) ids = {base::MakeUuid()};
    if (!known.empty()) ids = {known};
    return may;
  };
  const auto add = [this](const Wanted& wanted, const access::Caller& caller,
                          const Subjects& ids) -> absl::StatusOr<std::string> {
    BB_RETURN_IF_ERROR(
        people_.AddAs(caller, ids.front(), wanted.person(), wanted.override_suppression()));
    people::v1::AddPersonResponse answer;
    answer.set_person_id(ids.front());
    return answer.SerializeAsString();
  };
  return ServeResolved<Wanted>(entrance_, worker_, {"AddPerson", context, request, response},
                               ResolvedWork{Changes::kSomething, find_out, add});
}

grpc::ServerUnaryReactor* PeopleService::UpdatePerson(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeWork<people::v1::UpdatePersonRequest>(
      entrance_, worker_, {"UpdatePerson", context, request, response},
      [this](const people::v1::UpdatePersonRequest& wanted,
             const access::Caller& caller) -> absl::StatusOr<std::string> {
        BB_RETURN_IF_ERROR(people_.Update(caller, wanted));
        people::v1::UpdatePersonResponse answer;
        answer.set_person_id(wanted.person_id());
        return answer.SerializeAsString();
      });
}

grpc::ServerUnaryReactor* PeopleService::ErasePerson(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  using Wanted = people::v1::ErasePersonRequest;
  const auto find_out = [this](const Wanted& wanted, const access::Caller& caller, Subjects& ids) {
    return FindOut(people_, caller, NamedIn(wanted), ids);
  };
  const auto erase = [this](Wanted wanted, const access::Caller& caller, const Subjects& ids) {
    wanted.set_person_id(ids.front());
    return Serialized(people_.Erase(caller, wanted));
  };
  return ServeResolved<Wanted>(entrance_, worker_, {"ErasePerson", context, request, response},
                               ResolvedWork{Changes::kSomething, find_out, erase});
}

grpc::ServerUnaryReactor* PeopleService::RunRetention(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeWork<people::v1::RunRetentionRequest>(
      entrance_, worker_, {"RunRetention", context, request, response},
      [this](const people::v1::RunRetentionRequest& wanted, const access::Caller& caller) {
        return Serialized(people_.RunRetention(caller, wanted.validate_only()));
      });
}

grpc::ServerUnaryReactor* PeopleService::ListContactPoints(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<people::v1::ListContactPointsRequest>(
      entrance_, {"ListContactPoints", context, request, response},
      [this](const people::v1::ListContactPointsRequest& wanted, UnaryCall* call) {
        call->Answer(people_.ListContactPoints(call->caller(), wanted));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* PeopleService::UnfoldPerson(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  return ServeUnary<people::v1::UnfoldPersonRequest>(
      entrance_, {"UnfoldPerson", context, request, response},
      [this](const people::v1::UnfoldPersonRequest& wanted, UnaryCall* call) -> absl::Status {
        people::v1::UnfoldPersonResponse answer;
        BB_ASSIGN_OR_RETURN(*answer.mutable_person(), people_.Unfold(call->caller(), wanted));
        call->Answer(absl::StatusOr<people::v1::UnfoldPersonResponse>(std::move(answer)));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* PeopleService::ExportPerson(grpc::CallbackServerContext* context,
                                                      const grpc::ByteBuffer* request,
                                                      grpc::ByteBuffer* response) {
  using Wanted = people::v1::ExportPersonRequest;
  const auto find_out = [this](const Wanted& wanted, const access::Caller& caller, Subjects& ids) {
    return FindOut(people_, caller, wanted, ids);
  };
  const auto tell = [this](Wanted wanted, const access::Caller& caller,
                           const Subjects& ids) -> absl::StatusOr<std::string> {
    wanted.set_person_id(ids.front());
    people::v1::ExportPersonResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_json(), people_.Export(caller, wanted));
    return answer.SerializeAsString();
  };
  return ServeResolved<Wanted>(entrance_, worker_, {"ExportPerson", context, request, response},
                               ResolvedWork{Changes::kNothing, find_out, tell});
}

grpc::ServerUnaryReactor* PeopleService::FindPerson(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  using Wanted = people::v1::FindPersonRequest;
  using Found = people::v1::FindPersonResponse;
  // Whoever is found was looked at, so who it is stands in the audit log.
  auto found = std::make_shared<Found>();
  const auto find_out = [this, found](const Wanted& wanted, const access::Caller& caller,
                                      Subjects& ids) -> absl::Status {
    BB_ASSIGN_OR_RETURN(*found, people_.Find(caller, wanted));
    for (const auto& person : found->persons()) ids.push_back(person.person_id());
    return absl::OkStatus();
  };
  const auto tell = [found](const Wanted& /*wanted*/, const access::Caller& /*caller*/,
                            const Subjects& /*ids*/) -> absl::StatusOr<std::string> {
    return found->SerializeAsString();
  };
  return ServeResolved<Wanted>(entrance_, worker_, {"FindPerson", context, request, response},
                               ResolvedWork{Changes::kNothing, find_out, tell});
}

grpc::ServerUnaryReactor* PeopleService::RequestCorrection(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return ServeUnary<people::v1::RequestCorrectionRequest>(
      entrance_, {"RequestCorrection", context, request, response},
      [this](people::v1::RequestCorrectionRequest read, UnaryCall* call) {
        const auto run = [side = SideOf(call->caller())](
                             storage::Transaction& transaction,
                             const people::v1::RequestCorrectionRequest& wanted,
                             const std::string& /*actor*/)
            -> absl::StatusOr<people::v1::RequestCorrectionResponse> {
          people::v1::RequestCorrectionResponse answer;
          BB_ASSIGN_OR_RETURN(*answer.mutable_correction(),
                              people::RequestCorrection(transaction, wanted.correction(), side));
          return answer;
        };
        return SubmitWrite<people::v1::RequestCorrectionResponse>(stores_, std::move(read), call,
                                                                  run);
      });
}

grpc::ServerUnaryReactor* PeopleService::ListCorrections(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeRead<people::v1::ListCorrectionsRequest>(
      entrance_, stores_, {"ListCorrections", context, request, response},
      [](const storage::Store& store, const people::v1::ListCorrectionsRequest& wanted)
          -> absl::StatusOr<people::v1::ListCorrectionsResponse> {
        BB_ASSIGN_OR_RETURN(const auto latest, store.Latest());
        return people::ListCorrections(*latest, wanted);
      });
}

grpc::ServerUnaryReactor* PeopleService::CloseCorrection(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const people::v1::CloseCorrectionRequest& wanted,
                      [[maybe_unused]] const std::string& actor)
      -> absl::StatusOr<people::v1::CloseCorrectionResponse> {
    people::v1::CloseCorrectionResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_correction(), people::CloseCorrection(transaction, wanted));
    return answer;
  };
  return ServeUnary<people::v1::CloseCorrectionRequest>(
      entrance_, {"CloseCorrection", context, request, response},
      [this, run](people::v1::CloseCorrectionRequest wanted, UnaryCall* call) {
        return SubmitWrite<people::v1::CloseCorrectionResponse>(stores_, std::move(wanted), call,
                                                                run);
      });
}

grpc::ServerUnaryReactor* PeopleService::GetOwnView(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return ServeRead<people::v1::GetOwnViewRequest>(
      entrance_, stores_, {"GetOwnView", context, request, response},
      [this](const storage::Store& store, const people::v1::GetOwnViewRequest& wanted) {
        return people::GetOwnView(store, clock_, wanted.association_id());
      });
}

}  // namespace brobygger::rpc
