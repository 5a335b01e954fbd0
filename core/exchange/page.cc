#include "core/exchange/page.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "core/exchange/html.h"
#include "core/exchange/texts.h"

namespace brobygger::exchange {

std::string PageText(const Page& page) {
  std::string out = absl::StrCat(page.title, "\n");
  if (!page.subtitle.empty()) absl::StrAppend(&out, page.subtitle, "\n");
  for (const PagePart& part : page.parts) {
    absl::StrAppend(&out, "\n");
    if (!part.heading.empty()) absl::StrAppend(&out, part.heading, "\n");
    for (const std::string& line : part.lines) AddWrapped(line, out);
  }
  if (!page.foot.empty()) absl::StrAppend(&out, "\n", page.foot, "\n");
  return out;
}

std::string PageHtml(const Page& page, const std::string& language) {
  // A name in Arabic letters runs from the right, whatever the page does: dir=auto.
  std::string out = absl::StrCat("<main>\n<h1 dir=\"auto\">", Escaped(page.title), "</h1>\n");
  if (!page.subtitle.empty()) {
    absl::StrAppend(&out, "<p class=\"under\">", Escaped(page.subtitle), "</p>\n");
  }
  for (const PagePart& part : page.parts) {
    absl::StrAppend(&out, "<section>\n");
    if (!part.heading.empty()) {
      absl::StrAppend(&out, "<h2 dir=\"auto\">", Escaped(part.heading), "</h2>\n");
    }
    for (const std::string& line : part.lines) {
      absl::StrAppend(&out, "<p dir=\"auto\">", Escaped(line), "</p>\n");
    }
    absl::StrAppend(&out, "</section>\n");
  }
  absl::StrAppend(&out, "</main>\n");
  if (!page.foot.empty()) absl::StrAppend(&out, "<footer>", Escaped(page.foot), "</footer>\n");
  return HtmlPage(page.title, language, out);
}

std::vector<std::string> Paragraphs(const std::string& text) {
  std::vector<std::string> paragraphs;
  for (const absl::string_view part : absl::StrSplit(text, "\n\n")) {
    std::string paragraph(absl::StripAsciiWhitespace(part));
    if (!paragraph.empty()) {
      paragraphs.push_back(absl::StrReplaceAll(paragraph, {{"\n", " "}}));
    }
  }
  return paragraphs;
}

}  // namespace brobygger::exchange
