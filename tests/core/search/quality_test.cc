// Whether who looks for an association finds it: tests/fixtures/search/README.md.
#include <map>

#include "tests/core/search/library.h"
#include "tests/support/made_up.h"

namespace brobygger::search {

TEST_CASE("the right one is among the first five for 95 of 100 planted queries", "[search]") {
  constexpr int kAround = 20'000;
  const support::MadeUp made_up(BB_SEARCH_FIXTURES);
  SegmentBuilder builder;
  for (int i = 0; i < kAround; ++i) builder.Add(ToDocument(made_up.Association(i)));
  const auto planted = made_up.AllPlanted();
  REQUIRE(planted.size() == 200);
  for (const auto& each : planted) builder.Add(ToDocument(each.association));
  PartList parts(1'000'000);
  parts.Add(builder.Finish());
  const View view = ViewOf(parts);
  std::map<std::string, int> missed;
  int found = 0;
  for (const auto& each : planted) {
    const Query query = Parsed(each.query);
    const Ids first = IdsOf(Evaluate(view, {.query = query, .size = 5}));
    const bool right = std::find(first.begin(), first.end(), each.association.id()) != first.end();
    found += right ? 1 : 0;
    if (!right) ++missed[each.kind];
  }
  for (const auto& [kind, count] : missed) UNSCOPED_INFO(kind << ": " << count << " missed");
  CHECK(found >= 190);
}

}  // namespace brobygger::search
