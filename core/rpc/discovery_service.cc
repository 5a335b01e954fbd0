#include "core/rpc/discovery_service.h"

#include <deque>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "core/base/status_macros.h"
#include "core/discovery/blank_spots.h"
#include "core/discovery/find_partners.h"
#include "core/discovery/guide.h"
#include "core/discovery/partner_news.h"
#include "core/discovery/way.h"
#include "core/discovery/who_knows.h"
#include "core/rpc/follow_call.h"

namespace brobygger::rpc {
namespace {

// How long a stop may take.
constexpr absl::Duration kLookAgain = absl::Milliseconds(200);
// A busy hub commits thousands of times a second; each look costs a query for every follower.
constexpr absl::Duration kPace = absl::Milliseconds(50);

// What a caller of FollowPartners follows.
class PartnerStreamNews final : public News {
 public:
  PartnerStreamNews(discovery::PartnerNews news, bool stop_at_end)
      : news_(std::move(news)), stop_at_end_(stop_at_end) {}

  absl::StatusOr<std::optional<Part>> Next() override {
    if (waiting_.empty()) {
      BB_ASSIGN_OR_RETURN(auto next, news_.Next());
      waiting_.assign(std::make_move_iterator(next.begin()), std::make_move_iterator(next.end()));
    }
    std::optional<Part> part;
    if (waiting_.empty() && stop_at_end_ && news_.IsAtEnd()) {
      part.emplace(Part{.bytes = SignOfLife(), .rows = 0, .last = true});
    }
    if (waiting_.empty()) return part;
    const bool tells = waiting_.front().has_partner();
    part.emplace(Part{.bytes = ToBytes(waiting_.front()), .rows = tells ? 1U : 0U});
    waiting_.pop_front();
    return part;
  }

  grpc::ByteBuffer SignOfLife() override {
    discovery::v1::FollowPartnersResponse alive;
    alive.set_position(news_.position());
    return ToBytes(alive);
  }

