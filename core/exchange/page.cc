#include "core/exchange/page.h"

#include <string_view>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

namespace brobygger::exchange {
namespace {

constexpr std::size_t kWidth = 78;

// Columns of a line, counted as code points: a page is in Latin letters mostly.
std::size_t Columns(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1 : 0;
  return columns;
}

void AddWrapped(const std::string& text, std::string& out) {
  std::string line(1, ' ');
  for (const absl::string_view word : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (Columns(line) + 1 + Columns({word.data(), word.size()}) > kWidth && line.size() > 1) {
      absl::StrAppend(&out, line, "\n");
      line.assign(1, ' ');
    }
    absl::StrAppend(&line, " ", word);
  }
  absl::StrAppend(&out, line, "\n");
}

std::string Escaped(const std::string& text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

constexpr char kStyle[] =
    "@page{size:A4;margin:18mm}"
    "body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:42rem;margin:2rem auto;"
    "padding:0 1rem}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0}"
    "h2{font-size:1.05rem;margin:1.4rem 0 .2rem}"
    "p{margin:.1rem 0}.under{color:#555}"
    "footer{margin-top:2rem;border-top:1px solid #999;padding-top:.5rem;font-size:.85rem;"
    "color:#555}"
    "section{break-inside:avoid}";

}  // namespace

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
  const std::string code = language == "en" ? "en" : "da";
  // A name in Arabic letters runs from the right, whatever the page does: dir=auto.
  std::string out = absl::StrCat(
      "<!doctype html>\n<html lang=\"", code, "\">\n<head>\n<meta charset=\"utf-8\">\n",
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
      Escaped(page.title), "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n<main>\n",
      "<h1 dir=\"auto\">", Escaped(page.title), "</h1>\n");
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
  if (!page.foot.empty()) {
    absl::StrAppend(&out, "<footer>", Escaped(page.foot), "</footer>\n");
  }
  return absl::StrCat(out, "</body>\n</html>\n");
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
