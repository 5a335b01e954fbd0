#pragma once

#include <cstddef>
#include <string>

#include <absl/status/status.h>
#include <google/protobuf/message.h>
#include <grpcpp/support/byte_buffer.h>

#include "core/storage/store.h"

namespace brobygger::rpc {

// Reads a request from what came over the wire. We parse ourselves because gRPC
// answers a bare INTERNAL to a message it cannot parse, and takes any number of
// unknown fields. REQUEST_TOO_LARGE, FIELD_INVALID (not this message, or text
// that is not UTF-8), UNKNOWN_FIELDS (at any depth).
absl::Status ParseRequest(const grpc::ByteBuffer& bytes,
                          std::size_t limit_bytes,
                          google::protobuf::Message* request);

// The message as it goes over the wire.
grpc::ByteBuffer ToBytes(const google::protobuf::Message& message);
grpc::ByteBuffer ToBytes(std::string serialized);

// A message whose only field is number 1 and holds `record`, without copying
// the record: the buffer shares it.
grpc::ByteBuffer WrapAsField1(const storage::Bytes& record);

// The same bytes for the same message, also with maps in it.
std::string StableBytes(const google::protobuf::Message& message);

}  // namespace brobygger::rpc
