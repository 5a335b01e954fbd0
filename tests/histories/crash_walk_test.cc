// The hub is killed at every write of a run of everything, and comes to the same end.
#include <algorithm>
#include <cstdio>
#include <iterator>

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include "tests/histories/golden.h"
#include "tests/support/rounds.h"

namespace brobygger::histories {
namespace {

using Lines = std::vector<std::string>;

bool Has(const Lines& lines, const std::string& what) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(what) != std::string::npos; });
}

Lines OnlyIn(const Lines& lines, const Lines& others, const std::string& said) {
  Lines only;
  std::set_difference(lines.begin(), lines.end(), others.begin(), others.end(),
                      std::back_inserter(only));
  for (std::string& line : only) line = said + line;
  return only;
}

// What is otherwise after a death than without one; empty if nothing is.
Lines Differences(const Lines& whole, Death death, Without without) {
  Golden killed(death, without);
  const Lines end = killed.Play();
  Lines differences = killed.wrong();
  for (const auto& some : {OnlyIn(whole, end, "missing: "), OnlyIn(end, whole, "not expected: ")}) {
    differences.insert(differences.end(), some.begin(), some.end());
  }
  if (differences.empty()) return differences;
  differences.insert(differences.begin(),
                     fmt::format("killed {} write {}, in '{}'", death.durable ? "after" : "before",
                                 death.after_writes + 1, killed.died_in()));
  return differences;
}

// The first death after which something is otherwise.
Lines FirstDifferences(Without without, int& deaths) {
  Golden living({}, without);
  const Lines whole = living.Play();
  for (int write = 0; write < living.writes(); ++write) {
    for (const bool durable : {false, true}) {
      ++deaths;
      Lines differences = Differences(whole, {write, durable}, without);
      if (!differences.empty()) return differences;
    }
  }
  return {};
}

TEST_CASE("the golden run has something of everything", "[crash_walk]") {
  Golden golden({});
  const Lines end = golden.Play();
  for (const std::string& wrong : golden.wrong()) UNSCOPED_INFO(wrong);
  for (const std::string& line : end) UNSCOPED_INFO(line);
  CHECK(golden.wrong().empty());
  CHECK(golden.writes() > 100);
  CHECK(Has(end, "conflict"));
  CHECK(Has(end, "overruled websites"));
  CHECK(Has(end, "overruled phones"));
  CHECK(Has(end, "dead letter fake.too_long"));
  CHECK(Has(end, "deleted"));
  CHECK(Has(end, "status=DELETED"));
  CHECK(Has(end, " is 2"));  // the link of a record that is gone
  CHECK(Has(end, "0 of kind 48 wait"));
}

// BROBYGGER_KILL_AFTER plays a single death: so many writes are done before it.
TEST_CASE("a hub that is killed at any write comes to the same end", "[crash_walk]") {
  Golden golden({});
  const Lines whole = golden.Play();
  const int only = support::RoundsFrom("BROBYGGER_KILL_AFTER", -1);
  const int last = only >= 0 ? only : golden.writes() - 1;
  for (int write = std::max(only, 0); write <= last; ++write) {
    for (const bool durable : {false, true}) {
      const Lines differences = Differences(whole, {write, durable}, Without::kNothing);
      for (const std::string& difference : differences) UNSCOPED_INFO(difference);
      CHECK(differences.empty());
    }
  }
}

// A test of the test.
TEST_CASE("a death is noticed where an ingredient is missing", "[crash_walk]") {
  const std::pair<Without, const char*> ingredients[] = {
      {Without::kIntents, "writing intents down"},
      {Without::kLookup, "looking doubtful writes up"}};
  for (const auto& [without, ingredient] : ingredients) {
    int deaths = 0;
    const Lines found = FirstDifferences(without, deaths);
    INFO("without " << ingredient);
    CHECK_FALSE(found.empty());
    WARN("without " << ingredient << ": found by death " << deaths);
  }
}

}  // namespace
}  // namespace brobygger::histories
