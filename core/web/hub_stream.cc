#include "core/web/hub_stream.h"

#include <utility>

namespace brobygger::web {

HubStream::HubStream(Wording wording, std::function<void()> leave)
    : presence_(std::move(leave)), wording_(std::move(wording)) {}

void HubStream::Begin(grpc::GenericStub& stub,
                      const std::string& path,
                      const std::string& request) {
  grpc::Slice slice(request);
  request_ = grpc::ByteBuffer(&slice, 1);
  {
    const absl::MutexLock lock(&mutex_);
    self_ = shared_from_this();
    held_ = true;
  }
  stub.PrepareBidiStreamingCall(&context_, path, {}, this);
  AddHold();
  StartWriteLast(&request_, grpc::WriteOptions());
  StartCall();
}

void HubStream::Next(Give give) {
  bool over = false;
  {
    const absl::MutexLock lock(&mutex_);
    over = over_.has_value();
    if (!over) {
      give_ = give;
      // Without a hold the call is ending, and OnDone() gives what is owed.
      if (!held_) return;
      reading_ = true;
    }
  }
  if (over) return GiveEnd(give);
  StartRead(&message_);
}

void HubStream::GiveEnd(const Give& give) {
  std::optional<absl::Status> status;
  {
    const absl::MutexLock lock(&mutex_);
    if (!std::exchange(end_told_, true)) status = own_trouble_.ok() ? *over_ : own_trouble_;
  }
  if (status.has_value()) return give(wording_.end(*status));
  give(std::nullopt);
}

void HubStream::Abandon() {
  bool let_go = false;
  {
    const absl::MutexLock lock(&mutex_);
    if (over_.has_value()) return;
    // A read under way lets go itself when it fails.
    let_go = held_ && !reading_;
    if (let_go) held_ = false;
  }
  context_.TryCancel();
  if (let_go) RemoveHold();
}

void HubStream::OnReadDone(bool ok) {
  absl::StatusOr<std::string> piece = absl::CancelledError("");
  if (ok) piece = wording_.message(TextOf(message_));
  Give give;
  {
    const absl::MutexLock lock(&mutex_);
    reading_ = false;
    if (piece.ok()) {
      give = std::exchange(give_, nullptr);
    } else {
      if (ok) own_trouble_ = piece.status();
      held_ = false;
    }
  }
  if (give) return give(*std::move(piece));
  // OnDone() gives the end; a message that cannot be told ends the call.
  if (ok) context_.TryCancel();
  RemoveHold();
}

void HubStream::OnDone(const grpc::Status& status) {
  Give give;
  std::shared_ptr<HubStream> self;  // gone last
  {
    const absl::MutexLock lock(&mutex_);
    over_ = ToTellableStatus(status);
    give = std::exchange(give_, nullptr);
    self = std::move(self_);
  }
  if (give) GiveEnd(give);
}

}  // namespace brobygger::web
