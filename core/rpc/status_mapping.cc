#include "core/rpc/status_mapping.h"

#include <string>

#include <absl/strings/cord.h>
#include <absl/strings/match.h>

#include "google/rpc/status.pb.h"

#include "core/base/error.h"
#include "core/base/log.h"

namespace brobygger::rpc {

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  // A caller who hung up does not read the answer, and it is nobody's mistake.
  if (absl::IsCancelled(status)) return {grpc::StatusCode::CANCELLED, "the caller cancelled"};
  if (base::ReasonOf(status) == errors::v1::ERROR_REASON_UNSPECIFIED) {
    base::LogError("unmapped_error", {{"code", static_cast<int>(status.code())},
                                      {"text", base::LogValue::Vetted(status.ToString())}});
    return {grpc::StatusCode::INTERNAL, "internal error; the hub's log says more"};
  }

  google::rpc::Status details;
  details.set_code(static_cast<int>(status.code()));
  details.set_message(std::string(status.message()));
  status.ForEachPayload([&](absl::string_view type_url, const absl::Cord& payload) {
    auto* any = details.add_details();
    any->set_type_url(std::string(type_url));
    any->set_value(std::string(payload));
    // The reason comes first, for those who look no further; Abseil keeps no order.
    if (absl::EndsWith(type_url, "/google.rpc.ErrorInfo")) {
      details.mutable_details()->SwapElements(0, details.details_size() - 1);
    }
  });
  return {static_cast<grpc::StatusCode>(status.code()), details.message(),
          details.SerializeAsString()};
}

}  // namespace brobygger::rpc
