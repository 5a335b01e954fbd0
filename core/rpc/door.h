#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/descriptor.h>
#include <grpcpp/server_context.h>

#include "brobygger/access/v1/method_access.pb.h"

#include "core/access/access.h"
#include "core/base/clock.h"
#include "core/rpc/auditor.h"
#include "core/rpc/quotas.h"

namespace brobygger::rpc {

// Says who is at the other end of a connection. Thread-safe.
class Callers {
 public:
  virtual ~Callers() = default;

  // `peer` is what gRPC calls the connection. Null if nobody may call from there.
  virtual std::shared_ptr<const access::Caller> CallerAt(const std::string& peer) const = 0;

  // Who makes a call, by its connection and by what it says of itself. The default goes by the
  // connection alone. NOT_ALLOWED, NOT_SIGNED_IN, PURPOSE_REQUIRED.
  virtual absl::StatusOr<std::shared_ptr<const access::Caller>> CallerOf(
      const grpc::ServerContextBase& context) const;

  // Who calls with nothing but a secret in the request, which may be anybody; what else the call
  // shows is not looked at. The default is CallerOf(). TOO_MANY_TRIES, NOT_ALLOWED.
  virtual absl::StatusOr<std::shared_ptr<const access::Caller>> CallerWithSecret(
      const grpc::ServerContextBase& context) const {
    return CallerOf(context);
  }

  // That the secret was wrong, and for the log what it should have been: "join_code".
  // TOO_MANY_TRIES if the caller must not be told so any more.
  virtual absl::Status TellWrongSecret(const grpc::ServerContextBase& /*context*/,
                                       const char* /*what*/) const {
    return absl::OkStatus();
  }
};

// What a method needs, and its name in full:
// "brobygger.registry.v1.RegistryService/GetAssociation".
struct Method {
  access::MethodAccess access;
  std::string path;
  // Whether its service tells the door of each wrong secret. Only then may whoever is not signed in
  // call it, since else secrets could be tried out.
  bool counts_guesses = false;
};

// The methods of one service, by name ("GetAssociation").
using Methods = absl::flat_hash_map<std::string, Method>;

// A method without access option is left out, so no call of it is let in; a
// server checks access::CheckServices() before it starts.
Methods MethodsOf(const google::protobuf::ServiceDescriptor& service);

struct DoorOptions {
  int calls_in_flight = 512;
  std::size_t request_bytes = 1 << 20;
  const base::Clock* clock = &base::SystemClock();
  // What each caller may use. Null: as much as it likes.
  Quotas* quotas = nullptr;
  // Revision of what a read is answered from. Null: no call may ask for one.
  std::function<absl::StatusOr<std::uint64_t>()> newest_revision = nullptr;
  // Is told of every call that IsAudited(), and of every refused one. Null: nobody is.
  Auditor* auditor = nullptr;
};

// Where every call comes in: who calls, whether they may, and whether there is
// room. Thread-safe.
class Door {
 public:
  // `callers` must outlive the door.
  Door(const Callers& callers, DoorOptions options)
      : callers_(callers), options_(std::move(options)) {}

  // A call that was let in; leaving is its destruction.
  class Pass {
   public:
    Pass() = default;
    Pass(Door* door, std::shared_ptr<const access::Caller> caller)
        : door_(door), caller_(std::move(caller)) {}
    ~Pass() {
      Answered();
      if (door_ != nullptr) --door_->in_flight_;
    }
    Pass(Pass&& other) noexcept
        : door_(std::exchange(other.door_, nullptr)),
          working_(other.working_),
          caller_(std::move(other.caller_)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(door_, other.door_);
      std::swap(working_, other.working_);
      std::swap(caller_, other.caller_);
      return *this;
    }
    Pass(const Pass&) = delete;
    Pass& operator=(const Pass&) = delete;
    const access::Caller& caller() const { return *caller_; }

    // That the answer, or a part of it, tells this many records.
    void Told(std::size_t rows) const {
      if (door_ != nullptr && door_->options_.quotas != nullptr) {
        door_->options_.quotas->Told(*caller_, rows);
      }
    }

    // Makes room for the next call, before this one's answer is on its way: gRPC
    // tells late that it is, and a caller may have sent many more by then.
    void Answered() {
      if (door_ != nullptr && std::exchange(working_, false)) --door_->working_;
    }

   private:
    Door* door_ = nullptr;
    bool working_ = true;
    std::shared_ptr<const access::Caller> caller_;
  };

  // What Callers::CallerOf(), Quotas::Enter() and access::MayCall() answer, OVERLOADED; STOPPING
  // after Close(); what is wrong with the revision that the call asks for: see revision_token.h.
  // When the hub is nearly full, only writes are let in.
  absl::StatusOr<Pass> Enter(const Methods& methods,
                             const std::string& method,
                             const grpc::ServerContextBase& context);

  // Tells the audit log that a call was refused, and why; `status` is handed on.
  absl::Status Refused(const Method& method,
                       const access::Caller& caller,
                       const absl::Status& status) const;

  // What the audit log is to be told of a call that was let in, before it is answered; nothing
  // if it need not be told.
  std::optional<AuditedCall> ToAudit(const Method& method,
                                     const access::Caller& caller,
                                     const google::protobuf::Message& request) const;

  // Whether whoever made a call that goes on may still make it: a key may have been revoked
  // meanwhile, a token have ended, or a role have lost a right.
  absl::Status StillMay(const Method& method, const grpc::ServerContextBase& context) const;

  // What Callers::TellWrongSecret() answers.
  absl::Status TellWrongSecret(const grpc::ServerContextBase& context, const char* what) const {
    return callers_.TellWrongSecret(context, what);
  }

  // Waits until it is told, for streams: they begin seldom. AUDIT_UNAVAILABLE.
  absl::Status AuditNow(const Method& method,
                        const access::Caller& caller,
                        const google::protobuf::Message& request) const;

  // Until when the audit log may take for a call.
  static std::chrono::steady_clock::time_point AuditDeadline();

  // Whether somebody still waits for this call's answer: CANCELLED or
  // DEADLINE_PASSED if not. Asked right before a write commits, so that what a
  // caller has given up on does not happen behind their back.
  absl::Status StillWanted(const grpc::CallbackServerContext& context) const;

  // Lets nobody in any more.
  void Close() { closed_ = true; }

  // Waits until everybody has left; false if somebody has not by then.
  bool AwaitEmpty(std::chrono::steady_clock::time_point until) const;

  int in_flight() const { return in_flight_; }
  const DoorOptions& options() const { return options_; }

 private:
  absl::Status CheckRevision(const grpc::ServerContextBase& context) const;

  const Callers& callers_;
  const DoorOptions options_;
  std::atomic<int> in_flight_ = 0;  // let in, and not yet gone
  std::atomic<int> working_ = 0;    // of these, not yet answered: what the limit is for
  std::atomic<bool> closed_ = false;
};

}  // namespace brobygger::rpc
