#include <cstdio>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/histories/world.h"
#include "tests/support/rounds.h"

namespace brobygger::histories {
namespace {

constexpr int kSteps = 40;
constexpr int kEnough = 300;

constexpr const char* kHappens[] = {
    "answers: the registry's",
    "answers: the source's",
    "answers: a value of one's own",
    "merges",
    "merges taken back",
    "records renamed",
    "refusals",
    "replays",
    "runs undone",
    "second rows",
    "texts cut",
    "texts refused",
};

using Happened = std::map<std::string, int>;

std::vector<std::string> PlayOne(std::uint64_t seed, Without without, Happened& happened) {
  World world(seed, without);
  auto wrong = world.Play(kSteps);
  for (const auto& [what, count] : world.happened()) happened[what] += count;
  return wrong;
}

// With the whole story, for whoever looks for the reason.
std::vector<std::string> PlayAgain(std::uint64_t seed) {
  World world(seed, Without::kNothing);
  const auto wrong = world.Play(kSteps);
  for (const std::string& what : world.story()) std::printf("%s\n", what.c_str());
  return wrong;
}

// BROBYGGER_HISTORY_SEED plays a single one again.
TEST_CASE("whatever people and faults do, the sync's invariants hold", "[histories]") {
  const int only = support::RoundsFrom("BROBYGGER_HISTORY_SEED", -1);
  const int count = only >= 0 ? 1 : support::RoundsFrom("BROBYGGER_HISTORIES", 2000);
  Happened happened;
  for (int i = 0; i < count; ++i) {
    const auto seed = static_cast<std::uint64_t>(only >= 0 ? only : i);
    const auto wrong = only >= 0 ? PlayAgain(seed) : PlayOne(seed, Without::kNothing, happened);
    INFO("seed " << seed << "; again with BROBYGGER_HISTORY_SEED=" << seed);
    for (const std::string& what : wrong) UNSCOPED_INFO(what);
    REQUIRE(wrong.empty());
  }
  if (count < kEnough) return;
  // What never happens is not tried.
  for (const char* const what : kHappens) {
    const std::string_view name = what;
    const bool rare =
        name.starts_with("merges") || name.starts_with("texts") || name == "second rows";
    if (rare && !PlaysAll()) continue;
    INFO(what);
    CHECK(happened[what] > count / 20);
    WARN(what << ": " << happened[what] << " times in " << count << " histories");
  }
}

// A test of the test: each ingredient that is taken away must be missed.
TEST_CASE("an engine without one of its ingredients is found out", "[histories]") {
  const std::pair<Without, const char*> ingredients[] = {
      {Without::kPreconditions, "preconditions"},
      {Without::kLookup, "looking doubtful writes up"},
      {Without::kIntents, "writing intents down"},
      {Without::kBases, "bases of single fields"},
      {Without::kOverruledLog, "the log of overruled values"},
      {Without::kGuard, "the guard"},
      {Without::kRegistryBase, "the registry's base"},
      {Without::kStored, "what the source stored as its base"},
      {Without::kAdoption, "adoption by our own id"},
      {Without::kConflictQueue, "the conflict queue"},
      {Without::kAnswers, "a person's answers"},
      {Without::kDeadLetters, "dead letters"},
      {Without::kRunLog, "the log of a run"},
      {Without::kMerges, "merges"},
      {Without::kOtherRows, "the other records of an association"}};
  Happened happened;
  for (const auto& [without, ingredient] : ingredients) {
    int found_after = 0;
    for (std::uint64_t seed = 0; seed < 300 && found_after == 0; ++seed) {
      const auto wrong = PlayOne(seed, without, happened);
      if (wrong.empty()) continue;
      found_after = static_cast<int>(seed) + 1;
      WARN("without " << ingredient << ": found by history " << found_after << ": " << wrong[0]);
    }
    INFO("without " << ingredient);
    CHECK(found_after > 0);
  }
}

}  // namespace
}  // namespace brobygger::histories
