#include "core/rpc/pool_service.h"

#include <set>
#include <string>
#include <utility>

#include "core/access/scope.h"
#include "core/base/day.h"
#include "core/base/status_macros.h"
#include "core/grants/applications.h"
#include "core/grants/fit_association.h"
#include "core/grants/money.h"
#include "core/grants/pools.h"
#include "core/registry/query.h"
#include "core/registry/records.h"
#include "core/rpc/read_call.h"
#include "core/rpc/write_call.h"

namespace brobygger::rpc {
namespace {

const google::protobuf::ServiceDescriptor& PoolDescriptor() {
  return *grant::v1::GetPoolRequest::descriptor()->file()->FindServiceByName("PoolService");
}

// The association, if how funds fit it is the caller's to know: its own, or its municipality's.
// Those who are shown its public part alone are told that it is not there.
absl::StatusOr<grants::Applicant> LoadApplicant(const storage::Snapshot& snapshot,
                                                const std::string& id,
                                                const access::Caller& caller) {
  BB_ASSIGN_OR_RETURN(auto applicant, grants::LoadApplicant(snapshot, id));
  const bool itself = caller.kind == access::CallerKind::kAssociation;
  const bool centre = caller.kind == access::CallerKind::kVolunteerCentre;
  const bool own = access::IsOwn(caller, applicant.association.municipality_code());
  // An association is shown no other one.
  if (itself || (own && !centre)) return applicant;
  return registry::AssociationNotFound(id);
}

// Who decides about a fund should know what others are asked for; who may read no applications is
// told of none.
absl::Status AddOverlaps(const storage::Snapshot& snapshot,
                         const std::string& association_id,
                         grant::v1::FitPoolsResponse& response) {
  BB_ASSIGN_OR_RETURN(auto money, grants::GetAssociationMoney(snapshot, association_id));
  std::set<std::string> named;
  for (const auto& overlap : money.overlaps()) {
    named.insert({overlap.first_application_id(), overlap.second_application_id()});
  }
  for (auto& application : *money.mutable_applications()) {
    if (named.contains(application.id())) *response.add_applications() = std::move(application);
  }
  response.mutable_overlaps()->Swap(money.mutable_overlaps());
  return absl::OkStatus();
}

absl::StatusOr<grant::v1::FitPoolsResponse> Fit(const storage::Store& store,
                                                const grant::v1::FitPoolsRequest& wanted,
                                                const access::Caller& caller,
                                                const std::string& today) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  BB_ASSIGN_OR_RETURN(const auto applicant,
                      LoadApplicant(*snapshot, wanted.association_id(), caller));
  BB_ASSIGN_OR_RETURN(auto response,
                      grants::FitPools(*snapshot, applicant, wanted.pool_id(), today));
  if (caller.rights.contains(access::v1::RIGHT_GRANTS_READ)) {
    BB_RETURN_IF_ERROR(AddOverlaps(*snapshot, applicant.association.id(), response));
  }
  return response;
}

absl::StatusOr<grant::v1::SuggestPoolsResponse> Suggest(
    const storage::Store& store,
    const grant::v1::SuggestPoolsRequest& wanted,
    const access::Caller& caller,
    const std::string& today) {
  BB_ASSIGN_OR_RETURN(const auto snapshot, store.Latest());
  BB_ASSIGN_OR_RETURN(const auto application,
                      grants::GetOwnedApplication(*snapshot, wanted.application_id()));
  if (application.association_id().empty()) {
    return base::MakeError(errors::v1::ERROR_REASON_ASSOCIATION_NOT_FOUND,
                           "nobody knows whose application this is; say it first: brobygger grant "
                           "assign APPLICATION ASSOCIATION",
                           {{"association_id", ""}});
  }
  BB_ASSIGN_OR_RETURN(const auto applicant,
                      LoadApplicant(*snapshot, application.association_id(), caller));
  return grants::SuggestPools(*snapshot, application, applicant, today);
}

}  // namespace

