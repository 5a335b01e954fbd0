#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include "brobygger/event/v1/event_service.grpc.pb.h"

namespace brobygger::web {

// The hub as the web door sees it: GetFeed and health checks, on a Unix socket. Feeds
// stay when it is stopped and started again. Thread-safe but for Start and Stop.
class FakeHub final : public event::v1::EventService::Service {
 public:
  explicit FakeHub(std::string socket) : socket_(std::move(socket)) { Start(); }
  ~FakeHub() override { Stop(); }

  void Start() {
    grpc::EnableDefaultHealthCheckService(true);
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address(), grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    REQUIRE(server_ != nullptr);
    SetServing(true);
  }
  void Stop() {
    if (server_ != nullptr) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }
  void SetServing(bool serving) { server_->GetHealthCheckService()->SetServingStatus(serving); }

  std::string address() const { return "unix:" + socket_; }

  void SetFeed(const std::string& secret, const event::v1::GetFeedResponse& feed) {
    const std::lock_guard lock(mutex_);
    feeds_[secret] = feed;
  }
  void Revoke(const std::string& secret) {
    const std::lock_guard lock(mutex_);
    feeds_.erase(secret);
  }
  // Every call fails with this from now on.
  void FailWith(grpc::StatusCode code) {
    const std::lock_guard lock(mutex_);
    fault_ = code;
  }
  std::vector<event::v1::GetFeedRequest> Asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  grpc::Status GetFeed(grpc::ServerContext* /*context*/,
                       const event::v1::GetFeedRequest* request,
                       event::v1::GetFeedResponse* response) override {
    const std::lock_guard lock(mutex_);
    asked_.push_back(*request);
    // A hub that is careless with the secret: the door must not be.
    if (fault_ != grpc::StatusCode::OK) return {fault_, "fault with " + request->secret()};
    const auto feed = feeds_.find(request->secret());
    if (feed == feeds_.end()) {
      return {grpc::StatusCode::NOT_FOUND, "there is no feed " + request->secret()};
    }
    *response = feed->second;
    if (!request->etag().empty() && request->etag() == response->etag()) {
      response->clear_events();
      response->set_unchanged(true);
    }
    return grpc::Status::OK;
  }

 private:
  const std::string socket_;
  std::unique_ptr<grpc::Server> server_;
  mutable std::mutex mutex_;
  std::map<std::string, event::v1::GetFeedResponse> feeds_;
  grpc::StatusCode fault_ = grpc::StatusCode::OK;
  std::vector<event::v1::GetFeedRequest> asked_;
};

// A feed of `department` with one event of this title.
inline event::v1::GetFeedResponse FeedOf(const std::string& department,
                                         const std::string& etag,
                                         const std::string& title) {
  event::v1::GetFeedResponse feed;
  feed.set_etag(etag);
  feed.set_department_name(department);
  auto& event = *feed.add_events();
  event.set_id("0b6f7f0e-4f6b-4d7c-9a55-2f1f5d1c7a01");
  event.set_title(title);
  event.set_start_date("2026-05-04");
  event.set_end_date("2026-05-04");
  event.mutable_update_time()->set_seconds(1'777'888'800);
  return feed;
}

}  // namespace brobygger::web
