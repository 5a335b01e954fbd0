#include "core/supervisor/plugin_client.h"

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

namespace brobygger::supervisor {
namespace {

using plugin::v1::Diagnostic;
using plugin::v1::EventsResponse;
using plugin::v1::LogLine;
using plugin::v1::ReadRequest;
using plugin::v1::ReadResponse;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr char kDiagnosticTrailer[] = "brobygger-diagnostic-bin";
// What the contract allows, and room for the envelope.
constexpr int kLargestMessage = (1 << 20) + (64 << 10);
constexpr int kLargestTrailers = 64 << 10;
// How late a cancel may be seen.
constexpr milliseconds kLook = milliseconds(50);
constexpr milliseconds kAnswer = std::chrono::seconds(5);  // to the hub's answer to an event

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& socket) {
  grpc::ChannelArguments arguments;
  // gRPC shares connections between channels of equal arguments; two processes
  // must never share one.
  arguments.SetString("brobygger.socket", socket);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, kLargestTrailers);
  arguments.SetMaxReceiveMessageSize(kLargestMessage);
  arguments.SetString(GRPC_ARG_DEFAULT_AUTHORITY, "localhost");
  return grpc::CreateCustomChannel(absl::StrCat("unix:", socket),
                                   grpc::InsecureChannelCredentials(), arguments);
}

LogLevel LevelOf(LogLine::Level level) {
  if (level >= LogLine::LEVEL_ERROR) return LogLevel::kError;
  return level == LogLine::LEVEL_WARN ? LogLevel::kWarning : LogLevel::kInfo;
}

std::string TextOf(const LogLine& line) {
  std::string text = line.logger().empty() ? line.text() : line.logger() + ": " + line.text();
  for (const auto& [name, value] : line.fields()) absl::StrAppend(&text, " ", name, "=", value);
  if (!line.run_id().empty()) absl::StrAppend(&text, " run=", line.run_id());
  return text;
}

// One Read, driven from the calling thread: no thread of its own has to watch it.
class ReadCall {
 public:
  ReadCall(const ProgressWatch::Limits& limits, const CancelToken& cancel)
      : cancel_(cancel), watch_(limits, steady_clock::now()) {}
  ~ReadCall() {
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) {
    }
  }

  CallEnd::Kind Run(plugin::v1::PluginService::Stub& stub,
                    const ReadRequest& request,
                    EventListener on_event,
                    CallEnd& end) {
    const auto reader = stub.AsyncRead(&context_, request, &queue_, this);
    CallEnd::Kind kind = CallEnd::Kind::kAnswered;
    bool more = Await(kind);
    while (more) {
      ReadResponse event;
      reader->Read(&event, this);
      more = Await(kind) && Take(event, request.epoch(), on_event, end, kind);
    }
    if (kind != CallEnd::Kind::kAnswered) GiveUp();
    reader->Finish(&end.status, this);
    Await(kind);
    return kind;
  }

  const grpc::ClientContext& context() const { return context_; }

 private:
  // Waits for the operation under way. Returns false if it brought nothing, and
  // then says why in `kind`, unless the stream simply ended.
  bool Await(CallEnd::Kind& kind) {
    while (true) {
      void* tag = nullptr;
      bool ok = false;
      const auto look = std::chrono::system_clock::now() + kLook;
      if (queue_.AsyncNext(&tag, &ok, look) != grpc::CompletionQueue::TIMEOUT) {
        return ok && !given_up_;
      }
      if (given_up_) continue;
      const bool hung = steady_clock::now() >= watch_.deadline();
      if (!hung && !cancel_.cancelled()) continue;
      kind = hung ? CallEnd::Kind::kHung : CallEnd::Kind::kCancelled;
      GiveUp();
    }
  }

  // What is under way then ends by itself, and at once.
  void GiveUp() {
    given_up_ = true;
    context_.TryCancel();
  }

  // Returns whether to go on.
  bool Take(const ReadResponse& event,
            std::uint64_t epoch,
            EventListener on_event,
            CallEnd& end,
            CallEnd::Kind& kind) {
    if (cancel_.cancelled()) {
      kind = CallEnd::Kind::kCancelled;
      return false;
    }
    if (steady_clock::now() >= watch_.deadline()) {
      kind = CallEnd::Kind::kHung;
      return false;
    }
    if (event.epoch() != epoch) return true;
    if (event.has_diagnostic() && IsFailure(event.diagnostic())) {
      end.diagnostic = event.diagnostic();
      kind = CallEnd::Kind::kFailed;
      return false;
    }
    const auto before = steady_clock::now();
    watch_.Saw(event, before, base::SystemClock().Now());
    end.listener_status = on_event(event);
    watch_.Pardon(steady_clock::now() - before);
    if (!end.listener_status.ok()) kind = CallEnd::Kind::kRefused;
    return end.listener_status.ok();
  }

  static bool IsFailure(const Diagnostic& diagnostic) {
    return diagnostic.severity() <= Diagnostic::SEVERITY_ERROR;
  }

  const CancelToken& cancel_;
  ProgressWatch watch_;
  bool given_up_ = false;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
};

}  // namespace

