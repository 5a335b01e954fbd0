#include "core/cli/command.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "core/cli/session.h"

namespace brobygger::cli {
namespace {

using Words = std::vector<std::string>;

// What the parsed command line of the tests ends up as.
struct Typed {
  std::string output;
  std::string id;
  std::string state;
  Words topics;
  Words set;
  std::uint64_t size = 0;
  bool all = false;
};

struct Example {
  Typed typed;
  CommandLine line{"brobygger", "For tests."};

  Example() {
    line.root().Option("-o,--output", typed.output,
                       {.summary = "Form", .words = {"table", "json"}});
    Command association = line.root().Add("association", "Associations");
    association.Alias("assoc");
    association.Add("list", "List")
        .Number("--page-size", typed.size, "Size")
        .Flag("--all", typed.all, "All")
        .Does([](Session&) -> Outcome { return 11; });
    association.Add("update", "Change")
        .Argument("ID", typed.id, {.summary = "Which", .completes = Completes::kAssociation})
        .Options("--set", typed.set, {.summary = "Field"})
        .Does([](Session&) -> Outcome { return 12; });
    association.Add("attend", "Tell who came")
        .Argument("ID", typed.id, {.summary = "Which"})
        .Argument("STATE", typed.state, {.summary = "How", .words = {"attended", "absent"}})
        .Words("TOPIC", typed.topics, {.summary = "What", .words = {"money", "premises"}})
        .Does([](Session&) -> Outcome { return 13; });
  }

  int Run(const Words& words) {
    const auto action = line.Parse(words);
    if (!action.ok()) return -1;
    Session session({});
    return (*action)(session).value_or(-2);
  }
};

bool Offers(const Completion& completion, const std::string& word) {
  return std::find(completion.words.begin(), completion.words.end(), word) !=
         completion.words.end();
}

TEST_CASE("a command runs with what was typed, aliases and late global options too") {
  Example example;
  CHECK(example.Run({"assoc", "list", "--all", "--page-size", "7", "-o", "json"}) == 11);
  CHECK(example.typed.all);
  CHECK(example.typed.size == 7);
  CHECK(example.typed.output == "json");
}

TEST_CASE("an option that repeats takes one value each time and leaves arguments alone") {
  Example example;
  CHECK(example.Run({"association", "update", "--set", "a=1", "--set", "b=2", "X"}) == 12);
  CHECK(example.typed.set == Words{"a=1", "b=2"});
  CHECK(example.typed.id == "X");
}

TEST_CASE("a word that stands by itself is one of those there are") {
  Example example;
  CHECK(example.Run({"association", "attend", "X", "absent", "money", "premises"}) == 13);
  CHECK(example.typed.state == "absent");
  CHECK(example.typed.topics == Words{"money", "premises"});
  const auto action = example.line.Parse({"association", "attend", "X", "attendet"});
  CHECK(std::string(action.status().message())
            .starts_with("STATE: 'attendet' cannot stand here. There is: attended, absent."));
}

TEST_CASE("a wrong command line says how to get help") {
  for (const Words& words :
       {Words{"association", "update"}, Words{"association", "list", "--nope"},
        Words{"association"}, Words{}, Words{"nonsense"}, Words{"association", "list", "-o", "xml"},
        Words{"association", "list", "--page-size", "many"},
        Words{"association", "attend", "X", "attendet"},
        Words{"association", "attend", "X", "absent", "money", "premisses"}}) {
    Example example;
    const auto action = example.line.Parse(words);
    CAPTURE(words);
    REQUIRE(absl::IsInvalidArgument(action.status()));
    CHECK(std::string(action.status().message()).find("--help") != std::string::npos);
  }
}

TEST_CASE("completion offers subcommands, and options with those of the parents") {
  Example example;
  CHECK(Offers(example.line.Complete({"ass"}), "association"));
  CHECK(example.line.Complete({"association", ""}).words == Words{"list", "update", "attend"});
  const auto options = example.line.Complete({"association", "list", "--"});
  CHECK(Offers(options, "--page-size"));
  CHECK(Offers(options, "--output"));
  CHECK_FALSE(Offers(options, "--set"));
}

TEST_CASE("completion knows whose value is being typed") {
  Example example;
  CHECK(example.line.Complete({"assoc", "list", "-o", "t"}).words == Words{"table"});
  CHECK(example.line.Complete({"assoc", "update", ""}).ask == Completes::kAssociation);
  CHECK(example.line.Complete({"assoc", "update", "--set", ""}).ask == Completes::kNothing);
  CHECK(example.line.Complete({"assoc", "update", "--set", "a=1", ""}).ask ==
        Completes::kAssociation);
  CHECK(example.line.Complete({"assoc", "update", "X", ""}).ask == Completes::kNothing);
}

}  // namespace
}  // namespace brobygger::cli
