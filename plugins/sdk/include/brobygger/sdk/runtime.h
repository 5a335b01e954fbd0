#pragma once

#include <atomic>
#include <chrono>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "brobygger/sdk/connector.h"

namespace brobygger::sdk {

using plugin::v1::AckEventResponse;
using plugin::v1::ConfigureResponse;
using plugin::v1::DiscoverResponse;
using plugin::v1::HandshakeRequest;
using plugin::v1::HandshakeResponse;
using plugin::v1::StopResponse;

// A message that crossed the border, still in bytes.
struct RequestBytes {
  const void* data;
  std::size_t size;
};

// Puts the Diagnostic of `status` into the host's room, cutting it down until it
// fits. Returns the bytes used.
inline std::size_t WriteDiagnostic(const absl::Status& status,
                                   void* room,
                                   std::size_t size) noexcept {
  try {
    Diagnostic diagnostic = DiagnosticOf(status);
    if (diagnostic.ByteSizeLong() > size) diagnostic.clear_detail();
    if (diagnostic.ByteSizeLong() > size) diagnostic.clear_text();
    const std::string bytes = diagnostic.SerializeAsString();
    if (bytes.size() > size) return 0;
    std::memcpy(room, bytes.data(), bytes.size());
    return bytes.size();
  } catch (...) {
    return 0;
  }
}

// Turns the wire's methods into calls of one Connector. Safe to call from many
// threads; lets one method of the connector run at a time.
class Runtime {
 public:
  Runtime(const bb_host_v1& host, std::string name, std::string version)
      : host_(host), name_(std::move(name)), version_(std::move(version)) {}

  Context context() { return {.log = log_, .secrets = secrets_}; }
  void Take(std::unique_ptr<Connector> connector) { connector_ = std::move(connector); }

  absl::Status Answer(std::string_view method, RequestBytes request, bb_call* raw) noexcept {
    try {
      Call call(host_, raw, stopping_);
      return Dispatch(method, request, call);
    } catch (const std::exception& problem) {
      return Bug(problem.what());
    } catch (...) {
      return Bug("something that is no std::exception was thrown");
    }
  }

 private:
  static constexpr auto kEventPatience = std::chrono::milliseconds(200);

  static absl::Status Bug(const char* what) noexcept {
    try {
      return MakeError({.kind = Diagnostic::CLASS_BUG,
                        .code = "sdk.exception",
                        .da = "Plugin'et fejlede. Send loggen til dem, der har lavet det.",
                        .en = "The plugin failed. Send the log to those who made it.",
                        .detail = what});
    } catch (...) {
      return {absl::StatusCode::kInternal, ""};
    }
  }

  template <typename Message>
  static absl::StatusOr<Message> Parse(RequestBytes request) {
    Message message;
    if (message.ParseFromArray(request.data, static_cast<int>(request.size))) return message;
    return MakeError({.kind = Diagnostic::CLASS_BUG,
                      .code = "sdk.unreadable_request",
                      .da = "Hub'en sendte noget, plugin'et ikke forstår. Opdatér begge.",
                      .en = "The hub sent something the plugin does not understand. Update both."});
  }

  // Parses, answers with `answer`, and sends what it returns.
  template <typename Request, typename Answering>
  absl::Status Unary(RequestBytes bytes, Call& call, Answering answer) {
    const absl::StatusOr<Request> request = Parse<Request>(bytes);
    if (!request.ok()) return request.status();
    auto response = answer(*request);
    if (!response.ok()) return response.status();
    return call.Reply(*response) ? absl::OkStatus() : absl::CancelledError("nobody listens");
  }

  absl::Status Dispatch(std::string_view method, RequestBytes request, Call& call) {
    if (method == "Handshake") return Handshake(request, call);
    if (method == "Events") return Events(request, call);
    if (method == "Stop") return Stop(request, call);
    if (method == "AckEvent") {
      return Unary<plugin::v1::AckEventRequest>(request, call, [this](const auto& answer) {
        ring_.Acknowledge(answer.id(), answer.stored());
        return absl::StatusOr<AckEventResponse>(AckEventResponse());
      });
    }
    const std::lock_guard lock(one_at_a_time_);
    if (method == "Spec") {
      return Unary<plugin::v1::SpecRequest>(request, call, [this](const auto&) {
        return absl::StatusOr<SpecResponse>(connector_->Spec());
      });
    }
    if (method == "Configure") return Configure(request, call);
    if (!configured_) {
      return MakeError({.kind = Diagnostic::CLASS_CONFIG,
                        .code = "sdk.not_configured",
                        .da = "Forbindelsen har ingen gyldig opsætning endnu.",
                        .en = "The connection has no valid configuration yet."});
    }
    // Not where the hub's answer comes in: another method may be under way then.
    for (const SecretUpdate& secret : ring_.TakeStored()) {
      connector_->SecretStored(secret.name(), secret.value());
    }
    return DispatchConfigured(method, request, call);
  }

