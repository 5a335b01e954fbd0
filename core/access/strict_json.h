#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace brobygger::access {

// What is wrong with a text that should be JSON.
enum class JsonFault {
  kNone,
  // Not JSON (RFC 8259), not UTF-8, begins with a byte order mark, goes on after the
  // value, has a number no double holds, or a NUL anywhere, written out or as \u0000.
  kNotJson,
  kTooDeep,
  // Two members of one object have the same name, however each is spelled. RFC 7519
  // section 4 leaves it open which of them counts, so that two readers may differ.
  kDuplicateName,
};

// `value` is what was read if there is no fault.
// NOLINTNEXTLINE(bugprone-exception-escape): to move a value of nlohmann's does not throw.
struct StrictJson {
  nlohmann::json value;
  JsonFault fault = JsonFault::kNone;
};

// Reads `text` as one JSON value of at most `most_depth` objects and arrays within each
// other; stops at the first fault, so that a text can cost no more than its length. Does
// not throw. Pure; thread-safe.
StrictJson ParseStrictJson(std::string_view text, std::size_t most_depth);

}  // namespace brobygger::access
