#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

#include <absl/status/statusor.h>

#include "core/base/clock.h"
#include "core/daemon/access_parts.h"
#include "core/daemon/config.h"
#include "core/daemon/connection_table.h"
#include "core/daemon/grpc_server.h"
#include "core/daemon/listener.h"
#include "core/daemon/search_serving.h"
#include "core/daemon/self_probe.h"
#include "core/daemon/statement_files.h"
#include "core/daemon/stores.h"
#include "core/discovery/contact_index.h"
#include "core/feed/feed.h"
#include "core/mail/follower.h"
#include "core/people/people.h"
#include "core/registry/identity.h"
#include "core/registry/late_doubts.h"
#include "core/rpc/access_service.h"
#include "core/rpc/advice_service.h"
#include "core/rpc/collaboration_service.h"
#include "core/rpc/contact_service.h"
#include "core/rpc/course_service.h"
#include "core/rpc/discovery_service.h"
#include "core/rpc/door.h"
#include "core/rpc/event_service.h"
#include "core/rpc/feed_service.h"
#include "core/rpc/grant_service.h"
#include "core/rpc/identity_service.h"
#include "core/rpc/join_service.h"
#include "core/rpc/municipality_service.h"
#include "core/rpc/network_service.h"
#include "core/rpc/people_service.h"
#include "core/rpc/pool_service.h"
#include "core/rpc/premises_service.h"
#include "core/rpc/programme_service.h"
#include "core/rpc/registry_service.h"
#include "core/rpc/resource_check_service.h"
#include "core/rpc/search_service.h"
#include "core/rpc/sign_in_service.h"
#include "core/rpc/sync_service.h"
#include "core/search/follower.h"
#include "core/storage/store.h"
#include "core/supervisor/supervisor.h"
#include "core/sync/engine.h"
#include "core/sync/outbound_follower.h"
#include "core/sync/scheduler.h"

namespace brobygger::daemon {

// What a hub is made of besides its configuration.
struct HubParts {
  std::function<absl::StatusOr<std::unique_ptr<storage::Store>>(
      const Config&, const base::Clock&, OnFatal)>
      open_store = OpenStore;
  const base::Clock* clock = &base::SystemClock();
  std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
  // Called once, on any thread, when the disk failed or the own socket is dead:
  // the process must end with `exit_code`.
  std::function<void(int exit_code)> on_fatal;
};

// A whole hub in this process: the store and all that serves it. The only place
// that knows how the parts fit together.
class Hub {
 public:
  // Ready for callers when it returns. What is wrong is said in words for the
  // person who starts it.
  static absl::StatusOr<std::unique_ptr<Hub>> Start(const Config& config, const HubParts& parts);

  // Answers what is under way, at most for Config::stop_grace, and stops the
  // plugins.
  ~Hub();

  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;

 private:
  Hub(const Config& config, const HubParts& parts) : config_(config), parts_(parts) {}

  absl::Status OpenParts();
  void OpenSearch();
  absl::Status OpenPeople();
  absl::Status OpenDoor();
  absl::Status OpenWorkServices();
  absl::Status OpenAccessServices();
  absl::Status Serve();
  void StartProbe();

  // In the order they are made; each needs only those before it.
  const Config config_;
  const HubParts parts_;
  const std::shared_ptr<ConnectionTable> connections_ = std::make_shared<ConnectionTable>();
  std::unique_ptr<Listener> listener_;
  std::unique_ptr<Listener> proxy_listener_;  // null: nobody comes through a proxy
  std::unique_ptr<registry::Identity> identity_;
  std::unique_ptr<discovery::ContactIndex> contacts_;
  std::unique_ptr<storage::Store> store_;
  std::jthread identity_loader_;
  std::unique_ptr<registry::LateDoubts> late_doubts_;
  std::jthread contacts_loader_;
  std::unique_ptr<feed::Feed> feed_;
  SearchServing search_serving_;
  std::unique_ptr<search::Follower> search_;
  std::unique_ptr<supervisor::Supervisor> supervisor_;
  std::unique_ptr<sync::Engine> engine_;
  std::unique_ptr<sync::Scheduler> scheduler_;
  std::unique_ptr<sync::OutboundFollower> outbound_;
  std::unique_ptr<mail::MailFollower> mail_;
  AccessParts access_;
  std::unique_ptr<people::People> people_;
  std::unique_ptr<rpc::Quotas> quotas_;
  std::unique_ptr<rpc::Door> door_;
  std::unique_ptr<rpc::RegistryService> registry_service_;
  std::unique_ptr<rpc::MunicipalityService> municipality_service_;
  std::unique_ptr<rpc::FeedService> feed_service_;
  std::unique_ptr<rpc::SyncService> sync_service_;
  std::unique_ptr<rpc::IdentityService> identity_service_;
  std::unique_ptr<rpc::GrantService> grant_service_;
  std::unique_ptr<rpc::PoolService> pool_service_;
  std::unique_ptr<rpc::PremisesService> premises_service_;
  std::unique_ptr<rpc::ContactService> contact_service_;
  std::unique_ptr<rpc::DiscoveryService> discovery_service_;
  std::unique_ptr<rpc::SearchService> search_service_;
  std::unique_ptr<rpc::EventService> event_service_;
  std::unique_ptr<StatementsKeeper> statements_;
  std::unique_ptr<ResourceStatementsKeeper> resource_statements_;
  std::unique_ptr<rpc::CollaborationService> collaboration_service_;
  std::unique_ptr<rpc::ResourceCheckService> resource_check_service_;
  std::unique_ptr<rpc::CourseService> course_service_;
  std::unique_ptr<rpc::NetworkService> network_service_;
  std::unique_ptr<rpc::ProgrammeService> programme_service_;
  std::unique_ptr<rpc::AdviceService> advice_service_;
  std::unique_ptr<rpc::AccessService> access_service_;
  std::unique_ptr<rpc::JoinService> join_service_;
  std::unique_ptr<rpc::SignIns> sign_ins_;
  std::unique_ptr<rpc::SignInService> sign_in_service_;
  std::unique_ptr<rpc::AuditService> audit_service_;
  std::unique_ptr<rpc::PeopleService> people_service_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<SelfProbe> probe_;
};

}  // namespace brobygger::daemon
