#pragma once

#include <string>

#include <google/protobuf/any.pb.h>
#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"

namespace brobygger::support {

// The reason in the one ErrorInfo that an error carries; "" if there is not
// exactly one.
inline std::string ReasonOf(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details()) || details.details().empty() ||
      !details.details(0).UnpackTo(&info)) {
    return "";
  }
  return info.reason();
}

}  // namespace brobygger::support
