#include "core/sync/keys.h"

#include <cstdint>

#include <fmt/format.h>

namespace brobygger::sync {

std::string ExternalIdOf(const StreamKey& stream, const std::string& key) {
  return key.substr(stream.prefix().size());
}

std::string RunKey(const std::string& connection_id,
                   base::Instant start,
                   const std::string& run_id) {
  return fmt::format("{}/{:016x}/{}", connection_id, start.time_since_epoch().count(), run_id);
}

std::string PlanPartKey(const std::string& plan_id, std::uint32_t part) {
  return fmt::format("{}/{:08x}", plan_id, part);
}

}  // namespace brobygger::sync