  absl::Status DispatchConfigured(std::string_view method, RequestBytes request, Call& call) {
    if (method == "Read") return Read(request, call);
    if (method == "Check") return Check(request, call);
    if (method == "Discover") return Discover(request, call);
    if (method == "Lookup") {
      return Unary<LookupRequest>(request, call, [&](const LookupRequest& wanted) {
        return WithEpoch(connector_->Lookup(wanted, call), wanted.epoch());
      });
    }
    if (method == "Write") {
      return Unary<WriteRequest>(request, call, [&](const WriteRequest& wanted) {
        return WithEpoch(connector_->Write(wanted, call), wanted.epoch());
      });
    }
    if (method == "UpgradeState") {
      return Unary<UpgradeStateRequest>(request, call, [&](const UpgradeStateRequest& wanted) {
        return WithEpoch(connector_->UpgradeState(wanted), wanted.epoch());
      });
    }
    return {absl::StatusCode::kUnimplemented, "no such method"};
  }

  template <typename Message>
  static absl::StatusOr<Message> WithEpoch(absl::StatusOr<Message> response, std::uint64_t epoch) {
    if (response.ok()) response->set_epoch(epoch);
    return response;
  }

  absl::Status Handshake(RequestBytes bytes, Call& call) {
    return Unary<HandshakeRequest>(bytes, call, [&](const HandshakeRequest& request) {
      using Response = HandshakeResponse;
      Response response;
      response.set_name(name_);
      response.set_version(version_);
      response.set_sdk("cpp/1.0");
      response.set_epoch(request.epoch());
      *response.mutable_limits() = connector_->limits();
      return absl::StatusOr<Response>(std::move(response));
    });
  }

  absl::Status Configure(RequestBytes bytes, Call& call) {
    return Unary<ConfigureRequest>(bytes, call, [&](const ConfigureRequest& request) {
      using Response = ConfigureResponse;
      Response response;
      const bool same = configured_ && request.generation() == generation_;
      if (!same) {
        auto scope = connector_->Configure(request);
        configured_ = scope.ok();
        generation_ = request.generation();
        if (scope.ok()) scope_hash_ = *scope;
        if (!scope.ok()) *response.add_diagnostics() = DiagnosticOf(scope.status());
      }
      response.set_scope_hash(scope_hash_);
      return absl::StatusOr<Response>(std::move(response));
    });
  }

  absl::Status Check(RequestBytes bytes, Call& call) {
    return Unary<plugin::v1::CheckRequest>(bytes, call, [&](const auto& request) {
      absl::StatusOr<CheckResponse> response = connector_->Check(call);
      if (!response.ok()) {
        CheckResponse trouble;
        *trouble.add_diagnostics() = DiagnosticOf(response.status());
        response = std::move(trouble);
      }
      return WithEpoch(std::move(response), request.epoch());
    });
  }

  absl::Status Discover(RequestBytes bytes, Call& call) {
    return Unary<plugin::v1::DiscoverRequest>(bytes, call, [&](const auto& request) {
      absl::StatusOr<std::vector<StreamSchema>> streams = connector_->Discover(call);
      if (!streams.ok()) return absl::StatusOr<DiscoverResponse>(streams.status());
      DiscoverResponse response;
      for (StreamSchema& stream : *streams) *response.add_streams() = std::move(stream);
      return WithEpoch(absl::StatusOr<DiscoverResponse>(std::move(response)), request.epoch());
    });
  }

  absl::Status Read(RequestBytes bytes, Call& call) {
    const absl::StatusOr<ReadRequest> request = Parse<ReadRequest>(bytes);
    if (!request.ok()) return request.status();
    Sink sink(call, request->epoch(), static_cast<int>(request->batch_records()));
    return connector_->Read(*request, sink);
  }

  absl::Status Events(RequestBytes bytes, Call& call) {
    const auto request = Parse<plugin::v1::EventsRequest>(bytes);
    if (!request.ok()) return request.status();
    while (!call.cancelled()) {
      std::optional<EventsResponse> event = ring_.Next(kEventPatience);
      if (!event) continue;
      if (event->has_log() && event->log().level() < request->min_level()) continue;
      event->set_epoch(request->epoch());
      if (!call.Reply(*event)) break;
    }
    return absl::OkStatus();
  }

  absl::Status Stop(RequestBytes bytes, Call& call) {
    return Unary<plugin::v1::StopRequest>(bytes, call, [&](const auto&) {
      connector_->Stop();
      stopping_ = true;
      return absl::StatusOr<StopResponse>(StopResponse());
    });
  }

  const bb_host_v1& host_;
  const std::string name_;
  const std::string version_;
  std::atomic<bool> stopping_ = false;
  EventRing ring_;
  Log log_{ring_};
  RenewedSecrets secrets_{ring_};
  std::unique_ptr<Connector> connector_;
  std::mutex one_at_a_time_;
  bool configured_ = false;
  std::uint64_t generation_ = 0;
  std::string scope_hash_;
};

}  // namespace brobygger::sdk
