#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace brobygger::csv {

enum class Encoding { kUtf8, kWindows1252 };

// How the text is written: with a byte order mark, or valid as such, it is UTF-8;
// else Windows-1252, which is what Danish office programs write.
Encoding GuessEncoding(std::string_view text);

// `text` as UTF-8, or nothing if it holds a byte that the encoding does not have.
std::optional<std::string> ToUtf8(std::string_view text, Encoding encoding);

// The text without the mark that some programs put before UTF-8.
std::string_view WithoutMark(std::string_view text);
bool HasMark(std::string_view text);

}  // namespace brobygger::csv
