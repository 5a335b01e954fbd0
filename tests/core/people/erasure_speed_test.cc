// How long it takes until one among 100,000 is gone from every file; -s shows the figures.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "tests/core/people/people_world.h"

namespace brobygger::people {
namespace {

constexpr int kPersons = 100'000;
constexpr int kAtOnce = 1000;
constexpr int kErased = 21;

std::vector<std::string> Fill(PeopleWorld& world, const std::string& association) {
  std::vector<std::string> ids;
  for (int from = 0; from < kPersons; from += kAtOnce) {
    std::vector<v1::Person> persons;
    for (int i = from; i < from + kAtOnce; ++i) {
      v1::Person person = world.Chair(association);
      person.set_display_name("Fictional Person " + std::to_string(i));
      person.set_email("person" + std::to_string(i) + "@blaaregnskov.example");
      persons.push_back(std::move(person));
    }
    const auto made = world.people->Add(access::LocalOperator(), std::move(persons), false);
    INFO(made.status());
    REQUIRE(made.ok());
    ids.insert(ids.end(), made->begin(), made->end());
  }
  return ids;
}

TEST_CASE("one person among 100,000 is erased in less than a second") {
  PeopleWorld world;
  const std::string association = world.Associate("Fjordbroen", true);
  const auto start = std::chrono::steady_clock::now();
  const auto ids = Fill(world, association);
  const std::chrono::duration<double> filled = std::chrono::steady_clock::now() - start;
  std::vector<std::int64_t> micros;
  for (int i = 0; i < kErased; ++i) {
    const auto answer = world.Erase(ids[static_cast<std::size_t>(i * 4001)], true);
    INFO(answer.status());
    REQUIRE(answer.ok());
    micros.push_back(answer->took_micros());
  }
  std::printf("recorded %d in %.1f s; first erasure %.1f ms", kPersons, filled.count(),
              static_cast<double>(micros.front()) / 1000);
  std::sort(micros.begin(), micros.end());
  std::printf(", median %.1f ms, slowest of %d %.1f ms\n",
              static_cast<double>(micros[kErased / 2]) / 1000, kErased,
              static_cast<double>(micros.back()) / 1000);
  CHECK(micros.back() < 1'000'000);
}

}  // namespace
}  // namespace brobygger::people
