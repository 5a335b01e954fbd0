#pragma once

#include <absl/status/status.h>
#include <google/protobuf/field_mask.pb.h>

namespace brobygger::registry {

// That an `update_mask` (AIP-134) names something, and only what a person may write: each path must
// be one of `writable`'s. Error: FIELD_INVALID with the path.
absl::Status CheckUpdateMask(const google::protobuf::FieldMask& mask,
                             const google::protobuf::FieldMask& writable);

}  // namespace brobygger::registry
