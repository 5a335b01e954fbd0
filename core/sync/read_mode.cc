#include "core/sync/read_mode.h"

#include <chrono>

#include "core/base/error.h"

namespace brobygger::sync {
namespace {

using plugin::v1::ReadRequest;

constexpr std::chrono::hours kListedAtLeastEvery(7 * 24);

// Whether what is known is complete, and young enough to build upon.
bool CanBuildOn(const v1::StreamState& state, base::Instant now) {
  return state.complete() && !state.cursor().empty() && state.has_list_time() &&
         now - base::ToInstant(state.list_time()) < kListedAtLeastEvery;
}

}  // namespace

absl::StatusOr<ReadRequest::Mode> ChooseMode(const plugin::v1::DiscoverResponse& discovered,
                                             const WantedRead& wanted,
                                             const v1::StreamState& state,
                                             base::Instant now) {
  for (const auto& stream : discovered.streams()) {
    if (stream.name() != wanted.stream) continue;
    const auto& abilities = stream.abilities();
    if (!abilities.snapshot()) return ReadRequest::MODE_DELTA;
    const bool changes = wanted.prefers_changes && abilities.delta() && CanBuildOn(state, now);
    return changes ? ReadRequest::MODE_DELTA : ReadRequest::MODE_SNAPSHOT;
  }
  return base::MakeError(
      errors::v1::ERROR_REASON_CONNECTION_INVALID,
      "the plugin has no stream '" + wanted.stream + "'; correct `stream` in the connection",
      {{"connection_id", wanted.connection_id}, {"field", "stream"}});
}

}  // namespace brobygger::sync
