#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace brobygger::calendars {

// No line that is let through is longer than this, unfolded.
inline constexpr std::size_t kMaxLineBytes = std::size_t{8} << 10;
// But for properties that hold many values on one line.
inline constexpr std::size_t kMaxListLineBytes = std::size_t{64} << 10;

// Unfolds calendar text line by line (RFC 5545, 3.1) with any line end: CR LF, LF or CR. Keeps a
// view of the text, and of a line no more than kMaxListLineBytes, however long it is.
class LineReader {
 public:
  explicit LineReader(std::string_view text) : text_(text) {}

  // Reads the next line that is not empty. False at the end.
  bool Next();

  // The line, without control signs. Valid until the next Next().
  std::string_view line() const { return line_; }
  // Whether the line was longer than that.
  bool cut() const { return cut_; }

 private:
  std::string_view TakePhysical();
  void Keep(std::string_view part);

  std::string_view text_;
  std::size_t at_ = 0;
  std::string line_;
  bool cut_ = false;
};

// One parameter of a property, its value without quotes.
struct Parameter {
  std::string name;  // In upper case.
  std::string_view value;
};

// `NAME;PARAMETER=VALUE:VALUE`. Views into the line it was made of.
struct ContentLine {
  std::string name;  // In upper case.
  std::vector<Parameter> parameters;
  std::string_view value;

  // The parameter's value, or "" if there is none.
  std::string_view Get(std::string_view parameter) const;
};

// The name alone, in upper case, of a line in any state; what to look at before anything else.
std::string NameOf(std::string_view line);

// Takes a line apart; nothing if it has no colon. A quote that is never closed counts as an
// ordinary sign. At most 32 parameters are told, the first ones.
std::optional<ContentLine> ParseContentLine(std::string_view line);

// A value of type TEXT without its escapes (RFC 5545, 3.3.11).
std::string Unescape(std::string_view text);

// ASCII only; other bytes stay as they are.
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
std::string_view TrimBlanks(std::string_view text);

}  // namespace brobygger::calendars
