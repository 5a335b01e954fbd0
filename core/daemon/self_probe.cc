#include "core/daemon/self_probe.h"

#include <memory>
#include <utility>

#include <absl/synchronization/notification.h>
#include <absl/time/time.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include "core/base/log.h"

namespace brobygger::daemon {
namespace {

// grpc.health.v1.Health/Check of the whole server; its request is empty then.
constexpr char kHealthCheck[] = "/grpc.health.v1.Health/Check";
constexpr std::chrono::seconds kPatience(2);

struct Call {
  grpc::ClientContext context;
  grpc::ByteBuffer request;
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
};

}  // namespace

SelfProbe::SelfProbe(SelfProbeOptions options)
    : options_(std::move(options)), thread_([this] { Run(); }) {}

SelfProbe::~SelfProbe() {
  const absl::MutexLock lock(&mutex_);
  stopping_ = true;
}

bool SelfProbe::Answers() const {
  grpc::ChannelArguments arguments;
  // Channels to one address share a connection otherwise.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  grpc::GenericStub stub(grpc::CreateCustomChannel("unix:" + options_.socket,
                                                   grpc::InsecureChannelCredentials(), arguments));
  Call call;
  const grpc::Slice empty;
  call.request = grpc::ByteBuffer(&empty, 1);
  call.context.set_deadline(std::chrono::system_clock::now() + kPatience);
  stub.UnaryCall(&call.context, kHealthCheck, grpc::StubOptions(), &call.request, &call.response,
                 [&call](grpc::Status status) {
                   call.status = std::move(status);
                   call.done.Notify();
                 });
  call.done.WaitForNotification();
  return call.status.ok();
}

void SelfProbe::Run() {
  int missed = 0;
  while (missed < options_.misses) {
    {
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_),
                                  absl::FromChrono(options_.interval))) {
        return;
      }
    }
    missed = Answers() ? 0 : missed + 1;
    if (missed > 0) base::LogWarning("own_socket_silent", {{"misses", missed}});
  }
  options_.on_dead();
}

}  // namespace brobygger::daemon
