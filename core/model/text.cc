#include "core/model/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

namespace brobygger::model {
namespace {

// Eight bytes at a time: every text of every record passes here more than once.
bool IsAscii(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  while (text.size() >= sizeof kHighBits) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    if ((word & kHighBits) != 0) return false;
    text.remove_prefix(sizeof word);
  }
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

// Gives each code point to `visit` with its bytes, until that says false.
template <typename Visit>
void ForEachCodePoint(std::string_view text, Visit visit) {
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t offset = 0;
  while (offset < length) {
    const std::int32_t start = offset;
    UChar32 code_point = 0;
    U8_NEXT(text.data(), offset, length, code_point);
    if (!visit(code_point, text.substr(start, offset - start))) return;
  }
}

std::string ToNormalFormC(std::string_view text) {
  if (IsAscii(text)) return std::string(text);
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  if (U_FAILURE(error) || nfc->isNormalizedUTF8(piece, error)) return std::string(text);

  std::string normal;
  icu::StringByteSink<std::string> sink(&normal);
  nfc->normalizeUTF8(0, piece, sink, nullptr, error);
  return U_SUCCESS(error) ? normal : std::string(text);
}

// Collects text with its white space put in order.
class Tidier {
 public:
  explicit Tidier(bool keep_line_breaks) : keep_line_breaks_(keep_line_breaks) {}

  bool Take(UChar32 code_point, std::string_view bytes) {
    if (code_point == '\n' || code_point == '\r' || code_point == 0x2028 || code_point == 0x2029) {
      // "\r\n" is one line break: its first half has no text after it.
      if (keep_line_breaks_ && !(code_point == '\n' && after_carriage_return_)) ++line_breaks_;
      space_ = true;
    } else if (u_isUWhiteSpace(code_point)) {
      space_ = true;
    } else {
      PutGap();
      tidy_.append(bytes);
    }
    after_carriage_return_ = code_point == '\r';
    return true;
  }

  std::string Finish() { return std::move(tidy_); }

 private:
  void PutGap() {
    if (!tidy_.empty() && line_breaks_ > 0) {
      tidy_.append(line_breaks_, '\n');
    } else if (!tidy_.empty() && space_) {
      tidy_ += ' ';
    }
    space_ = false;
    line_breaks_ = 0;
  }

  bool keep_line_breaks_;
  bool space_ = false;
  bool after_carriage_return_ = false;
  std::size_t line_breaks_ = 0;
  std::string tidy_;
};

// Whether the bytes at `at` are a letter or a sign from U+00C0 to U+02FF, among
// them the Danish ones. None of these is white space, and no text of such code
// points and ASCII has another normal form.
bool IsLatinAt(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead >= 0xC3 && lead <= 0xCB && at + 1 < text.size() && (text[at + 1] & 0xC0) == 0x80;
}

// Whether the text is plain Latin that Tidy() would leave as it is.
bool IsTidyLatin(std::string_view text) {
  bool after_space = true;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool space = c == ' ';
    if ((c & 0x80) != 0) {
      if (!IsLatinAt(text, at++)) return false;
    } else if (c < 0x20 || c == 0x7f || (space && after_space)) {
      return false;
    }
    after_space = space;
  }
  return text.empty() || !after_space;
}

std::string Tidy(std::string_view text, bool keep_line_breaks) {
  // Nearly all fields of nearly all records end here.
  if (IsTidyLatin(text)) return std::string(text);
  Tidier tidier(keep_line_breaks);
  const std::string normal = ToNormalFormC(text);
  ForEachCodePoint(normal, [&](UChar32 code_point, std::string_view bytes) {
    return tidier.Take(code_point, bytes);
  });
  return tidier.Finish();
}

}  // namespace

bool IsUtf8(std::string_view text) {
  bool valid = true;
  if (IsAscii(text)) return valid;
  ForEachCodePoint(text, [&](UChar32 code_point, std::string_view) {
    valid = code_point >= 0;
    return valid;
  });
  return valid;
}

std::string NormalText(std::string_view text) { return Tidy(text, true); }

std::string NormalLine(std::string_view text) { return Tidy(text, false); }

std::size_t CodePoints(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// Unicode's control characters are the same 65 for ever: up to U+001F, and from
// U+007F to U+009F, of which those past ASCII are C2 80 to C2 9F.
bool HasControlCharacter(std::string_view text, bool allow_line_break) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte == 0x7f || (byte < 0x20 && !(allow_line_break && byte == '\n'))) return true;
    const bool past_ascii = byte == 0xC2 && at + 1 < text.size();
    if (past_ascii && (text[at + 1] & 0xE0) == 0x80) return true;
  }
  return false;
}

std::optional<Digit> DigitAt(std::string_view text) {
  std::optional<Digit> digit;
  ForEachCodePoint(text, [&](UChar32 code_point, std::string_view bytes) {
    const std::int32_t value = code_point < 0 ? -1 : u_charDigitValue(code_point);
    if (value >= 0) digit = Digit{static_cast<int>(value), bytes.size()};
    return false;
  });
  return digit;
}

}  // namespace brobygger::model
