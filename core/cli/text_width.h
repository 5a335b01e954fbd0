// How text looks on a terminal: its width is not its number of bytes, and data
// from elsewhere must not steer the terminal.
#pragma once

#include <string>

namespace brobygger::cli {

// Columns the text takes: accents none, CJK and emoji two. UTF-8.
int DisplayWidth(const std::string& text);

// The longest start of `text` that fits in `width` columns, with a last "…" if
// something was left out. Never cuts inside a character.
std::string CutToWidth(const std::string& text, int width);

// The text on one line, with control characters, line breaks and signs that turn
// the writing direction as spaces or nothing, and bad UTF-8 as U+FFFD.
std::string OneCleanLine(const std::string& text);

}  // namespace brobygger::cli
