#pragma once

#include <string>
#include <string_view>

namespace brobygger::exchange {

// As it may stand in HTML, in text and in quoted attributes.
std::string Escaped(std::string_view text);

// A whole document for paper and screen, without scripts or anything from elsewhere, around a
// `body` that is HTML already. `title` is plain text, `language` "da" or "en".
std::string HtmlPage(const std::string& title,
                     const std::string& language,
                     const std::string& body);

}  // namespace brobygger::exchange
