#include "core/search/part_list.h"

#include <algorithm>
#include <map>
#include <random>

#include "tests/core/search/library.h"
#include "tests/support/made_up.h"

namespace brobygger::search {
namespace {

constexpr const char* kQueries[] = {"",
                                    "kultur",
                                    "lektier language:ar",
                                    "for* sang",
                                    "\"kontakt mellem\"",
                                    "weekday:monday capacity:30",
                                    "dans -børn",
                                    "kulturforenning nordby",
                                    "somalisk kor bibliotek",
                                    "municipality:0615,0101",
                                    "area:nordbyen theme:culture",
                                    "name:havn*"};

struct ToldPart {
  Ids ids;
  std::vector<float> scores;
  std::uint64_t total;
  std::vector<std::pair<std::string, std::uint64_t>> facets;
  std::vector<std::string> reasons;
  bool operator==(const ToldPart&) const = default;
};

ToldPart AskParts(const View& view, const std::string& text) {
  const Query query = Parsed(text);
  const Answer answer = Evaluate(view, {.query = query, .size = 1000, .facets = kFacetFields});
  ToldPart told{
      .ids = IdsOf(answer), .scores = {}, .total = answer.total, .facets = {}, .reasons = {}};
  for (const Hit& hit : answer.hits) {
    told.scores.push_back(hit.place.score);
    for (const Reason& reason : hit.reasons) {
      told.reasons.push_back(std::string(WordOf(reason.field)) + reason.found);
    }
  }
  for (const Facet& facet : answer.facets) {
    for (const FacetCount& count : facet.counts) told.facets.emplace_back(count.value, count.count);
  }
  return told;
}

// Associations, and an index of them that is changed as they are.
struct PartRegistry {
  support::MadeUp made_up{BB_SEARCH_FIXTURES};
  std::map<std::string, Association> now;
  PartList parts{400};

  // Changes, adds and removes some, as one commit may: also one association twice.
  void Change(std::mt19937& random, int count) {
    std::vector<Update> updates;
    for (int i = 0; i < count; ++i) {
      const auto number = random() % 600;
      Association association = made_up.Association(random() % 5000);
      association.set_id("id" + std::to_string(number));
      if (random() % 4 == 0) {
        now.erase(association.id());
        updates.push_back({association.id(), std::nullopt});
      } else {
        updates.push_back({association.id(), ToDocument(association)});
        now[association.id()] = std::move(association);
      }
    }
    parts.Put(updates);
  }

  View Rebuilt() const {
    std::vector<Association> all;
    for (const auto& [id, association] : now) all.push_back(association);
    return ViewOf(all);
  }
};

}  // namespace

TEST_CASE("an index after any changes answers as one made anew", "[search]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  PartRegistry registry;
  std::optional<Merged> under_way;
  for (int round = 0; round < 60; ++round) {
    registry.Change(random, 1 + static_cast<int>(random() % 40));
    // A merge takes as long as it takes: changes come in between.
    if (under_way && random() % 3 == 0) {
      registry.parts.Install(*std::move(under_way));
      under_way.reset();
    }
    if (!under_way) {
      if (auto plan = registry.parts.PlanMerge()) under_way = Merge(*std::move(plan));
    }
    if (round % 10 != 9) continue;
    const View view = ViewOf(registry.parts);
    const View rebuilt = registry.Rebuilt();
    REQUIRE(view.live == registry.now.size());
    for (const char* text : kQueries) {
      INFO(text);
      CHECK(AskParts(view, text) == AskParts(rebuilt, text));
    }
  }
}

TEST_CASE("merging keeps the number of parts small", "[search]") {
  std::mt19937 random(1);
  PartRegistry registry;
  std::size_t most = 0;
  for (int round = 0; round < 300; ++round) {
    registry.Change(random, 3);
    while (auto plan = registry.parts.PlanMerge()) registry.parts.Install(Merge(*std::move(plan)));
    most = std::max(most, registry.parts.parts().size());
  }
  CHECK(most <= 20);
}

TEST_CASE("a part that was changed while it was merged stays changed", "[search]") {
  PartList parts(1000);
  for (int i = 0; i < 6; ++i) {
    const std::string id = "a" + std::to_string(i);
    parts.Put({{id, ToDocument(Named(id, "Gammel " + id))}});
  }
  auto plan = parts.PlanMerge();
  REQUIRE(plan.has_value());
  Merged merged = Merge(*std::move(plan));
  parts.Put({{"a0", std::nullopt}, {"a1", ToDocument(Named("a1", "Ny a1"))}});
  parts.Install(std::move(merged));
  const View view = ViewOf(parts);
  CHECK(view.live == 5);
  CHECK(Find(view, "gammel").size() == 4);
  CHECK(Find(view, "ny") == Ids{"a1"});
}

}  // namespace brobygger::search
