#pragma once

#include <cstdint>
#include <string>

#include "brobygger/sdk/connector.h"

namespace brobygger::csv {

inline constexpr std::uint32_t kCursorVersion = 1;
inline constexpr std::size_t kFormSigns = 16;

// How far a file was read: "<digest>" to its end, "<digest>:<rows>" so far, and
// "<digest>;<form>;<etag>" to the end of one that was fetched, which is asked for anew by its ETag
// if it would be told in the same form.
struct Cursor {
  std::string digest = {};
  std::size_t rows = 0;
  std::string form = {};
  std::string etag = {};

  std::string Text() const;
};

// The request's cursor, if it is one of ours. Another version's may look alike and mean something
// else; without a cursor the file is read from its beginning.
Cursor CursorOf(const sdk::ReadRequest& request);

}  // namespace brobygger::csv
