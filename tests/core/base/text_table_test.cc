#include "core/base/text_table.h"

#include <catch2/catch.hpp>

namespace brobygger::base {

TEST_CASE("texts are found by key and language, and what is no text is left out") {
  const TextTable table("hello|Goddag|Good day\nbroken\nempty||\n\ntail|hale |tail ");
  CHECK(table.Get("hello", "da") == "Goddag");
  CHECK(table.Get("hello", "en") == "Good day");
  CHECK(table.Get("hello", "tr") == "Good day");
  CHECK(table.Get("tail", "da") == "hale ");
  CHECK(table.Get("empty", "da").empty());
  CHECK(table.Get("broken", "da").empty());
  CHECK(table.Get("none", "da").empty());
}

}  // namespace brobygger::base
