#pragma once

#include <string>
#include <string_view>

namespace brobygger::exchange {

// The id of a part that has none of its own: always the same for this record and this place in
// it, "phone/0" (UUID version 5, RFC 4122 section 4.3, within the record's id). `id` must be a
// UUID; anything else gives the ids of a record of that name.
std::string NestedId(const std::string& id, std::string_view place);

}  // namespace brobygger::exchange
