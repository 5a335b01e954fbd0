#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace brobygger::scope {

// Single fields of a record's stored bytes, without parsing the rest: some tenths of a
// microsecond, where parsing an association takes several. Bytes that are no message have no
// fields. The views live as long as the bytes.

// All values of a string or message field, in their order.
std::vector<std::string_view> TextsIn(std::string_view message, int field);

// The last value of it, which is the one that counts; "" if there is none.
std::string_view TextIn(std::string_view message, int field);

// The part of a key after so many slashes, up to the next.
std::string_view PartOf(std::string_view key, int number);

// An enum, or a number that is not negative; 0 if there is none.
std::uint64_t NumberIn(std::string_view message, int field);

// A bool field.
bool FlagIn(std::string_view message, int field);

}  // namespace brobygger::scope
