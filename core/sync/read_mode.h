#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "brobygger/plugin/v1/plugin_service.pb.h"
#include "brobygger/sync/v1/claim.pb.h"

#include "core/base/clock.h"

namespace brobygger::sync {

// What a read wants of its stream.
struct WantedRead {
  std::string connection_id;
  std::string stream;
  // Ask for what changed since the last read where the source can tell, and for the whole
  // list only once a week: lists of changes lose some (connectors do not hear of it).
  bool prefers_changes = false;
};

// How to read the stream, as far as its source can. CONNECTION_INVALID if there is none.
absl::StatusOr<plugin::v1::ReadRequest::Mode> ChooseMode(
    const plugin::v1::DiscoverResponse& discovered,
    const WantedRead& wanted,
    const v1::StreamState& state,
    base::Instant now);

}  // namespace brobygger::sync
