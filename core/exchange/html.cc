#include "core/exchange/html.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

namespace brobygger::exchange {
namespace {

constexpr char kStyle[] =
    "@page{size:A4;margin:18mm}"
    "body{font:16px/1.5 system-ui,sans-serif;color:#1a1a1a;max-width:42rem;margin:2rem auto;"
    "padding:0 1rem}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0}"
    "h2{font-size:1.05rem;margin:1.4rem 0 .2rem}"
    "p{margin:.1rem 0}.under{color:#555}"
    ".figure{font-size:1.9rem;font-weight:600;line-height:1.2}"
    "ul{margin:.4rem 0 0;padding-left:1.2rem}li{break-inside:avoid}"
    "footer{margin-top:2rem;border-top:1px solid #999;padding-top:.5rem;font-size:.85rem;"
    "color:#555}"
    "section{break-inside:avoid}section.long{break-inside:auto}";

}  // namespace

std::string Escaped(std::string_view text) {
  return absl::StrReplaceAll(
      absl::string_view(text.data(), text.size()),
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string HtmlPage(const std::string& title,
                     const std::string& language,
                     const std::string& body) {
  const std::string code = language == "en" ? "en" : "da";
  return absl::StrCat(
      "<!doctype html>\n<html lang=\"", code, "\">\n<head>\n<meta charset=\"utf-8\">\n",
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
      Escaped(title), "</title>\n<style>", kStyle, "</style>\n</head>\n<body>\n", body,
      "</body>\n</html>\n");
}

}  // namespace brobygger::exchange
