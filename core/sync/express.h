#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "brobygger/plugin/v1/record.pb.h"
#include "brobygger/registry/v1/association.pb.h"

#include "core/sync/mapping.h"

namespace brobygger::sync {

// Says an association in a source's own words: the way back from Mapping::Tell().
// Pure; safe to share across threads.

// What one source field would hold, by the source's name for it.
using SourceValues = std::map<std::string, plugin::v1::Value>;

// What the registry says of `association` at one of its own paths (kHubStatus ...).
// `id` is the association that the source's record stands for: `association` itself,
// or one that was merged into it and has `association` as its successor.
std::string HubText(const registry::v1::Association& association,
                    const std::string& id,
                    const std::string& path);

// The paths that a record made at the source is given: all that are mapped to be
// written, also those that are only written once.
std::set<std::string> PathsOfNewRecord(const Mapping& mapping);

// The values of every source field that is mapped to one of `paths`, typed as `told`
// has them where it tells the field; `id` as above. Nothing if a value has no word at
// the source: the mapping's `values` do not list it.
std::optional<SourceValues> Express(const Mapping& mapping,
                                    const registry::v1::Association& association,
                                    const std::string& id,
                                    const std::set<std::string>& paths,
                                    const plugin::v1::Record& told);

}  // namespace brobygger::sync
