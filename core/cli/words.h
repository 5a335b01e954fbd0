// How values are shown to people and how people name them.
#pragma once

#include <string>

#include <absl/status/statusor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "brobygger/registry/v1/registry_service.pb.h"

namespace brobygger::cli {

// Local time: "2026-11-23 22:24", in Danish "23-11-2026 22:24"; "" if unset.
std::string ShowTime(const google::protobuf::Timestamp& time, const std::string& language);

// The text form of a field (core/model/fields.h) as people read it: an enum in
// words, a list with commas, a date as the language has it.
std::string ShowField(const std::string& path,
                      const std::string& text,
                      const std::string& language);

// The name of an enum's value without its prefix, in small letters with spaces:
// ("CONNECTION_FAMILY", 2) is "centres".
std::string ShowEnum(const std::string& value_name, const std::string& prefix);

// Short names that may be typed for a field path: "name", "cvr", "municipality".
std::string ToFieldPath(const std::string& typed);

// A revision ("4711"), a date (its first moment, UTC) or an instant
// ("2026-11-23T10:00:00Z"); "" is now.
absl::StatusOr<registry::v1::AsOf> ToAsOf(const std::string& typed);

// "90s", "10m", "6h" or "1d".
absl::StatusOr<google::protobuf::Duration> ToDuration(const std::string& typed);
std::string ShowDuration(const google::protobuf::Duration& duration);

// The whole text of a file; "-" is standard input.
absl::StatusOr<std::string> ReadText(const std::string& path);

}  // namespace brobygger::cli
