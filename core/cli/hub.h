#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <absl/functional/function_ref.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <google/protobuf/message.h>

#include "core/cli/interrupts.h"

namespace brobygger::cli {

// How long a call may take. Zero is for ever.
using Patience = std::chrono::milliseconds;

// The hub at the other end of a socket. A request's type says which method is
// meant, since no two methods share one (buf lint holds that). Ctrl-C cancels the
// call. For one thread.
class Hub {
 public:
  // `address` as gRPC takes it, "unix:/run/brobygger/hub.sock", or "https://hub.example:443" for a
  // proxy that speaks TLS; GRPC_DEFAULT_SSL_ROOTS_FILE_PATH names other authorities than the
  // machine's.
  // `identity` is shown to a proxy that asks for a client certificate.
  struct Identity {
    std::string certificate;  // PEM; empty: none
    std::string key;
  };
  explicit Hub(std::string address, const Identity& identity = {});
  ~Hub();

  const std::string& address() const { return address_; }

  static bool IsEncrypted(const std::string& address);
  // Whether nobody on the way can read along.
  static bool KeepsSecrets(const std::string& address);

  // What every call from now on shows of whoever makes it.
  struct Credentials {
    std::string token;    // an access token or an API key; empty: none
    std::string purpose;  // what is read for; empty: it is not said
  };
  void Present(Credentials credentials) { credentials_ = std::move(credentials); }

  // For other waits that Ctrl-C is to end.
  Interrupts& interrupts() { return interrupts_; }

  template <typename Response>
  absl::StatusOr<Response> Call(const google::protobuf::Message& request, Patience patience) {
    Response response;
    absl::Status status = Run(request, response, patience, [] { return true; });
    if (!status.ok()) return status;
    return response;
  }

  // Tells `each` every message of a stream; ends early if that returns false.
  template <typename Response>
  absl::Status Stream(const google::protobuf::Message& request,
                      Patience patience,
                      const std::function<bool(const Response&)>& each) {
    Response response;
    return Run(request, response, patience, [&] { return each(response); });
  }

 private:
  absl::Status Run(const google::protobuf::Message& request,
                   google::protobuf::Message& response,
                   Patience patience,
                   absl::FunctionRef<bool()> each);

  std::string address_;
  Credentials credentials_;
  Interrupts interrupts_;
  struct Channel;
  std::unique_ptr<Channel> channel_;
};

}  // namespace brobygger::cli
