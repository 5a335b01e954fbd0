#include "core/cli/pile.h"

#include <algorithm>

#include <catch2/catch.hpp>

namespace brobygger::cli {
namespace {

Application From(const std::string& name, const std::string& phone) {
  Application application;
  application.title = name;
  application.record.names = {name};
  application.record.phones = {phone};
  application.record.city = "Fjordby";
  application.record.postal_code = "9998";
  return application;
}

TEST_CASE("a sign is the same for one name however it is written, and holds nothing of it") {
  const RunKey key;
  CHECK(key.SignOf("Azad Demo") == key.SignOf("  AZAD  demo "));
  CHECK(key.SignOf("Azad Demo") == key.SignOf("Demo, Azad"));
  CHECK(key.SignOf("Azad Demo") != key.SignOf("Azad Prøve"));
  CHECK(key.SignOf("Azad Demo").find("zad") == std::string::npos);
  CHECK(key.SignOf(" - ").empty());
}

TEST_CASE("signs of two runs cannot be held against each other") {
  CHECK(RunKey().SignOf("Azad Demo") != RunKey().SignOf("Azad Demo"));
}

TEST_CASE("two applications of one association are one group, with or without the registry") {
  std::vector<Application> pile = {From("Kurdisk Kulturforening Fjordby", "10550101"),
                                   From("Haveforeningen Solsikken", "10550202"),
                                   From("Kurdisk Kulturforening Fjordby", "10550101"),
                                   From("Solsikkehaven", "10550909")};
  pile[1].association_id = "a1";
  pile[3].association_id = "a1";
  const auto groups = GroupPile(pile, matching::Model::Shipped());
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].applications == std::vector<std::size_t>{0, 2});
  CHECK(groups[1].applications == std::vector<std::size_t>{1, 3});
}

TEST_CASE("what groups share without being the same is told on both sides") {
  const RunKey key;
  std::vector<Application> pile = {From("Kurdisk Kulturforening Fjordby", "10550101"),
                                   From("Haveforeningen Solsikken", "10550202")};
  pile[0].board = {key.SignOf("Azad Demo"), key.SignOf("Leyla Demo")};
  pile[1].board = {key.SignOf("leyla demo")};
  pile[0].account = pile[1].account = key.SignOf("1234 567890");
  for (Application& application : pile) {
    std::sort(application.board.begin(), application.board.end());
  }
  const auto groups = GroupPile(pile, matching::Model::Shipped());
  REQUIRE(groups.size() == 2);
  REQUIRE(groups[0].shared.size() == 1);
  CHECK(groups[0].shared[0].board == 1);
  CHECK(groups[0].shared[0].board_size == 2);
  CHECK(groups[0].shared[0].account);
  CHECK_FALSE(groups[0].shared[0].address);
  CHECK(groups[1].shared[0].board_size == 1);
}

}  // namespace
}  // namespace brobygger::cli