PluginClient::PluginClient(const std::string& socket,
                           std::uint64_t epoch,
                           std::shared_ptr<PluginLog> log)
    : epoch_(epoch),
      log_(std::move(log)),
      channel_(MakeChannel(socket)),
      stub_(plugin::v1::PluginService::NewStub(channel_)) {}

PluginClient::~PluginClient() {
  {
    absl::MutexLock lock(&mutex_);
    leaving_ = true;
  }
  events_context_.TryCancel();
  if (events_.joinable()) events_.join();
}

bool PluginClient::connected() const { return channel_->GetState(false) == GRPC_CHANNEL_READY; }

CallEnd PluginClient::EndOf(const grpc::Status& status, const grpc::ClientContext& context) const {
  CallEnd end;
  end.status = status;
  if (status.ok()) return end;
  end.kind = CallEnd::Kind::kFailed;
  const auto& trailers = context.GetServerTrailingMetadata();
  const auto found = trailers.find(kDiagnosticTrailer);
  Diagnostic diagnostic;
  if (found != trailers.end() &&
      diagnostic.ParseFromArray(found->second.data(), static_cast<int>(found->second.size()))) {
    end.diagnostic = std::move(diagnostic);
  } else if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) {
    end.kind = CallEnd::Kind::kHung;
  }
  return end;
}

CallEnd PluginClient::Read(const ReadRequest& request,
                           EventListener on_event,
                           const CancelToken& cancel,
                           const ProgressWatch::Limits& limits) {
  ReadRequest ours = request;
  ours.set_epoch(epoch_);
  ReadCall call(limits, cancel);
  CallEnd end;
  const CallEnd::Kind kind = call.Run(*stub_, ours, on_event, end);
  if (kind != CallEnd::Kind::kAnswered) {
    end.kind = kind;
    return end;
  }
  return EndOf(end.status, call.context());
}

void PluginClient::FollowEvents(SecretKeeper keep_secret) {
  keep_secret_ = std::move(keep_secret);
  events_ = std::thread([this] { ReadEvents(); });
}

void PluginClient::ReadEvents() {
  plugin::v1::EventsRequest request;
  request.set_epoch(epoch_);
  request.set_min_level(LogLine::LEVEL_INFO);
  const auto reader = stub_->Events(&events_context_, request);
  EventsResponse event;
  while (reader->Read(&event)) {
    if (event.epoch() != epoch_ || Handle(event)) continue;
    // Over the limit: reading on would only cost the hub work, so let flow control
    // hold the plugin back for a while.
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&leaving_), absl::Milliseconds(20));
  }
  // A plugin without events is a plugin still.
  [[maybe_unused]] const grpc::Status status = reader->Finish();
}

// Returns whether there was room for what it says in the log.
bool PluginClient::Handle(const EventsResponse& event) {
  switch (event.event_case()) {
    case EventsResponse::kLog:
      return log_->Write(LevelOf(event.log().level()), "events", TextOf(event.log()),
                         steady_clock::now());
    case EventsResponse::kDropped:
      log_->CountDropped(event.dropped().log_lines());
      return true;
    case EventsResponse::kSecret:
      return KeepSecret(event);
    default:
      return true;
  }
}

bool PluginClient::KeepSecret(const EventsResponse& event) {
  const bool stored =
      keep_secret_ != nullptr && keep_secret_(event.secret().name(), event.secret().value()).ok();
  plugin::v1::AckEventRequest answer;
  answer.set_id(event.id());
  answer.set_epoch(epoch_);
  answer.set_stored(stored);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kAnswer);
  plugin::v1::AckEventResponse heard;
  // One that does not hear it goes on with the old secret.
  [[maybe_unused]] const grpc::Status status = stub_->AckEvent(&context, answer, &heard);
  return stored || log_->Write(LogLevel::kWarning, "events", "renewed a secret, which is not kept",
                               steady_clock::now());
}

}  // namespace brobygger::supervisor
