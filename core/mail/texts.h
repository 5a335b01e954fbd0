// What mails say, in Danish and English: data/mail_texts.csv.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

namespace brobygger::mail {

// The file: "key|Danish|English" lines. Built into the program.
extern const std::string_view kMailTextsCsv;

// The text with this key in "da" or "en"; "" if there is none.
std::string Text(const std::string& key, const std::string& language);

// The text with its gaps filled, as fmt does. What fills them does not fit: the
// text as it is.
template <typename... Values>
std::string FillText(const std::string& key, const std::string& language, const Values&... values) {
  const std::string text = Text(key, language);
  try {
    return fmt::vformat(text, fmt::make_format_args(values...));
  } catch (const fmt::format_error&) {
    return text;
  }
}

}  // namespace brobygger::mail