PoolService::PoolService(storage::Store& store, const base::Clock& clock, Door& door)
    : stores_(store), clock_(clock), entrance_{door, MethodsOf(PoolDescriptor())} {}

grpc::ServerUnaryReactor* PoolService::ListPools(grpc::CallbackServerContext* context,
                                                 const grpc::ByteBuffer* request,
                                                 grpc::ByteBuffer* response) {
  return ServeRead<grant::v1::ListPoolsRequest>(
      entrance_, stores_, {"ListPools", context, request, response},
      [](const storage::Store& store, const grant::v1::ListPoolsRequest& wanted) {
        return grants::ListPools(store, wanted);
      });
}

grpc::ServerUnaryReactor* PoolService::GetPool(grpc::CallbackServerContext* context,
                                               const grpc::ByteBuffer* request,
                                               grpc::ByteBuffer* response) {
  const auto query =
      [](const storage::Store& store,
         const grant::v1::GetPoolRequest& wanted) -> absl::StatusOr<grant::v1::GetPoolResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, registry::SnapshotAt(store, wanted.as_of()));
    grant::v1::GetPoolResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_pool(), grants::GetPool(*snapshot, wanted.pool_id()));
    for (const auto& criterion : answer.pool().criteria()) {
      *answer.add_wanted() = grants::WantedBy(criterion);
    }
    return answer;
  };
  return ServeRead<grant::v1::GetPoolRequest>(entrance_, stores_,
                                              {"GetPool", context, request, response}, query);
}

grpc::ServerUnaryReactor* PoolService::ImportPools(grpc::CallbackServerContext* context,
                                                   const grpc::ByteBuffer* request,
                                                   grpc::ByteBuffer* response) {
  const auto run = [](storage::Transaction& transaction,
                      const grant::v1::ImportPoolsRequest& wanted, const std::string& /*actor*/) {
    return grants::ImportPools(transaction, wanted);
  };
  return ServeUnary<grant::v1::ImportPoolsRequest>(
      entrance_, {"ImportPools", context, request, response},
      [this, run](grant::v1::ImportPoolsRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::ImportPoolsResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* PoolService::SetPoolState(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto run =
      [](storage::Transaction& transaction, const grant::v1::SetPoolStateRequest& wanted,
         const std::string& /*actor*/) -> absl::StatusOr<grant::v1::SetPoolStateResponse> {
    grant::v1::SetPoolStateResponse answer;
    BB_ASSIGN_OR_RETURN(*answer.mutable_pool(), grants::SetPoolState(transaction, wanted));
    return answer;
  };
  return ServeUnary<grant::v1::SetPoolStateRequest>(
      entrance_, {"SetPoolState", context, request, response},
      [this, run](grant::v1::SetPoolStateRequest wanted, UnaryCall* call) {
        return SubmitWrite<grant::v1::SetPoolStateResponse>(stores_, std::move(wanted), call, run);
      });
}

grpc::ServerUnaryReactor* PoolService::FitPools(grpc::CallbackServerContext* context,
                                                const grpc::ByteBuffer* request,
                                                grpc::ByteBuffer* response) {
  return ServeUnary<grant::v1::FitPoolsRequest>(
      entrance_, {"FitPools", context, request, response},
      [this](const grant::v1::FitPoolsRequest& wanted, UnaryCall* call) {
        const scope::ScopedStore store = stores_.For(call->caller());
        call->Answer(Fit(store, wanted, call->caller(), base::DanishDayOf(clock_.Now())));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* PoolService::SuggestPools(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  return ServeUnary<grant::v1::SuggestPoolsRequest>(
      entrance_, {"SuggestPools", context, request, response},
      [this](const grant::v1::SuggestPoolsRequest& wanted, UnaryCall* call) {
        const scope::ScopedStore store = stores_.For(call->caller());
        call->Answer(Suggest(store, wanted, call->caller(), base::DanishDayOf(clock_.Now())));
        return absl::OkStatus();
      });
}

}  // namespace brobygger::rpc
