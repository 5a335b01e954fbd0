#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <absl/status/statusor.h>
#include <grpcpp/grpcpp.h>

#include "core/rpc/door.h"

namespace brobygger::rpc {

// An answer in many messages, none of which may be lost: the next one is made when
// the last is on its way, so a slow reader holds up nothing but itself. Made on
// gRPC's thread, so each must be short work. Lives until gRPC is done with it.
class AnswerStream final : public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  // Makes the next message; nothing when there are no more.
  using Next = std::function<absl::StatusOr<std::optional<grpc::ByteBuffer>>()>;

  // gRPC holds the stream until OnDone().
  static AnswerStream* Make() { return std::unique_ptr<AnswerStream>(new AnswerStream).release(); }

  void Admit(Door::Pass pass) { pass_ = std::move(pass); }
  // Once; after Admit().
  void Start(Next next);
  // Instead of Start().
  void Fail(const absl::Status& status);

  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  AnswerStream() = default;
  void WriteNext();

  Door::Pass pass_;
  Next next_;
  grpc::ByteBuffer outgoing_;  // gRPC's while a write is under way
};

}  // namespace brobygger::rpc
