#include "core/daemon/wiring.h"

#include <utility>

#include <absl/strings/strip.h>

#include "core/base/log.h"
#include "core/base/status_macros.h"
#include "core/daemon/mail_config.h"
#include "core/daemon/people_files.h"
#include "core/daemon/pseudonym_key.h"
#include "core/daemon/serve.h"
#include "core/daemon/sign_in_parts.h"
#include "core/registry/indexing_store.h"
#include "core/registry/model_use.h"
#include "core/storage/listening_store.h"

namespace brobygger::daemon {
namespace {

// For answers that are on their way when the last call has left.
constexpr std::chrono::milliseconds kFarewell(200);

// A sync that changes much is over by then, or looks so.
constexpr std::chrono::milliseconds kBeforeDoubting(500);

}  // namespace

absl::StatusOr<std::unique_ptr<Hub>> Hub::Start(const Config& config, const HubParts& parts) {
  std::unique_ptr<Hub> hub(new Hub(config, parts));
  BB_RETURN_IF_ERROR(hub->OpenParts());
  BB_RETURN_IF_ERROR(hub->Serve());
  hub->StartProbe();
  return hub;
}

absl::Status Hub::OpenParts() {
  const auto on_fatal = [this](const absl::Status& status) {
    base::LogError("storage_failed", {{"text", base::LogValue::Vetted(status.ToString())}});
    parts_.on_fatal(kExitStorageFailed);
  };
  // First, since it tells whether another hub runs here.
  BB_ASSIGN_OR_RETURN(listener_, Listener::Open({config_.socket, config_.group, config_.connections,
                                                 config_.door_group},
                                                connections_));
  if (!config_.access_socket.empty()) {
    BB_ASSIGN_OR_RETURN(proxy_listener_, Listener::Open({.path = config_.access_socket,
                                                         .group = config_.access_group,
                                                         .connections = config_.connections,
                                                         .door_group = config_.door_group,
                                                         .strangers = true},
                                                        connections_));
  }
  BB_ASSIGN_OR_RETURN(auto store, parts_.open_store(config_, *parts_.clock, on_fatal));
  identity_ = std::make_unique<registry::Identity>(matching::Model::Shipped());
  contacts_ = std::make_unique<discovery::ContactIndex>();
  store_ = storage::MakeListeningStore(registry::MakeIndexingStore(std::move(store), *identity_),
                                       *contacts_);
  BB_ASSIGN_OR_RETURN(auto latest, store_->Latest());
  // Reads are answered meanwhile; only who writes, or asks who is who, waits.
  identity_->ExpectLoad();
  identity_loader_ = std::jthread([this, latest = std::move(latest), on_fatal] {
    const absl::Status loaded = registry::LoadIdentity(*latest, *identity_);
    if (!loaded.ok()) return on_fatal(loaded);
    base::LogInfo("identity_loaded", {{"associations", identity_->size().associations}});
  });
  late_doubts_ = std::make_unique<registry::LateDoubts>(*store_, *identity_, kBeforeDoubting);
  BB_ASSIGN_OR_RETURN(auto as_it_is, store_->Latest());
  contacts_loader_ = std::jthread([this, as_it_is = std::move(as_it_is), on_fatal] {
    const absl::Status loaded = contacts_->Load(*as_it_is);
    if (!loaded.ok()) return on_fatal(loaded);
    base::LogInfo("contacts_loaded", {{"touchpoints", contacts_->size()}});
  });
  feed_ = std::make_unique<feed::Feed>(*store_);
  OpenSearch();

  supervisor::SupervisorOptions options;
  options.run_dir = config_.run_dir;
  options.state_dir = config_.data_dir + "/calls";
  options.host_program = config_.host_program;
  options.plugin_roots = config_.plugin_roots;
  options.next_epoch = [this](const base::ConnectionId& connection) {
    return sync::NextEpoch(*store_, connection);
  };
  options.clock = parts_.clock;
  BB_ASSIGN_OR_RETURN(supervisor_, supervisor::MakeSupervisor(std::move(options)));
  engine_ = std::make_unique<sync::Engine>(*store_, *identity_, *supervisor_, *parts_.clock,
                                           Secrets(config_.data_dir));
  scheduler_ = std::make_unique<sync::Scheduler>(
      *engine_, *parts_.clock, sync::SchedulerOptions{.audit_every = config_.sync_audit_every});
  outbound_ = std::make_unique<sync::OutboundFollower>(*engine_, *store_, *feed_, *parts_.clock);
  const mail::Settings settings = MailSettings(config_);
  if (!settings.server.empty()) {
    mail_ = std::make_unique<mail::MailFollower>(*store_, *parts_.clock, settings);
  }
  return absl::OkStatus();
}

void Hub::OpenSearch() {
  search::FollowerOptions options;
  options.clock = parts_.clock;
  options.on_state = [this](search::Health::State state) { search_serving_.Set(state); };
  search_ = std::make_unique<search::Follower>(*store_, *feed_, std::move(options));
}

absl::Status Hub::OpenPeople() {
  people::PeopleOptions options = PeopleFiles(config_, *parts_.clock);
  AuditTrail& trail = *access_.trail;
  options.on_erase = [&trail](const std::string& person_id) { return trail.Forget(person_id); };
  options.look_ups = [&trail](const std::string& person_id) { return trail.LookUpsOf(person_id); };
  BB_ASSIGN_OR_RETURN(people_, people::People::Open(*store_, std::move(options)));
  return absl::OkStatus();
}

absl::Status Hub::OpenWorkServices() {
  BB_ASSIGN_OR_RETURN(statements_, OpenStatements(config_.collaboration_statements, *parts_.clock));
  BB_ASSIGN_OR_RETURN(
      resource_statements_,
      OpenResourceStatements(config_.collaboration_resource_statements, *parts_.clock));
  event_service_ = std::make_unique<rpc::EventService>(
      *store_, *parts_.clock, *door_,
      rpc::EventService::Settings{
          .has_mail = mail_ != nullptr,
          .public_url = std::string(absl::StripSuffix(config_.web_public_url, "/"))});
  collaboration_service_ = std::make_unique<rpc::CollaborationService>(
      *store_, *parts_.clock, *door_, [this] { return statements_->Current(); });
  resource_check_service_ = std::make_unique<rpc::ResourceCheckService>(
      *store_, *door_, [this] { return resource_statements_->Current(); });
  course_service_ = std::make_unique<rpc::CourseService>(*store_, *parts_.clock, *door_);
  network_service_ = std::make_unique<rpc::NetworkService>(*store_, *parts_.clock, *door_);
  programme_service_ = std::make_unique<rpc::ProgrammeService>(*store_, *parts_.clock, *door_);
  advice_service_ = std::make_unique<rpc::AdviceService>(*store_, *parts_.clock, *door_);
  return absl::OkStatus();
}

absl::Status Hub::OpenAccessServices() {
  const auto policy = [this] { return access_.policy->Current(); };
  access_service_ = std::make_unique<rpc::AccessService>(*store_, policy, *door_);
  join_service_ = std::make_unique<rpc::JoinService>(*store_, *parts_.clock, policy, *door_);
  audit_service_ = std::make_unique<rpc::AuditService>(
      &access_.trail->log(), &access_.trail->subjects(), *store_, *door_,
      [this](const access::Caller& caller, const std::string& person_id) {
        return people_->Sees(caller, person_id);
      });
  people_service_ = std::make_unique<rpc::PeopleService>(*people_, *store_, *parts_.clock, *door_);
  BB_ASSIGN_OR_RETURN(sign_ins_, OpenSignIns(config_, *parts_.clock, access_));
  sign_in_service_ = std::make_unique<rpc::SignInService>(*sign_ins_, *door_);
  return absl::OkStatus();
}

absl::Status Hub::OpenDoor() {
  rpc::DoorOptions limits;
  limits.calls_in_flight = config_.calls_in_flight;
  limits.request_bytes = config_.request_bytes;
  limits.clock = parts_.clock;
  BB_ASSIGN_OR_RETURN(access_, OpenAccess(config_, *parts_.clock, *store_, connections_));
  BB_RETURN_IF_ERROR(OpenPeople());
  limits.auditor = access_.trail.get();
  quotas_ = std::make_unique<rpc::Quotas>(
      rpc::QuotaLimits{config_.calls_per_minute, config_.rows_per_minute}, *parts_.clock);
  limits.quotas = quotas_.get();
  limits.newest_revision = [this]() -> absl::StatusOr<std::uint64_t> {
    BB_ASSIGN_OR_RETURN(const auto latest, store_->Latest());
    return latest->revision();
  };
  door_ = std::make_unique<rpc::Door>(*access_.authenticator, limits);
  return absl::OkStatus();
}

absl::Status Hub::Serve() {
  BB_RETURN_IF_ERROR(OpenDoor());
  registry_service_ = std::make_unique<rpc::RegistryService>(*store_, *door_, identity_.get());
  municipality_service_ = std::make_unique<rpc::MunicipalityService>(*store_, *door_);
  feed_service_ = std::make_unique<rpc::FeedService>(*feed_, *door_, parts_.heartbeat);
  sync_service_ = std::make_unique<rpc::SyncService>(
      *engine_, *store_, *door_, rpc::SyncServiceOptions{config_.sync_workers, config_.sync_queue});
  identity_service_ = std::make_unique<rpc::IdentityService>(*store_, *identity_, *door_);
  grant_service_ = std::make_unique<rpc::GrantService>(*store_, *door_);
  pool_service_ = std::make_unique<rpc::PoolService>(*store_, *parts_.clock, *door_);
  premises_service_ = std::make_unique<rpc::PremisesService>(*store_, *parts_.clock, *door_);
  contact_service_ = std::make_unique<rpc::ContactService>(*store_, *parts_.clock, *door_);
  discovery_service_ = std::make_unique<rpc::DiscoveryService>(*store_, *contacts_, *parts_.clock,
                                                               *search_, *door_, parts_.heartbeat);
  search_service_ =
      std::make_unique<rpc::SearchService>(*store_, *contacts_, *parts_.clock, *search_, *door_);
  BB_RETURN_IF_ERROR(OpenWorkServices());
  BB_RETURN_IF_ERROR(OpenAccessServices());
  BB_ASSIGN_OR_RETURN(
      server_, GrpcServer::Start(
                   {{"brobygger.access.v1.AccessService", access_service_.get()},
                    {"brobygger.access.v1.JoinService", join_service_.get()},
                    {"brobygger.access.v1.SignInService", sign_in_service_.get()},
                    {"brobygger.audit.v1.AuditService", audit_service_.get()},
                    {"brobygger.registry.v1.RegistryService", registry_service_.get()},
                    {"brobygger.registry.v1.MunicipalityService", municipality_service_.get()},
                    {"brobygger.feed.v1.FeedService", feed_service_.get()},
                    {"brobygger.sync.v1.SyncService", sync_service_.get()},
                    {"brobygger.identity.v1.IdentityService", identity_service_.get()},
                    {"brobygger.grant.v1.GrantService", grant_service_.get()},
                    {"brobygger.grant.v1.PoolService", pool_service_.get()},
                    {"brobygger.grant.v1.PremisesService", premises_service_.get()},
                    {"brobygger.contact.v1.ContactService", contact_service_.get()},
                    {"brobygger.discovery.v1.DiscoveryService", discovery_service_.get()},
                    {"brobygger.search.v1.SearchService", search_service_.get()},
                    {"brobygger.event.v1.EventService", event_service_.get()},
                    {"brobygger.collab.v1.CollaborationService", collaboration_service_.get()},
                    {"brobygger.collab.v1.ResourceCheckService", resource_check_service_.get()},
                    {"brobygger.collab.v1.CourseService", course_service_.get()},
                    {"brobygger.collab.v1.NetworkService", network_service_.get()},
                    {"brobygger.report.v1.ProgrammeService", programme_service_.get()},
                    {"brobygger.collab.v1.AdviceService", advice_service_.get()},
                    {"brobygger.people.v1.PeopleService", people_service_.get()}}));
  server_->SetServing(true);
  search_serving_.Connect(*server_);
  listener_->Start([this](int descriptor) { server_->AddConnection(descriptor); });
  if (proxy_listener_ != nullptr) {
    proxy_listener_->Start([this](int descriptor) { server_->AddConnection(descriptor); });
  }
  return absl::OkStatus();
}

void Hub::StartProbe() {
  SelfProbeOptions options;
  options.socket = config_.socket;
  options.interval = config_.probe_interval;
  options.on_dead = [this] {
    base::LogError("own_socket_dead", {{"effect", "the hub ends and is to be started again"}});
    parts_.on_fatal(kExitProbeFailed);
  };
  probe_ = std::make_unique<SelfProbe>(std::move(options));
}

Hub::~Hub() {
  probe_.reset();
  if (server_ != nullptr) {
    const auto end = std::chrono::steady_clock::now() + config_.stop_grace;
    search_serving_.Disconnect();
    server_->SetServing(false);
    door_->Close();
    listener_->Stop();
    if (proxy_listener_ != nullptr) proxy_listener_->Stop();
    feed_service_->Stop();
    discovery_service_->Stop();
    sign_in_service_->Stop();
    // Runs under way by themselves stop at their next checkpoint.
    scheduler_.reset();
    outbound_.reset();
    mail_.reset();
    door_->AwaitEmpty(end);
    // gRPC also waits for connections to close, and a client that is doing
    // nothing notices only after seconds.
    server_->Stop(kFarewell);
    sync_service_->Stop();
    identity_service_->Stop();
    search_service_->Stop();
    people_service_->Stop();
  }
  // The members' order does the rest: the plugins stop, then the store.
}

}  // namespace brobygger::daemon
