#include "core/web/partner_client.h"

#include <utility>

#include "brobygger/discovery/v1/discovery_service.grpc.pb.h"

namespace brobygger::web {
namespace {

using discovery::v1::DiscoveryService;

// 500 partners with long texts.
constexpr int kMostPartnerBytes = 32 << 20;

template <typename Request, typename Response>
struct PartnerCall {
  explicit PartnerCall(std::function<void()> leave) : presence(std::move(leave)) {}

  const Presence presence;
  grpc::ClientContext context;
  Request request;
  Response response;
  PartnerClient::Done<Response> done;
};

}  // namespace

struct PartnerClient::Stub {
  std::unique_ptr<DiscoveryService::Stub> discovery;
};

PartnerClient::PartnerClient(const std::string& address)
    : stub_(std::make_unique<Stub>(
          Stub{DiscoveryService::NewStub(ConnectToHub(address, kMostPartnerBytes))})) {}

PartnerClient::~PartnerClient() = default;

namespace {

template <typename Call, typename Begin>
void Run(const Caller& caller, std::shared_ptr<Call> call, CallsUnderWay& calls, Begin begin) {
  SetDeadline(call->context, kPartnerPatience);
  ShowCaller(caller.key, caller.address, call->context);
  Call& open = *call;
  begin(open, [&calls, call = std::move(call)](const grpc::Status& status) {
    calls.NoteReached(ReachedHub(status));
    const auto tell = std::move(call->done);
    if (status.ok()) {
      tell(std::move(call->response));
    } else {
      tell(ToStatus(status));
    }
  });
}

}  // namespace

void PartnerClient::Find(const Caller& caller,
                         const discovery::v1::FindPartnersRequest& request,
                         FoundDone done) {
  using Call = PartnerCall<discovery::v1::FindPartnersRequest, discovery::v1::FindPartnersResponse>;
  auto call = std::make_shared<Call>(calls_.Enter());
  call->request = request;
  call->done = std::move(done);
  Run(caller, std::move(call), calls_, [this](Call& open, auto finish) {
    stub_->discovery->async()->FindPartners(&open.context, &open.request, &open.response,
                                            std::move(finish));
  });
}

void PartnerClient::Get(const Caller& caller, const std::string& association_id, GotDone done) {
  using Call = PartnerCall<discovery::v1::GetPartnerRequest, discovery::v1::GetPartnerResponse>;
  auto call = std::make_shared<Call>(calls_.Enter());
  call->request.set_association_id(association_id);
  call->done = std::move(done);
  Run(caller, std::move(call), calls_, [this](Call& open, auto finish) {
    stub_->discovery->async()->GetPartner(&open.context, &open.request, &open.response,
                                          std::move(finish));
  });
}

}  // namespace brobygger::web
