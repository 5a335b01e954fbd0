#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "core/web/http.h"
#include "core/web/hub_channel.h"

namespace brobygger::web {

// One call of the hub that answers with a stream, as the pieces of a body. A message is asked of
// the hub when its piece is wanted, so that flow control reaches it. Thread-safe; keeps itself
// until the call is over.
class HubStream final : public BodyPieces,
                        public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>,
                        public std::enable_shared_from_this<HubStream> {
 public:
  struct Wording {
    // A message, in its wire form, as a piece; or why it cannot be told, which ends the stream.
    std::function<absl::StatusOr<std::string>(const std::string& wire)> message;
    // The last piece.
    std::function<std::string(const absl::Status& status)> end;
  };

  // `leave` is called when gRPC is done with the call.
  HubStream(Wording wording, std::function<void()> leave);

  grpc::ClientContext& context() { return context_; }

  // `path` must outlive the call.
  void Begin(grpc::GenericStub& stub, const std::string& path, const std::string& request);

  void Next(Give give) override;
  void Abandon() override;

 private:
  void OnReadDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;
  // Gives the last piece, and then nothing.
  void GiveEnd(const Give& give);

  const Presence presence_;  // first, so that it goes last
  const Wording wording_;
  grpc::ClientContext context_;
  grpc::ByteBuffer request_;
  grpc::ByteBuffer message_;

  absl::Mutex mutex_;
  std::shared_ptr<HubStream> self_ ABSL_GUARDED_BY(mutex_);
  Give give_ ABSL_GUARDED_BY(mutex_);
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  // Whether gRPC still expects reads of us.
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<absl::Status> over_ ABSL_GUARDED_BY(mutex_);
  // Why we end it ourselves.
  absl::Status own_trouble_ ABSL_GUARDED_BY(mutex_);
  bool end_told_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace brobygger::web
