#include "core/cli/table.h"

#include <catch2/catch.hpp>

namespace brobygger::cli {
namespace {

Table Two() {
  Table table({{"name", "NAME", true}, {"cvr", "CVR", false}});
  table.Add({{"Kvinder på Tværs", "[FT]"}, {"99100222", ""}});
  table.Add({{"KUF", "[T≠F]"}, {"99100109", ""}});
  return table;
}

TEST_CASE("columns line up under their headers and marks have a column of their own") {
  CHECK(Two().Render({}) ==
        "NAME                    CVR\n"
        "Kvinder på Tværs [FT]   99100222\n"
        "KUF              [T≠F]  99100109\n");
}

TEST_CASE("a narrow terminal cuts the widest column first") {
  CHECK(Two().Render({.width = 30}) ==
        "NAME                  CVR\n"
        "Kvinder på Tv… [FT]   99100222\n"
        "KUF            [T≠F]  99100109\n");
}

TEST_CASE("a very narrow terminal loses the last columns rather than all sense") {
  CHECK(Two().Render({.width = 18}) ==
        "NAME\n"
        "Kvinder p… [FT]\n"
        "KUF        [T≠F]\n");
}

TEST_CASE("only the header is coloured, and only where colours are wanted") {
  CHECK(Two().Render({.colors = true}).starts_with("\033[1mNAME"));
  CHECK(Two().Render({}).find('\033') == std::string::npos);
}

}  // namespace
}  // namespace brobygger::cli
