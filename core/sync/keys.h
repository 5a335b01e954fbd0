#pragma once

#include <cstddef>
#include <string>

#include "core/base/clock.h"

namespace brobygger::sync {

// One stream of one connection: the scope of claims, links, cursors and plans.
struct StreamKey {
  std::string connection_id;
  std::string stream;

  // "connection/stream/": what all keys of the stream start with.
  std::string prefix() const { return connection_id + "/" + stream + "/"; }
  std::string For(const std::string& external_id) const { return prefix() + external_id; }
};

// The external id within a key that StreamKey::For() made.
std::string ExternalIdOf(const StreamKey& stream, const std::string& key);

// Longer ones are refused.
inline constexpr std::size_t kMaxExternalIdBytes = 200;

// Sorts by start time within a connection.
std::string RunKey(const std::string& connection_id,
                   base::Instant start,
                   const std::string& run_id);

// Sorts by number within a plan.
std::string PlanPartKey(const std::string& plan_id, std::uint32_t part);

}  // namespace brobygger::sync
