#include "core/advice/advice_file.h"

#include <map>

#include <catch2/catch.hpp>

namespace brobygger::advice {
namespace {

std::string Refused(const std::string& file) {
  const auto parsed = ParseAdvice(file);
  CHECK(parsed.status().code() == absl::StatusCode::kFailedPrecondition);
  return std::string(parsed.status().message());
}

constexpr char kGood[] = "a|do|municipality|first-contact|Spørg|Ask\n";

}  // namespace

TEST_CASE("there are five to do and five to avoid for each side, and four to be aware of",
          "[advice]") {
  std::map<std::pair<int, int>, int> counts;
  for (const auto& each : ShippedAdvice()) ++counts[{each.side(), each.kind()}];
  using Counts = std::map<std::pair<int, int>, int>;
  CHECK(counts == Counts{{{v1::COLLABORATION_SIDE_MUNICIPALITY, v1::ADVICE_KIND_DO}, 5},
                         {{v1::COLLABORATION_SIDE_MUNICIPALITY, v1::ADVICE_KIND_AVOID}, 5},
                         {{v1::COLLABORATION_SIDE_MUNICIPALITY, v1::ADVICE_KIND_AWARE}, 4},
                         {{v1::COLLABORATION_SIDE_ASSOCIATION, v1::ADVICE_KIND_DO}, 5},
                         {{v1::COLLABORATION_SIDE_ASSOCIATION, v1::ADVICE_KIND_AVOID}, 5}});
}

TEST_CASE("every moment has advice", "[advice]") {
  for (int trigger = 1; trigger <= v1::AdviceTrigger_MAX; ++trigger) {
    CAPTURE(v1::AdviceTrigger_Name(static_cast<v1::AdviceTrigger>(trigger)));
    bool any = false;
    for (const auto& each : ShippedAdvice()) {
      for (const int other : each.triggers()) any = any || other == trigger;
    }
    CHECK(any);
  }
}

TEST_CASE("a file with a mistake is refused by its line", "[advice]") {
  CHECK(ParseAdvice(kGood).ok());
  const std::string good = kGood;
  CHECK(Refused(good + "b|do|municipality\n") ==
        "line 2: is not id|kind|side|triggers|Danish|English");
  CHECK(Refused(good + "b|must|municipality|jargon|Ja|Yes\n") ==
        "line 2: the kind is none of do, avoid and aware");
  CHECK(Refused(good + "b|do|other|jargon|Ja|Yes\n") ==
        "line 2: the side is neither municipality nor association");
  CHECK(Refused(good + "b|do|municipality|jargon,never|Ja|Yes\n") ==
        "line 2: 'never' is no trigger");
  CHECK(Refused(good + "b|do|municipality|jargon||Yes\n") == "line 2: a part is empty");
  CHECK(Refused(good + good) == "line 2: the id is there already");
}

}  // namespace brobygger::advice
