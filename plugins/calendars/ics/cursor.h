#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace brobygger::ics {

inline constexpr std::uint32_t kCursorVersion = 1;

// Where a read of a feed stands. It is good for as long as the same text is told in the same way:
// `form` differs with the configuration, the key, and the day, which moves the window.
struct Cursor {
  std::string form;
  std::string text;                 // Digest.
  std::optional<std::size_t> sent;  // Objects that were told; nothing: all.
  std::string etag;

  std::string Serialize() const;
  // An empty cursor, which is good for nothing, if `bytes` are not one of ours.
  static Cursor Parse(const std::string& bytes);
};

}  // namespace brobygger::ics
