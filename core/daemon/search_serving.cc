#include "core/daemon/search_serving.h"

namespace brobygger::daemon {

void SearchServing::Set(search::Health::State state) {
  absl::MutexLock lock(&mutex_);
  state_ = state;
  Tell();
}

void SearchServing::Connect(GrpcServer& server) {
  absl::MutexLock lock(&mutex_);
  server_ = &server;
  Tell();
}

void SearchServing::Disconnect() {
  absl::MutexLock lock(&mutex_);
  server_ = nullptr;
}

void SearchServing::Tell() {
  using State = search::Health::State;
  if (server_ == nullptr) return;
  server_->SetServing("brobygger.search.v1.SearchService",
                      state_ == State::kFollowing || state_ == State::kRebuilding);
}

}  // namespace brobygger::daemon
