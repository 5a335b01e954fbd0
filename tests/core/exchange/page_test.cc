#include "core/exchange/page.h"

#include <catch2/catch.hpp>

namespace brobygger::exchange {

TEST_CASE("a page escapes what people wrote and leaves out what there is not", "[exchange]") {
  const Page page{.title = "Mad & musik", .parts = {{"", {"<script>"}}, {"Next", {"Monday"}}}};
  const std::string html = PageHtml(page, "en");
  CHECK(html.find("<h1 dir=\"auto\">Mad &amp; musik</h1>") != std::string::npos);
  CHECK(html.find("<script>") == std::string::npos);
  CHECK(html.find("&lt;script&gt;") != std::string::npos);
  CHECK(html.find("<h2 dir=\"auto\"></h2>") == std::string::npos);
  CHECK(html.find("<footer>") == std::string::npos);
  CHECK(PageText(page) == "Mad & musik\n\n  <script>\n\nNext\n  Monday\n");
}

TEST_CASE("a text falls into paragraphs at its empty lines", "[exchange]") {
  CHECK(Paragraphs("a\nb\n\n\n\n c \n") == std::vector<std::string>{"a b", "c"});
  CHECK(Paragraphs("").empty());
}

}  // namespace brobygger::exchange
