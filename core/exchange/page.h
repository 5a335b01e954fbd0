#pragma once

#include <string>
#include <vector>

namespace brobygger::exchange {

// A page for people to read or print. Where there is no heading, subtitle or foot, "".
struct PagePart {
  std::string heading;
  std::vector<std::string> lines;
};
struct Page {
  std::string title;
  std::string subtitle = {};
  std::vector<PagePart> parts;
  std::string foot = {};
};

// For a terminal or a letter: lines of at most 78 columns.
std::string PageText(const Page& page);

// A whole HTML document in "da" or "en", without scripts or anything from elsewhere.
std::string PageHtml(const Page& page, const std::string& language);

// The paragraphs of a text that a person wrote, with empty lines between.
std::vector<std::string> Paragraphs(const std::string& text);

}  // namespace brobygger::exchange