 private:
  discovery::PartnerNews news_;
  const bool stop_at_end_;
  std::deque<discovery::v1::FollowPartnersResponse> waiting_;
};

const google::protobuf::ServiceDescriptor& DiscoveryDescriptor() {
  return *discovery::v1::WhoKnowsRequest::descriptor()->file()->FindServiceByName(
      "DiscoveryService");
}

}  // namespace

DiscoveryService::DiscoveryService(const storage::Store& store,
                                   const discovery::ContactIndex& index,
                                   const base::Clock& clock,
                                   search::Follower& search,
                                   Door& door,
                                   std::chrono::milliseconds heartbeat)
    : store_(store),
      index_(index),
      clock_(clock),
      search_(search),
      entrance_{door, MethodsOf(DiscoveryDescriptor())},
      wait_(store, search),
      followers_(heartbeat),
      watcher_([this](const std::stop_token& stop) { Watch(stop); }) {}

void DiscoveryService::Watch(const std::stop_token& stop) {
  // First that it is complete, which of an empty registry it is at revision 0.
  storage::Revision wanted = 0;
  while (!stop.stop_requested()) {
    if (search_.AwaitRevision(wanted, absl::Now() + kLookAgain)) {
      wanted = search_.health().revision + 1;
      followers_.WakeAll();
      absl::SleepFor(kPace);
    }
  }
}

void DiscoveryService::Stop() {
  watcher_.request_stop();
  if (watcher_.joinable()) watcher_.join();
  wait_.Stop();
  followers_.Stop();
}

template <typename Request, typename Ask>
grpc::ServerUnaryReactor* DiscoveryService::Serve(const Incoming& incoming, const Ask& ask) {
  return ServeUnary<Request>(entrance_, incoming, [&](const Request& request, UnaryCall* call) {
    call->Answer(
        ask(discovery::Asker{store_, index_, clock_, call->caller(), &search_.shelf()}, request));
    return absl::OkStatus();
  });
}

grpc::ServerUnaryReactor* DiscoveryService::WhoKnows(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return Serve<discovery::v1::WhoKnowsRequest>({"WhoKnows", context, request, response},
                                               discovery::WhoKnows);
}

grpc::ServerUnaryReactor* DiscoveryService::ListBlankSpots(grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request,
                                                           grpc::ByteBuffer* response) {
  return Serve<discovery::v1::ListBlankSpotsRequest>({"ListBlankSpots", context, request, response},
                                                     discovery::ListBlankSpots);
}

grpc::ServerUnaryReactor* DiscoveryService::GetContactMatrix(grpc::CallbackServerContext* context,
                                                             const grpc::ByteBuffer* request,
                                                             grpc::ByteBuffer* response) {
  return Serve<discovery::v1::GetContactMatrixRequest>(
      {"GetContactMatrix", context, request, response}, discovery::GetContactMatrix);
}

grpc::ServerUnaryReactor* DiscoveryService::ListOnePersonDependencies(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Serve<discovery::v1::ListOnePersonDependenciesRequest>(
      {"ListOnePersonDependencies", context, request, response},
      discovery::ListOnePersonDependencies);
}

grpc::ServerUnaryReactor* DiscoveryService::GetInitiativeBalance(
    grpc::CallbackServerContext* context,
    const grpc::ByteBuffer* request,
    grpc::ByteBuffer* response) {
  return Serve<discovery::v1::GetInitiativeBalanceRequest>(
      {"GetInitiativeBalance", context, request, response}, discovery::GetInitiativeBalance);
}

grpc::ServerUnaryReactor* DiscoveryService::FindWay(grpc::CallbackServerContext* context,
                                                    const grpc::ByteBuffer* request,
                                                    grpc::ByteBuffer* response) {
  const auto ask = [](const discovery::Asker& asker, const discovery::v1::FindWayRequest& wanted)
      -> absl::StatusOr<discovery::v1::FindWayResponse> {
    BB_ASSIGN_OR_RETURN(const auto snapshot, asker.store.Latest());
    return discovery::FindWay(*snapshot, wanted, asker.clock.Now());
  };
  return Serve<discovery::v1::FindWayRequest>({"FindWay", context, request, response}, ask);
}

grpc::ServerUnaryReactor* DiscoveryService::GetGuide(grpc::CallbackServerContext* context,
                                                     const grpc::ByteBuffer* request,
                                                     grpc::ByteBuffer* response) {
  return Serve<discovery::v1::GetGuideRequest>({"GetGuide", context, request, response},
                                               discovery::GetGuide);
}

grpc::ServerUnaryReactor* DiscoveryService::FindPartners(grpc::CallbackServerContext* context,
                                                         const grpc::ByteBuffer* request,
                                                         grpc::ByteBuffer* response) {
  return ServeUnary<discovery::v1::FindPartnersRequest>(
      entrance_, {"FindPartners", context, request, response},
      [this](discovery::v1::FindPartnersRequest wanted, UnaryCall* call) {
        const auto revision = wanted.min_revision();
        return wait_.AnswerWhenThere(revision, call, [this, call, wanted = std::move(wanted)] {
          call->Answer(discovery::FindPartners({store_, index_, clock_, call->caller()},
                                               search_.shelf(), wanted));
        });
      });
}

grpc::ServerUnaryReactor* DiscoveryService::GetPartner(grpc::CallbackServerContext* context,
                                                       const grpc::ByteBuffer* request,
                                                       grpc::ByteBuffer* response) {
  return Serve<discovery::v1::GetPartnerRequest>({"GetPartner", context, request, response},
                                                 discovery::GetPartner);
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* DiscoveryService::FollowPartners(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* request) {
  return ServeFollow<discovery::v1::FollowPartnersRequest>(
      entrance_, followers_, {"FollowPartners", context, request, nullptr},
      [this](const access::Caller& caller, const discovery::v1::FollowPartnersRequest& wanted,
             const std::function<void()>& /*wake*/) -> absl::StatusOr<std::unique_ptr<News>> {
        BB_ASSIGN_OR_RETURN(auto news,
                            discovery::PartnerNews::From({store_, index_, clock_, caller},
                                                         search_.shelf(), wanted));
        return std::make_unique<PartnerStreamNews>(std::move(news), wanted.stop_at_end());
      });
}

}  // namespace brobygger::rpc
