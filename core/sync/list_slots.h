// Lists that a source has only so many fields for; for this module's own files.
#pragma once

#include <cstddef>
#include <string>

#include "brobygger/registry/v1/association.pb.h"

namespace brobygger::sync {

// Lists are in their text form: JSON arrays. Text that is none has no entries. Pure.

// The first entries of a list, as many as the source has fields for: all that it can hold of it.
std::string FirstEntries(const std::string& list, std::size_t slots);

// The list after the source told other entries for those that it can hold: what it tells comes
// first, and what it has no field for stays behind it. A source that can hold all of it has said
// all of it.
std::string WithToldEntries(const std::string& list, std::size_t slots, const std::string& told);

// `source` emptied all that it can hold of the list at `path`, and `next` holds what is left of it.
// The source knows nothing of that: whoever else said all of it, if only in a longer list, stands
// behind it.
void StandBehindRest(const registry::v1::Association& before,
                     const registry::v1::Provenance& source,
                     const std::string& path,
                     registry::v1::Association& next);

}  // namespace brobygger::sync
