#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/plugin_service.pb.h"
#include "brobygger/sdk/call.h"
#include "brobygger/sdk/error.h"
#include "brobygger/sdk/event_ring.h"
#include "brobygger/sdk/sink.h"

namespace brobygger::sdk {

using plugin::v1::Abilities;
using plugin::v1::CheckResponse;
using plugin::v1::ConfigureRequest;
using plugin::v1::FieldSchema;
using plugin::v1::Limits;
using plugin::v1::LookupRequest;
using plugin::v1::LookupResponse;
using plugin::v1::ReadRequest;
using plugin::v1::SpecResponse;
using plugin::v1::StreamSchema;
using plugin::v1::UpgradeStateRequest;
using plugin::v1::UpgradeStateResponse;
using plugin::v1::WriteRequest;
using plugin::v1::WriteResponse;

// Writes lines to the hub's log. No secrets and nothing about persons: the hub
// redacts what it can recognise, and that is not everything.
class Log {
 public:
  explicit Log(EventRing& ring) : ring_(ring) {}
  void Info(std::string text) { ring_.Log(LogLine::LEVEL_INFO, std::move(text)); }
  void Warn(std::string text) { ring_.Log(LogLine::LEVEL_WARN, std::move(text)); }
  void Error(std::string text) { ring_.Log(LogLine::LEVEL_ERROR, std::move(text)); }

 private:
  EventRing& ring_;
};

// Hands secrets that the source renewed to the hub.
class RenewedSecrets {
 public:
  explicit RenewedSecrets(EventRing& ring) : ring_(ring) {}
  // `name` as Spec() tells it, as one that rotates. The old value stays in use until
  // Connector::SecretStored(): if the process ends before, nobody knows the new one.
  void Renew(std::string name, std::string value) {
    plugin::v1::SecretUpdate secret;
    secret.set_name(std::move(name));
    secret.set_value(std::move(value));
    ring_.Renew(std::move(secret));
  }

 private:
  EventRing& ring_;
};

// Talks to one source system, in a process of its own. One method runs at a time,
// Stop() excepted. An exception becomes a Diagnostic of CLASS_BUG; report trouble as
// a Status made by sdk::MakeError.
class Connector {
 public:
  virtual ~Connector() = default;

  // What configuration and secrets it wants. No network, no disk; before Configure.
  virtual SpecResponse Spec() const = 0;

  // What it can take.
  virtual Limits limits() const { return {}; }

  // Takes configuration and secrets; again only with rotated secrets. Returns the
  // scope hash: it differs when the set of visible records may differ. Touches
  // nothing outside the process.
  virtual absl::StatusOr<std::string> Configure(const ConfigureRequest& request) = 0;

  // Tries the connection, read-only. OK, or who must do what.
  virtual absl::StatusOr<CheckResponse> Check(Call& call) = 0;

  virtual absl::StatusOr<std::vector<StreamSchema>> Discover(Call& call) = 0;

  // Sends records to `sink`, in any order; may repeat, must not skip. Without a
  // complete EndSnapshot nothing is concluded from a record that is absent.
  virtual absl::Status Read(const ReadRequest& request, Sink& sink) = 0;

  virtual absl::StatusOr<LookupResponse> Lookup(const LookupRequest& /*request*/, Call& /*call*/) {
    return Unsupported("Lookup");
  }

  // One outcome for each operation. An operation whose effect is not known is
  // OUTCOME_DOUBTFUL and never retried here: the hub settles it with Lookup().
  virtual absl::StatusOr<WriteResponse> Write(const WriteRequest& /*request*/, Call& /*call*/) {
    return Unsupported("Write");
  }

  virtual absl::StatusOr<UpgradeStateResponse> UpgradeState(
      const UpgradeStateRequest& /*request*/) {
    return Unsupported("UpgradeState");
  }

  // The hub has safely kept a secret that RenewedSecrets handed over: use it from now on. Called
  // before another method is. A hub that keeps none never calls it.
  virtual void SecretStored(const std::string& /*name*/, const std::string& /*value*/) {}

  // The process is about to end; other methods see cancelled(). From another thread.
  virtual void Stop() {}

 protected:
  static absl::Status Unsupported(const std::string& verb) {
    return MakeError({.kind = Diagnostic::CLASS_UNSUPPORTED,
                      .code = "sdk.unsupported",
                      .da = "Denne forbindelse kan ikke udføre " + verb + ".",
                      .en = "This connector cannot do " + verb + "."});
  }
};

// What a connector's constructor takes.
struct Context {
  Log& log;
  RenewedSecrets& secrets;
};

}  // namespace brobygger::sdk

// After the names above, which it uses.
#include "brobygger/sdk/entry.h"
