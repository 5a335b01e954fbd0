#pragma once

#include <memory>
#include <string>

#include <absl/base/thread_annotations.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/util/type_resolver.h>

namespace brobygger::web {

// Turns messages from JSON into their wire form and back, by the canonical mapping
// (protobuf.dev/programming-guides/json), without making the messages: what a type looks like is
// worked out once. Thread-safe.
//
// Strict where the mapping leaves a choice: a field that the message does not have is refused, so
// that a misspelt one is not an empty one. Departures, which are protobuf 3.21's own: of a name
// that stands twice the last one counts; numbers and truth values may be written as texts, one
// value in the place of a list, a time or a field mask as its message; and null in a list or map is
// left out.
class Transcoder {
 public:
  Transcoder();
  ~Transcoder();
  Transcoder(const Transcoder&) = delete;
  Transcoder& operator=(const Transcoder&) = delete;

  // INVALID_ARGUMENT, in protobuf's words, if `json` is no such message: it must be one object, as
  // RFC 8259 has it.
  absl::StatusOr<std::string> ToWire(const std::string& type_url, const std::string& json) const;

  // INTERNAL if `wire` is no such message.
  absl::StatusOr<std::string> ToJson(const std::string& type_url, const std::string& wire) const;

 private:
  class KnownTypes;

  const std::unique_ptr<KnownTypes> types_;
};

}  // namespace brobygger::web
