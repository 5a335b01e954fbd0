#include "core/sync/merge.h"

#include <catch2/catch.hpp>

namespace brobygger::sync {
namespace {

constexpr char kPath[] = "official_name";

// One field of one record: what both said when they agreed, and what they say now.
struct Field {
  std::optional<std::string> told_before;
  std::string held_before;
  std::string told;
  std::string held;
};

MergeInput Input(const Field& field) {
  MergeInput input;
  input.told[kPath] = field.told;
  input.registry[kPath] = field.held;
  if (field.told_before) {
    input.agreed_told = ToldFields{{kPath, *field.told_before}};
    input.agreed_registry = ToldFields{{kPath, field.held_before}};
  }
  return input;
}

bool Pulls(const MergeResult& result) { return result.ChangesRegistry(); }

TEST_CASE("both unchanged: nothing happens") {
  const auto result = Merge(Input({"A", "A", "A", "A"}));
  CHECK(result.changes.empty());
  CHECK(result.stands_behind == std::vector<std::string>{kPath});
}

TEST_CASE("both say the same for the first time: nothing happens and the source stands behind it") {
  const auto result = Merge(Input({std::nullopt, "", "A", "A"}));
  CHECK(result.changes.empty());
  CHECK(result.stands_behind.size() == 1);
}

TEST_CASE("only the source changed: its value is taken") {
  CHECK(Pulls(Merge(Input({"A", "A", "B", "A"}))));
}

TEST_CASE("only the registry changed: its value stays and the source's is kept beside it") {
  const auto result = Merge(Input({"A", "A", "A", "B"}));
  CHECK(result.changes.empty());
  CHECK(result.other_values.at(kPath) == "A");
}

// A list of phones of which the source has a field for one.
MergeInput Phones(const Field& field) {
  MergeInput input;
  input.told["phones"] = field.told;
  input.registry["phones"] = field.held;
  input.writable = {"phones"};
  input.slots["phones"] = 1;
  if (field.told_before) {
    input.agreed_told = ToldFields{{"phones", *field.told_before}};
    input.agreed_registry = ToldFields{{"phones", field.held_before}};
  }
  return input;
}

TEST_CASE("an entry that the source has no field for stays when the source changes its own") {
  const std::string two = R"(["11111111","22222222"])";
  const auto pulled = Merge(Phones({R"(["11111111"])", two, R"(["33333333"])", two}));
  REQUIRE(pulled.changes.size() == 1);
  CHECK(pulled.changes[0].new_value() == R"(["33333333","22222222"])");
  CHECK_FALSE(pulled.changes[0].conflict());
  const auto emptied = Merge(Phones({R"(["11111111"])", two, "", two}));
  REQUIRE(emptied.changes.size() == 1);
  CHECK(emptied.changes[0].new_value() == R"(["22222222"])");
  CHECK(emptied.blanked == 1);  // a number is gone, for the guard
  // Its own became the second one: it stands there once.
  const auto moved = Merge(Phones({R"(["11111111"])", two, R"(["22222222"])", two}));
  REQUIRE(moved.changes.size() == 1);
  CHECK(moved.changes[0].new_value() == R"(["22222222"])");
}

TEST_CASE("an entry that the source has no field for is neither pushed nor asked about") {
  const std::string two = R"(["11111111","22222222"])";
  const std::string other = R"(["11111111","44444444"])";
  CHECK(Merge(Phones({std::nullopt, "", R"(["11111111"])", two})).changes.empty());
  const auto edited = Merge(Phones({R"(["11111111"])", two, R"(["11111111"])", other}));
  CHECK(edited.changes.empty());
  CHECK(edited.source_changes.empty());
  const std::string first = R"(["55555555","22222222"])";
  const auto pushed = Merge(Phones({R"(["11111111"])", two, R"(["11111111"])", first}));
  REQUIRE(pushed.source_changes.size() == 1);
  CHECK(pushed.source_changes[0].old_value() == two);
  CHECK(pushed.source_changes[0].new_value() == first);
  CHECK(Merge(Phones({R"(["11111111"])", two, R"(["33333333"])", first})).HasConflict());
}

TEST_CASE("a source with a field for each entry has said all of them") {
  auto input = Phones({R"(["11111111","22222222"])", R"(["11111111","22222222"])",
                       R"(["11111111"])", R"(["11111111","22222222"])"});
  input.slots["phones"] = 2;
  const auto result = Merge(input);
  REQUIRE(result.changes.size() == 1);
  CHECK(result.changes[0].new_value() == R"(["11111111"])");
}

TEST_CASE("both changed to the same: no conflict") {
  CHECK(Merge(Input({"A", "A", "B", "B"})).changes.empty());
}

TEST_CASE("both changed to different values: a person must choose, and nothing is written") {
  const auto result = Merge(Input({"A", "A", "B", "C"}));
  CHECK_FALSE(Pulls(result));
  REQUIRE(result.HasConflict());
  CHECK(result.changes[0].old_value() == "C");
  CHECK(result.changes[0].new_value() == "B");
  CHECK(result.other_values.at(kPath) == "B");
}

TEST_CASE("both changed and the source owns the field: its value is taken") {
  auto input = Input({"A", "A", "B", "C"});
  input.owned_here.insert(kPath);
  CHECK(Pulls(Merge(input)));
}

TEST_CASE("both changed and another source owns the field: the registry's value stays") {
  auto input = Input({"A", "A", "B", "C"});
  input.owned_elsewhere.insert(kPath);
  const auto result = Merge(input);
  CHECK(result.changes.empty());
  CHECK(result.other_values.at(kPath) == "B");
}

TEST_CASE("a source that stores something else than the registry is not a change for ever") {
  // Two bases: it cut the name when they agreed, and nothing has changed since.
  CHECK(Merge(Input({"FORENING", "Forening med langt navn", "FORENING", "Forening med langt navn"}))
            .changes.empty());
}

TEST_CASE("a source new to an association fills what is empty and does not overrule the rest") {
  CHECK(Pulls(Merge(Input({std::nullopt, "", "A", ""}))));
  const auto result = Merge(Input({std::nullopt, "", "B", "A"}));
  CHECK(result.changes.empty());
  CHECK(result.other_values.at(kPath) == "B");
}

TEST_CASE("a source new to an association decides what it owns") {
  auto input = Input({std::nullopt, "", "B", "A"});
  input.owned_here.insert(kPath);
  CHECK(Pulls(Merge(input)));
}

TEST_CASE("a source that was overruled before goes on beside another source's value") {
  const auto result = Merge(Input({"A", "X", "B", "X"}));
  CHECK(result.changes.empty());
  CHECK(result.other_values.at(kPath) == "B");
}

TEST_CASE("a source that was overruled by a person asks when it changes its mind") {
  auto input = Input({"A", "X", "B", "X"});
  input.person_behind.insert(kPath);
  CHECK(Merge(input).HasConflict());
}

TEST_CASE("told to be empty clears, and is counted as a blank") {
  const auto result = Merge(Input({"A", "A", "", "A"}));
  CHECK(Pulls(result));
  CHECK(result.blanked == 1);
}

TEST_CASE("what is not told clears nothing") {
  auto input = Input({"A", "A", "A", "A"});
  input.told.clear();
  CHECK(Merge(input).changes.empty());
}

TEST_CASE("a source that never had a value does not clear the registry's") {
  const auto result = Merge(Input({std::nullopt, "", "", "A"}));
  CHECK(result.changes.empty());
  CHECK(result.blanked == 0);
}

TEST_CASE("an open conflict stays one until a person decides") {
  // After the conflict both bases have moved on; only the open conflict remembers.
  auto input = Input({"B", "C", "D", "C"});
  input.open[kPath] = {};
  const auto result = Merge(input);
  CHECK_FALSE(Pulls(result));
  CHECK(result.HasConflict());
}

TEST_CASE("formatting noise is not a change") {
  CHECK(Merge(Input({"A  b", "A b", "A   b", "A b"})).changes.empty());
}

}  // namespace
}  // namespace brobygger::sync
