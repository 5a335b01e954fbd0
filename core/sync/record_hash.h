#pragma once

#include <cstdint>

#include "brobygger/plugin/v1/record.pb.h"

namespace brobygger::sync {

// 64 bits of SHA-256 over what the record says: its fields, our id if it keeps one, and
// whether it is deleted. Etag, times and names of editors are left out, since a source that
// only touches those has told nothing new. Stable over versions: it is stored.
std::uint64_t RecordHash(const plugin::v1::Record& record);

}  // namespace brobygger::sync
