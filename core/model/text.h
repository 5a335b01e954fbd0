#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace brobygger::model {

// Whether the bytes are well-formed UTF-8.
bool IsUtf8(std::string_view text);

// The text in Unicode's normal form C, without white space at its ends and with
// each line break as "\n". Runs of other white space inside a line become one
// space. `text` must be UTF-8.
std::string NormalText(std::string_view text);

// The same on one line: a line break counts as a space.
std::string NormalLine(std::string_view text);

// How many code points the UTF-8 text has.
std::size_t CodePoints(std::string_view text);

// Whether the text holds a control character; "\n" is one only if it is not to
// be allowed.
bool HasControlCharacter(std::string_view text, bool allow_line_break);

// The value of the decimal digit that `text` starts with, in any script, and how
// many bytes it takes.
struct Digit {
  int value;
  std::size_t size;
};
std::optional<Digit> DigitAt(std::string_view text);

}  // namespace brobygger::model
